"""The known-truth study's cheap path, set beside histories in full: own pages, songs and judge.

make bench-truth [HISTORIES=4] [NETWORKS=1]; writes results/benchmarks/truth.json. Minutes a network and a
history. The cheap path needs a built study (results/simulated: model, and pool of the deciding pen).
"""

import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from parts import CONFIG, PITCH_MAP

from chingolo import classifier, corpora, notebook_pages, openset, truth
from chingolo.estimate import Errors
from chingolo.history import simulate_history
from chingolo.notebook import Sketch
from chingolo.pools import fill_pool, noted_by_hand
from chingolo.seeds import generator
from chingolo.shards import Corpus, Item, open_corpus
from chingolo.trials import run_trial

STUDY = Path("results/simulated")
PEN = getattr(CONFIG.pens, CONFIG.verdict.pen)
MAPPINGS = 200
"""Times a history is mapped onto the pool: its own sketches are few (our choice)."""


def voice(seed: int) -> corpora.Voice:
    """Take the study's voice, of another seed."""
    return corpora.Voice(
        PITCH_MAP, CONFIG.singer, CONFIG.spread, CONFIG.place, CONFIG.picture, (), seed
    )


def sketches(drawn: list[Sketch], role: str, seed: int) -> Corpus:
    """Sing and hear sketches as the study does."""
    items = corpora.sketch_items(drawn, role, CONFIG.verdict.pen_draws)
    bird = voice(seed)._replace(spread=None)
    return Corpus((np.stack([*corpora.sketch_pictures(drawn, items, PEN, bird)]),), items)


def on_pages(noted: list[Sketch], seed: int, folder: Path) -> list[Sketch]:
    """Draw a notebook's pages and read them back."""
    names = []
    for name, page in notebook_pages.draw_notebook(noted, PEN, seed):
        notebook_pages.write_page(folder, name, page, PEN.dpi)
        names.append(folder / f"{name}.yaml")
    pages, _ = notebook_pages.read_pages(names)
    return notebook_pages.with_truth(notebook_pages.sketches_of(pages), noted)


def ensemble(panel: dict[str, Any], networks: int, seed: int, folder: Path) -> list[str]:
    """Train a judge of a panel as the study does."""
    songs = []
    for corpus in ("train", "validation"):
        items = corpora.surrogate_items(list(panel), corpus, CONFIG.surrogates)
        pictures = np.stack([*corpora.surrogate_pictures(panel, panel, items, voice(seed))])
        songs.append(Corpus((pictures,), items))
    paths = []
    for k in range(networks):
        model = classifier.fit(songs[0], songs[1], list(panel), CONFIG.judge, seed + k)
        paths.append(str(folder / f"{seed}-{k}.pt"))
        classifier.save(model, list(panel), CONFIG.judge, Path(paths[-1]))
    return paths


def rates(verdicts: Sequence[truth.Verdicts]) -> dict[str, Any]:
    """Share of right matches of what is sung, and of matches of what is lost, with their numbers."""
    right, matched, known = (
        np.concatenate([getattr(v, name) for v in verdicts])
        for name in ("right", "matched", "known")
    )
    return {
        "right": int(right[known].sum()), "sung": int(known.sum()),
        "false": int(matched[~known].sum()), "lost": int((~known).sum()),
    }  # fmt: skip


def own(items: list[Item], logits: np.ndarray, themes: list[str], limit: float) -> dict[str, int]:
    """Count verdicts on a history's own notebook."""
    evidence, truths = truth.sort_evidence(logits, items)
    known = truths != "none"
    right = np.array(themes)[evidence.argmax(axis=1)] == truths
    matched = evidence.max(axis=1) > limit
    return {
        "right": int((matched & right).sum()), "sung": int(known.sum()),
        "false": int((matched & ~known).sum()), "lost": int((~known).sum()),
    }  # fmt: skip


def in_full(seed: int, networks: int, cheap: truth.Pool) -> dict[str, Any]:
    """Judge one history with a judge of its own, and by the cheap path."""
    began = time.perf_counter()
    settings, allowed = CONFIG.simulated, CONFIG.verdict.false_matches
    history, trial = simulate_history(settings, seed), run_trial(settings, seed)
    panel, foreign = history.panel, CONFIG.verdict.foreign
    with tempfile.TemporaryDirectory() as folder:
        paths = ensemble(panel, networks, seed, Path(folder))
        filled = noted_by_hand(fill_pool(panel, settings, None, 4, 2 * foreign, seed), PEN, seed)
        pool = sketches(filled, "pool", seed)
        answers, themes = classifier.ensemble_logits(paths, pool)
        noted = sketches(on_pages(history.notebook, seed, Path(folder)), "sketch", seed)
        logits, _ = classifier.ensemble_logits(paths, noted)
    evidence, truths = truth.sort_evidence(answers, pool.items)
    strange = evidence[truths == "none"].max(axis=1)
    limit = openset.threshold(strange[:foreign], allowed)
    passed, like = strange[foreign:] > limit, evidence[truths != "none"].max(axis=1) > limit
    measured = Errors(int(like.sum()), like.size, int(passed.sum()), passed.size)
    far = np.zeros(trial.today.size)
    far[trial.today >= 0] = generator(seed, "far").random((trial.today >= 0).sum())
    mapped = [
        truth.judge_trial(trial, cheap, far, allowed, generator(seed, "mapped", k))
        for k in range(MAPPINGS)
    ]
    return {
        "seed": seed,
        "panel": len(panel),
        "notebook_in_full": own(noted.items, logits, themes, limit),
        "pool_in_full": {**measured._asdict(), **truth.rates_of(measured)},
        "cheap": rates(mapped),
        "minutes": (time.perf_counter() - began) / 60,
    }


def measure(histories: int, networks: int) -> dict[str, Any]:
    """Sum the counts of several histories, by both paths."""
    paths = sorted(map(str, (STUDY / "model").glob("seed-*.pt")))
    pool = STUDY / f"shards/pool-{CONFIG.verdict.pen}.npy"
    sung = open_corpus([str(pool)], [str(pool.with_suffix(".tsv"))])
    logits, themes = classifier.ensemble_logits(paths, sung)
    apart = np.zeros((len({item.song for item in sung.items if item.theme == "none"}), len(themes)))
    cheap = truth.as_pool(logits, sung.items, themes, apart)
    rows = []
    for k in range(histories):
        rows.append(in_full(CONFIG.study.seed + 1000 * (k + 1), networks, cheap))
        print(json.dumps(rows[-1]), flush=True)
    out: dict[str, Any] = {"networks": networks, "histories": rows}
    for path in ("notebook_in_full", "cheap"):
        sums = {name: sum(row[path][name] for row in rows) for name in rows[0][path]}
        out[path] = {
            **sums,
            "sensitivity": sums["right"] / max(1, sums["sung"]),
            "false_match_rate": sums["false"] / max(1, sums["lost"]),
        }
    # The cheap path's counts are of the same few sketches again and again: no interval.
    own_counts = out["notebook_in_full"]
    out["notebook_in_full"] |= {
        "sensitivity_interval": openset.wilson(own_counts["right"], own_counts["sung"]),
        "false_match_interval": openset.wilson(own_counts["false"], own_counts["lost"]),
    }
    return out


if __name__ == "__main__":
    found = measure(int(sys.argv[2]), int(sys.argv[3]))
    Path(sys.argv[1]).parent.mkdir(parents=True, exist_ok=True)
    Path(sys.argv[1]).write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
