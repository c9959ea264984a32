"""Calibrate the ensemble and set the threshold of *none of today's*, on synthetic songs only."""

from chingolo import guards
from chingolo.classifier import ensemble_logits
from chingolo.files import write_arrays, write_json
from chingolo.logged import logged_run
from chingolo.logs import job_log
from chingolo.openset import calibrate
from chingolo.runs import run_key
from chingolo.shards import open_corpus

with job_log(snakemake.log[0]):
    inputs, allowed = snakemake.input, snakemake.params.false_matches
    validation = open_corpus([inputs.validation], [inputs.validation_index])
    foreign = open_corpus([inputs.foreign], [inputs.foreign_index])
    used = [p for p in inputs if p != inputs.store]
    key = run_key(snakemake.rule, snakemake.wildcards, used, allowed)
    run = (
        inputs.store,
        snakemake.rule,
        snakemake.wildcards,
        key,
        {"verdict": {"false_matches": allowed}},
    )
    with logged_run(*run, used) as (log, keep):
        known, themes = ensemble_logits(inputs.models, validation, snakemake.params.device)
        strange, _ = ensemble_logits(inputs.models, foreign, snakemake.params.device)
        judge, null = calibrate(known, validation.items, strange, foreign.items, themes, allowed)
        guards.calibrated(judge, len(themes))
        log(0, {k: v for k, v in judge.items() if isinstance(v, float)})
        write_json(snakemake.output.judge, {"run": key, "themes": themes, **judge})
        write_arrays(snakemake.output.null, null)
        keep([snakemake.output.judge])
