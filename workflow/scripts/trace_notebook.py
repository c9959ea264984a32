"""Choose the songs, other than the enrolled ones, that a stand-in notebook is traced from."""

from chingolo.archive import read_themes, write_notebook
from chingolo.files import read_json
from chingolo.logs import job_log
from chingolo.sheets import Song
from chingolo.sketches import trace_notebook

with job_log(snakemake.log[0]):
    songs = [Song(**row) for row in read_json(snakemake.input.songs)]
    readings = read_themes(snakemake.input.readings)
    write_notebook(snakemake.output.noted, trace_notebook(songs, readings))
