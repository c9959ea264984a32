"""Sing a few surrogates of each theme to listen to, with the gestures behind them."""

from pathlib import Path

from chingolo.archive import read_pitch_map, read_themes
from chingolo.files import write_arrays, write_sound
from chingolo.logs import job_log, progress
from chingolo.singing import clock, sing_examples

with job_log(snakemake.log[0]):
    params, output = snakemake.params, snakemake.output
    themes = read_themes(snakemake.input.themes)
    examples = sing_examples(
        themes, read_pitch_map(snakemake.input.pitch_map), params.singer, params.spread,
        params.rate_hz, params.examples, params.seed,
    )  # fmt: skip
    for folder in (output.songs, output.gestures):
        Path(folder).mkdir(parents=True, exist_ok=True)
    control_hz = clock(params.singer, params.rate_hz).control_hz
    total = len(themes) * params.examples
    for name, song, gesture in progress(examples, total, "examples sung"):
        write_sound(Path(output.songs) / f"{name}.flac", song, params.rate_hz)
        write_arrays(
            Path(output.gestures) / f"{name}.npz", {**gesture._asdict(), "control_hz": control_hz}
        )
