"""Figure: whom the judge takes for whom, on songs it never heard."""

from chingolo.archive import read_themes
from chingolo.figures import confusion, style
from chingolo.logs import job_log
from chingolo.openset import read_answers

with job_log(snakemake.log[0]):
    style.use(snakemake.input.style)
    queries = [a for a in read_answers(snakemake.input.answers) if a.role == "query"]
    figure = confusion.draw(
        [a.truth for a in queries],
        [a.answer for a in queries],
        list(read_themes(snakemake.input.themes)),
        snakemake.wildcards.world,
    )
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
