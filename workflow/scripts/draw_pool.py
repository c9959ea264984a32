"""Draw a pool of sketches: panel themes as they may have been noted, and themes of nobody."""

from chingolo.archive import read_themes, write_notebook
from chingolo.logs import job_log
from chingolo.pools import fill_pool

with job_log(snakemake.log[0]):
    params = snakemake.params
    panel = read_themes(snakemake.input.themes)
    # Simulated birds sing their theme alike each time.
    spread = None if snakemake.wildcards.world == "simulated" else params.spread
    # Half of the strangers calibrate, the others are lost themes.
    strangers = 2 * params.foreign
    pool = fill_pool(panel, params.simulated, spread, params.versions, strangers, params.seed)
    write_notebook(snakemake.output.pool, pool)
