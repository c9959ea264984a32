"""The judge in noise and before other backgrounds, and how fast it learns and answers.

After a build, with the ensemble of world `songs`: make bench-judge RECORDINGS=folder NOISE=folder
"""

import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from parts import CONFIG, SHEET, SONGS, audio, noises
from torch import nn

from chingolo import alterations, classifier, controls
from chingolo.archive import read_themes
from chingolo.corpora import song_items, song_sounds
from chingolo.files import write_json
from chingolo.reader import read
from chingolo.recordings import load_all
from chingolo.seeds import generator
from chingolo.shards import Corpus, Item
from chingolo.spectrogram import draw

SNR_DB = (20.0, 10.0, 5.0, 0.0, -5.0)
BUILT = Path("results/songs")
PICTURE = CONFIG.picture
TRIES = 3


def pictures(items: list[Item], drawn: Any) -> Corpus:
    """Hold pictures in memory."""
    return Corpus((np.stack(list(drawn)),), items)


def altered() -> dict[str, Any] | None:
    """Accuracy and AUROC on the real songs in noise and before other backgrounds; None without them."""
    folder, models = audio(), [str(p) for p in sorted((BUILT / "model").glob("seed-*.pt"))]
    if folder is None or not models:
        return None
    loaded = load_all({name: folder / one.file for name, one in SHEET.items()}, PICTURE.rate_hz)
    items = song_items(SONGS, loaded, PICTURE)
    cuts = song_sounds(loaded, SONGS, items, PICTURE)
    sounds, backgrounds = alterations.apart(items, cuts)
    asked = [item for item in items if item.role != "background"]
    readings = {name: read(sound, PICTURE.rate_hz, CONFIG.reader) for name, sound in sounds.items()}
    recorded = noises(PICTURE.rate_hz)
    behind = tuple(recorded.values())
    setting = alterations.Setting(PICTURE, CONFIG.place, behind, CONFIG.study.seed)
    listed = alterations.altered_items(asked, readings, backgrounds, SNR_DB)
    drawn = alterations.altered_pictures(listed, sounds, readings, backgrounds, setting)
    heard = pictures(asked, (draw(sounds[item.song], PICTURE) for item in asked))
    changed = pictures(listed, drawn)
    panel = list(read_themes(BUILT / "themes.json"))
    answers = [(classifier.ensemble_logits(models, c)[0], c.items) for c in (heard, changed)]
    measured = controls.controls(*answers, {}, panel, 0.0, CONFIG.study.seed)
    return {
        "networks": len(models),
        "noise": sorted(recorded) or "made",
        "as_heard": measured["as_heard"],
        **measured["altered"],
    }


def noisy_corpus(n: int, name: str) -> Corpus:
    """Pictures without meaning: how fast they are learned does not depend on what they show."""
    rng = generator(1, "pictures", name)
    shown = rng.integers(0, 256, (n, PICTURE.bands, PICTURE.frames)).astype(np.uint8)
    return Corpus((shown,), [Item(str(k), f"theme-{k % 20}", "train", 0) for k in range(n)])


def bare_loop(corpus: Corpus, themes: list[str], epochs: int) -> None:
    """Train the same network as any tutorial does: tensors in memory, no augmentation, no schedule."""
    model = classifier.channels_last(classifier.network(len(themes) + 1, CONFIG.judge))
    shown = classifier.as_tensor(corpus.maps[0])
    target = torch.from_numpy(classifier.classes(corpus.items, themes))
    optimiser = torch.optim.AdamW(model.parameters(), CONFIG.judge.learning_rate)
    measure = nn.CrossEntropyLoss()
    model.train()
    for _ in range(epochs):
        for rows in torch.randperm(len(target)).split(CONFIG.judge.batch):
            optimiser.zero_grad()
            measure(model(shown[rows]), target[rows]).backward()
            optimiser.step()


def speed() -> dict[str, float]:
    """Images a second of one core: training, beside a bare loop, in turn; and songs a second, answering."""
    torch.set_num_threads(1)
    themes, epochs = [f"theme-{k}" for k in range(20)], 2
    train, few = noisy_corpus(1280, "train"), noisy_corpus(20, "validation")
    settings = CONFIG.judge._replace(epochs=epochs)
    ours, bare = [], []
    for _ in range(TRIES):
        started = time.process_time()
        model = classifier.fit(train, few, themes, settings, 1)
        ours.append(time.process_time() - started)
        started = time.process_time()
        bare_loop(train, themes, epochs)
        bare.append(time.process_time() - started)
    started = time.process_time()
    for _ in range(CONFIG.judge.seeds):
        classifier.logits(classifier.fused(model), train)
    answering = time.process_time() - started
    shown = epochs * len(train.items)
    return {
        "training_images_per_s": shown / min(ours),
        "bare_loop_images_per_s": shown / min(bare),
        "training_over_bare_loop": min(bare) / min(ours),
        "ensemble_networks": CONFIG.judge.seeds,
        "ensemble_songs_per_s": len(train.items) / answering,
    }


def main(to: Path) -> None:
    """Measure and write."""
    to.parent.mkdir(parents=True, exist_ok=True)
    measured = {"songs": altered(), "speed_per_core": speed()}
    write_json(to, measured)
    for name, value in measured["speed_per_core"].items():
        print(f"{name}: {value:.4g}")
    for name, one in (measured["songs"] or {}).items():
        if isinstance(one, dict):
            print(f"{name}: accuracy {one['accuracy']:.3f}, AUROC {one['auroc']:.3f}, n {one['n']}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
