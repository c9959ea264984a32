"""Measure how much songs of one theme vary, from all repeated songs of a world."""

from collections import defaultdict

from chingolo.archive import read_themes
from chingolo.files import read_json, without_nan, write_json
from chingolo.logs import job_log
from chingolo.sheets import Song
from chingolo.variation import measure

with job_log(snakemake.log[0]):
    readings = read_themes(snakemake.input.readings)
    by_theme = defaultdict(list)
    for song in (Song(**row) for row in read_json(snakemake.input.songs)):
        if song.role != "check":
            by_theme[song.theme].append(readings[song.name])
    measured = measure(by_theme)
    print(measured or "no theme was sung twice with the same number of notes")
    plain = without_nan(measured._asdict()) if measured else {}
    write_json(snakemake.output.variation, {"variation": plain})
