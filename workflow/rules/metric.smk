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
# Both eras: songs of today, as heard and as enrolled; sketches, the notebook's and nobody's.
ERAS = ["heard", "enrolled", "notebook", "foreign"]
# Whether songs are named by the recording they are from.
RECORDED = {world: world in PLAN.real for world in PLAN.worlds}
# Songs without labels: found in recordings, with a listener's sheet beside them to be compared with, if
# there is one; simulated field songs are heard one by one.
UNLABELLED = {
    world: {
        "npy": f"<results>/{world}/shards/{'found' if world in PLAN.real else 'heard'}.npy",
        "tsv": f"<results>/{world}/shards/{'found' if world in PLAN.real else 'heard'}.tsv",
        "songs": collect("<results>/{world}/found.json", world={world}.intersection(PLAN.real)),
        "sheet": [f"<results>/{world}/songs.json"] * (len(PLAN.sheets.get(world, [])) > 1),
    }
    for world in PLAN.worlds
}


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
        mem_mb=growing(1500),
        runtime=growing(60),
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
        code=library("checkpoints", "files", "metric", "runs", "seeds", "shards"),
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
        mem_mb=growing(2500),
        runtime=growing(240),
    params:
        device=CONFIG.device,
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
        code=library("distances", "few_shot", "files", "guards", "metric", "runs", "shards"),
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
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        device=CONFIG.device,
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
        code=library(
            "archive", "comparison", "files", "metric", "placed", "runs", "shards", "siamese"
        ),
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
        mem_mb=growing(2500),
        runtime=growing(60),
    params:
        device=CONFIG.device,
        seed=CONFIG.study.seed,
    message:
        "World {wildcards.world}: name songs by their distance to one enrolled song a theme"
    script:
        "../scripts/score_metric.py"


rule hear_found:
    input:
        audio=lookup(dpath="{world}", within=AUDIO),
        sheets=lookup(dpath="{world}", within=PLAN.sheets),
        checked="<results>/{world}/recordings.json",
        warm="<results>/warm_up.txt",
        code=library("files", "recordings", "shards", "sheets", "unlabelled"),
    output:
        pictures="<results>/{world}/shards/found.npy",
        index="<results>/{world}/shards/found.tsv",
        songs="<results>/{world}/found.json",
    log:
        "<logs>/hear_found-{world}.log",
    benchmark:
        "<benchmarks>/hear_found-{world}.tsv"
    wildcard_constraints:
        world="songs|field",
    conda:
        "../../envs/sing.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        finder=CONFIG.finder,
        picture=CONFIG.picture,
    message:
        "World {wildcards.world}: find songs in the recordings, whatever a sheet says, and draw them"
    script:
        "../scripts/hear_found.py"


rule find_themes:
    input:
        models=METRIC,
        metric="<results>/metric/metric.json",
        pictures=lookup(dpath="{world}/npy", within=UNLABELLED),
        index=lookup(dpath="{world}/tsv", within=UNLABELLED),
        songs=lookup(dpath="{world}/songs", within=UNLABELLED),
        sheet=lookup(dpath="{world}/sheet", within=UNLABELLED),
        store=ancient("<results>/mlflow.json"),
        code=library("distances", "few_shot", "files", "metric", "runs", "shards", "unlabelled"),
    output:
        scores="<results>/{world}/found_themes.json",
        table="<results>/{world}/found_themes.tsv",
        sheet=report(
            "<results>/{world}/found_songs.tsv",
            caption="../report/found_songs.rst",
            category="The metric",
            labels={"world": "{world}", "shows": "Sheet of songs found without labels"},
        ),
        arrays="<results>/{world}/found_themes.npz",
    log:
        "<logs>/find_themes-{world}.log",
    benchmark:
        "<benchmarks>/find_themes-{world}.tsv"
    conda:
        "../../envs/train.yaml"
    threads: 1
    resources:
        mem_mb=growing(2500),
        runtime=growing(60),
    params:
        device=CONFIG.device,
        smallest=CONFIG.discovery.smallest,
        picture=CONFIG.picture,
    message:
        "World {wildcards.world}: find themes in songs without labels"
    script:
        "../scripts/find_themes.py"


rule map_eras:
    input:
        models=METRIC,
        metric="<results>/metric/metric.json",
        themes="<results>/{world}/themes.json",
        notebook="<results>/{world}/notebook.json",
        pictures=collect("<results>/{{world}}/shards/{placed}.npy", placed=ERAS),
        indices=collect("<results>/{{world}}/shards/{placed}.tsv", placed=ERAS),
        store=ancient("<results>/mlflow.json"),
        code=library("archive", "eras", "files", "metric", "placed", "runs", "shards"),
    output:
        eras="<results>/{world}/eras.json",
        nearest="<results>/{world}/neighbours.json",
        arrays="<results>/{world}/eras.npz",
    log:
        "<logs>/map_eras-{world}.log",
    benchmark:
        "<benchmarks>/map_eras-{world}.tsv"
    conda:
        "../../envs/train.yaml"
    threads: 1
    resources:
        mem_mb=growing(2500),
        runtime=growing(60),
    params:
        device=CONFIG.device,
        recorded=lookup(dpath="{world}", within=RECORDED),
    message:
        "World {wildcards.world}: lay both eras out in one metric"
    script:
        "../scripts/map_eras.py"
