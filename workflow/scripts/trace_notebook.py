"""Trace a stand-in notebook from songs other than the enrolled ones, with a pen's errors."""

from chingolo.archive import read_themes, write_notebook
from chingolo.files import read_json
from chingolo.logs import job_log
from chingolo.recordings import Song
from chingolo.sketches import trace_notebook

with job_log(snakemake.log[0]):
    songs = [Song(**row) for row in read_json(snakemake.input.songs)]
    readings = read_themes(snakemake.input.readings)
    notebook = trace_notebook(songs, readings, snakemake.params.pen, snakemake.params.seed)
    write_notebook(snakemake.output.notebook, notebook)
