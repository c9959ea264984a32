# In: synthetic songs, sketches as sung, heard songs. Out: what networks make of sketches drawn, and sung.


rule train_domains:
    input:
        themes="<results>/{world}/themes.json",
        whole=lookup(dpath="{world}", within=WHOLE),
        pool="<results>/{world}/pool.json",
        train=collect(
            "<results>/{{world}}/shards/train-{shard}.npy", shard=range(CONFIG.surrogates.shards)
        ),
        train_index=collect(
            "<results>/{{world}}/shards/train-{shard}.tsv", shard=range(CONFIG.surrogates.shards)
        ),
        asked=collect(
            "<results>/{{world}}/shards/{shown}.npy",
            shown=["validation-0", f"pool-{CONFIG.verdict.pen}", "heard"],
        ),
        asked_index=collect(
            "<results>/{{world}}/shards/{shown}.tsv",
            shown=["validation-0", f"pool-{CONFIG.verdict.pen}", "heard"],
        ),
        metric=METRIC,
        store=ancient("<results>/mlflow.json"),
        code=library("archive", "domains", "files", "metric", "runs", "shards"),
    output:
        scores="<results>/{world}/domains/seed-{seed}.json",
        features="<results>/{world}/domains/seed-{seed}.npz",
    log:
        "<logs>/train_domains-{world}-{seed}.log",
    benchmark:
        "<benchmarks>/train_domains-{world}-{seed}.tsv"
    conda:
        "../../envs/train.yaml"
    threads: 1
    resources:
        mem_mb=growing(2500),
        runtime=growing(240),
    params:
        device=CONFIG.device,
        domains=CONFIG.domains._replace(seeds=1, neighbours=2),
        judge=CONFIG.judge._replace(seeds=1, epochs=1),
        outliers=CONFIG.surrogates.outliers,
        spread=CONFIG.spread,
        picture=CONFIG.picture,
        pen=PLAN.pen,
        seed=CONFIG.study.seed,
    message:
        "World {wildcards.world}: train networks on songs, and on drawings as well ({wildcards.seed})"
    script:
        "../scripts/train_domains.py"


rule score_domains:
    input:
        scores=collect(
            "<results>/{{world}}/domains/seed-{seed}.json", seed=range(CONFIG.domains.seeds)
        ),
        features="<results>/{world}/domains/seed-0.npz",
        store=ancient("<results>/mlflow.json"),
        code=library("files", "latent", "probing", "runs"),
    output:
        scores="<results>/{world}/domains.json",
        arrays="<results>/{world}/domains.npz",
    log:
        "<logs>/score_domains-{world}.log",
    benchmark:
        "<benchmarks>/score_domains-{world}.tsv"
    conda:
        "../../envs/train.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        domains=CONFIG.domains,
        seed=CONFIG.study.seed,
    message:
        "World {wildcards.world}: tell sketches from songs, before they are sung and after"
    script:
        "../scripts/score_domains.py"
