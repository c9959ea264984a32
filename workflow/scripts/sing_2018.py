"""Sing surrogates and the notebook by the oscillator of 2018, and draw them as its network saw them."""

from pathlib import Path

from chingolo import songs_2018
from chingolo.archive import read_notebook, read_themes
from chingolo.corpora import sketch_items
from chingolo.logs import job_log, progress
from chingolo.shards import write_shard

with job_log(snakemake.log[0]):
    inputs, output, params = snakemake.input, snakemake.output, snakemake.params
    panel, notebook = read_themes(inputs.themes), read_notebook(inputs.notebook)
    rate = params.rate_hz
    train = songs_2018.surrogate_items(panel, params.per_theme)
    sketches = sketch_items(notebook, "sketch", params.draws)
    for items, to, index, (themes, rngs) in (
        (train, output.train, output.train_index, songs_2018.surrogates(panel, train, params.seed)),
        (
            sketches,
            output.notebook,
            output.notebook_index,
            songs_2018.redrawn(notebook, sketches, params.pen, params.seed),
        ),
    ):
        sung = progress(songs_2018.sing(themes, params.singer, rate, rngs), len(items), "songs")
        drawn = (songs_2018.draw(sound, rate) for sound in sung)
        write_shard(Path(to), Path(index), items, drawn, songs_2018.SHAPE)
