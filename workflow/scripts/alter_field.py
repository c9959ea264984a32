"""Alter the simulated field songs the judge is scored on: no trill, another background, noise."""

from pathlib import Path

from chingolo import alterations, corpora
from chingolo.archive import read_notebook, read_pitch_map, read_themes
from chingolo.logs import job_log, progress
from chingolo.reader import read
from chingolo.shards import write_shard

with job_log(snakemake.log[0]):
    inputs, output, params = snakemake.input, snakemake.output, snakemake.params
    picture, panel = params.picture, read_themes(inputs.themes)
    birds = corpora.field_birds(panel, read_themes(inputs.heard), read_notebook(inputs.noted))
    lost = [name for name in birds if name not in panel]
    items = corpora.field_items(list(panel), lost, params.heard_per_theme)
    voice = corpora.voice(read_pitch_map(inputs.pitch_map), inputs.noises, params)
    sounds, backgrounds = alterations.apart(items, corpora.field_sounds(birds, items, voice))
    reading = progress(sounds.items(), len(sounds), "songs read")
    readings = {name: read(sound, picture.rate_hz, params.reader) for name, sound in reading}
    setting = alterations.Setting(picture, params.place, voice.noises, params.seed)
    altered = alterations.altered_items(
        [item for item in items if item.role != "background"],
        readings,
        backgrounds,
        params.snr_db,
    )
    pictures = alterations.altered_pictures(altered, sounds, readings, backgrounds, setting)
    pictures = progress(pictures, len(altered), "songs altered")
    shape = (picture.bands, picture.frames)
    write_shard(Path(output.pictures), Path(output.index), altered, pictures, shape)
