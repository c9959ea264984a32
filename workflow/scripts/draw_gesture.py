"""Figure: gesture, wave and spectrogram of one synthetic song."""

from pathlib import Path

import numpy as np
import soundfile

from chingolo.figures import gesture, style
from chingolo.logs import job_log

with job_log(snakemake.log[0]):
    style.use(snakemake.input.style)
    song = min(Path(snakemake.input.songs).glob("*-0.flac"))
    sound, rate_hz = soundfile.read(song, dtype="float32")
    with np.load(Path(snakemake.input.gestures) / f"{song.stem}.npz") as arrays:
        pressure, tension = arrays["pressure"], arrays["tension"]
        control_hz = float(arrays["control_hz"])
    theme = song.stem.removesuffix("-0")
    lead_s = snakemake.params.lead_s
    figure = gesture.draw(
        pressure, tension, control_hz, sound, rate_hz, lead_s, snakemake.wildcards.world, theme
    )
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
