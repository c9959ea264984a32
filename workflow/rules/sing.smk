# In: themes, sketches, real songs. Out: their pictures in shards, and a few songs to listen to.


rule sing_surrogates:
    input:
        themes="<results>/{world}/themes.json",
        whole=lookup(dpath="{world}", within=WHOLE),
        pitch_map="<results>/pitch_map.npz",
        noises=PLAN.noises,
        warm="<results>/warm_up.txt",
        code=library("archive", "corpora", "shards"),
    output:
        pictures="<results>/{world}/shards/{corpus}-{shard}.npy",
        index="<results>/{world}/shards/{corpus}-{shard}.tsv",
    log:
        "<logs>/sing_surrogates-{world}-{corpus}-{shard}.log",
    benchmark:
        "<benchmarks>/sing_surrogates-{world}-{corpus}-{shard}.tsv"
    conda:
        "../../envs/sing.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        spread=CONFIG.spread,
        singer=CONFIG.singer,
        place=CONFIG.place,
        picture=CONFIG.picture,
        seed=CONFIG.study.seed,
        surrogates=CONFIG.surrogates._replace(examples=1),
    message:
        "World {wildcards.world}: sing surrogates for {wildcards.corpus}, shard {wildcards.shard}"
    script:
        "../scripts/sing_surrogates.py"


rule sing_foreign:
    input:
        foreign="<results>/{world}/foreign.json",
        pitch_map="<results>/pitch_map.npz",
        noises=PLAN.noises,
        warm="<results>/warm_up.txt",
        code=library("archive", "corpora", "notebook", "shards"),
    output:
        pictures="<results>/{world}/shards/foreign.npy",
        index="<results>/{world}/shards/foreign.tsv",
    log:
        "<logs>/sing_foreign-{world}.log",
    benchmark:
        "<benchmarks>/sing_foreign-{world}.tsv"
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
        "World {wildcards.world}: sing foreign sketches"
    script:
        "../scripts/sing_foreign.py"


rule sing_notebook:
    input:
        notebook="<results>/{world}/notebook.json",
        pitch_map="<results>/pitch_map.npz",
        noises=PLAN.noises,
        warm="<results>/warm_up.txt",
        code=library("archive", "corpora", "shards"),
    output:
        pictures="<results>/{world}/shards/notebook.npy",
        index="<results>/{world}/shards/notebook.tsv",
    log:
        "<logs>/sing_notebook-{world}.log",
    benchmark:
        "<benchmarks>/sing_notebook-{world}.tsv"
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
        "World {wildcards.world}: sing the notebook"
    script:
        "../scripts/sing_notebook.py"


rule sing_field:
    input:
        themes="<results>/simulated/themes.json",
        heard="<results>/simulated/heard.json",
        noted="<results>/simulated/noted.json",
        pitch_map="<results>/pitch_map.npz",
        noises=PLAN.noises,
        warm="<results>/warm_up.txt",
        code=library("archive", "corpora", "files", "shards"),
    output:
        pictures="<results>/simulated/shards/heard.npy",
        index="<results>/simulated/shards/heard.tsv",
        example="<results>/simulated/example.flac",
    log:
        "<logs>/sing_field.log",
    benchmark:
        "<benchmarks>/sing_field.tsv"
    conda:
        "../../envs/sing.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        spread=CONFIG.spread,
        singer=CONFIG.singer,
        place=CONFIG.place,
        picture=CONFIG.picture,
        seed=CONFIG.study.seed,
        heard_per_theme=CONFIG.simulated.heard_per_theme,
    message:
        "World simulated: sing field songs to score the judge on"
    script:
        "../scripts/sing_field.py"


rule hear_songs:
    input:
        audio=lookup(dpath="{world}", within=AUDIO),
        sheets=lookup(dpath="{world}", within=PLAN.sheets),
        songs="<results>/{world}/songs.json",
        warm="<results>/warm_up.txt",
        code=library("corpora", "files", "recordings", "shards", "sheets"),
    output:
        pictures="<results>/{world}/shards/heard.npy",
        index="<results>/{world}/shards/heard.tsv",
        example="<results>/{world}/example.flac",
    log:
        "<logs>/hear_songs-{world}.log",
    benchmark:
        "<benchmarks>/hear_songs-{world}.tsv"
    wildcard_constraints:
        world="songs|field",
    conda:
        "../../envs/sing.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        picture=CONFIG.picture,
    message:
        "World {wildcards.world}: cut and draw the real songs"
    script:
        "../scripts/hear_songs.py"


rule sing_examples:
    input:
        themes="<results>/{world}/themes.json",
        pitch_map="<results>/pitch_map.npz",
        code=library("archive", "files", "singing"),
    output:
        songs=report(
            directory("<results>/{world}/songs"),
            patterns=["{song}.flac"],
            caption="../report/songs.rst",
            category="Songs to listen to",
            labels={"world": "{world}", "shows": "{song}"},
        ),
        gestures=directory("<results>/{world}/gestures"),
    log:
        "<logs>/sing_examples-{world}.log",
    benchmark:
        "<benchmarks>/sing_examples-{world}.tsv"
    conda:
        "../../envs/sing.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        singer=CONFIG.singer,
        spread=CONFIG.spread,
        rate_hz=CONFIG.picture.rate_hz,
        examples=CONFIG.surrogates.examples,
        seed=CONFIG.study.seed,
    message:
        "World {wildcards.world}: sing a few surrogates of each theme to listen to"
    script:
        "../scripts/sing_examples.py"
