# In: the primer's symbols, a trained judge and a song. Out: what is inside a network that names birds: numbers, figures, a web page.


rule learn_symbols:
    input:
        store=ancient("<results>/mlflow.json"),
        code=library("files", "primer", "runs"),
    output:
        numbers="<results>/primer/symbols.json",
        arrays="<results>/primer/symbols.npz",
    log:
        "<logs>/learn_symbols.log",
    benchmark:
        "<benchmarks>/learn_symbols.tsv"
    conda:
        "../../envs/train.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        primer=CONFIG.primer,
        seed=CONFIG.study.seed,
    message:
        "Primer: tell symbols apart, from two on four pixels to an alphabet on a screen"
    script:
        "../scripts/learn_symbols.py"


rule look_inside:
    input:
        models=collect("<results>/{{world}}/model/seed-{seed}.pt", seed=range(CONFIG.judge.seeds)),
        calibrated="<results>/{world}/model/judge.json",
        pictures=collect(
            "<results>/{{world}}/shards/train-{shard}.npy", shard=range(CONFIG.surrogates.shards)
        ),
        indices=collect(
            "<results>/{{world}}/shards/train-{shard}.tsv", shard=range(CONFIG.surrogates.shards)
        ),
        heard="<results>/{world}/shards/heard.npy",
        heard_index="<results>/{world}/shards/heard.tsv",
        enrolled="<results>/{world}/shards/enrolled.npy",
        enrolled_index="<results>/{world}/shards/enrolled.tsv",
        store=ancient("<results>/mlflow.json"),
        code=library("classifier", "files", "inside", "runs", "shards"),
    output:
        numbers="<results>/{world}/inside.json",
        arrays="<results>/{world}/inside.npz",
    log:
        "<logs>/look_inside-{world}.log",
    benchmark:
        "<benchmarks>/look_inside-{world}.tsv"
    conda:
        "../../envs/train.yaml"
    threads: 1
    resources:
        mem_mb=growing(2500),
        runtime=growing(60),
    params:
        device=CONFIG.device,
        judge=CONFIG.judge._replace(seeds=1),
    message:
        "World {wildcards.world}: follow one song through the judge"
    script:
        "../scripts/look_inside.py"


rule write_primer:
    input:
        text="workflow/primer/page.html",
        style="workflow/primer/page.css",
        program="workflow/primer/page.js",
        numbers="<results>/primer/symbols.json",
        arrays="<results>/primer/symbols.npz",
        code=library("files", "primer_page"),
    output:
        page=report(
            "<results>/primer/index.html",
            caption="../report/primer.rst",
            category="The primer",
            labels={"world": "all", "shows": "A page to try a small network on"},
        ),
    log:
        "<logs>/write_primer.log",
    benchmark:
        "<benchmarks>/write_primer.tsv"
    conda:
        "../../envs/paper.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        names=[symbol.name for symbol in CONFIG.primer.symbols],
        learning_rate=CONFIG.primer.learning_rate,
    message:
        "Primer: write the page to try a network on"
    script:
        "../scripts/write_primer.py"


rule draw_four_pixels:
    input:
        style="workflow/figures.mplstyle",
        numbers="<results>/primer/symbols.json",
        arrays="<results>/primer/symbols.npz",
        code=library("figures.four_pixels", "figures.style", "files"),
    output:
        pdf=report(
            "<results>/figures/four_pixels.pdf",
            caption="../report/four_pixels.rst",
            category="The primer",
            labels={"world": "all", "shows": "Two symbols on four pixels"},
        ),
        png="<results>/figures/four_pixels.png",
    log:
        "<logs>/draw_four_pixels.log",
    benchmark:
        "<benchmarks>/draw_four_pixels.tsv"
    conda:
        "../../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    message:
        "Figure: two symbols on four pixels"
    script:
        "../scripts/draw_four_pixels.py"


rule draw_screen:
    input:
        style="workflow/figures.mplstyle",
        arrays="<results>/primer/symbols.npz",
        code=library("figures.screen", "figures.style", "files"),
    output:
        pdf=report(
            "<results>/figures/screen.pdf",
            caption="../report/screen.rst",
            category="The primer",
            labels={"world": "all", "shows": "A larger screen"},
        ),
        png="<results>/figures/screen.png",
    log:
        "<logs>/draw_screen.log",
    benchmark:
        "<benchmarks>/draw_screen.tsv"
    conda:
        "../../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        names=[symbol.name for symbol in CONFIG.primer.symbols],
    message:
        "Figure: symbols on a larger screen, layer by layer"
    script:
        "../scripts/draw_screen.py"


rule draw_learned_symbols:
    input:
        style="workflow/figures.mplstyle",
        numbers="<results>/primer/symbols.json",
        arrays="<results>/primer/symbols.npz",
        code=library("figures.learned_symbols", "figures.style", "files"),
    output:
        pdf=report(
            "<results>/figures/learned_symbols.pdf",
            caption="../report/learned_symbols.rst",
            category="The primer",
            labels={"world": "all", "shows": "Learning, and its pace"},
        ),
        png="<results>/figures/learned_symbols.png",
    log:
        "<logs>/draw_learned_symbols.log",
    benchmark:
        "<benchmarks>/draw_learned_symbols.tsv"
    conda:
        "../../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    message:
        "Figure: filters learned, and three ways down the gradient"
    script:
        "../scripts/draw_learned_symbols.py"


rule draw_inside:
    input:
        style="workflow/figures.mplstyle",
        numbers="<results>/{world}/inside.json",
        arrays="<results>/{world}/inside.npz",
        sound="<results>/{world}/example.flac",
        symbols="<results>/primer/symbols.npz",
        code=library("figures.inside", "figures.style", "files"),
    output:
        pdf=report(
            "<results>/figures/inside-{world}.pdf",
            caption="../report/inside.rst",
            category="The primer",
            labels={"world": "{world}", "shows": "A song on its way through the judge"},
        ),
        png="<results>/figures/inside-{world}.png",
    log:
        "<logs>/draw_inside-{world}.log",
    benchmark:
        "<benchmarks>/draw_inside-{world}.tsv"
    conda:
        "../../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        picture=CONFIG.picture,
    message:
        "Figure: from a song to the judge's answer ({wildcards.world})"
    script:
        "../scripts/draw_inside.py"
