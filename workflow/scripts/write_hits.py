"""Write the page of hits, and lay its sounds and pictures beside it."""

import shutil
from pathlib import Path

from chingolo.files import read_json, write_text
from chingolo.hits_page import page
from chingolo.logs import job_log

with job_log(snakemake.log[0]):
    inputs, folder = snakemake.input, Path(snakemake.output.folder)
    parts = [Path(p).read_text("utf-8") for p in (inputs.text, inputs.style, inputs.program)]
    worlds = snakemake.params.worlds
    for world, media in zip(worlds, inputs.folders, strict=True):
        shutil.copytree(media, folder / world)
    charts = {world: read_json(path) for world, path in zip(worlds, inputs.charts, strict=True)}
    write_text(folder / "index.html", page(*parts, charts))
