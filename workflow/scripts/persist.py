"""Count what of the notebook is still sung."""

import numpy as np

from chingolo.archive import read_notebook
from chingolo.effort import efforts
from chingolo.estimate import Errors
from chingolo.files import read_json, write_json
from chingolo.logged import logged_run, scalars
from chingolo.logs import job_log
from chingolo.persistence import Neutral, noted_and_matched, persistence, read_rulings, sampled
from chingolo.regression import logistic
from chingolo.runs import run_key
from chingolo.seeds import generator

with job_log(snakemake.log[0]):
    inputs, params, world = snakemake.input, snakemake.params, snakemake.wildcards.world
    rulings = read_rulings(inputs.verdicts)
    fates = [sketch.fate for sketch in read_notebook(inputs.notebook)]
    false_matches = read_json(inputs.judge)["false_match_chance"]
    errors = Errors(*map(read_json(inputs.errors).get, Errors._fields))
    birds, matched = noted_and_matched(rulings)
    neutral, population = sampled(world, birds, Neutral(*params.neutral))
    used, settings = [p for p in inputs if p != inputs.store], [neutral, params.seed]
    key = run_key(snakemake.rule, snakemake.wildcards, used, settings)
    run = (inputs.store, snakemake.rule, snakemake.wildcards, key, {"neutral": neutral})
    with logged_run(*run, used) as (log, keep):
        chance = generator(params.seed, "neutral", world)
        counted = persistence(rulings, fates, false_matches, errors, neutral, population, chance)
        drift = counted["neutral"] and counted["neutral"]["by_birds_noted"]
        slopes = generator(params.seed, "slopes", world)
        counted["logistic"] = logistic(birds, matched, drift, false_matches, slopes)
        park = np.load(inputs.history[0], allow_pickle=False) if inputs.history else None
        counted["effort"] = efforts(birds, population, park)
        for path in inputs.histories:
            counted["histories"] = {k: v for k, v in read_json(path).items() if k != "run"}
        log(0, scalars(counted))
        write_json(snakemake.output.persistence, {"run": key, **counted})
        keep(snakemake.output)
