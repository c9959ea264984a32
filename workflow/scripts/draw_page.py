"""Figure: a page of the notebook with what was read over it, and the song that is sung from it."""

from pathlib import Path

from chingolo.archive import read_pitch_map
from chingolo.figures import page, style
from chingolo.logs import job_log
from chingolo.notebook_pages import first_readable
from chingolo.singing import sing
from chingolo.sketches import starts_at_zero

with job_log(snakemake.log[0]):
    params, rate_hz = snakemake.params, snakemake.params.rate_hz
    style.use(snakemake.input.style)
    read = first_readable(sorted(Path(snakemake.input.pages).glob("*.yaml")))
    theme = starts_at_zero(read.songs[0].theme)
    sound = sing(theme, read_pitch_map(snakemake.input.pitch_map), params.singer, rate_hz)
    figure = page.draw_reading(read, sound, rate_hz, snakemake.wildcards.world)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
