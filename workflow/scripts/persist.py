"""Count what of the notebook is still sung."""

import numpy as np

from chingolo.archive import read_notebook
from chingolo.effort import efforts
from chingolo.estimate import Errors
from chingolo.files import read_json, write_json
from chingolo.logs import job_log
from chingolo.persistence import Neutral, persistence, read_rulings
from chingolo.regression import logistic
from chingolo.runs import run_key
from chingolo.seeds import generator
from chingolo.tracking import logged_run, scalars

with job_log(snakemake.log[0]):
    inputs, params, world = snakemake.input, snakemake.params, snakemake.wildcards.world
    rulings = read_rulings(inputs.verdicts)
    fates = [sketch.fate for sketch in read_notebook(inputs.notebook)]
    false_matches = read_json(inputs.judge)["false_match_chance"]
    errors = Errors(*(read_json(inputs.errors)[name] for name in Errors._fields))
    # The notebook of world songs is traced from chosen songs: no sample of any population.
    neutral = None if world == "songs" else Neutral(*params.neutral)
    parks = [dict(np.load(path, allow_pickle=False)) for path in inputs.history]
    birds = np.array([r.birds for r in rulings], dtype=np.int64)
    matched = np.array([r.verdict != "none" for r in rulings], dtype=bool)
    used = [path for path in inputs if path != inputs.store]
    key = run_key(snakemake.rule, snakemake.wildcards, used, [neutral, params.seed])
    run = (inputs.store, snakemake.rule, snakemake.wildcards, key, {"neutral": neutral})
    with logged_run(*run) as (log, keep):
        rngs = [generator(params.seed, part, world) for part in ("neutral", "slopes")]
        counted = persistence(rulings, fates, false_matches, errors, neutral, rngs[0])
        drift = counted["neutral"] and counted["neutral"]["by_birds_noted"]
        counted["logistic"] = logistic(birds, matched, drift, false_matches, rngs[1])
        counted["effort"] = efforts(birds, neutral and neutral.birds, parks[0] if parks else None)
        for path in inputs.histories:
            counted["histories"] = {k: v for k, v in read_json(path).items() if k != "run"}
        log(0, scalars(counted))
        write_json(snakemake.output.persistence, {"run": key, **counted})
        keep([snakemake.output.persistence])
