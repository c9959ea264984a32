"""Sing simulated field songs of today's and of lost themes, to score the judge on."""

from pathlib import Path

from chingolo.archive import read_notebook, read_pitch_map, read_themes
from chingolo.corpora import field_items, field_pictures, voice
from chingolo.logs import job_log, progress
from chingolo.shards import write_shard

with job_log(snakemake.log[0]):
    params = snakemake.params
    panel = read_themes(snakemake.input.themes)
    heard = read_themes(snakemake.input.heard)
    notebook = read_notebook(snakemake.input.noted)
    lost = {sketch.name: [sketch.theme] for sketch in notebook if sketch.truth == "none"}
    items = field_items(list(panel), list(lost), params.heard_per_theme)
    # Other birds than the enrolled one sing, where others were recorded.
    others = {
        name: [v for bird, v in heard.items() if bird.startswith(f"{name}/")] for name in panel
    }
    birds = {name: others[name] or [theme] for name, theme in panel.items()} | lost
    bird = voice(read_pitch_map(snakemake.input.pitch_map), snakemake.input.noises, params)
    pictures = progress(field_pictures(birds, items, bird), len(items), "songs sung")
    shape = (params.picture.bands, params.picture.frames)
    output = snakemake.output
    write_shard(Path(output.pictures), Path(output.index), items, pictures, shape)
