"""Figure: who sings what in the simulated park, in the first and in the last year."""

import numpy as np

from chingolo.figures import panorama, style
from chingolo.logs import job_log

with job_log(snakemake.log[0]):
    style.use(snakemake.input.style)
    with np.load(snakemake.input.history, allow_pickle=False) as history:
        figure = panorama.draw(dict(history), "simulated")
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
