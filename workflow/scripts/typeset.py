"""Typeset the paper and its supplement."""

from pathlib import Path

from chingolo.files import beside
from chingolo.logs import job_log
from chingolo.paper import typeset

with job_log(snakemake.log[0]):
    inputs = snakemake.input
    documents = typeset(
        [Path(path) for path in inputs.text],
        [Path(path) for path in inputs.figures],
        [Path(path) for path in inputs.captions],
        Path(inputs.numbers),
        [*map(Path, inputs.tables), *map(Path, inputs.credits)],
        snakemake.params.worlds,
    )
    for path, document in zip(snakemake.output, documents, strict=True):
        with beside(path) as part:
            part.write_bytes(document)
