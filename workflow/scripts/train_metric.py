"""Train one network of the metric, on themes of nobody."""

from pathlib import Path

from chingolo.checkpoints import Checkpoint
from chingolo.files import write_json
from chingolo.logged import logged_run
from chingolo.logs import job_log, told
from chingolo.metric import fit, save
from chingolo.runs import run_key
from chingolo.seeds import generator
from chingolo.shards import open_corpus

with job_log(snakemake.log[0]):
    inputs, output, params = snakemake.input, snakemake.output, snakemake.params
    train = open_corpus(inputs.pictures, inputs.indices)
    rng = generator(params.seed, "metric", snakemake.wildcards.seed)
    used = [p for p in inputs if p != inputs.store]
    settings = [params.metric, params.judge]
    key = run_key(snakemake.rule, snakemake.wildcards, used, [*settings, params.seed])
    run = (inputs.store, snakemake.rule, snakemake.wildcards, key, {"metric": params.metric})
    with logged_run(*run, used) as (log, keep):
        history = []
        tell = told(params.metric.epochs, history, log)
        state = Checkpoint(Path(f"{output.model}.checkpoint"), key)
        model = fit(train, *settings, int(rng.integers(2**31)), tell, params.device, state)
        save(model, *settings, Path(output.model))
        write_json(output.history, {"run": key, "epochs": [e._asdict() for e in history]})
        state.remove()
        keep([output.model, output.history])
