"""Collect every number of the paper, each with the run that made it."""

from pathlib import Path

from chingolo.files import read_json, write_json
from chingolo.logs import job_log
from chingolo.numbers import collect, plain
from chingolo.runs import run_key

with job_log(snakemake.log[0]):
    config = snakemake.params.config
    settings = {key: value for key, value in plain(config).items() if value is not None}
    sources = {"config.json": {"run": run_key("config", {}, [], config), **settings}}
    for path in map(Path, snakemake.input.sources):
        start = max(k for k, part in enumerate(path.parts) if part in snakemake.params.folders)
        sources["/".join(path.parts[start:])] = read_json(path)
    write_json(snakemake.output.settings, sources["config.json"])
    write_json(snakemake.output.numbers, collect(sources))
