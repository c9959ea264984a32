"""Draw real songs as the simpler methods see them: the enrolled ones, and all as the 2018 network did."""

from pathlib import Path

from chingolo import corpora, songs_2018
from chingolo.files import read_json
from chingolo.logs import job_log
from chingolo.recordings import load_all
from chingolo.shards import write_shard
from chingolo.sheets import Song, read_recordings

with job_log(snakemake.log[0]):
    inputs, output, picture = snakemake.input, snakemake.output, snakemake.params.picture
    recordings = read_recordings(Path(inputs.sheets[0]))
    paths = dict(zip(recordings, map(Path, inputs.audio), strict=True))
    songs = [Song(**row) for row in read_json(inputs.songs)]
    sounds = load_all(paths, picture.rate_hz)
    listed = corpora.song_items(songs, sounds, picture)
    items = [item for item in listed if item.role != "background"]
    cuts = corpora.song_sounds(sounds, songs, items, picture)
    drawn = (songs_2018.draw(sound, picture.rate_hz) for sound in cuts)
    write_shard(Path(output.heard), Path(output.heard_index), items, drawn, songs_2018.SHAPE)
    enrolled = corpora.enrolled_items(songs)
    pictures = corpora.song_pictures(sounds, songs, enrolled, picture)
    shape = (picture.bands, picture.frames)
    write_shard(Path(output.enrolled), Path(output.enrolled_index), enrolled, pictures, shape)
