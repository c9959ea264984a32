"""Check every recording of a world against its sheet."""

from pathlib import Path

from chingolo.files import write_json
from chingolo.logs import job_log, progress
from chingolo.recordings import check_all
from chingolo.sheets import check_songs, read_recordings, read_songs

with job_log(snakemake.log[0]):
    sheet, *songs = snakemake.input.sheets
    recordings = read_recordings(Path(sheet))
    rows = list(zip(recordings.values(), snakemake.input.audio, strict=True))
    lengths = check_all(progress(rows, len(rows), "recordings checked"), sheet)
    for path in songs:
        check_songs(read_songs(Path(path), recordings), lengths, path)
    table = [{**row._asdict(), "seconds": round(lengths[row.recording], 3)} for row, _ in rows]
    write_json(snakemake.output.checked, table)
