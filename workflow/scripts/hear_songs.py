"""Cut and draw the real songs the judge is scored on, and their backgrounds."""

from pathlib import Path

from chingolo.corpora import enrolled_items, song_items, song_pictures, song_sounds
from chingolo.files import read_json, write_sound
from chingolo.logs import job_log, progress
from chingolo.recordings import load_all
from chingolo.shards import write_shard
from chingolo.sheets import Song, read_recordings

with job_log(snakemake.log[0]):
    picture = snakemake.params.picture
    recordings = read_recordings(Path(snakemake.input.sheets[0]))
    paths = dict(zip(recordings, map(Path, snakemake.input.audio), strict=True))
    songs = [Song(**row) for row in read_json(snakemake.input.songs)]
    sounds = load_all(paths, picture.rate_hz)
    items = song_items(songs, sounds, picture)
    pictures = progress(song_pictures(sounds, songs, items, picture), len(items), "songs heard")
    shape = (picture.bands, picture.frames)
    output = snakemake.output
    write_shard(Path(output.pictures), Path(output.index), items, pictures, shape)
    first = (items or enrolled_items(songs))[:1]
    write_sound(output.example, next(song_sounds(sounds, songs, first, picture)), picture.rate_hz)
