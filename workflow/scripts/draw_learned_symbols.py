"""Figure: filters before and after learning, three walks down the gradient, and badly drawn symbols."""

import numpy as np

from chingolo.figures import learned_symbols, style
from chingolo.files import read_json
from chingolo.logs import job_log

with job_log(snakemake.log[0]):
    style.use(snakemake.input.style)
    numbers = read_json(snakemake.input.numbers)["screen"]
    with np.load(snakemake.input.arrays, allow_pickle=False) as arrays:
        figure = learned_symbols.draw(numbers, dict(arrays))
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
