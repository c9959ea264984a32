# In: panels and trained judges. Out: the judge's errors on sketches, and many histories judged beside their truth.


rule draw_pool:
    input:
        themes="<results>/{world}/themes.json",
        code=library("archive", "pools"),
    output:
        pool="<results>/{world}/pool.json",
    log:
        "<logs>/draw_pool-{world}.log",
    benchmark:
        "<benchmarks>/draw_pool-{world}.tsv"
    conda:
        "../../envs/sing.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        simulated=CONFIG.simulated._replace(heard_per_theme=1, histories=1, trials=1),
        spread=CONFIG.spread,
        versions=CONFIG.verdict.versions,
        foreign=CONFIG.verdict.foreign,
        seed=CONFIG.study.seed,
    message:
        "World {wildcards.world}: draw a pool of sketches to measure the judge's errors on"
    script:
        "../scripts/draw_pool.py"


rule sing_pool:
    input:
        pool="<results>/{world}/pool.json",
        pitch_map="<results>/pitch_map.npz",
        noises=PLAN.noises,
        warm="<results>/warm_up.txt",
        code=library("archive", "corpora", "pools", "shards"),
    output:
        pictures="<results>/{world}/shards/pool-{pen}.npy",
        index="<results>/{world}/shards/pool-{pen}.tsv",
    log:
        "<logs>/sing_pool-{world}-{pen}.log",
    benchmark:
        "<benchmarks>/sing_pool-{world}-{pen}.tsv"
    wildcard_constraints:
        pen="|".join(CONFIG.pens._fields),
    conda:
        "../../envs/sing.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        singer=CONFIG.singer,
        place=CONFIG.place,
        picture=CONFIG.picture,
        seed=CONFIG.study.seed,
        pen=lookup(dpath="{pen}", within=CONFIG.pens._asdict()),
        draws=CONFIG.verdict.pen_draws,
    message:
        "World {wildcards.world}: sing the pool of sketches ({wildcards.pen} errors of the hand)"
    script:
        "../scripts/sing_pool.py"


rule measure_errors:
    input:
        models=collect("<results>/{{world}}/model/seed-{seed}.pt", seed=range(CONFIG.judge.seeds)),
        judge="<results>/{world}/model/judge.json",
        themes="<results>/{world}/themes.json",
        pool="<results>/{world}/pool.json",
        pictures=f"<results>/{{world}}/shards/pool-{CONFIG.verdict.pen}.npy",
        index=f"<results>/{{world}}/shards/pool-{CONFIG.verdict.pen}.tsv",
        store=ancient("<results>/mlflow.json"),
        code=library("archive", "classifier", "closeness", "files", "runs", "shards", "truth"),
    output:
        errors="<results>/{world}/errors.json",
        strangers="<results>/{world}/strangers.npz",
    log:
        "<logs>/measure_errors-{world}.log",
    benchmark:
        "<benchmarks>/measure_errors-{world}.tsv"
    conda:
        "../../envs/train.yaml"
    threads: 1
    resources:
        mem_mb=growing(2500),
        runtime=growing(60),
    params:
        device=CONFIG.device,
    message:
        "World {wildcards.world}: measure the judge's errors on sketches of known truth"
    script:
        "../scripts/measure_errors.py"


rule try_histories:
    input:
        models=collect("<results>/simulated/model/seed-{seed}.pt", seed=range(CONFIG.judge.seeds)),
        themes="<results>/simulated/themes.json",
        pool="<results>/simulated/pool.json",
        pictures=collect("<results>/simulated/shards/pool-{pen}.npy", pen=CONFIG.pens._fields),
        indices=collect("<results>/simulated/shards/pool-{pen}.tsv", pen=CONFIG.pens._fields),
        store=ancient("<results>/mlflow.json"),
        code=library(
            "archive", "classifier", "closeness", "files", "runs", "shards", "tally", "truth"
        ),
    output:
        summary="<results>/simulated/histories.json",
        tables="<results>/simulated/histories.npz",
    log:
        "<logs>/try_histories.log",
    benchmark:
        "<benchmarks>/try_histories.tsv"
    conda:
        "../../envs/train.yaml"
    threads: 1
    resources:
        mem_mb=growing(2500),
        runtime=growing(60),
    params:
        device=CONFIG.device,
        simulated=CONFIG.simulated._replace(heard_per_theme=1, histories=1),
        pens=CONFIG.pens._fields,
        pen=CONFIG.verdict.pen,
        false_matches=CONFIG.verdict.false_matches,
        seed=CONFIG.study.seed,
    message:
        "World simulated: judge the notebooks of many histories whose truth is known"
    script:
        "../scripts/try_histories.py"


rule draw_histories:
    input:
        style="workflow/figures.mplstyle",
        summary="<results>/simulated/histories.json",
        tables="<results>/simulated/histories.npz",
        code=library("figures.histories", "figures.style", "files"),
    output:
        pdf=report(
            "<results>/figures/histories-simulated.pdf",
            caption="../report/histories.rst",
            category="The park and the sites",
            labels={"world": "simulated", "shows": "Many histories beside their truth"},
        ),
        png="<results>/figures/histories-simulated.png",
    log:
        "<logs>/draw_histories.log",
    benchmark:
        "<benchmarks>/draw_histories.tsv"
    conda:
        "../../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    message:
        "Figure: estimates beside the truth in many simulated histories"
    script:
        "../scripts/draw_histories.py"
