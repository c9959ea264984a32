"""Sing simulated field songs of today's and of lost themes, to score the judge on."""

from pathlib import Path

from chingolo.archive import read_notebook, read_pitch_map, read_themes
from chingolo.corpora import field_birds, field_items, field_pictures, field_sounds, voice
from chingolo.files import write_sound
from chingolo.logs import job_log, progress
from chingolo.shards import write_shard

with job_log(snakemake.log[0]):
    params = snakemake.params
    panel = read_themes(snakemake.input.themes)
    heard = read_themes(snakemake.input.heard)
    notebook = read_notebook(snakemake.input.noted)
    birds = field_birds(panel, heard, notebook)
    lost = [name for name in birds if name not in panel]
    items = field_items(list(panel), lost, params.heard_per_theme)
    bird = voice(read_pitch_map(snakemake.input.pitch_map), snakemake.input.noises, params)
    pictures = progress(field_pictures(birds, items, bird), len(items), "songs sung")
    shape = (params.picture.bands, params.picture.frames)
    output = snakemake.output
    write_shard(Path(output.pictures), Path(output.index), items, pictures, shape)
    first = next(field_sounds(birds, items[:1], bird))
    write_sound(output.example, first, params.picture.rate_hz)
