"""Draw the pages of the simulated notebook: each theme once, with a pen's errors."""

from chingolo.archive import read_notebook, write_notebook
from chingolo.logs import job_log
from chingolo.sketches import draw_notebook

with job_log(snakemake.log[0]):
    noted = read_notebook(snakemake.input.noted)
    notebook = draw_notebook(noted, snakemake.params.pen, snakemake.params.seed)
    write_notebook(snakemake.output.notebook, notebook)
