"""Figure: what the judge hears, and what the physics adds."""

from chingolo.figures import controls, style
from chingolo.files import read_json
from chingolo.logs import job_log

with job_log(snakemake.log[0]):
    style.use(snakemake.input.style)
    figure = controls.draw(read_json(snakemake.input.controls), snakemake.wildcards.world)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
