# In: nothing but the seed, and each world's songs. Out: siamese networks that know no theme of any world, and how they name its songs.

# Families of random themes: to learn from, to calibrate on, to be asked about.
FAMILIES = {
    "learned": CONFIG.metric.families,
    "calibrated": CONFIG.metric.unseen,
    "asked": CONFIG.metric.unseen,
}
METRIC = collect("<results>/metric/seed-{seed}.pt", seed=range(CONFIG.metric.seeds))
# What is placed in the metric: heard songs, as they are and altered; enrolled songs; sketches as sung.
PLACED = ["heard", "altered", "enrolled", "notebook"]


rule sing_families:
    input:
        pitch_map="<results>/pitch_map.npz",
        noises=PLAN.noises,
        warm="<results>/warm_up.txt",
        code=library("archive", "corpora", "families", "shards"),
    output:
        pictures="<results>/metric/shards/{families}-{shard}.npy",
        index="<results>/metric/shards/{families}-{shard}.tsv",
    log:
        "<logs>/sing_families-{families}-{shard}.log",
    benchmark:
        "<benchmarks>/sing_families-{families}-{shard}.tsv"
    wildcard_constraints:
        families="|".join(FAMILIES),
    conda:
        "../../envs/sing.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=60,
    params:
        spread=CONFIG.spread,
        singer=CONFIG.singer,
        place=CONFIG.place,
        picture=CONFIG.picture,
        seed=CONFIG.study.seed,
        many=FAMILIES,
        members=CONFIG.metric.members,
        songs={
            "learned": CONFIG.metric.songs,
            "calibrated": CONFIG.metric.unseen_songs,
            "asked": CONFIG.metric.unseen_songs,
        },
        shards={"learned": CONFIG.metric.shards, "calibrated": 1, "asked": 1},
        snr_db=CONFIG.metric.unseen_snr_db,
    message:
        "Metric: sing families of random themes ({wildcards.families}, shard {wildcards.shard})"
    script:
        "../scripts/sing_families.py"


rule train_metric:
    input:
        pictures=collect(
            "<results>/metric/shards/learned-{shard}.npy", shard=range(CONFIG.metric.shards)
        ),
        indices=collect(
            "<results>/metric/shards/learned-{shard}.tsv", shard=range(CONFIG.metric.shards)
        ),
        store=ancient("<results>/mlflow.json"),
        code=library("files", "metric", "runs", "seeds", "shards"),
    output:
        model="<results>/metric/seed-{seed}.pt",
        history="<results>/metric/seed-{seed}.json",
    log:
        "<logs>/train_metric-{seed}.log",
    benchmark:
        "<benchmarks>/train_metric-{seed}.tsv"
    conda:
        "../../envs/train.yaml"
    threads: 1
    resources:
        mem_mb=2500,
        runtime=240,
    params:
        metric=CONFIG.metric._replace(unseen=4, unseen_songs=2, unseen_snr_db=0.0, seeds=1),
        # Of the judge the metric has the filters and the augmentation alone.
        judge=CONFIG.judge._replace(
            seeds=1,
            dropout=0.0,
            epochs=1,
            batch=2,
            learning_rate=1.0,
            weight_decay=0.0,
            label_smoothing=0.0,
        ),
        seed=CONFIG.study.seed,
    message:
        "Metric: train network {wildcards.seed}, on themes of nobody"
    script:
        "../scripts/train_metric.py"


rule calibrate_metric:
    input:
        models=METRIC,
        calibrated="<results>/metric/shards/calibrated-0.npy",
        calibrated_index="<results>/metric/shards/calibrated-0.tsv",
        asked="<results>/metric/shards/asked-0.npy",
        asked_index="<results>/metric/shards/asked-0.tsv",
        store=ancient("<results>/mlflow.json"),
        code=library("distances", "few_shot", "files", "metric", "runs", "shards"),
    output:
        calibrated="<results>/metric/metric.json",
    log:
        "<logs>/calibrate_metric.log",
    benchmark:
        "<benchmarks>/calibrate_metric.tsv"
    conda:
        "../../envs/train.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=60,
    params:
        geometry=CONFIG.metric.geometry,
    message:
        "Metric: calibrate it, and score it on themes that it never heard"
    script:
        "../scripts/calibrate_metric.py"


rule score_metric:
    input:
        models=METRIC,
        metric="<results>/metric/metric.json",
        themes="<results>/{world}/themes.json",
        readings="<results>/{world}/readings.json",
        notebook="<results>/{world}/notebook.json",
        pictures=collect("<results>/{{world}}/shards/{placed}.npy", placed=PLACED),
        indices=collect("<results>/{{world}}/shards/{placed}.tsv", placed=PLACED),
        store=ancient("<results>/mlflow.json"),
        code=library("archive", "comparison", "files", "metric", "runs", "shards", "siamese"),
    output:
        scores="<results>/{world}/siamese.json",
        places="<results>/{world}/places.npz",
    log:
        "<logs>/score_metric-{world}.log",
    benchmark:
        "<benchmarks>/score_metric-{world}.tsv"
    conda:
        "../../envs/train.yaml"
    threads: 1
    resources:
        mem_mb=2500,
        runtime=60,
    params:
        seed=CONFIG.study.seed,
    message:
        "World {wildcards.world}: name songs by their distance to one enrolled song a theme"
    script:
        "../scripts/score_metric.py"
