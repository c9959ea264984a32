"""Sing a pool of sketches the way the notebook is sung, as one hand has drawn them."""

from pathlib import Path

from chingolo.archive import read_notebook, read_pitch_map
from chingolo.corpora import sketch_items, sketch_pictures, voice
from chingolo.logs import job_log, progress
from chingolo.pools import noted_by_hand
from chingolo.shards import write_shard

with job_log(snakemake.log[0]):
    params = snakemake.params
    pool = noted_by_hand(read_notebook(snakemake.input.pool), params.pen, params.seed)
    items = sketch_items(pool, "pool", params.draws)
    bird = voice(read_pitch_map(snakemake.input.pitch_map), snakemake.input.noises, params)
    sung = sketch_pictures(pool, items, params.pen, bird)
    pictures = progress(sung, len(items), "sketches sung")
    shape = (params.picture.bands, params.picture.frames)
    output = snakemake.output
    write_shard(Path(output.pictures), Path(output.index), items, pictures, shape)
