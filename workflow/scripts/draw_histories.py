"""Figure: persistence estimated in many simulated histories, beside the truth."""

import numpy as np

from chingolo.figures import histories, style
from chingolo.files import read_json
from chingolo.logs import job_log

with job_log(snakemake.log[0]):
    style.use(snakemake.input.style)
    with np.load(snakemake.input.tables, allow_pickle=False) as tables:
        figure = histories.draw(dict(tables), read_json(snakemake.input.summary), "simulated")
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
