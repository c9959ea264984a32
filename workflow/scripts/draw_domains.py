"""Figure: sketches as drawings, and as songs."""

from chingolo.figures import domains, style
from chingolo.files import read_arrays, read_json
from chingolo.logs import job_log

with job_log(snakemake.log[0]):
    inputs = snakemake.input
    style.use(inputs.style)
    figure = domains.draw(
        read_json(inputs.scores),
        read_arrays(inputs.arrays),
        snakemake.wildcards.world,
    )
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
