"""Train two networks, on songs alone and on drawings as well, and ask both about sketches drawn and sung."""

from pathlib import Path

from chingolo import corpora, domains
from chingolo.archive import read_notebook, read_themes
from chingolo.classifier import fit
from chingolo.files import write_arrays, write_json
from chingolo.logs import job_log
from chingolo.metric import load
from chingolo.runs import run_key
from chingolo.seeds import generator
from chingolo.shards import open_corpus
from chingolo.tracking import logged_run, scalars

with job_log(snakemake.log[0]):
    inputs, params, seed = snakemake.input, snakemake.params, int(snakemake.wildcards.seed)
    panel, whole = read_themes(inputs.themes), read_themes(inputs.whole)
    used = [p for p in inputs if p != inputs.store]
    key = run_key(snakemake.rule, snakemake.wildcards, used, list(params.items()))
    run = (inputs.store, snakemake.rule, snakemake.wildcards, key, {"judge": params.judge})
    with logged_run(*run) as (log, keep):
        hand = corpora.Voice(None, None, params.spread, None, params.picture, (), params.seed)
        every = open_corpus(inputs.train, inputs.train_index)
        songs = domains.few(every, params.domains.per_theme, params.outliers)
        drawn = domains.draw_surrogates(panel, whole, songs.items, hand, params.pen, seed)
        asked = [
            open_corpus([p], [i]) for p, i in zip(inputs.asked, inputs.asked_index, strict=True)
        ]
        shown = domains.show(asked, read_notebook(inputs.pool), params.pen, hand, seed)
        start = int(generator(params.seed, "domains", seed).integers(2**31))
        judge = params.judge._replace(epochs=params.domains.epochs)
        saw = {"songs": songs, "both": domains.together(songs, drawn)}
        models = {
            name: fit(corpus, shown.songs, list(panel), judge, start, domains.told(name, log))
            for name, corpus in saw.items()
        }
        metric = [load(Path(path))[0] for path in inputs.metric]
        features = domains.features(models, metric, shown)
        chance = generator(params.seed, "probe", seed)
        measured = domains.measure(models, features, shown, list(panel), chance)
        log(judge.epochs, scalars(measured))
        write_json(snakemake.output.scores, {"run": key, **measured})
        seen = domains.of_panel(features["layer"], shown) | domains.example(shown)
        write_arrays(snakemake.output.features, seen)
        keep([snakemake.output.scores])
