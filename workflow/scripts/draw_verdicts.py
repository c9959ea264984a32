"""Figure: old themes against today's."""

import numpy as np

from chingolo.figures import style, verdicts
from chingolo.logs import job_log
from chingolo.persistence import read_rulings

with job_log(snakemake.log[0]):
    style.use(snakemake.input.style)
    rulings = read_rulings(snakemake.input.verdicts)
    with np.load(snakemake.input.posteriors, allow_pickle=False) as arrays:
        themes, posterior = arrays["themes"].tolist(), arrays["posterior"]
    figure = verdicts.draw(rulings, themes, posterior, snakemake.wildcards.world)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
