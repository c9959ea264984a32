"""Ask the ensemble about altered songs and other hands' sketches; gather what was trained anew."""

from chingolo import controls
from chingolo.classifier import ensemble_logits
from chingolo.files import read_json, write_json
from chingolo.logged import logged_run, scalars
from chingolo.logs import job_log
from chingolo.runs import run_key
from chingolo.shards import open_corpus

with job_log(snakemake.log[0]):
    inputs, params = snakemake.input, snakemake.params
    used = [path for path in inputs if path != inputs.store]
    key = run_key(snakemake.rule, snakemake.wildcards, used, list(params.items()))
    run = (inputs.store, snakemake.rule, snakemake.wildcards, key, {"controls": params.controls})
    with logged_run(*run, used) as (log, keep):
        answers = []
        for pictures, index in zip(inputs.pictures, inputs.indices, strict=True):
            corpus = open_corpus([pictures], [index])
            logits, panel = ensemble_logits(inputs.models, corpus, snakemake.params.device)
            answers.append((logits, corpus.items))
        heard, altered, *pools = answers
        hands = dict(zip(params.pens, pools, strict=True))
        limit = read_json(inputs.judge)["threshold"]
        trained = dict(zip(params.names, map(read_json, inputs.trained), strict=True))
        measured = {
            **controls.controls(heard, altered, hands, panel, limit, params.seed),
            **controls.gather(trained, params.controls.spreads, params.controls.numbers),
        }
        log(0, scalars(measured))
        write_json(snakemake.output.controls, {"run": key, **measured})
        keep([snakemake.output.controls])
