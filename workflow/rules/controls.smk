# In: heard songs, themes, the ensemble. Out: what it makes of altered songs, and judges trained with one thing changed.
from chingolo.variants import variants

VARIANTS = {world: variants(CONFIG.controls, world in PLAN.real) for world in PLAN.worlds}
# Several songs of a theme, to enrol more than one, are there in recordings alone.
ENROLLED = {
    world: {
        "songs": collect("<results>/{world}/songs.json", world=world),
        "readings": collect(
            "<results>/{world}/{part}.json", world=world, part=["readings", "sung"]
        ),
    }
    for world in PLAN.real
}
ENROLLED |= {
    world: {"songs": [], "readings": []} for world in PLAN.worlds if world not in PLAN.real
}
# Other hands have drawn the simulated world's sketches, for its many histories.
HANDS = {
    world: CONFIG.pens._fields if world == "simulated" else (CONFIG.verdict.pen,)
    for world in PLAN.worlds
}
SHARDS = {
    world: {
        ending: collect(
            "<results>/{world}/shards/{shard}.{ending}",
            world=world,
            shard=["heard", "altered", *(f"pool-{hand}" for hand in HANDS[world])],
            ending=ending,
        )
        for ending in ("npy", "tsv")
    }
    for world in PLAN.worlds
}
TRAINED = {
    world: collect(
        "<results>/{world}/controls/{control}.json", world=world, control=VARIANTS[world]
    )
    for world in PLAN.worlds
}


rule alter_field:
    input:
        themes="<results>/simulated/themes.json",
        heard="<results>/simulated/heard.json",
        noted="<results>/simulated/noted.json",
        pitch_map="<results>/pitch_map.npz",
        noises=PLAN.noises,
        warm="<results>/warm_up.txt",
        code=library("alterations", "archive", "corpora", "reader", "shards"),
    output:
        pictures="<results>/simulated/shards/altered.npy",
        index="<results>/simulated/shards/altered.tsv",
    log:
        "<logs>/alter_field.log",
    benchmark:
        "<benchmarks>/alter_field.tsv"
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
        reader=CONFIG.reader,
        snr_db=CONFIG.controls.snr_db,
        seed=CONFIG.study.seed,
        heard_per_theme=CONFIG.simulated.heard_per_theme,
    message:
        "World simulated: alter the field songs"
    script:
        "../scripts/alter_field.py"


rule alter_songs:
    input:
        audio=lookup(dpath="{world}", within=AUDIO),
        sheets=lookup(dpath="{world}", within=PLAN.sheets),
        songs="<results>/{world}/songs.json",
        noises=PLAN.noises,
        warm="<results>/warm_up.txt",
        code=library("alterations", "corpora", "files", "reader", "recordings", "shards", "sheets"),
    output:
        pictures="<results>/{world}/shards/altered.npy",
        index="<results>/{world}/shards/altered.tsv",
    log:
        "<logs>/alter_songs-{world}.log",
    benchmark:
        "<benchmarks>/alter_songs-{world}.tsv"
    wildcard_constraints:
        world="songs|field",
    conda:
        "../../envs/sing.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        place=CONFIG.place,
        picture=CONFIG.picture,
        reader=CONFIG.reader,
        snr_db=CONFIG.controls.snr_db,
        seed=CONFIG.study.seed,
    message:
        "World {wildcards.world}: alter the real songs"
    script:
        "../scripts/alter_songs.py"


rule train_control:
    input:
        themes="<results>/{world}/themes.json",
        whole=lookup(dpath="{world}", within=WHOLE),
        songs=lookup(dpath="{world}/songs", within=ENROLLED),
        readings=lookup(dpath="{world}/readings", within=ENROLLED),
        pool="<results>/{world}/pool.json",
        heard="<results>/{world}/shards/heard.npy",
        heard_index="<results>/{world}/shards/heard.tsv",
        pitch_map="<results>/pitch_map.npz",
        noises=PLAN.noises,
        warm="<results>/warm_up.txt",
        store=ancient("<results>/mlflow.json"),
        code=library(
            "ablation",
            "archive",
            "classifier",
            "controls",
            "corpora",
            "files",
            "runs",
            "seeds",
            "shards",
            "sheets",
        ),
    output:
        control="<results>/{world}/controls/{control}.json",
    log:
        "<logs>/train_control-{world}-{control}.log",
    benchmark:
        "<benchmarks>/train_control-{world}-{control}.tsv"
    wildcard_constraints:
        control=r"[\w.-]+",
    conda:
        "../../envs/train.yaml"
    threads: 1
    resources:
        mem_mb=growing(2500),
        runtime=growing(240),
    params:
        device=CONFIG.device,
        variant=lookup(dpath="{world}/{control}", within=VARIANTS),
        controls=CONFIG.controls._replace(snr_db=(), changes=(), spreads=(), numbers=()),
        judge=CONFIG.judge._replace(seeds=1),
        surrogates=CONFIG.surrogates._replace(per_theme=2, places=1, shards=1, examples=1),
        spread=CONFIG.spread,
        singer=CONFIG.singer,
        place=CONFIG.place,
        picture=CONFIG.picture,
        pen=PLAN.pen,
        false_matches=CONFIG.verdict.false_matches,
        seed=CONFIG.study.seed,
    message:
        "World {wildcards.world}: train a network anew, {wildcards.control}"
    script:
        "../scripts/train_control.py"


rule score_controls:
    input:
        models=collect("<results>/{{world}}/model/seed-{seed}.pt", seed=range(CONFIG.judge.seeds)),
        judge="<results>/{world}/model/judge.json",
        pictures=lookup(dpath="{world}/npy", within=SHARDS),
        indices=lookup(dpath="{world}/tsv", within=SHARDS),
        trained=lookup(dpath="{world}", within=TRAINED),
        store=ancient("<results>/mlflow.json"),
        code=library("classifier", "controls", "files", "runs", "shards"),
    output:
        controls="<results>/{world}/controls.json",
    log:
        "<logs>/score_controls-{world}.log",
    benchmark:
        "<benchmarks>/score_controls-{world}.tsv"
    conda:
        "../../envs/train.yaml"
    threads: 1
    resources:
        mem_mb=growing(2500),
        runtime=growing(60),
    params:
        device=CONFIG.device,
        controls=CONFIG.controls._replace(enrolled=1),
        names=lookup(dpath="{world}", within=VARIANTS),
        pens=lookup(dpath="{world}", within=HANDS),
        seed=CONFIG.study.seed,
    message:
        "World {wildcards.world}: score the controls"
    script:
        "../scripts/score_controls.py"


rule draw_controls:
    input:
        style="workflow/figures.mplstyle",
        controls="<results>/{world}/controls.json",
        code=library("figures.controls", "figures.style", "files"),
    output:
        pdf=report(
            "<results>/figures/controls-{world}.pdf",
            caption="../report/controls.rst",
            category="The judge",
            labels={"world": "{world}", "shows": "Controls"},
        ),
        png="<results>/figures/controls-{world}.png",
    log:
        "<logs>/draw_controls-{world}.log",
    benchmark:
        "<benchmarks>/draw_controls-{world}.tsv"
    conda:
        "../../envs/figures.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    message:
        "Figure: what the judge hears, and what the physics adds ({wildcards.world})"
    script:
        "../scripts/draw_controls.py"
