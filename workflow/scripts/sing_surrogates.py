"""Sing one shard of a world's surrogates and draw their pictures."""

from pathlib import Path

from chingolo.archive import read_pitch_map, read_themes
from chingolo.corpora import surrogate_items, surrogate_pictures, voice
from chingolo.logs import job_log, progress
from chingolo.shards import block, write_shard

with job_log(snakemake.log[0]):
    params, wildcards = snakemake.params, snakemake.wildcards
    themes = read_themes(snakemake.input.themes)
    items = surrogate_items(list(themes), wildcards.corpus, params.surrogates)
    shards = params.surrogates.shards if wildcards.corpus == "train" else 1
    items = block(items, int(wildcards.shard), shards)
    bird = voice(read_pitch_map(snakemake.input.pitch_map), snakemake.input.noises, params)
    whole = read_themes(snakemake.input.whole)
    sung = surrogate_pictures(themes, whole, items, bird)
    pictures = progress(sung, len(items), "songs sung")
    shape = (params.picture.bands, params.picture.frames)
    output = snakemake.output
    write_shard(Path(output.pictures), Path(output.index), items, pictures, shape)
