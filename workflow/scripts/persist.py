"""Count what of the notebook is still sung."""

from chingolo.archive import read_notebook
from chingolo.estimate import Errors
from chingolo.files import read_json, write_json
from chingolo.logs import job_log
from chingolo.persistence import Neutral, persistence, read_rulings
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
    rng = generator(params.seed, "neutral", world)
    settings = [neutral, params.seed]
    used = [path for path in inputs if path != inputs.store]
    key = run_key(snakemake.rule, snakemake.wildcards, used, settings)
    run = (inputs.store, snakemake.rule, snakemake.wildcards, key, {"neutral": neutral})
    with logged_run(*run) as (log, keep):
        counted = persistence(rulings, fates, false_matches, errors, neutral, rng)
        for path in inputs.histories:
            tried = read_json(path)
            counted["histories"] = {name: tried[name] for name in tried if name != "run"}
        log(0, scalars(counted))
        write_json(snakemake.output.persistence, {"run": key, **counted})
        keep([snakemake.output.persistence])
