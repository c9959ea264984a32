"""Draw themes that should find no match, of four kinds."""

from chingolo.archive import read_notebook, read_themes, write_notebook
from chingolo.logs import job_log
from chingolo.nulls import draw_nulls

with job_log(snakemake.log[0]):
    params = snakemake.params
    notebook = read_notebook(snakemake.input.notebook)
    panel = read_themes(snakemake.input.themes)
    drawn = draw_nulls(notebook, panel, params.nulls, params.simulated, params.seed)
    write_notebook(snakemake.output.drawn, drawn)
