"""Train two networks, on songs alone and on drawings as well, and ask both about sketches drawn and sung."""

from pathlib import Path

from chingolo import corpora, domains
from chingolo.archive import read_notebook, read_themes
from chingolo.files import write_arrays, write_json
from chingolo.logged import logged_run, scalars
from chingolo.logs import job_log
from chingolo.metric import load
from chingolo.runs import run_key
from chingolo.seeds import generator
from chingolo.shards import open_corpus

with job_log(snakemake.log[0]):
    inputs, params, seed = snakemake.input, snakemake.params, int(snakemake.wildcards.seed)
    panel, whole = read_themes(inputs.themes), read_themes(inputs.whole)
    used = [p for p in inputs if p != inputs.store]
    key = run_key(snakemake.rule, snakemake.wildcards, used, list(params.items()))
    run = (inputs.store, snakemake.rule, snakemake.wildcards, key, {"judge": params.judge})
    with logged_run(*run, used) as (log, keep):
        voice = corpora.Voice(None, None, params.spread, None, params.picture, (), params.seed)
        pen = domains.hand(params.pen, params.domains)
        every = open_corpus(inputs.train, inputs.train_index)
        songs = domains.few(every, params.domains.per_theme, params.outliers)
        drawn = domains.draw_surrogates(panel, whole, songs.items, voice, pen, seed)
        pairs = zip(inputs.asked, inputs.asked_index, strict=True)
        asked = [open_corpus([p], [i]) for p, i in pairs]
        shown = domains.show(asked, read_notebook(inputs.pool), pen, voice, seed)
        judge = params.judge._replace(epochs=params.domains.epochs)
        saw = {"songs": songs, "both": domains.together(songs, drawn)}
        seeds = (params.seed, seed)
        models = domains.train(saw, shown.songs, list(panel), judge, seeds, log, params.device)
        features = domains.features(models, [load(Path(p))[0] for p in inputs.metric], shown)
        chance = generator(params.seed, "probe", seed)
        told = domains.measure(models, features, shown, list(panel), chance)
        log(judge.epochs, scalars(told))
        write_json(snakemake.output.scores, {"run": key, **told})
        write_arrays(snakemake.output.features, domains.to_show(features["layer"], shown))
        keep([snakemake.output.scores])
