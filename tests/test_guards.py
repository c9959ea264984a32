"""What must not pass in silence, and trainings that go on where they were killed."""

from pathlib import Path

import numpy as np
import pytest
import torch

from chingolo import classifier, guards, metric
from chingolo.checkpoints import Checkpoint
from chingolo.config import Config
from chingolo.errors import InputError
from chingolo.shards import Corpus, Item
from chingolo.themes import Note, Theme

THEME = Theme((Note(0.0, 0.3, 4000.0, 5000.0),))


def songs(n: int) -> Corpus:
    rng = np.random.default_rng(0)
    names = ("none", "0-0", "1-0")
    items = [Item(f"s{k}", names[k % 3], "train", 0) for k in range(n)]
    return Corpus((rng.integers(0, 255, (n, 64, 128), np.uint8),), items)


@pytest.mark.parametrize(
    ("song", "words"),
    [
        (np.zeros(100), "of 1 notes, the first from 4000 Hz: the syrinx stays silent"),
        (np.zeros(0), "the syrinx stays silent"),
        (np.full(100, np.nan), "the syrinx ran away"),
        (np.array([0.5, np.inf]), "the syrinx ran away"),
    ],
)
def test_a_song_without_a_sound_is_named(song: np.ndarray, words: str):
    with pytest.raises(InputError, match=words):
        list(guards.sounding([song.astype(np.float32)], [THEME]))


def test_songs_that_sound_pass_and_so_does_a_theme_without_notes():
    heard = [np.array([0.1, -0.9], np.float32), np.zeros(9, np.float32)]
    passed = list(guards.sounding(heard, [THEME, Theme(())]))
    assert [np.array_equal(a, b) for a, b in zip(passed, heard, strict=True)] == [True, True]


def test_a_loss_that_is_no_number_stops_a_training(config: Config):
    judge = config.judge._replace(epochs=2, batch=16, learning_rate=1e30)
    with pytest.raises(InputError, match=r"epoch \d: the loss is (nan|inf).*judge.learning_rate"):
        classifier.fit(songs(60), songs(9), ["0-0", "1-0"], judge, 1)


def test_networks_that_place_all_songs_at_one_spot_are_named():
    spread = np.random.default_rng(0).standard_normal((1, 20, 8))
    guards.spread_out(spread)
    with pytest.raises(InputError, match="network 1 of the metric: places all songs at one spot"):
        guards.spread_out(np.concatenate([spread, np.ones((1, 20, 8))]))
    with pytest.raises(InputError, match="at one spot"):
        guards.spread_out(np.full((1, 20, 8), np.nan))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"validation_accuracy": 0.2}, "names 20% of its own synthetic songs right"),
        ({"validation_accuracy": float("nan")}, "no more than chance"),
        ({"temperature": 20.0}, "cannot be calibrated"),
        ({"temperature": 0.05}, "cannot be calibrated"),
        ({"threshold": float("inf")}, "cannot be calibrated"),
    ],
)
def test_a_judge_that_learned_nothing_or_means_nothing_is_refused(changes: dict, words: str):
    judge = {"validation_accuracy": 0.9, "temperature": 1.0, "threshold": 3.0}
    guards.calibrated(judge, 3)
    with pytest.raises(InputError, match=words):
        guards.calibrated(judge | changes, 3)


class Killed(Exception):
    """In place of a kill, which leaves the same on disk."""


def kill_after(epoch: int):
    def on_epoch(left: tuple) -> None:
        if left[0] == epoch:
            raise Killed

    return on_epoch


@pytest.mark.parametrize("kind", ["judge", "metric"])
def test_a_killed_training_goes_on_to_the_same_weights(kind: str, config: Config, tmp_path: Path):
    judge = config.judge._replace(epochs=4, batch=16)
    settings = config.metric._replace(epochs=4, together=2, loss="proxy-anchor")

    def train(on_epoch=lambda _: None, state: Checkpoint | None = None) -> torch.nn.Module:
        if kind == "judge":
            themes = ["0-0", "1-0"]
            return classifier.fit(songs(90), songs(9), themes, judge, 1, on_epoch, "cpu", state)
        few = songs(90)
        families = Corpus(
            few.maps, [i._replace(theme=i.theme.replace("none", "2-0")) for i in few.items]
        )
        return metric.fit(families, settings, judge, 1, on_epoch, "cpu", state)

    whole: list[tuple] = []
    expected = train(whole.append)
    state = Checkpoint(tmp_path / "seed-0.pt.checkpoint", "train.0.abc")
    with pytest.raises(Killed):
        train(kill_after(1), state)
    told: list[tuple] = []
    made = train(told.append, state)
    assert told == whole
    for name, weights in expected.state_dict().items():
        assert torch.equal(weights, made.state_dict()[name]), name
    # All four epochs are there now: nothing is trained, and the weights are the same again.
    again = train(lambda _: None, state)
    assert torch.equal(next(again.parameters()), next(made.parameters()))
    state.remove()
    assert not list(tmp_path.iterdir())


def test_a_state_of_another_run_or_of_no_run_is_not_gone_on_from(config: Config, tmp_path: Path):
    judge = config.judge._replace(epochs=2, batch=16)
    state = Checkpoint(tmp_path / "state", "train.0.abc")
    classifier.fit(songs(30), songs(9), ["0-0", "1-0"], judge, 1, checkpoint=state)
    for path, key in ((state.path, "train.0.other"), (tmp_path / "broken", "train.0.abc")):
        (tmp_path / "broken").write_bytes(b"no state")
        told: list[tuple] = []
        other = Checkpoint(path, key)
        classifier.fit(songs(30), songs(9), ["0-0", "1-0"], judge, 1, told.append, "cpu", other)
        assert len(told) == 2
        assert other.path.stat().st_size > 1000
