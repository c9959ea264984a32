"""Figure: real songs beside their synthetic copies."""

import numpy as np

from chingolo.figures import copies, style
from chingolo.files import read_json
from chingolo.logs import job_log

with job_log(snakemake.log[0]):
    style.use(snakemake.input.style)
    measures = read_json(snakemake.input.copies)["copies"]["per_theme"]
    errors = {theme: measured["copy"]["f0_median"] for theme, measured in measures.items()}
    with np.load(snakemake.input.sounds, allow_pickle=False) as sounds:
        figure = copies.draw(
            sounds, errors, snakemake.params.picture.rate_hz, snakemake.wildcards.world
        )
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
