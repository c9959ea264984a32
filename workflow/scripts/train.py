"""Train one network of the ensemble, on synthetic songs only."""

from pathlib import Path

from chingolo.archive import read_themes
from chingolo.checkpoints import Checkpoint
from chingolo.classifier import fit, save
from chingolo.files import write_json
from chingolo.logged import logged_run
from chingolo.logs import job_log, told
from chingolo.runs import run_key
from chingolo.seeds import generator
from chingolo.shards import open_corpus

with job_log(snakemake.log[0]):
    inputs, output, settings = snakemake.input, snakemake.output, snakemake.params.judge
    device = snakemake.params.device
    themes = list(read_themes(inputs.themes))
    train = open_corpus(inputs.pictures, inputs.indices)
    validation = open_corpus([inputs.validation], [inputs.validation_index])
    rng = generator(snakemake.params.seed, "network", snakemake.wildcards.seed)
    used = [p for p in inputs if p != inputs.store]
    key = run_key(snakemake.rule, snakemake.wildcards, used, [settings, snakemake.params.seed])
    run = (inputs.store, snakemake.rule, snakemake.wildcards, key, {"judge": settings})
    with logged_run(*run, used) as (log, keep):
        history = []
        tell = told(settings.epochs, history, log)
        state = Checkpoint(Path(f"{output.model}.checkpoint"), key)
        told_of = (int(rng.integers(2**31)), tell, device, state)
        model = fit(train, validation, themes, settings, *told_of)
        save(model, themes, settings, Path(output.model))
        write_json(output.history, {"run": key, "epochs": [e._asdict() for e in history]})
        state.remove()
        keep([output.model, output.history])
