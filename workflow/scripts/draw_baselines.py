"""Figure: the judge beside simpler methods."""

from chingolo.figures import baselines, style
from chingolo.files import read_json
from chingolo.logs import job_log

with job_log(snakemake.log[0]):
    style.use(snakemake.input.style)
    figure = baselines.draw(read_json(snakemake.input.scores), snakemake.wildcards.world)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
