"""Alter the real songs the judge is scored on: no trill, another background, noise."""

from pathlib import Path

from chingolo import alterations, corpora
from chingolo.files import read_json
from chingolo.logs import job_log, progress
from chingolo.reader import read
from chingolo.recordings import load_all
from chingolo.shards import write_shard
from chingolo.sheets import Song, read_recordings

with job_log(snakemake.log[0]):
    inputs, output, params = snakemake.input, snakemake.output, snakemake.params
    picture, rate_hz = params.picture, params.picture.rate_hz
    recordings = read_recordings(Path(inputs.sheets[0]))
    paths = dict(zip(recordings, map(Path, inputs.audio), strict=True))
    songs = [Song(**row) for row in read_json(inputs.songs)]
    loaded = load_all(paths, rate_hz)
    items = corpora.song_items(songs, loaded, picture)
    cuts = corpora.song_sounds(loaded, songs, items, picture)
    sounds, backgrounds = alterations.apart(items, cuts)
    reading = progress(sounds.items(), len(sounds), "songs read")
    readings = {name: read(sound, rate_hz, params.reader) for name, sound in reading}
    noises = tuple(corpora.noise(Path(path), rate_hz) for path in inputs.noises)
    setting = alterations.Setting(picture, params.place, noises, params.seed)
    altered = alterations.altered_items(
        [item for item in items if item.role != "background"],
        readings,
        backgrounds,
        params.snr_db,
    )
    pictures = alterations.altered_pictures(altered, sounds, readings, backgrounds, setting)
    pictures = progress(pictures, len(altered), "songs altered")
    shape = (picture.bands, picture.frames)
    write_shard(Path(output.pictures), Path(output.index), altered, pictures, shape)
