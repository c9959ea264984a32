"""Compile librosa's and our own kernels once per environment, before parallel jobs need them."""

from importlib.metadata import version
from pathlib import Path

import numpy as np

from chingolo.logs import job_log
from chingolo.pitch import map_pitch
from chingolo.reader import read
from chingolo.singing import sing
from chingolo.sources import SOURCES
from chingolo.spectrogram import draw
from chingolo.themes import Note, Theme

with job_log(snakemake.log[0]):
    picture = snakemake.params.picture
    singer = snakemake.params.singer
    whistle = Theme((Note(0.0, 0.1, 4000.0, 5000.0),))
    sing(whistle, map_pitch(SOURCES[singer.source]), singer, picture.rate_hz)
    second = np.sin(np.arange(picture.rate_hz) * 1.2).astype(np.float32)
    draw(second, picture)
    read(second, picture.rate_hz, snakemake.params.reader)
    names = ("librosa", "numba", "numpy", "scipy")
    text = "".join(f"{name} {version(name)}\n" for name in names)
    Path(snakemake.output.versions).write_text(text, encoding="utf-8")
