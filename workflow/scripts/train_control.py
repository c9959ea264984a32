"""Train one network anew with one thing changed, and ask it about the same songs, and sketches."""

from chingolo import ablation, controls, corpora
from chingolo.archive import read_notebook, read_pitch_map, read_themes
from chingolo.classifier import fit, logits
from chingolo.files import read_json, write_json
from chingolo.logged import logged_run, scalars
from chingolo.logs import job_log, told
from chingolo.runs import run_key
from chingolo.seeds import generator
from chingolo.shards import open_corpus
from chingolo.sheets import Song

with job_log(snakemake.log[0]):
    inputs, params, variant = snakemake.input, snakemake.params, snakemake.params.variant
    songs = [Song(**row) for path in inputs.songs for row in read_json(path)]
    panel = read_themes(inputs.themes)
    read = [read_themes(path) for path in inputs.readings] or [{}, {}]
    themes = ablation.versions_of(panel, songs, read[0], variant.enrolled)
    whole = ablation.versions_of(read_themes(inputs.whole), songs, read[1], variant.enrolled)
    settings = (params.controls, params.surrogates, params.judge)
    many, judge = ablation.schedule(variant, len(panel), *settings)
    heard = open_corpus([inputs.heard], [inputs.heard_index])
    used = [p for p in inputs if p != inputs.store]
    key = run_key(snakemake.rule, snakemake.wildcards, used, list(params.items()))
    run = (inputs.store, snakemake.rule, snakemake.wildcards, key, {"judge": judge, "sung": many})
    with logged_run(*run, used) as (log, keep):
        bird = corpora.voice(read_pitch_map(inputs.pitch_map), inputs.noises, params)
        bird = ablation.voice_of(variant, bird)
        sung = ablation.sing_corpora(themes, whole, many, bird)
        seed = int(generator(params.seed, "control").integers(2**31))  # the same for all
        model = fit(*sung, list(panel), judge, seed, told(judge.epochs, [], log), params.device)
        sketches = ablation.sing_sketches(read_notebook(inputs.pool), params.pen, bird)
        asked = [(logits(model, c)[None], c.items) for c in (heard, sketches)]
        taken = ablation.ever_enrolled(songs, params.controls.enrolled)
        measured = controls.anew(*asked, list(panel), taken, params.false_matches, params.seed)
        log(judge.epochs, scalars(measured))
        changed = {"variant": variant._asdict(), "per_theme": many.per_theme}
        write_json(snakemake.output.control, {"run": key, **measured, **changed})
        keep([snakemake.output.control])
