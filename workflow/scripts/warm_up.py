"""Compile librosa's and our own kernels once per environment, before parallel jobs need them."""

from importlib.metadata import version
from pathlib import Path

import numpy as np

from chingolo.logs import job_log
from chingolo.reader import read
from chingolo.spectrogram import draw

with job_log(snakemake.log[0]):
    picture = snakemake.params.picture
    second = np.sin(np.arange(picture.rate_hz) * 1.2).astype(np.float32)
    draw(second, picture)
    read(second, picture.rate_hz, snakemake.params.reader)
    names = ("librosa", "numba", "numpy", "scipy")
    text = "".join(f"{name} {version(name)}\n" for name in names)
    Path(snakemake.output.versions).write_text(text, encoding="utf-8")
