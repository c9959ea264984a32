"""Simulate a population from before 1966 to 2020, and what two observers note of it."""

from chingolo.archive import write_notebook, write_themes
from chingolo.logs import job_log
from chingolo.population import simulate_history

with job_log(snakemake.log[0]):
    params = snakemake.params
    history = simulate_history(params.simulated, params.seed)
    write_themes(snakemake.output.themes, history.panel)
    write_notebook(snakemake.output.noted, history.notebook)
