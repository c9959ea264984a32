# In: results. Out: one figure a rule, as PDF and PNG.


rule draw_chain:
    input:
        style="workflow/figures.mplstyle",
        code=library("figures.chain", "figures.style"),
    output:
        pdf=report(
            "<results>/figures/chain.pdf",
            caption="../report/chain.rst",
            category="The model bird",
            labels={"world": "all", "shows": "The chain of the study"},
        ),
        png="<results>/figures/chain.png",
    log:
        "<logs>/draw_chain.log",
    benchmark:
        "<benchmarks>/draw_chain.tsv"
    conda:
        "../../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    message:
        "Figure: the chain of the study"
    script:
        "../scripts/draw_chain.py"


rule draw_gesture:
    input:
        style="workflow/figures.mplstyle",
        gestures="<results>/{world}/gestures",
        songs="<results>/{world}/songs",
        code=library("figures.gesture", "figures.style"),
    output:
        pdf=report(
            "<results>/figures/gesture-{world}.pdf",
            caption="../report/gesture.rst",
            category="The model bird",
            labels={"world": "{world}", "shows": "A theme, its gesture and its song"},
        ),
        png="<results>/figures/gesture-{world}.png",
    log:
        "<logs>/draw_gesture-{world}.log",
    benchmark:
        "<benchmarks>/draw_gesture-{world}.tsv"
    conda:
        "../../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        lead_s=CONFIG.singer.lead_s,
    message:
        "Figure: gesture, wave and spectrogram of one song ({wildcards.world})"
    script:
        "../scripts/draw_gesture.py"


rule draw_copies:
    input:
        style="workflow/figures.mplstyle",
        sounds="<results>/{world}/copies.npz",
        copies="<results>/{world}/copies.json",
        code=library("figures.copies", "figures.style", "files"),
    output:
        pdf=report(
            "<results>/figures/copies-{world}.pdf",
            caption="../report/copies.rst",
            category="The model bird",
            labels={"world": "{world}", "shows": "Recordings and their copies"},
        ),
        png="<results>/figures/copies-{world}.png",
    log:
        "<logs>/draw_copies-{world}.log",
    benchmark:
        "<benchmarks>/draw_copies-{world}.tsv"
    conda:
        "../../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        picture=CONFIG.picture,
    message:
        "Figure: real songs beside their copies ({wildcards.world})"
    script:
        "../scripts/draw_copies.py"


rule draw_learning:
    input:
        style="workflow/figures.mplstyle",
        histories=collect(
            "<results>/{{world}}/model/seed-{seed}.json", seed=range(CONFIG.judge.seeds)
        ),
        code=library("figures.learning", "figures.style", "files"),
    output:
        pdf=report(
            "<results>/figures/learning-{world}.pdf",
            caption="../report/learning.rst",
            category="The judge",
            labels={"world": "{world}", "shows": "Training"},
        ),
        png="<results>/figures/learning-{world}.png",
    log:
        "<logs>/draw_learning-{world}.log",
    benchmark:
        "<benchmarks>/draw_learning-{world}.tsv"
    conda:
        "../../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    message:
        "Figure: learning curves ({wildcards.world})"
    script:
        "../scripts/draw_learning.py"


rule draw_confusion:
    input:
        style="workflow/figures.mplstyle",
        answers="<results>/{world}/answers.tsv",
        themes="<results>/{world}/themes.json",
        code=library("archive", "figures.confusion", "figures.style", "openset"),
    output:
        pdf=report(
            "<results>/figures/confusion-{world}.pdf",
            caption="../report/confusion.rst",
            category="The judge",
            labels={"world": "{world}", "shows": "Who is taken for whom"},
        ),
        png="<results>/figures/confusion-{world}.png",
    log:
        "<logs>/draw_confusion-{world}.log",
    benchmark:
        "<benchmarks>/draw_confusion-{world}.tsv"
    conda:
        "../../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    message:
        "Figure: confusion on songs never heard ({wildcards.world})"
    script:
        "../scripts/draw_confusion.py"


rule draw_openness:
    input:
        style="workflow/figures.mplstyle",
        answers="<results>/{world}/answers.tsv",
        null="<results>/{world}/model/null.npz",
        judge="<results>/{world}/model/judge.json",
        strangers="<results>/{world}/strangers.npz",
        code=library("figures.openness", "figures.style", "files", "openset"),
    output:
        pdf=report(
            "<results>/figures/openness-{world}.pdf",
            caption="../report/openness.rst",
            category="The judge",
            labels={"world": "{world}", "shows": "Known songs and unknown"},
        ),
        png="<results>/figures/openness-{world}.png",
    log:
        "<logs>/draw_openness-{world}.log",
    benchmark:
        "<benchmarks>/draw_openness-{world}.tsv"
    conda:
        "../../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    message:
        "Figure: what the judge does not know ({wildcards.world})"
    script:
        "../scripts/draw_openness.py"


