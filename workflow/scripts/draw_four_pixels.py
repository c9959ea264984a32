"""Figure: two symbols on four pixels, and how a filter that tells them apart is found."""

import numpy as np

from chingolo.figures import four_pixels, style
from chingolo.files import read_json
from chingolo.logs import job_log

with job_log(snakemake.log[0]):
    style.use(snakemake.input.style)
    numbers = read_json(snakemake.input.numbers)["four_pixels"]
    with np.load(snakemake.input.arrays, allow_pickle=False) as arrays:
        figure = four_pixels.draw(numbers, dict(arrays))
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
