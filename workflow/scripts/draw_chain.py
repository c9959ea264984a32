"""Figure: the chain of the study."""

from chingolo.figures import chain, style
from chingolo.logs import job_log

with job_log(snakemake.log[0]):
    style.use(snakemake.input.style)
    style.save(chain.draw(), snakemake.output.pdf, snakemake.output.png)
