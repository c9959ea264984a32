"""Figure: themes found by the birds noted and recorded, and those probably missed."""

from chingolo.figures import effort, style
from chingolo.files import read_json
from chingolo.logs import job_log

with job_log(snakemake.log[0]):
    style.use(snakemake.input.style)
    figure = effort.draw(read_json(snakemake.input.persistence)["effort"], "simulated")
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
