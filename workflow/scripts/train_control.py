"""Train one network anew with one thing changed, and ask it about the same songs, and sketches."""

from chingolo import ablation, controls
from chingolo.archive import read_notebook, read_pitch_map, read_themes
from chingolo.classifier import fit, logits
from chingolo.corpora import voice
from chingolo.files import read_json, write_json
from chingolo.logs import job_log, told
from chingolo.pools import noted_by_hand
from chingolo.recordings import Song
from chingolo.runs import run_key
from chingolo.seeds import generator
from chingolo.shards import open_corpus
from chingolo.tracking import logged_run, scalars

with job_log(snakemake.log[0]):
    inputs, params, variant = snakemake.input, snakemake.params, snakemake.params.variant
    panel, heard = read_themes(inputs.themes), open_corpus([inputs.heard], [inputs.heard_index])
    songs = [Song(**row) for path in inputs.songs for row in read_json(path)]
    readings = {k: theme for path in inputs.readings for k, theme in read_themes(path).items()}
    pool = noted_by_hand(read_notebook(inputs.pool), params.pen, params.seed)
    many, judge = ablation.schedule(variant, params.controls, params.judge)
    used = [p for p in inputs if p != inputs.store]
    key = run_key(snakemake.rule, snakemake.wildcards, used, list(params.items()))
    told_of = {"judge": judge, "surrogates": many, "variant": variant}
    run = (inputs.store, snakemake.rule, snakemake.wildcards, key, told_of)
    with logged_run(*run) as (log, keep):
        study = voice(read_pitch_map(inputs.pitch_map), inputs.noises, params)
        bird = ablation.voice_of(variant, study)
        versions = ablation.versions_of(panel, songs, readings, variant.enrolled)
        sung = [ablation.sing_corpus(versions, r, many, bird) for r in ("train", "validation")]
        seed = int(generator(params.seed, "control").integers(2**31))  # the same for all
        model = fit(*sung, list(panel), judge, seed, told(judge.epochs, [], log))
        sketches = ablation.sing_sketches(pool, params.pen, bird)
        asked = [(logits(model, c)[None], c.items) for c in (heard, sketches)]
        taken = ablation.ever_enrolled(songs, params.controls.enrolled)
        measured = controls.anew(*asked, list(panel), taken, params.false_matches, params.seed)
        log(judge.epochs, scalars(measured))
        measured |= {"variant": variant._asdict(), "per_theme": many.per_theme}
        write_json(snakemake.output.control, {"run": key, **measured})
        keep([snakemake.output.control])
