# In: nothing, or the user's sheets and sounds. Out: warm caches, the pitch map, checked recordings.


rule warm_up:
    input:
        code=library("pitch", "reader", "singing", "sources", "spectrogram", "themes"),
    output:
        versions="<results>/warm_up.txt",
    log:
        "<logs>/warm_up.log",
    benchmark:
        "<benchmarks>/warm_up.tsv"
    conda:
        "../../envs/sing.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        picture=CONFIG.picture,
        reader=CONFIG.reader,
        singer=CONFIG.singer,
    message:
        "Compile the numeric libraries' kernels once, before parallel jobs need them"
    script:
        "../scripts/warm_up.py"


rule download:
    input:
        sheets=ancient(PLAN.recording_sheets),
        code=library("recordings", "sheets"),
    output:
        audio="<resources>/recordings/{file}",
    log:
        "<logs>/download-{file}.log",
    benchmark:
        "<benchmarks>/download-{file}.tsv"
    wildcard_constraints:
        file=PLAN.to_download,
    conda:
        "../../envs/sing.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    message:
        "Download recording {wildcards.file}"
    script:
        "../scripts/download.py"


rule check_recordings:
    input:
        audio=lookup(dpath="{world}", within=AUDIO),
        sheets=lookup(dpath="{world}", within=PLAN.sheets),
        warm="<results>/warm_up.txt",
        code=library("files", "recordings", "sheets"),
    output:
        checked="<results>/{world}/recordings.json",
    log:
        "<logs>/check_recordings-{world}.log",
    benchmark:
        "<benchmarks>/check_recordings-{world}.tsv"
    wildcard_constraints:
        world="songs|field",
    conda:
        "../../envs/sing.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    message:
        "World {wildcards.world}: check that every recording is what its sheet says and can be decoded"
    script:
        "../scripts/check_recordings.py"


rule check_inputs:
    input:
        checked=collect("<results>/{world}/recordings.json", world=PLAN.real),
        code=library("files"),
    output:
        checked="<results>/checked.txt",
    log:
        "<logs>/check_inputs.log",
    benchmark:
        "<benchmarks>/check_inputs.tsv"
    conda:
        "../../envs/sing.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    message:
        "All recordings are checked"
    script:
        "../scripts/check_inputs.py"


rule map_pitch:
    input:
        checked=ancient("<results>/checked.txt"),
        warm="<results>/warm_up.txt",
        code=library("files", "pitch", "sources"),
    output:
        pitch_map="<results>/pitch_map.npz",
    log:
        "<logs>/map_pitch.log",
    benchmark:
        "<benchmarks>/map_pitch.tsv"
    conda:
        "../../envs/sing.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        source=CONFIG.singer.source,
    message:
        "Map the syrinx: pitch against pressure and tension"
    script:
        "../scripts/map_pitch.py"
