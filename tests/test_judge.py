"""The judge: it learns what can be learned, is the same twice, and knows what it does not know."""

from pathlib import Path

import numpy as np
import pytest
import torch

from chingolo import classifier
from chingolo.config import Config, Judge
from chingolo.seeds import generator
from chingolo.shards import Corpus, Item

SMALL = Judge(1, (4, 8, 8, 8), 0.0, 6, 8, 0.01, 0.0, 0.0, (-2, 2), 2, 2)


def bars(n: int, name: str) -> Corpus:
    """Pictures of three easy themes, a bright bar low, in the middle, or high; and of none, an upright."""
    rng = generator(1, "bars", name)
    pictures = rng.integers(0, 40, (n, 32, 48)).astype(np.uint8)
    items = []
    for k in range(n):
        if k % 4 == 3:
            pictures[k, :, 10 + k % 30] = 255
        else:
            pictures[k, 4 + 10 * (k % 4), 10:40] = 255
        items.append(Item(f"{name}{k}", "none" if k % 4 == 3 else f"theme-{k % 4}", "train", 0))
    return Corpus((pictures,), items)


THEMES = ["theme-0", "theme-1", "theme-2"]


def test_it_learns_and_tells_of_every_epoch():
    told: list[classifier.Epoch] = []
    model = classifier.fit(bars(96, "a"), bars(30, "b"), THEMES, SMALL, 1, told.append)
    assert [e.epoch for e in told] == list(range(6))
    assert told[-1].loss < told[0].loss
    assert told[-1].validation_accuracy > 0.95
    answers = classifier.logits(model, bars(30, "c"), batch=7)
    assert answers.shape == (30, 4)
    assert (answers.argmax(axis=1) == np.arange(30) % 4).mean() > 0.95


def test_a_fused_network_answers_alike(tmp_path: Path):
    model = classifier.fit(bars(24, "a"), bars(6, "b"), THEMES, SMALL._replace(epochs=1), 5)
    plain = classifier.logits(model, bars(12, "c"))
    assert len(classifier.fused(model)) == len(model) - len(SMALL.filters)
    assert classifier.logits(classifier.fused(model), bars(12, "c")) == pytest.approx(
        plain, abs=1e-4
    )
    assert classifier.logits(model, bars(12, "c")) == pytest.approx(plain, abs=0)


def test_features_are_what_the_last_layer_sees():
    model = classifier.fit(bars(24, "a"), bars(6, "b"), THEMES, SMALL._replace(epochs=1), 5)
    songs = bars(12, "c")
    seen = classifier.features(model, songs)
    assert np.linalg.norm(seen, axis=1) == pytest.approx(1.0)
    last = model[-1]
    with torch.inference_mode():
        turned = seen @ last.weight.numpy().T
        asked = classifier.logits(model, songs) - last.bias.numpy()
    scale = (turned * asked).sum(axis=1, keepdims=True) / (turned**2).sum(axis=1, keepdims=True)
    assert asked == pytest.approx(scale * turned, abs=1e-4)


def test_the_same_seed_gives_the_same_network(tmp_path: Path):
    for name, seed in (("one", 5), ("two", 5), ("other", 6)):
        model = classifier.fit(bars(24, "a"), bars(6, "b"), THEMES, SMALL._replace(epochs=2), seed)
        classifier.save(model, THEMES, SMALL, tmp_path / "net.pt")
        (tmp_path / "net.pt").rename(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert (tmp_path / "one").read_bytes() != (tmp_path / "other").read_bytes()


def test_a_saved_network_answers_as_before(tmp_path: Path):
    model = classifier.fit(bars(24, "a"), bars(6, "b"), THEMES, SMALL._replace(epochs=1), 5)
    classifier.save(model, THEMES, SMALL, tmp_path / "net.pt")
    logits, themes = classifier.ensemble_logits([str(tmp_path / "net.pt")] * 2, bars(9, "c"))
    assert themes == THEMES
    assert logits.shape == (2, 9, 4)
    assert logits[0] == pytest.approx(classifier.logits(model, bars(9, "c")), abs=1e-4)


def test_augmentation_shifts_and_blackens_within_its_limits(config: Config):
    settings = config.judge._replace(mask_bands=0, mask_frames=0, shift_frames=(-6, 20))
    pictures = torch.zeros(200, 1, 64, 128)
    pictures[:, :, 30, 64] = 1.0
    moved = classifier.augment(pictures, settings, torch.Generator().manual_seed(1))
    column = moved[:, 0, 30].argmax(dim=1) - 64
    assert moved.sum() == 200
    assert set(column.tolist()) == set(range(-6, 21))
    full = torch.ones(200, 1, 64, 128)
    masked = classifier.augment(
        full, config.judge._replace(shift_frames=(0, 0)), torch.Generator().manual_seed(1)
    )
    dark_bands = (masked[:, 0].sum(dim=2) == 0).sum(dim=1)
    assert int(dark_bands.max()) == config.judge.mask_bands
