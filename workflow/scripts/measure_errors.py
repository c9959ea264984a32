"""Measure the judge's errors on sketches: of panel themes, and of nobody's."""

from chingolo.classifier import ensemble_logits
from chingolo.files import read_json, write_json
from chingolo.logs import job_log
from chingolo.runs import run_key
from chingolo.shards import open_corpus
from chingolo.tracking import logged_run, scalars
from chingolo.truth import measure_errors, rates_of

with job_log(snakemake.log[0]):
    inputs = snakemake.input
    sung = open_corpus([inputs.pictures], [inputs.index])
    used = [path for path in inputs if path != inputs.store]
    key = run_key(snakemake.rule, snakemake.wildcards, used)
    run = (inputs.store, snakemake.rule, snakemake.wildcards, key, {})
    with logged_run(*run) as (log, keep):
        logits, themes = ensemble_logits(inputs.models, sung)
        limit = read_json(inputs.judge)["threshold"]
        errors = measure_errors(logits, sung.items, limit)
        measured = {**errors._asdict(), **rates_of(errors)}
        log(0, scalars(measured))
        write_json(snakemake.output.errors, {"run": key, **measured})
        keep([snakemake.output.errors])
