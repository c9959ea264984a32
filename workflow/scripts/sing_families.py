"""Sing random themes, in families that differ in one note, for the metric to learn from or be asked about."""

from pathlib import Path

from chingolo.archive import read_pitch_map
from chingolo.corpora import voice
from chingolo.families import family_items, family_pictures
from chingolo.logs import job_log, progress
from chingolo.shards import write_shard

with job_log(snakemake.log[0]):
    params, corpus = snakemake.params, snakemake.wildcards.families
    shard, shards = int(snakemake.wildcards.shard), params.shards[corpus]
    many = params.many[corpus]
    mine = range(many * shard // shards, many * (shard + 1) // shards)
    items = family_items(mine, params.members, params.songs[corpus], corpus)
    bird = voice(read_pitch_map(snakemake.input.pitch_map), snakemake.input.noises, params)
    if corpus != "learned":
        bird = bird._replace(place=bird.place._replace(snr_db=(params.snr_db, params.snr_db)))
    pictures = progress(family_pictures(items, params.members, bird), len(items), "songs sung")
    shape = (params.picture.bands, params.picture.frames)
    output = snakemake.output
    write_shard(Path(output.pictures), Path(output.index), items, pictures, shape)
