"""Simulate many histories of the park, to see which themes survive."""

from chingolo.files import write_json
from chingolo.history import survival_by_count
from chingolo.logs import job_log
from chingolo.persistence import survival_table
from chingolo.runs import run_key
from chingolo.seeds import generator

with job_log(snakemake.log[0]):
    params = snakemake.params
    settings, seed = params.simulated, params.seed
    rng = generator(seed, "survival")
    number, alive = survival_by_count(settings, settings.histories, rng)
    table = survival_table(number, alive, params.years, params.loss, settings.survival)
    key = run_key(
        snakemake.rule,
        snakemake.wildcards,
        snakemake.input,
        [settings, seed],
    )
    write_json(snakemake.output.survival, {"run": key, **table})