rule draw_reliability:
    input:
        style="workflow/figures.mplstyle",
        judge="<results>/{world}/model/judge.json",
        scores="<results>/{world}/scores.json",
        code=library("figures.reliability", "figures.style", "files"),
    output:
        pdf=report(
            "<results>/figures/reliability-{world}.pdf",
            caption="../report/reliability.rst",
            category="The judge",
            labels={"world": "{world}", "shows": "Calibration"},
        ),
        png="<results>/figures/reliability-{world}.png",
    log:
        "<logs>/draw_reliability-{world}.log",
    benchmark:
        "<benchmarks>/draw_reliability-{world}.tsv"
    conda:
        "../../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    message:
        "Figure: whether its probabilities are honest ({wildcards.world})"
    script:
        "../scripts/draw_reliability.py"


rule draw_verdicts:
    input:
        style="workflow/figures.mplstyle",
        verdicts="<results>/{world}/verdicts.tsv",
        posteriors="<results>/{world}/posteriors.npz",
        code=library("figures.style", "figures.verdicts", "persistence"),
    output:
        pdf=report(
            "<results>/figures/verdicts-{world}.pdf",
            caption="../report/verdicts.rst",
            category="The notebook",
            labels={"world": "{world}", "shows": "Verdicts"},
        ),
        png="<results>/figures/verdicts-{world}.png",
    log:
        "<logs>/draw_verdicts-{world}.log",
    benchmark:
        "<benchmarks>/draw_verdicts-{world}.tsv"
    conda:
        "../../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    message:
        "Figure: old themes against today's ({wildcards.world})"
    script:
        "../scripts/draw_verdicts.py"


rule draw_persistence:
    input:
        style="workflow/figures.mplstyle",
        verdicts="<results>/{world}/verdicts.tsv",
        persistence="<results>/{world}/persistence.json",
        code=library("figures.persistence", "figures.style", "files", "persistence"),
    output:
        pdf=report(
            "<results>/figures/persistence-{world}.pdf",
            caption="../report/persistence.rst",
            category="The notebook",
            labels={"world": "{world}", "shows": "Persistence"},
        ),
        png="<results>/figures/persistence-{world}.png",
    log:
        "<logs>/draw_persistence-{world}.log",
    benchmark:
        "<benchmarks>/draw_persistence-{world}.tsv"
    conda:
        "../../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    message:
        "Figure: persistence against drift ({wildcards.world})"
    script:
        "../scripts/draw_persistence.py"


rule draw_population:
    input:
        style="workflow/figures.mplstyle",
        history="<results>/simulated/history.npz",
        survival="<results>/simulated/survival.json",
        code=library("figures.population", "figures.style", "files"),
    output:
        pdf=report(
            "<results>/figures/population-simulated.pdf",
            caption="../report/population.rst",
            category="The park and the sites",
            labels={"world": "simulated", "shows": "Themes through the years"},
        ),
        png="<results>/figures/population-simulated.png",
    log:
        "<logs>/draw_population.log",
    benchmark:
        "<benchmarks>/draw_population.tsv"
    conda:
        "../../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    message:
        "Figure: song culture in the simulated park"
    script:
        "../scripts/draw_population.py"


rule draw_panorama:
    input:
        style="workflow/figures.mplstyle",
        history="<results>/simulated/history.npz",
        code=library("figures.panorama", "figures.style"),
    output:
        pdf=report(
            "<results>/figures/panorama-simulated.pdf",
            caption="../report/panorama.rst",
            category="The park and the sites",
            labels={"world": "simulated", "shows": "Who sings what today"},
        ),
        png="<results>/figures/panorama-simulated.png",
    log:
        "<logs>/draw_panorama.log",
    benchmark:
        "<benchmarks>/draw_panorama.tsv"
    conda:
        "../../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    message:
        "Figure: who sings what in the simulated park"
    script:
        "../scripts/draw_panorama.py"


