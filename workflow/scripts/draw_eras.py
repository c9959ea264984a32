"""Figure: both eras in one metric."""

from chingolo.few_shot import half
from chingolo.figures import eras, style
from chingolo.files import read_arrays, read_json
from chingolo.logs import job_log

with job_log(snakemake.log[0]):
    inputs = snakemake.input
    style.use(inputs.style)
    figure = eras.draw(
        read_arrays(inputs.arrays),
        read_json(inputs.nearest),
        half(**read_json(inputs.metric)["same"]),
        snakemake.wildcards.world,
    )
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
