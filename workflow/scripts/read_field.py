"""Sing the same field songs again: read their notes, and draw them as the simpler methods see them."""

from pathlib import Path

from chingolo import corpora, songs_2018
from chingolo.archive import read_notebook, read_pitch_map, read_themes, write_themes
from chingolo.logs import job_log, progress
from chingolo.reader import from_start, read
from chingolo.shards import Item, write_shard

with job_log(snakemake.log[0]):
    inputs, output, params = snakemake.input, snakemake.output, snakemake.params
    panel, rate = read_themes(inputs.themes), params.picture.rate_hz
    birds = corpora.field_birds(panel, read_themes(inputs.heard), read_notebook(inputs.noted))
    lost = [name for name in birds if name not in panel]
    listed = corpora.field_items(list(panel), lost, params.heard_per_theme)
    items = [item for item in listed if item.role != "background"]
    bird = corpora.voice(read_pitch_map(inputs.pitch_map), inputs.noises, params)
    sounds = progress(corpora.field_sounds(birds, items, bird), len(items), "songs read")
    readings, drawn = {}, []
    for item, sound in zip(items, sounds, strict=True):
        readings[item.song] = from_start(read(sound, rate, params.reader).theme)
        drawn.append(songs_2018.draw(sound, rate))
    write_themes(output.readings, readings)
    write_shard(Path(output.heard), Path(output.heard_index), items, drawn, songs_2018.SHAPE)
    enrolled = [Item(name, name, "enrol", 0) for name in panel]
    pictures = corpora.enrolled_pictures(panel, bird)
    shape = (params.picture.bands, params.picture.frames)
    write_shard(Path(output.enrolled), Path(output.enrolled_index), enrolled, pictures, shape)
