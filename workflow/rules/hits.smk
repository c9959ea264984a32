# In: verdicts, sketches, songs of today. Out: the old songs in a chart, to look at and to listen to.

# Where sketches are drawn: a folder of pages, or the user's own files.
DRAWN = {
    world: [f"<results>/{world}/pages"] if world in PLAN.drawn else PLAN.sketches
    for world in PLAN.worlds
}
# Real songs of today, and who recorded them.
TODAY = {
    world: {
        "songs": collect("<results>/{world}/songs.json", world={world}.intersection(PLAN.real)),
        "sheets": PLAN.sheets.get(world, []),
        "audio": AUDIO.get(world, []),
    }
    for world in PLAN.worlds
}
# Real songs first.
CHARTS = [*PLAN.real, *(world for world in PLAN.worlds if world not in PLAN.real)]


rule gather_hits:
    input:
        notebook="<results>/{world}/notebook.json",
        verdicts="<results>/{world}/verdicts.tsv",
        themes="<results>/{world}/themes.json",
        sketches=lookup(dpath="{world}", within=DRAWN),
        pictures=PLAN.pictures,
        songs=lookup(dpath="{world}/songs", within=TODAY),
        sheets=lookup(dpath="{world}/sheets", within=TODAY),
        audio=lookup(dpath="{world}/audio", within=TODAY),
        pitch_map="<results>/pitch_map.npz",
        code=library("archive", "files", "hits", "persistence", "sheets"),
    output:
        folder=directory("<results>/{world}/hits"),
        chart="<results>/{world}/hits.json",
    log:
        "<logs>/gather_hits-{world}.log",
    benchmark:
        "<benchmarks>/gather_hits-{world}.tsv"
    conda:
        "../../envs/pages.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        singer=CONFIG.singer,
        rate_hz=CONFIG.picture.rate_hz,
        pen=PLAN.pen,
        seed=CONFIG.study.seed,
    message:
        "World {wildcards.world}: gather drawings and sounds of the hits"
    script:
        "../scripts/gather_hits.py"


rule write_hits:
    input:
        charts=collect("<results>/{world}/hits.json", world=CHARTS),
        folders=collect("<results>/{world}/hits", world=CHARTS),
        text="workflow/hits/page.html",
        style="workflow/hits/page.css",
        program="workflow/hits/page.js",
        code=library("files", "hits_page"),
    output:
        # Not in the report: a report in one file holds no folders. Its first page links here.
        folder=directory("<results>/hits"),
    log:
        "<logs>/write_hits.log",
    benchmark:
        "<benchmarks>/write_hits.tsv"
    conda:
        "../../envs/sing.yaml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        worlds=CHARTS,
    message:
        "Write the page of hits"
    script:
        "../scripts/write_hits.py"
