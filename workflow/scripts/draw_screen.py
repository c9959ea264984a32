"""Figure: symbols on a larger screen, followed through the layers of a network set by hand."""

import numpy as np

from chingolo.figures import screen, style
from chingolo.logs import job_log

with job_log(snakemake.log[0]):
    style.use(snakemake.input.style)
    with np.load(snakemake.input.arrays, allow_pickle=False) as arrays:
        figure = screen.draw(snakemake.params.names, dict(arrays))
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
