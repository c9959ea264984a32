"""Figure: learning curves of the ensemble."""

from chingolo.figures import learning, style
from chingolo.files import read_json
from chingolo.logs import job_log

with job_log(snakemake.log[0]):
    style.use(snakemake.input.style)
    histories = [read_json(path)["epochs"] for path in snakemake.input.histories]
    figure = learning.draw(histories, snakemake.wildcards.world)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
