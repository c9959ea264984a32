"""Figure: the notebook's matches beside those of notebooks that should find none."""

import numpy as np

from chingolo.figures import null_counts, style
from chingolo.files import read_json
from chingolo.logs import job_log

with job_log(snakemake.log[0]):
    style.use(snakemake.input.style)
    with np.load(snakemake.input.counts, allow_pickle=False) as arrays:
        counts = dict(arrays)
    figure = null_counts.draw(read_json(snakemake.input.nulls), counts, snakemake.wildcards.world)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
