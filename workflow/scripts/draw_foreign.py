"""Draw foreign themes from the species' statistics."""

from chingolo.archive import read_themes, write_themes
from chingolo.corpora import foreign_themes
from chingolo.logs import job_log

with job_log(snakemake.log[0]):
    panel = read_themes(snakemake.input.themes)
    foreign = foreign_themes(panel, snakemake.params.foreign, snakemake.params.seed)
    write_themes(snakemake.output.foreign, foreign)