rule draw_page:
    input:
        style="workflow/figures.mplstyle",
        pages="<results>/{world}/pages",
        pitch_map="<results>/pitch_map.npz",
        code=library(
            "archive", "figures.page", "figures.style", "notebook_pages", "singing", "sketches"
        ),
    output:
        pdf=report(
            "<results>/figures/page-{world}.pdf",
            caption="../report/page.rst",
            category="The notebook",
            labels={"world": "{world}", "shows": "A page, as drawn and as read"},
        ),
        png="<results>/figures/page-{world}.png",
    log:
        "<logs>/draw_page-{world}.log",
    benchmark:
        "<benchmarks>/draw_page-{world}.tsv"
    wildcard_constraints:
        world="simulated|songs",
    conda:
        "../../envs/pages.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        singer=CONFIG.singer,
        rate_hz=CONFIG.picture.rate_hz,
    message:
        "Figure: a notebook page as it was read, and sung again ({wildcards.world})"
    script:
        "../scripts/draw_page.py"


rule draw_found_themes:
    input:
        style="workflow/figures.mplstyle",
        arrays="<results>/{world}/found_themes.npz",
        scores="<results>/{world}/found_themes.json",
        pictures=lookup(dpath="{world}/npy", within=UNLABELLED),
        index=lookup(dpath="{world}/tsv", within=UNLABELLED),
        code=library("figures.found_themes", "figures.style", "files", "shards", "unlabelled"),
    output:
        pdf=report(
            "<results>/figures/found_themes-{world}.pdf",
            caption="../report/found_themes.rst",
            category="The metric",
            labels={"world": "{world}", "shows": "Themes found without labels"},
        ),
        png="<results>/figures/found_themes-{world}.png",
    log:
        "<logs>/draw_found_themes-{world}.log",
    benchmark:
        "<benchmarks>/draw_found_themes-{world}.tsv"
    conda:
        "../../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        picture=CONFIG.picture,
    message:
        "Figure: themes found in songs without labels ({wildcards.world})"
    script:
        "../scripts/draw_found_themes.py"


rule draw_domains:
    input:
        style="workflow/figures.mplstyle",
        scores="<results>/{world}/domains.json",
        arrays="<results>/{world}/domains.npz",
        code=library("figures.domains", "figures.style", "files"),
    output:
        pdf=report(
            "<results>/figures/domains-{world}.pdf",
            caption="../report/domains.rst",
            category="The metric",
            labels={"world": "{world}", "shows": "Drawing or song?"},
        ),
        png="<results>/figures/domains-{world}.png",
    log:
        "<logs>/draw_domains-{world}.log",
    benchmark:
        "<benchmarks>/draw_domains-{world}.tsv"
    conda:
        "../../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    message:
        "Figure: sketches as drawings, and as songs ({wildcards.world})"
    script:
        "../scripts/draw_domains.py"


rule draw_eras:
    input:
        style="workflow/figures.mplstyle",
        arrays="<results>/{world}/eras.npz",
        nearest="<results>/{world}/neighbours.json",
        metric="<results>/metric/metric.json",
        code=library("few_shot", "figures.eras", "figures.style", "files"),
    output:
        pdf=report(
            "<results>/figures/eras-{world}.pdf",
            caption="../report/eras.rst",
            category="The metric",
            labels={"world": "{world}", "shows": "Both eras in one metric"},
        ),
        png="<results>/figures/eras-{world}.png",
    log:
        "<logs>/draw_eras-{world}.log",
    benchmark:
        "<benchmarks>/draw_eras-{world}.tsv"
    conda:
        "../../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    message:
        "Figure: both eras in one metric ({wildcards.world})"
    script:
        "../scripts/draw_eras.py"


rule draw_sites:
    input:
        style="workflow/figures.mplstyle",
        songs="<results>/{world}/songs.json",
        recordings="<results>/{world}/recordings.json",
        pictures="<results>/{world}/shards/enrolled.npy",
        index="<results>/{world}/shards/enrolled.tsv",
        code=library("figures.sites", "figures.style", "files", "sheets", "shards", "sites"),
    output:
        pdf=report(
            "<results>/figures/sites-{world}.pdf",
            caption="../report/sites.rst",
            category="The park and the sites",
            labels={"world": "{world}", "shows": "Today's themes on a map"},
        ),
        png="<results>/figures/sites-{world}.png",
    log:
        "<logs>/draw_sites-{world}.log",
    benchmark:
        "<benchmarks>/draw_sites-{world}.tsv"
    wildcard_constraints:
        world="songs|field",
    conda:
        "../../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        picture=CONFIG.picture,
    message:
        "Figure: today's themes on a map of sites ({wildcards.world})"
    script:
        "../scripts/draw_sites.py"
