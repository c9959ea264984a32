"""Figure: from a song to the judge's answer."""

import numpy as np
import soundfile

from chingolo.figures import inside, style
from chingolo.files import read_json
from chingolo.logs import job_log

with job_log(snakemake.log[0]):
    inputs, world = snakemake.input, snakemake.wildcards.world
    style.use(inputs.style)
    sound, rate = soundfile.read(inputs.sound, dtype="float32")
    told = read_json(inputs.numbers)
    with (
        np.load(inputs.arrays, allow_pickle=False) as arrays,
        np.load(inputs.symbols, allow_pickle=False) as symbols,
    ):
        picture = snakemake.params.picture
        figure = inside.draw((sound, rate), told, dict(arrays), dict(symbols), picture, world)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
