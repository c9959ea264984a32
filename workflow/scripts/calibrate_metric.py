"""Calibrate the metric on themes of nobody, and score it on others of nobody."""

from pathlib import Path

from chingolo import few_shot, guards
from chingolo.distances import all_pairs
from chingolo.files import write_json
from chingolo.logged import logged_run, scalars
from chingolo.logs import job_log
from chingolo.metric import embed, load, unseen_themes
from chingolo.runs import run_key
from chingolo.shards import open_corpus

with job_log(snakemake.log[0]):
    inputs = snakemake.input
    models = [load(Path(path))[0] for path in inputs.models]
    geometry = snakemake.params.geometry
    used = [p for p in inputs if p != inputs.store]
    key = run_key(snakemake.rule, snakemake.wildcards, used, geometry)
    run = (inputs.store, snakemake.rule, snakemake.wildcards, key, {})
    with logged_run(*run, used) as (log, keep):
        held = open_corpus([inputs.calibrated], [inputs.calibrated_index])
        placed = embed(models, held, snakemake.params.device)
        guards.spread_out(placed)
        apart = all_pairs(placed, placed, geometry)
        slope, intercept = few_shot.fit_same(apart, [item.theme for item in held.items])
        asked = open_corpus([inputs.asked], [inputs.asked_index])
        placed = embed(models, asked, snakemake.params.device)
        apart = all_pairs(placed, placed, geometry)
        told = {
            "geometry": geometry,
            "same": {"slope": slope, "intercept": intercept},
            "unseen": unseen_themes(apart, asked.items),
        }
        log(0, scalars(told))
        write_json(snakemake.output.calibrated, {"run": key, **told})
        keep([snakemake.output.calibrated])
