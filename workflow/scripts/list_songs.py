"""List the songs of a world: from its sheet, or found in its recordings."""

from pathlib import Path

from chingolo.files import write_json
from chingolo.finder import list_songs
from chingolo.logs import job_log

with job_log(snakemake.log[0]):
    songs = list_songs(
        [Path(sheet) for sheet in snakemake.input.sheets],
        [Path(path) for path in snakemake.input.audio],
        snakemake.params.rate_hz,
        snakemake.params.finder,
    )
    print(f"{len(songs)} songs in {len({s.recording for s in songs})} recordings")
    write_json(snakemake.output.songs, [song._asdict() for song in songs])
