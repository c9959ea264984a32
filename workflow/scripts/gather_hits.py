"""Gather a world's hits: drawings, sounds and spectrograms of old themes, and of today's beside them."""

from pathlib import Path

from chingolo import hits
from chingolo.archive import read_notebook, read_pitch_map, read_themes
from chingolo.files import read_json, write_json
from chingolo.logs import job_log
from chingolo.persistence import read_rulings
from chingolo.sheets import Song, read_recordings

with job_log(snakemake.log[0]):
    inputs, params, folder = snakemake.input, snakemake.params, Path(snakemake.output.folder)
    folder.mkdir(parents=True, exist_ok=True)
    notebook, rulings = read_notebook(inputs.notebook), read_rulings(inputs.verdicts)
    panel, rate_hz = read_themes(inputs.themes), params.rate_hz
    wanted = {name: panel[name] for name in panel if name in {one.nearest for one in rulings}}
    bird = (read_pitch_map(inputs.pitch_map), params.singer, rate_hz)
    files = [Path(path) for path in inputs.sketches]
    files = [f for p in files for f in (sorted(p.glob("*.yaml")) if p.is_dir() else [p])]
    pictures = hits.write_drawings(folder, notebook, files, params.pen, params.seed)
    sung = hits.sung_today({one.name: one.theme for one in notebook}, *bird)
    old = hits.write_all(folder, "old", sung, rate_hz)
    heard, credit = hits.sung_today(wanted, *bird), {}
    if inputs.songs:
        songs = [Song(**row) for row in read_json(inputs.songs[0])]
        rows = read_recordings(Path(inputs.sheets[0]))
        paths = dict(zip(rows, map(Path, inputs.audio), strict=True))
        heard, credit = hits.heard_today(wanted, songs, rows, paths, rate_hz)
    today = hits.write_all(folder, "today", heard, rate_hz)
    write_json(snakemake.output.chart, hits.chart(rulings, notebook, pictures, old, today, credit))
