"""Tabulate the syrinx's pitch against pressure and tension, and its inverse."""

import numpy as np

from chingolo.files import write_arrays
from chingolo.logs import job_log
from chingolo.syrinx import map_pitch

with job_log(snakemake.log[0]):
    # Denser where pitch changes fastest, near the saddle-node; pitches for 1-10 kHz at any gamma
    # from 37,000 to 45,000 per second.
    tension = np.concatenate([np.linspace(-0.05, 0.4, 226), np.linspace(0.42, 4.0, 180)])
    mapped = map_pitch(np.linspace(0.08, 0.16, 9), tension, np.linspace(0.16, 1.8, 411))
    write_arrays(snakemake.output.pitch_map, mapped._asdict())
