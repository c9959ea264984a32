"""Collect every number of the paper, each with the run that made it."""

from pathlib import Path

from chingolo.files import read_json, write_json
from chingolo.logs import job_log
from chingolo.numbers import collect
from chingolo.runs import run_key

with job_log(snakemake.log[0]):
    sources = {}
    for path in map(Path, snakemake.input.sources):
        folder = next(part for part in reversed(path.parts) if part in snakemake.params.folders)
        sources[f"{folder}.{path.stem}"] = read_json(path)
    config = snakemake.params.config
    settings = {key: value for key, value in config._asdict().items() if value is not None}
    sources["config"] = {"run": run_key("config", {}, [], config), **settings}
    write_json(snakemake.output.numbers, collect(sources))
