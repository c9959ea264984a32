"""Figure: persistence against the number of birds noted, and against neutral drift."""

from chingolo.figures import persistence, style
from chingolo.files import read_json
from chingolo.logs import job_log
from chingolo.persistence import read_rulings

with job_log(snakemake.log[0]):
    style.use(snakemake.input.style)
    figure = persistence.draw(
        read_rulings(snakemake.input.verdicts),
        read_json(snakemake.input.persistence),
        snakemake.wildcards.world,
    )
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
