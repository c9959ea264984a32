"""Ask simpler methods about the songs the judge is scored on."""

from pathlib import Path

from chingolo.archive import read_themes
from chingolo.baselines import compare
from chingolo.files import read_json, write_json
from chingolo.logs import job_log
from chingolo.recordings import Song, load_all, read_recordings
from chingolo.shards import open_corpus

with job_log(snakemake.log[0]):
    inputs = snakemake.input
    recordings = read_recordings(Path(inputs.sheets[0]))
    paths = dict(zip(recordings, map(Path, inputs.audio), strict=True))
    picture = snakemake.params.picture
    scores = compare(
        open_corpus([inputs.heard], [inputs.heard_index]),
        read_themes(inputs.readings),
        [Song(**row) for row in read_json(inputs.songs)],
        load_all(paths, picture.rate_hz),
        picture,
    )
    write_json(snakemake.output.baselines, {"baselines": scores})
