"""Sing foreign themes the way sketches are sung."""

from pathlib import Path

from chingolo.archive import read_pitch_map, read_themes
from chingolo.corpora import sketch_items, sketch_pictures, voice
from chingolo.logs import job_log, progress
from chingolo.notebook import Sketch
from chingolo.shards import write_shard

with job_log(snakemake.log[0]):
    params = snakemake.params
    themes = read_themes(snakemake.input.foreign)
    notebook = [Sketch(name, theme, truth="none") for name, theme in themes.items()]
    items = sketch_items(notebook, "foreign", params.draws)
    bird = voice(read_pitch_map(snakemake.input.pitch_map), snakemake.input.noises, params)
    sung = sketch_pictures(notebook, items, params.pen, bird)
    pictures = progress(sung, len(items), "foreign songs sung")
    shape = (params.picture.bands, params.picture.frames)
    output = snakemake.output
    write_shard(Path(output.pictures), Path(output.index), items, pictures, shape)
