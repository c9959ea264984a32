"""Read the user's typed sketches."""

from pathlib import Path

from chingolo.archive import write_notebook
from chingolo.logs import job_log
from chingolo.sketches import read_notebook

with job_log(snakemake.log[0]):
    notebook = read_notebook([Path(path) for path in snakemake.input.sketches])
    write_notebook(snakemake.output.notebook, notebook)
