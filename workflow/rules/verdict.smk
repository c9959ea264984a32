# In: the notebook, the ensemble, what was counted. Out: notebooks that should find no match, what they find, and figures.


rule draw_nulls:
    input:
        notebook="<results>/{world}/notebook.json",
        themes="<results>/{world}/themes.json",
        code=library("archive", "nulls"),
    output:
        drawn="<results>/{world}/null_themes.json",
    log:
        "<logs>/draw_nulls-{world}.log",
    benchmark:
        "<benchmarks>/draw_nulls-{world}.tsv"
    conda:
        "../../envs/sing.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        nulls=CONFIG.verdict.nulls,
        simulated=CONFIG.simulated._replace(heard_per_theme=1, histories=1),
        seed=CONFIG.study.seed,
    message:
        "World {wildcards.world}: draw themes that should find no match"
    script:
        "../scripts/draw_nulls.py"


rule sing_nulls:
    input:
        drawn="<results>/{world}/null_themes.json",
        pitch_map="<results>/pitch_map.npz",
        noises=PLAN.noises,
        warm="<results>/warm_up.txt",
        code=library("archive", "corpora", "shards"),
    output:
        pictures="<results>/{world}/shards/nulls.npy",
        index="<results>/{world}/shards/nulls.tsv",
    log:
        "<logs>/sing_nulls-{world}.log",
    benchmark:
        "<benchmarks>/sing_nulls-{world}.tsv"
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
        pen=PLAN.pen,
        draws=CONFIG.verdict.pen_draws,
    message:
        "World {wildcards.world}: sing themes that should find no match"
    script:
        "../scripts/sing_nulls.py"


rule judge_nulls:
    input:
        models=collect("<results>/{{world}}/model/seed-{seed}.pt", seed=range(CONFIG.judge.seeds)),
        judge="<results>/{world}/model/judge.json",
        verdicts="<results>/{world}/verdicts.tsv",
        pictures="<results>/{world}/shards/nulls.npy",
        index="<results>/{world}/shards/nulls.tsv",
        store=ancient("<results>/mlflow.json"),
        code=library("chance", "classifier", "files", "persistence", "runs", "shards"),
    output:
        nulls="<results>/{world}/nulls.json",
        counts="<results>/{world}/nulls.npz",
    log:
        "<logs>/judge_nulls-{world}.log",
    benchmark:
        "<benchmarks>/judge_nulls-{world}.tsv"
    conda:
        "../../envs/train.yaml"
    threads: 1
    resources:
        mem_mb=growing(2500),
        runtime=growing(60),
    params:
        device=CONFIG.device,
        notebooks=CONFIG.verdict.null_notebooks,
        seed=CONFIG.study.seed,
    message:
        "World {wildcards.world}: judge themes that should find no match"
    script:
        "../scripts/judge_nulls.py"


rule draw_null_counts:
    input:
        style="workflow/figures.mplstyle",
        nulls="<results>/{world}/nulls.json",
        counts="<results>/{world}/nulls.npz",
        code=library("figures.null_counts", "figures.style", "files"),
    output:
        pdf=report(
            "<results>/figures/nulls-{world}.pdf",
            caption="../report/null_counts.rst",
            category="The notebook",
            labels={"world": "{world}", "shows": "More than chance?"},
        ),
        png="<results>/figures/nulls-{world}.png",
    log:
        "<logs>/draw_null_counts-{world}.log",
    benchmark:
        "<benchmarks>/draw_null_counts-{world}.tsv"
    conda:
        "../../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    message:
        "Figure: matches against notebooks that should find none ({wildcards.world})"
    script:
        "../scripts/draw_null_counts.py"


rule draw_effort:
    input:
        style="workflow/figures.mplstyle",
        persistence="<results>/simulated/persistence.json",
        code=library("figures.effort", "figures.style", "files"),
    output:
        pdf=report(
            "<results>/figures/effort-simulated.pdf",
            caption="../report/effort.rst",
            category="The park and the sites",
            labels={"world": "simulated", "shows": "Sampling effort"},
        ),
        png="<results>/figures/effort-simulated.png",
    log:
        "<logs>/draw_effort.log",
    benchmark:
        "<benchmarks>/draw_effort.tsv"
    conda:
        "../../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    message:
        "Figure: themes found and themes missed (simulated)"
    script:
        "../scripts/draw_effort.py"
