"""Draw a pool of sketches: panel themes as they may have been noted, and themes of nobody."""

from chingolo.archive import read_themes, write_notebook
from chingolo.logs import job_log
from chingolo.pools import fill_pool

with job_log(snakemake.log[0]):
    params = snakemake.params
    panel = read_themes(snakemake.input.themes)
    # Half of the strangers calibrate, the others are lost themes.
    pool = fill_pool(panel, params.simulated, params.versions, 2 * params.foreign, params.seed)
    write_notebook(snakemake.output.pool, pool)
