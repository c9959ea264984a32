"""Figure: song culture in the simulated park, year by year, and which themes survive."""

import numpy as np

from chingolo.figures import population, style
from chingolo.files import read_json
from chingolo.logs import job_log

with job_log(snakemake.log[0]):
    style.use(snakemake.input.style)
    with np.load(snakemake.input.history, allow_pickle=False) as history:
        figure = population.draw(dict(history), read_json(snakemake.input.survival), "simulated")
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
