# In: checked recordings, or nothing but the seed. Out: each world's panel, and foreign themes.


rule simulate_history:
    input:
        checked=ancient("<results>/checked.txt"),
        code=library("archive", "files", "history", "population"),
    output:
        themes="<results>/simulated/themes.json",
        heard="<results>/simulated/heard.json",
        noted="<results>/simulated/noted.json",
        history="<results>/simulated/history.npz",
    log:
        "<logs>/simulate_history.log",
    benchmark:
        "<benchmarks>/simulate_history.tsv"
    conda:
        "../../envs/sing.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        simulated=CONFIG.simulated._replace(heard_per_theme=1, histories=1, trials=1),
        seed=CONFIG.study.seed,
    message:
        "World simulated: let a park's birds sing from before 1966 to 2020"
    script:
        "../scripts/simulate_history.py"


rule simulate_survival:
    input:
        code=library("files", "history", "persistence", "runs", "seeds"),
    output:
        survival="<results>/simulated/survival.json",
    log:
        "<logs>/simulate_survival.log",
    benchmark:
        "<benchmarks>/simulate_survival.tsv"
    conda:
        "../../envs/sing.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        simulated=CONFIG.simulated._replace(
            drift_hz=0.0, drift_s=0.0, noted=1, recorded=1, heard_per_theme=1, trials=1
        ),
        years=CONFIG.simulated.years,
        loss=CONFIG.simulated.loss,
        seed=CONFIG.study.seed,
    message:
        "World simulated: simulate many histories, to see which themes survive"
    script:
        "../scripts/simulate_survival.py"


rule list_songs:
    input:
        audio=lookup(dpath="{world}", within=AUDIO),
        sheets=lookup(dpath="{world}", within=PLAN.sheets),
        checked="<results>/{world}/recordings.json",
        code=library("files", "finder"),
    output:
        songs="<results>/{world}/songs.json",
    log:
        "<logs>/list_songs-{world}.log",
    benchmark:
        "<benchmarks>/list_songs-{world}.tsv"
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
        rate_hz=CONFIG.picture.rate_hz,
    message:
        "World {wildcards.world}: list the songs of the sheet, or find them"
    script:
        "../scripts/list_songs.py"


rule read_songs:
    input:
        audio=lookup(dpath="{world}", within=AUDIO),
        sheets=lookup(dpath="{world}", within=PLAN.sheets),
        songs="<results>/{world}/songs.json",
        code=library("archive", "files", "reader", "sheets"),
    output:
        themes="<results>/{world}/themes.json",
        whole="<results>/{world}/whole.json",
        readings="<results>/{world}/readings.json",
        sung="<results>/{world}/sung.json",
    log:
        "<logs>/read_songs-{world}.log",
    benchmark:
        "<benchmarks>/read_songs-{world}.tsv"
    wildcard_constraints:
        world="songs|field",
    conda:
        "../../envs/sing.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        reader=CONFIG.reader,
        picture=CONFIG.picture,
    message:
        "World {wildcards.world}: read every song; the enrolled ones are the panel"
    script:
        "../scripts/read_songs.py"


rule draw_foreign:
    input:
        themes="<results>/{world}/themes.json",
        code=library("archive", "corpora"),
    output:
        foreign="<results>/{world}/foreign.json",
    log:
        "<logs>/draw_foreign-{world}.log",
    benchmark:
        "<benchmarks>/draw_foreign-{world}.tsv"
    conda:
        "../../envs/sing.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        foreign=CONFIG.verdict.foreign,
        seed=CONFIG.study.seed,
    message:
        "World {wildcards.world}: draw foreign themes from the species' statistics"
    script:
        "../scripts/draw_foreign.py"


rule measure_variation:
    input:
        songs="<results>/{world}/songs.json",
        readings="<results>/{world}/readings.json",
        code=library("archive", "files", "sheets", "variation"),
    output:
        variation="<results>/{world}/variation.json",
    log:
        "<logs>/measure_variation-{world}.log",
    benchmark:
        "<benchmarks>/measure_variation-{world}.tsv"
    wildcard_constraints:
        world="songs|field",
    conda:
        "../../envs/sing.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    message:
        "World {wildcards.world}: measure how songs of one theme vary"
    script:
        "../scripts/measure_variation.py"


rule copy_songs:
    input:
        audio=lookup(dpath="{world}", within=AUDIO),
        sheets=lookup(dpath="{world}", within=PLAN.sheets),
        songs="<results>/{world}/songs.json",
        pitch_map="<results>/pitch_map.npz",
        code=library("archive", "fidelity", "files", "runs", "sheets"),
    output:
        copies="<results>/{world}/copies.json",
        sounds="<results>/{world}/copies.npz",
    log:
        "<logs>/copy_songs-{world}.log",
    benchmark:
        "<benchmarks>/copy_songs-{world}.tsv"
    wildcard_constraints:
        world="songs|field",
    conda:
        "../../envs/sing.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        reader=CONFIG.reader,
        singer=CONFIG.singer,
        picture=CONFIG.picture,
    message:
        "World {wildcards.world}: set each enrolled song beside its synthetic copy"
    script:
        "../scripts/copy_songs.py"
