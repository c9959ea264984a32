"""Typeset the paper."""

from pathlib import Path

from chingolo.logs import job_log
from chingolo.paper import typeset

with job_log(snakemake.log[0]):
    inputs = snakemake.input
    beside = Path(f"{snakemake.output.paper}.part")
    beside.write_bytes(
        typeset(
            [Path(path) for path in inputs.text],
            [Path(path) for path in inputs.figures],
            Path(inputs.numbers),
            [*map(Path, inputs.tables), *map(Path, inputs.credits)],
            snakemake.params.worlds,
        )
    )
    beside.rename(snakemake.output.paper)
