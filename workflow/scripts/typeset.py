"""Typeset the paper and its supplement, and list where each of their numbers comes from."""

from pathlib import Path

from chingolo.files import beside, read_json, write_text
from chingolo.logs import job_log
from chingolo.numbers import of_text
from chingolo.paper import typeset

with job_log(snakemake.log[0]):
    inputs = snakemake.input
    documents = typeset(
        [Path(path) for path in inputs.text],
        [Path(path) for path in inputs.figures],
        [Path(path) for path in inputs.captions],
        Path(inputs.numbers),
        [*map(Path, inputs.tables), *map(Path, inputs.credits)],
        snakemake.params.told,
    )
    for name, document in documents.items():
        with beside(snakemake.output[name]) as part:
            part.write_bytes(document.pdf)
    used = {name: document.numbers for name, document in documents.items()}
    write_text(snakemake.output.sources, of_text(used, read_json(inputs.numbers)))
