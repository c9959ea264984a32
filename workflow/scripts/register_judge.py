"""Register the calibrated ensemble in MLflow, with its scores, as a model that loads without this study."""

from pathlib import Path

import numpy as np

from chingolo.ensemble import read_ensemble
from chingolo.files import read_json, write_json
from chingolo.logged import logged_run, scalars
from chingolo.logs import job_log
from chingolo.registry import register
from chingolo.runs import run_key

with job_log(snakemake.log[0]):
    inputs, world = snakemake.input, snakemake.wildcards.world
    judge, scores = read_json(inputs.judge), read_json(inputs.scores)
    ensemble, themes = read_ensemble(inputs.models, judge["temperature"])
    used = [p for p in inputs if p != inputs.store]
    key = run_key(snakemake.rule, snakemake.wildcards, used)
    run = (inputs.store, snakemake.rule, snakemake.wildcards, key, {}, used, "its job")
    with logged_run(*run) as (log, keep):
        log(0, scalars({name: scores[name] for name in ("closed_set", "open_set", "calibration")}))
        keep([inputs.judge, inputs.scores])
    example = np.array(np.load(inputs.heard, mmap_mode="r")[:2])
    tags = {
        "run_key": key,
        "accuracy": str(scores["closed_set"]["accuracy"]),
        "auroc": str(scores["open_set"]["auroc"]),
        "threshold": str(judge["threshold"]),
        "outputs": ", ".join([*themes, "none"]),
    }
    told = register(Path(inputs.store), key, f"chingolo-judge-{world}", ensemble, example, tags)
    print(told)
    write_json(snakemake.output.registered, {"run": key, "told": told})
