"""Download one recording named by a sheet."""

from pathlib import Path

from chingolo.logs import job_log
from chingolo.recordings import download
from chingolo.sheets import read_recordings

with job_log(snakemake.log[0]):
    sheets = [read_recordings(Path(sheet)) for sheet in snakemake.input.sheets]
    rows = [row for sheet in sheets for row in sheet.values()]
    wanted = next(row for row in rows if row.file == snakemake.wildcards.file)
    download(wanted, Path(snakemake.output.audio))
