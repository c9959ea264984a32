"""Set each enrolled song beside its synthetic copy."""

from pathlib import Path

from chingolo.archive import read_pitch_map
from chingolo.fidelity import copy_enrolled
from chingolo.files import read_json, write_arrays, write_json
from chingolo.logs import job_log
from chingolo.runs import run_key
from chingolo.sheets import Song, read_recordings

with job_log(snakemake.log[0]):
    recordings = read_recordings(Path(snakemake.input.sheets[0]))
    paths = dict(zip(recordings, map(Path, snakemake.input.audio), strict=True))
    measures, sounds = copy_enrolled(
        paths,
        [Song(**row) for row in read_json(snakemake.input.songs)],
        snakemake.params.picture,
        snakemake.params.reader,
        read_pitch_map(snakemake.input.pitch_map),
        snakemake.params.singer,
    )
    params = [snakemake.params.singer, snakemake.params.reader, snakemake.params.picture]
    key = run_key(snakemake.rule, snakemake.wildcards, snakemake.input, params)
    write_json(snakemake.output.copies, {"run": key, "copies": measures})
    write_arrays(snakemake.output.sounds, sounds)
