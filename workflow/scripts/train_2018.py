"""Train the network of 2018, on its own synthetic songs of the panel's themes."""

from pathlib import Path

from chingolo.archive import read_themes
from chingolo.files import write_json
from chingolo.logged import logged_run
from chingolo.logs import job_log, told
from chingolo.network_2018 import fit, save
from chingolo.runs import run_key
from chingolo.seeds import generator
from chingolo.shards import open_corpus

with job_log(snakemake.log[0]):
    inputs, output, settings = snakemake.input, snakemake.output, snakemake.params.baselines
    themes = list(read_themes(inputs.themes))
    train = open_corpus([inputs.pictures], [inputs.index])
    seed = int(generator(snakemake.params.seed, "network 2018").integers(2**31))
    used = [p for p in inputs if p != inputs.store]
    key = run_key(snakemake.rule, snakemake.wildcards, used, [settings, snakemake.params.seed])
    run = (inputs.store, snakemake.rule, snakemake.wildcards, key, {"baselines": settings})
    with logged_run(*run, used) as (log, keep):
        history = []
        tell = told(settings.epochs, history, log)
        model = fit(train, themes, settings.steps, settings.epochs, seed, tell)
        save(model, themes, train.maps[0].shape[1:], Path(output.model))
        write_json(output.history, {"run": key, "epochs": [e._asdict() for e in history]})
        keep([output.model, output.history])
