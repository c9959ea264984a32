# In: what was noted, or the user's sketches and scanned pages. Out: each world's notebook, and pictures to check it.


rule trace_notebook:
    input:
        songs="<results>/songs/songs.json",
        readings="<results>/songs/readings.json",
        code=library("archive", "files", "sheets", "sketches"),
    output:
        noted="<results>/songs/noted.json",
    log:
        "<logs>/trace_notebook.log",
    benchmark:
        "<benchmarks>/trace_notebook.tsv"
    conda:
        "../../envs/sing.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    message:
        "World songs: choose the songs that sketches are traced from"
    script:
        "../scripts/trace_notebook.py"


rule draw_notebook:
    input:
        noted="<results>/{world}/noted.json",
        code=library("archive", "notebook_pages"),
    output:
        pages=directory("<results>/{world}/pages"),
        drawn="<results>/{world}/drawn.json",
    log:
        "<logs>/draw_notebook-{world}.log",
    benchmark:
        "<benchmarks>/draw_notebook-{world}.tsv"
    wildcard_constraints:
        world="simulated|songs",
    conda:
        "../../envs/pages.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        pen=PLAN.pen,
        seed=CONFIG.study.seed,
    message:
        "World {wildcards.world}: draw the notebook's pages, with a pen's errors"
    script:
        "../scripts/draw_notebook.py"


rule read_pages:
    input:
        pages="<results>/{world}/pages",
        drawn="<results>/{world}/drawn.json",
        noted="<results>/{world}/noted.json",
        style="workflow/figures.mplstyle",
        store=ancient("<results>/mlflow.json"),
        code=library("archive", "figures.style", "files", "notebook_pages", "runs"),
    output:
        notebook="<results>/{world}/notebook.json",
        sketches=directory("<results>/{world}/sketches"),
        scores="<results>/{world}/pages.json",
    log:
        "<logs>/read_pages-{world}.log",
    benchmark:
        "<benchmarks>/read_pages-{world}.tsv"
    wildcard_constraints:
        world="simulated|songs",
    conda:
        "../../envs/pages.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    message:
        "World {wildcards.world}: read the notebook's pages"
    script:
        "../scripts/read_pages.py"


rule read_notebook:
    input:
        sketches=PLAN.sketches,
        pictures=PLAN.pictures,
        style="workflow/figures.mplstyle",
        code=library("archive", "figures.style", "notebook_pages", "sketches"),
    output:
        notebook="<results>/field/notebook.json",
        sketches=directory("<results>/field/sketches"),
    log:
        "<logs>/read_notebook.log",
    benchmark:
        "<benchmarks>/read_notebook.tsv"
    conda:
        "../../envs/pages.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    message:
        "World field: read the sketches, typed and scanned"
    script:
        "../scripts/read_notebook.py"
