# In: themes, heard songs, the notebook, the judge's networks. Out: what simpler methods make of the same questions.

# What is shown to the methods that look at pictures: heard songs, sketches, the panel, as each sees them.
ASKED = ["shards/heard", "shards/notebook", "shards/enrolled", "2018/heard", "2018/notebook"]


rule read_field:
    input:
        themes="<results>/simulated/themes.json",
        heard="<results>/simulated/heard.json",
        noted="<results>/simulated/noted.json",
        pitch_map="<results>/pitch_map.npz",
        noises=PLAN.noises,
        warm="<results>/warm_up.txt",
        code=library("archive", "corpora", "reader", "shards", "songs_2018"),
    output:
        readings="<results>/simulated/readings.json",
        heard="<results>/simulated/2018/heard.npy",
        heard_index="<results>/simulated/2018/heard.tsv",
        enrolled="<results>/simulated/shards/enrolled.npy",
        enrolled_index="<results>/simulated/shards/enrolled.tsv",
    log:
        "<logs>/read_field.log",
    benchmark:
        "<benchmarks>/read_field.tsv"
    conda:
        "../../envs/pages.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        spread=CONFIG.spread,
        singer=CONFIG.singer,
        place=CONFIG.place,
        picture=CONFIG.picture,
        reader=CONFIG.reader,
        seed=CONFIG.study.seed,
        heard_per_theme=CONFIG.simulated.heard_per_theme,
    message:
        "World simulated: read the notes of the field songs"
    script:
        "../scripts/read_field.py"


rule hear_again:
    input:
        audio=lookup(dpath="{world}", within=AUDIO),
        sheets=lookup(dpath="{world}", within=PLAN.sheets),
        songs="<results>/{world}/songs.json",
        warm="<results>/warm_up.txt",
        code=library("corpora", "files", "recordings", "shards", "sheets", "songs_2018"),
    output:
        heard="<results>/{world}/2018/heard.npy",
        heard_index="<results>/{world}/2018/heard.tsv",
        enrolled="<results>/{world}/shards/enrolled.npy",
        enrolled_index="<results>/{world}/shards/enrolled.tsv",
    log:
        "<logs>/hear_again-{world}.log",
    benchmark:
        "<benchmarks>/hear_again-{world}.tsv"
    wildcard_constraints:
        world="songs|field",
    conda:
        "../../envs/pages.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        picture=CONFIG.picture,
    message:
        "World {wildcards.world}: draw the real songs as the simpler methods see them"
    script:
        "../scripts/hear_again.py"


rule sing_2018:
    input:
        themes="<results>/{world}/themes.json",
        notebook="<results>/{world}/notebook.json",
        warm="<results>/warm_up.txt",
        code=library("archive", "corpora", "shards", "songs_2018"),
    output:
        train="<results>/{world}/2018/train.npy",
        train_index="<results>/{world}/2018/train.tsv",
        notebook="<results>/{world}/2018/notebook.npy",
        notebook_index="<results>/{world}/2018/notebook.tsv",
    log:
        "<logs>/sing_2018-{world}.log",
    benchmark:
        "<benchmarks>/sing_2018-{world}.tsv"
    conda:
        "../../envs/pages.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        singer=CONFIG.singer,
        rate_hz=CONFIG.picture.rate_hz,
        per_theme=CONFIG.baselines.per_theme,
        pen=PLAN.pen,
        draws=CONFIG.verdict.pen_draws,
        seed=CONFIG.study.seed,
    message:
        "World {wildcards.world}: sing the panel and the notebook by the oscillator of 2018"
    script:
        "../scripts/sing_2018.py"


rule train_2018:
    input:
        themes="<results>/{world}/themes.json",
        pictures="<results>/{world}/2018/train.npy",
        index="<results>/{world}/2018/train.tsv",
        store=ancient("<results>/mlflow.json"),
        code=library("archive", "files", "network_2018", "runs", "seeds", "shards"),
    output:
        model="<results>/{world}/2018/model.pt",
        history="<results>/{world}/2018/model.json",
    log:
        "<logs>/train_2018-{world}.log",
    benchmark:
        "<benchmarks>/train_2018-{world}.tsv"
    conda:
        "../../envs/train.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        baselines=CONFIG.baselines,
        seed=CONFIG.study.seed,
    message:
        "World {wildcards.world}: train the network of 2018"
    script:
        "../scripts/train_2018.py"


rule compare:
    input:
        models=collect("<results>/{{world}}/model/seed-{seed}.pt", seed=range(CONFIG.judge.seeds)),
        themes="<results>/{world}/themes.json",
        readings="<results>/{world}/readings.json",
        notebook="<results>/{world}/notebook.json",
        model_2018="<results>/{world}/2018/model.pt",
        pictures=collect("<results>/{{world}}/{shard}.npy", shard=ASKED),
        indices=collect("<results>/{{world}}/{shard}.tsv", shard=ASKED),
        store=ancient("<results>/mlflow.json"),
        code=library(
            "archive",
            "boosting",
            "classifier",
            "comparison",
            "files",
            "network_2018",
            "openset",
            "runs",
            "shards",
        ),
    output:
        baselines="<results>/{world}/baselines.json",
    log:
        "<logs>/compare-{world}.log",
    benchmark:
        "<benchmarks>/compare-{world}.tsv"
    conda:
        "../../envs/train.yaml"
    threads: 1
    resources:
        mem_mb=growing(2500),
        runtime=growing(60),
    params:
        device=CONFIG.device,
        spread=CONFIG.spread,
        per_theme=CONFIG.baselines.per_theme,
        seed=CONFIG.study.seed,
    message:
        "World {wildcards.world}: ask simpler methods, and the judge, the same questions"
    script:
        "../scripts/compare.py"


rule draw_baselines:
    input:
        style="workflow/figures.mplstyle",
        scores="<results>/{world}/scores.json",
        code=library("figures.baselines", "figures.style", "files"),
    output:
        pdf=report(
            "<results>/figures/baselines-{world}.pdf",
            caption="../report/baselines.rst",
            category="The judge",
            labels={"world": "{world}", "shows": "The judge beside simpler methods"},
        ),
        png="<results>/figures/baselines-{world}.png",
    log:
        "<logs>/draw_baselines-{world}.log",
    benchmark:
        "<benchmarks>/draw_baselines-{world}.tsv"
    conda:
        "../../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    message:
        "Figure: the judge beside simpler methods ({wildcards.world})"
    script:
        "../scripts/draw_baselines.py"
