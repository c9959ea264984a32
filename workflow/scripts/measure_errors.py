"""Measure the judge's errors on sketches: of panel themes, and of nobody's."""

from chingolo.archive import read_notebook, read_themes
from chingolo.classifier import ensemble_logits
from chingolo.closeness import distances
from chingolo.files import read_json, write_arrays, write_json
from chingolo.logged import logged_run, scalars
from chingolo.logs import job_log
from chingolo.runs import run_key
from chingolo.shards import open_corpus
from chingolo.truth import by_distance, calibration_of, measure_errors, rates_of, sort_evidence

with job_log(snakemake.log[0]):
    inputs = snakemake.input
    sung = open_corpus([inputs.pictures], [inputs.index])
    used = [path for path in inputs if path != inputs.store]
    key = run_key(snakemake.rule, snakemake.wildcards, used)
    run = (inputs.store, snakemake.rule, snakemake.wildcards, key, {})
    unlike = [s.theme for s in read_notebook(inputs.pool) if s.truth == "none"]
    apart = distances(unlike, list(read_themes(inputs.themes).values()))
    with logged_run(*run, used) as (log, keep):
        logits, themes = ensemble_logits(inputs.models, sung, snakemake.params.device)
        judge = read_json(inputs.judge)
        limit = judge["threshold"]
        evidence, truth = sort_evidence(logits, sung.items)
        errors = measure_errors(evidence, truth, limit)
        strangers = {"score": evidence.max(axis=1)[truth == "none"], "apart": apart.min(axis=1)}
        near = by_distance(strangers["score"] > limit, strangers["apart"])
        measured = {**errors._asdict(), **rates_of(errors), "by_closeness": near}
        measured |= calibration_of(logits, sung.items, themes, judge["temperature"])
        log(0, scalars(measured))
        write_json(snakemake.output.errors, {"run": key, **measured})
        write_arrays(snakemake.output.strangers, strangers)
        keep([snakemake.output.errors])
