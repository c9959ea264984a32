"""How the judge was chosen: settings compared by leaving themes out, on synthetic and enrolled songs alone.

make bench-choice RECORDINGS=folder [NOISE=folder], after a build of world songs. No song to be recognised
is read.
"""

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from parts import CONFIG, PITCH_MAP, SHEET, SONGS, audio, noises

from chingolo import corpora, recordings
from chingolo.archive import read_themes
from chingolo.files import write_json
from chingolo.left_out import corpus, leave_out, parts, placed
from chingolo.runs import run_key
from chingolo.tracking import logged_run, scalars

PARTS, TIMES, RATIOS = 3, 6, (15.0, 0.0)
VARIANTS: dict[str, dict[str, Any]] = {
    "as the study": {},
    "songs that begin on time (shifts of 6 frames)": {"judge": {"shift_frames": (-6, 6)}},
    "themes alone, no whole songs": {"whole": False},
    "quieter backgrounds (5 to 30 dB)": {"place": {"snr_db": (5.0, 30.0)}},
    "hardly any outliers": {"surrogates": {"outliers": 0.02}},
    "no label smoothing": {"judge": {"label_smoothing": 0.0}},
    "a third more filters": {"judge": {"filters": (16, 32, 64, 96)}},
}


def mean(each: Sequence[Any]) -> Any:
    """Average nested dictionaries of the same keys."""
    if isinstance(each[0], dict):
        return {key: mean([one[key] for one in each]) for key in each[0]}
    return float(np.mean(each))


def main(to: Path, results: Path) -> None:
    """Compare the variants and write what was found."""
    rate = CONFIG.picture.rate_hz
    panel, whole = (read_themes(results / f"songs/{name}.json") for name in ("themes", "whole"))
    folder = audio()
    if folder is None:
        sys.exit("the recordings are not here: make bench-choice RECORDINGS=folder")
    margin = CONFIG.picture.margin_s
    enrolled = {
        s.theme: recordings.cut(
            recordings.load(folder / SHEET[s.recording].file, rate),
            rate,
            s.start_s,
            s.end_s,
            margin,
        )
        for s in SONGS
        if s.role == "enrol"
    }

    def voice(config: Any, sounds: tuple[Any, ...] = ()) -> corpora.Voice:
        return corpora.Voice(
            PITCH_MAP, config.singer, config.spread, config.place, config.picture, sounds,
            config.study.seed,
        )  # fmt: skip

    heard_in = voice(CONFIG, tuple(noises(rate).values()))
    recorded = {ratio: placed(enrolled, ratio, TIMES, heard_in) for ratio in RATIOS}
    many = CONFIG.surrogates._replace(validation_per_theme=20, outliers=2.0)
    validation = corpus(panel, whole, "validation", CONFIG._replace(surrogates=many), voice(CONFIG))
    chosen = sys.argv[3:] or list(VARIANTS)
    out: dict[str, Any] = json.loads(to.read_text()) if to.is_file() else {}
    for name in chosen:
        changes = VARIANTS[name]
        config = CONFIG._replace(
            **{
                section: getattr(CONFIG, section)._replace(**own)
                for section, own in changes.items()
                if section != "whole"
            }
        )
        songs = whole if changes.get("whole", True) else panel
        settings = {"choice": {"variant": name, **changes}, "judge": config.judge}
        used = [str(results / f"songs/{part}.json") for part in ("themes", "whole")]
        key = run_key("choice", {"variant": name}, used, [settings, CONFIG.study.seed])
        run = (results / "mlflow.json", "choice", {"variant": name}, key, settings)
        with logged_run(*run) as (log, _):
            started = time.process_time()
            each = [
                leave_out(part, panel, songs, validation, recorded, config, voice(config))
                for part in parts(list(panel), PARTS)
            ]
            out[name] = mean(each) | {"cpu_s": time.process_time() - started}
            log(0, scalars(out[name]))
        print(name, json.dumps(out[name]), flush=True)
        write_json(to, out)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
