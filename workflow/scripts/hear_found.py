"""Find the songs of recordings, whatever a sheet says, cut them and draw them."""

from pathlib import Path

from chingolo import unlabelled
from chingolo.files import write_json
from chingolo.logs import job_log, progress
from chingolo.recordings import load_all
from chingolo.shards import write_shard
from chingolo.sheets import read_recordings

with job_log(snakemake.log[0]):
    params, output = snakemake.params, snakemake.output
    picture = params.picture
    recordings = read_recordings(Path(snakemake.input.sheets[0]))
    paths = dict(zip(recordings, map(Path, snakemake.input.audio), strict=True))
    sounds = load_all(paths, picture.rate_hz)
    songs = unlabelled.found_songs(sounds, picture.rate_hz, params.finder)
    items = unlabelled.found_items(songs)
    drawn = unlabelled.found_pictures(sounds, songs, picture)
    pictures = progress(drawn, len(items), "songs found")
    shape = (picture.bands, picture.frames)
    write_shard(Path(output.pictures), Path(output.index), items, pictures, shape)
    write_json(output.songs, [song._asdict() for song in songs])
