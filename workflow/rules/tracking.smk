# In: nothing, a judge, or the records of jobs. Out: the MLflow store, its models, and what it missed.


rule open_store:
    input:
        code=library("files"),
    output:
        store="<results>/mlflow.json",
    log:
        "<logs>/open_store.log",
    benchmark:
        "<benchmarks>/open_store.tsv"
    priority: 100
    conda:
        "../../envs/train.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        tracking=CONFIG.tracking._replace(
            uri=CONFIG.tracking.uri or os.environ["MLFLOW_TRACKING_URI"]
        ),
    message:
        "Make the MLflow store and experiment before anything logs"
    script:
        "../scripts/open_store.py"


rule register_judge:
    input:
        models=collect("<results>/{{world}}/model/seed-{seed}.pt", seed=range(CONFIG.judge.seeds)),
        judge="<results>/{world}/model/judge.json",
        scores="<results>/{world}/scores.json",
        heard="<results>/{world}/shards/heard.npy",
        store=ancient("<results>/mlflow.json"),
        code=library("ensemble", "files", "registry", "runs"),
    output:
        registered="<results>/{world}/model/registered.json",
    log:
        "<logs>/register_judge-{world}.log",
    benchmark:
        "<benchmarks>/register_judge-{world}.tsv"
    conda:
        "../../envs/train.yaml"
    threads: 1
    resources:
        mem_mb=growing(2500),
        runtime=growing(60),
    message:
        "World {wildcards.world}: register the judge in MLflow"
    script:
        "../scripts/register_judge.py"


# Not part of the paper: `snakemake track`, after a time without the server.
rule track:
    input:
        store=ancient("<results>/mlflow.json"),
        code=library("files"),
    output:
        tracked="<results>/tracked.json",
    log:
        "<logs>/track.log",
    benchmark:
        "<benchmarks>/track.tsv"
    conda:
        "../../envs/train.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        asked=os.environ["CHINGOLO_BUILD"],
    message:
        "Bring to MLflow what it has not got"
    script:
        "../scripts/track.py"
