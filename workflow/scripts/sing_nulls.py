"""Sing themes that should find no match, the way sketches are sung."""

from pathlib import Path

from chingolo.archive import read_notebook, read_pitch_map
from chingolo.corpora import sketch_items, sketch_pictures, voice
from chingolo.logs import job_log, progress
from chingolo.shards import write_shard

with job_log(snakemake.log[0]):
    params = snakemake.params
    drawn = read_notebook(snakemake.input.drawn)
    items = sketch_items(drawn, "null", params.draws)
    bird = voice(read_pitch_map(snakemake.input.pitch_map), snakemake.input.noises, params)
    sung = sketch_pictures(drawn, items, params.pen, bird)
    pictures = progress(sung, len(items), "null songs sung")
    shape = (params.picture.bands, params.picture.frames)
    output = snakemake.output
    write_shard(Path(output.pictures), Path(output.index), items, pictures, shape)
