"""Figure: whether the judge's probabilities are honest."""

from chingolo.figures import reliability, style
from chingolo.files import read_json
from chingolo.logs import job_log

with job_log(snakemake.log[0]):
    style.use(snakemake.input.style)
    figure = reliability.draw(
        read_json(snakemake.input.judge)["calibration"],
        read_json(snakemake.input.scores)["calibration"],
        snakemake.wildcards.world,
    )
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
