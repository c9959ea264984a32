"""Test the results: what must hold in any build, before a paper is made of them."""

from pathlib import Path

from chingolo.files import read_json
from chingolo.logs import job_log
from chingolo.persistence import read_rulings
from chingolo.results import verify

with job_log(snakemake.log[0]):
    rulings = {Path(path).parent.name: read_rulings(path) for path in snakemake.input.verdicts}
    report = verify(read_json(snakemake.input.numbers), rulings)
    Path(snakemake.output.verified).write_text(report, encoding="utf-8")
