"""The notebook, measured: pages drawn by three hands and read back, spectrogram pictures, verdicts kept.

make bench-notebook [RECORDINGS=folder] [PAGES=200]; writes results/benchmarks/notebook.json. Simulated
pages; verdicts need the judge of a built study (results/simulated/model) and are null without it.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from parts import CONFIG, PITCH_MAP, RATE, SHEET, SONGS, audio

from chingolo import corpora, openset, reader
from chingolo.archive import read_themes
from chingolo.corpora import foreign_themes
from chingolo.digitizer import ReadSong, read_songs
from chingolo.drawing import draw_page
from chingolo.errors import InputError
from chingolo.notebook import Sketch
from chingolo.notebook_pages import page_errors
from chingolo.pages import parse
from chingolo.pen import draw_by_hand
from chingolo.recordings import cut, load
from chingolo.scans import Scan
from chingolo.seeds import generator
from chingolo.sketches import starts_at_zero
from chingolo.species import random_theme
from chingolo.themes import Theme

sys.path.insert(0, "tests")
from spectrogram_pictures import picture_of, pitch_errors

MODEL = Path("results/simulated/model")


def page_of(theme: Theme, level: str, dpi: int, *name: str | int) -> tuple[Theme, ReadSong | None]:
    """Draw a theme by a hand and read it; what was drawn, and None where the page is refused."""
    pen = getattr(CONFIG.pens, level)._replace(dpi=dpi)
    rng = generator(CONFIG.study.seed, "bench", level, dpi, *name)
    page = draw_page([Sketch("song", draw_by_hand(theme, pen, rng))], pen, rng, image="x.png")
    scan = Scan(page.image.astype(np.float32) / 255, 1)
    try:
        song = read_songs(scan, parse(yaml.safe_dump(page.notes), "x.yaml"), "x.yaml", "x")[0]
    except InputError as error:
        print(error, flush=True)
        return page.drawn["song"], None
    return page.drawn["song"], song


def pages(level: str, dpi: int, many: int) -> dict[str, float]:
    """Errors of reading pages against what was drawn, and against the theme in mind."""
    right, hertz, seconds, mind, sure = [], [], [], [], []
    began = time.process_time()
    for k in range(many):
        theme = random_theme(generator(CONFIG.study.seed, "bench theme", level, dpi, k))
        drawn, song = page_of(theme, level, dpi, k)
        if song is None:
            right.append(False)
            sure.append(0.0)
            continue
        errors = page_errors(drawn, song.theme)
        right.append(errors.right)
        sure.append(song.sure)
        hertz.append(errors.hertz)
        seconds.append(errors.seconds)
        read = starts_at_zero(song.theme)
        if errors.right:
            mind.append(page_errors(starts_at_zero(theme), read).hertz)
    known, sureness = np.array(right), np.array(sure)
    return {
        "pages": many,
        "right": float(known.mean()),
        "median_error_hz": float(np.median(np.concatenate(hertz))),
        "p95_error_hz": float(np.percentile(np.concatenate(hertz), 95)),
        "median_error_ms": 1000 * float(np.median(np.concatenate(seconds))),
        "p95_error_ms": 1000 * float(np.percentile(np.concatenate(seconds), 95)),
        "median_error_against_mind_hz": float(np.median(np.concatenate(mind))),
        "sure_where_right": float(sureness[known].mean()),
        "sure_where_wrong": float(sureness[~known].mean()) if (~known).any() else float("nan"),
        "cpu_s_a_page_drawn_and_read": (time.process_time() - began) / many,
    }


def spectrograms() -> dict[str, float] | None:
    """Median error of frequency on spectrogram pictures of all clean real songs, against the reader."""
    folder = audio()
    if folder is None:
        return None
    medians, refused = [], 0
    sounds = {r.recording: load(folder / r.file, RATE) for r in SHEET.values()}
    songs = [s for s in SONGS if s.role in ("enrol", "query", "unknown")]
    for song in songs:
        clip = cut(sounds[song.recording], RATE, song.start_s, song.end_s, 0.05)
        image, notes = picture_of(clip, RATE)
        try:
            read = read_songs(Scan(image, 1), parse(notes, "x.yaml"), "x.yaml", "x")[0]
        except InputError:
            refused += 1
            continue
        track = reader.read(clip, RATE, CONFIG.reader).track
        medians.append(float(np.median(pitch_errors(read, track))))
    return {
        "songs": len(songs),
        "refused": refused,
        "median_error_hz": float(np.median(medians)),
        "within_80_hz": float(np.mean(np.array(medians) <= 80)),
    }


def verdicts(level: str, foreign: int) -> dict[str, float] | None:
    """Share of themes whose verdict is the same clean and drawn, scanned, read: today's and foreign."""
    models = sorted(str(path) for path in MODEL.glob("seed-*.pt"))
    if not models:
        return None
    from chingolo.classifier import ensemble_logits  # noqa: PLC0415
    from chingolo.shards import Corpus  # noqa: PLC0415

    panel = read_themes("results/simulated/themes.json")
    themes = panel | foreign_themes(panel, foreign, CONFIG.study.seed)
    judge = json.loads((MODEL / "judge.json").read_text())
    pen = getattr(CONFIG.pens, level)
    flat = {name: still(theme) for name, theme in themes.items()}
    read = {}
    for name, theme in themes.items():
        song = page_of(theme, level, pen.dpi, "verdict", name)[1]
        if song is not None:
            read[name] = starts_at_zero(song.theme)
    params = CONFIG._replace(study=None)  # type: ignore[arg-type]
    bird = corpora.Voice(
        PITCH_MAP, params.singer, None, params.place, params.picture, (), CONFIG.study.seed
    )
    said: list[dict[str, str]] = []
    for sketches in (flat, read):
        notebook = [Sketch(name, theme, truth="") for name, theme in sketches.items()]
        items = corpora.sketch_items(notebook, "bench", CONFIG.verdict.pen_draws)
        drawn = list(corpora.sketch_pictures(notebook, items, pen, bird))
        logits, names = ensemble_logits(models, Corpus((np.stack(drawn),), items))
        mean = openset.by_song(logits, [i.song for i in items], list(sketches))
        score, best = openset.evidence(mean).max(axis=1), openset.evidence(mean).argmax(axis=1)
        said.append(
            {
                name: names[best[k]] if score[k] > judge["threshold"] else "none"
                for k, name in enumerate(sketches)
            }
        )
    clean, again = said
    same = {name: again.get(name) == clean[name] for name in themes}
    return {
        "themes": len(themes),
        "same": float(np.mean(list(same.values()))),
        "todays": len(panel),
        "same_todays": float(np.mean([same[name] for name in panel])),
        "same_foreign": float(np.mean([v for name, v in same.items() if name not in panel])),
    }


def still(theme: Theme) -> Theme:
    """Take the levels from a theme: a pencil tells none."""
    notes = tuple(n._replace(level_db=0.0, envelope_db=()) for n in theme.notes)
    return starts_at_zero(theme._replace(notes=notes))


if __name__ == "__main__":
    to, many = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 200
    to.parent.mkdir(parents=True, exist_ok=True)
    parts: dict[str, Any] = {
        "verdicts": lambda: verdicts("medium", 40),
        "spectrograms": spectrograms,
        **{
            f"{level}_{dpi}": lambda level=level, dpi=dpi: pages(level, dpi, many)
            for dpi in (150, 300)
            for level in ("medium", "high", "low")
        },
    }
    result: dict[str, Any] = {}
    for name, measure in parts.items():
        result[name] = measure()
        print(name, json.dumps(result[name], indent=1), flush=True)
        beside = to.with_suffix(".part")
        beside.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
        beside.replace(to)
