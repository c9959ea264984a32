# In: pictures of synthetic songs. Out: the ensemble, its scores on songs it never heard, the notebook's verdicts.


rule train:
    input:
        themes="<results>/{world}/themes.json",
        pictures=collect(
            "<results>/{{world}}/shards/train-{shard}.npy", shard=range(CONFIG.surrogates.shards)
        ),
        indices=collect(
            "<results>/{{world}}/shards/train-{shard}.tsv", shard=range(CONFIG.surrogates.shards)
        ),
        validation="<results>/{world}/shards/validation-0.npy",
        validation_index="<results>/{world}/shards/validation-0.tsv",
        store=ancient("<results>/mlflow.json"),
        code=library("archive", "checkpoints", "classifier", "files", "runs", "seeds", "shards"),
    output:
        model="<results>/{world}/model/seed-{seed}.pt",
        history="<results>/{world}/model/seed-{seed}.json",
    log:
        "<logs>/train-{world}-{seed}.log",
    benchmark:
        "<benchmarks>/train-{world}-{seed}.tsv"
    conda:
        "../../envs/train.yaml"
    threads: 1
    resources:
        mem_mb=growing(2500),
        runtime=growing(240),
    params:
        device=CONFIG.device,
        judge=CONFIG.judge._replace(seeds=1),
        seed=CONFIG.study.seed,
    message:
        "World {wildcards.world}: train network {wildcards.seed}"
    script:
        "../scripts/train.py"


rule calibrate:
    input:
        models=collect("<results>/{{world}}/model/seed-{seed}.pt", seed=range(CONFIG.judge.seeds)),
        validation="<results>/{world}/shards/validation-0.npy",
        validation_index="<results>/{world}/shards/validation-0.tsv",
        foreign="<results>/{world}/shards/foreign.npy",
        foreign_index="<results>/{world}/shards/foreign.tsv",
        store=ancient("<results>/mlflow.json"),
        code=library("classifier", "files", "guards", "openset", "runs", "shards"),
    output:
        judge="<results>/{world}/model/judge.json",
        null="<results>/{world}/model/null.npz",
    log:
        "<logs>/calibrate-{world}.log",
    benchmark:
        "<benchmarks>/calibrate-{world}.tsv"
    conda:
        "../../envs/train.yaml"
    threads: 1
    resources:
        mem_mb=growing(2500),
        runtime=growing(60),
    params:
        device=CONFIG.device,
        false_matches=CONFIG.verdict.false_matches,
    message:
        "World {wildcards.world}: calibrate the ensemble and set its threshold, on synthetic songs"
    script:
        "../scripts/calibrate.py"


rule score:
    input:
        models=collect("<results>/{{world}}/model/seed-{seed}.pt", seed=range(CONFIG.judge.seeds)),
        judge="<results>/{world}/model/judge.json",
        heard="<results>/{world}/shards/heard.npy",
        heard_index="<results>/{world}/shards/heard.tsv",
        extras=lookup(dpath="{world}", within=EXTRAS),
        store=ancient("<results>/mlflow.json"),
        code=library("classifier", "files", "openset", "runs", "shards"),
    output:
        scores="<results>/{world}/scores.json",
        answers="<results>/{world}/answers.tsv",
    log:
        "<logs>/score-{world}.log",
    benchmark:
        "<benchmarks>/score-{world}.tsv"
    conda:
        "../../envs/train.yaml"
    threads: 1
    resources:
        mem_mb=growing(2500),
        runtime=growing(60),
    params:
        device=CONFIG.device,
    message:
        "World {wildcards.world}: score the judge on songs it never heard"
    script:
        "../scripts/score.py"


rule judge:
    input:
        models=collect("<results>/{{world}}/model/seed-{seed}.pt", seed=range(CONFIG.judge.seeds)),
        judge="<results>/{world}/model/judge.json",
        null="<results>/{world}/model/null.npz",
        notebook="<results>/{world}/notebook.json",
        pictures="<results>/{world}/shards/notebook.npy",
        index="<results>/{world}/shards/notebook.tsv",
        store=ancient("<results>/mlflow.json"),
        code=library("archive", "classifier", "files", "persistence", "runs", "shards"),
    output:
        verdicts=report(
            "<results>/{world}/verdicts.tsv",
            caption="../report/verdicts_table.rst",
            category="The notebook",
            labels={"world": "{world}", "shows": "Table of verdicts"},
        ),
        posteriors="<results>/{world}/posteriors.npz",
    log:
        "<logs>/judge-{world}.log",
    benchmark:
        "<benchmarks>/judge-{world}.tsv"
    conda:
        "../../envs/train.yaml"
    threads: 1
    resources:
        mem_mb=growing(2500),
        runtime=growing(60),
    params:
        device=CONFIG.device,
    message:
        "World {wildcards.world}: judge the notebook"
    script:
        "../scripts/judge.py"


rule persist:
    input:
        verdicts="<results>/{world}/verdicts.tsv",
        notebook="<results>/{world}/notebook.json",
        judge="<results>/{world}/model/judge.json",
        errors="<results>/{world}/errors.json",
        histories=lookup(dpath="{world}", within=TRIALS),
        history=lookup(dpath="{world}", within=HISTORIES),
        store=ancient("<results>/mlflow.json"),
        code=library(
            "archive",
            "effort",
            "estimate",
            "files",
            "persistence",
            "regression",
            "runs",
            "seeds",
        ),
    output:
        persistence="<results>/{world}/persistence.json",
    log:
        "<logs>/persist-{world}.log",
    benchmark:
        "<benchmarks>/persist-{world}.tsv"
    conda:
        "../../envs/train.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        neutral=[
            CONFIG.simulated.birds,
            CONFIG.simulated.noted,
            CONFIG.simulated.recorded,
            CONFIG.simulated.years,
            CONFIG.simulated.survival,
            CONFIG.simulated.loss,
        ],
        seed=CONFIG.study.seed,
    message:
        "World {wildcards.world}: count what is still sung"
    script:
        "../scripts/persist.py"
