"""Write the primer's page, to try a network on."""

from pathlib import Path

import numpy as np

from chingolo.files import read_json, write_text
from chingolo.logs import job_log
from chingolo.primer_page import page

with job_log(snakemake.log[0]):
    inputs, params = snakemake.input, snakemake.params
    parts = [Path(p).read_text("utf-8") for p in (inputs.text, inputs.style, inputs.program)]
    bias = read_json(inputs.numbers)["four_pixels"]["bias"]
    with np.load(inputs.arrays, allow_pickle=False) as arrays:
        told = page(*parts, params.names, dict(arrays), bias, params.learning_rate)
    write_text(snakemake.output.page, told)
