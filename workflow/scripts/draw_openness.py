"""Figure: what the judge does not know."""

import numpy as np

from chingolo.figures import openness, style
from chingolo.files import read_json
from chingolo.logs import job_log
from chingolo.openset import read_answers

with job_log(snakemake.log[0]):
    style.use(snakemake.input.style)
    answers = read_answers(snakemake.input.answers)
    with np.load(snakemake.input.null, allow_pickle=False) as null:
        foreign = null["held_out"]
    with np.load(snakemake.input.strangers, allow_pickle=False) as pool:
        strangers = pool["score"], pool["apart"]
    figure = openness.draw(
        np.array([a.score for a in answers if a.role == "query"]),
        np.array([a.score for a in answers if a.role == "unknown"]),
        foreign,
        strangers,
        read_json(snakemake.input.judge)["threshold"],
        snakemake.wildcards.world,
    )
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
