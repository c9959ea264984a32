"""Read the notes of every song of a world; the enrolled ones make its panel."""

from pathlib import Path

from chingolo.archive import write_themes
from chingolo.files import read_json
from chingolo.logs import job_log, progress
from chingolo.reader import read_sheet
from chingolo.sheets import Song, read_recordings

with job_log(snakemake.log[0]):
    recordings = read_recordings(Path(snakemake.input.sheets[0]))
    paths = dict(zip(recordings, map(Path, snakemake.input.audio), strict=True))
    songs = [Song(**row) for row in read_json(snakemake.input.songs)]
    reading = read_sheet(paths, songs, snakemake.params.picture, snakemake.params.reader)
    read = {name: each for name, *each in progress(reading, len(songs), "songs read")}
    enrolled = {song.theme: read[song.name] for song in songs if song.role == "enrol"}
    output = snakemake.output
    write_themes(output.readings, {name: theme for name, (theme, _) in read.items()})
    write_themes(output.sung, {name: whole for name, (_, whole) in read.items()})
    write_themes(output.themes, {name: theme for name, (theme, _) in enrolled.items()})
    write_themes(output.whole, {name: whole for name, (_, whole) in enrolled.items()})
