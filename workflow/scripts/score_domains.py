"""Gather the networks that saw songs, and drawings, and lay what they see out in two dimensions."""

from chingolo import latent, probing
from chingolo.files import read_arrays, read_json, write_arrays, write_json
from chingolo.logged import logged_run, scalars
from chingolo.logs import job_log
from chingolo.runs import run_key

with job_log(snakemake.log[0]):
    inputs, params = snakemake.input, snakemake.params
    used = [p for p in inputs if p != inputs.store]
    key = run_key(snakemake.rule, snakemake.wildcards, used, list(params.items()))
    run = (inputs.store, snakemake.rule, snakemake.wildcards, key, {"domains": params.domains})
    with logged_run(*run, used) as (log, keep):
        told = probing.gather([read_json(path) for path in inputs.scores])
        seen = read_arrays(inputs.features)
        views = latent.pictures_in_two(seen, params.domains, params.seed)
        examples = {name: picture for name, picture in seen.items() if name.startswith("example")}
        log(0, scalars(told))
        write_json(snakemake.output.scores, {"run": key, **told})
        write_arrays(snakemake.output.arrays, views | examples)
        keep([snakemake.output.scores])
