"""Tabulate the source's pitch against pressure and tension, and its inverse."""

from chingolo.files import write_arrays
from chingolo.logs import job_log
from chingolo.pitch import map_pitch
from chingolo.sources import SOURCES

with job_log(snakemake.log[0]):
    mapped = map_pitch(SOURCES[snakemake.params.source])
    write_arrays(snakemake.output.pitch_map, mapped._asdict())
