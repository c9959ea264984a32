"""The configuration is strict: every fault is one line with its key and a cure."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from chingolo import config
from chingolo.errors import InputError

ROOT = Path(__file__).parents[1]


def plain(**changes: Any) -> dict[str, Any]:
    out = yaml.safe_load((ROOT / "config/config.yaml").read_text())
    for key, value in changes.items():
        *path, last = key.split("__")
        spot = out
        for part in path:
            spot = spot[part]
        spot[last] = value
    return out


def overlay(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    for key, value in over.items():
        base[key] = overlay(base[key], value) if isinstance(value, dict) and key in base else value
    return base


A = {"name": "a", "pixels": [[1] * 5] * 5}
B = {"name": "b", "pixels": [[-1] * 5] * 5}


@pytest.mark.parametrize("name", ["config", "test", "field"])
def test_every_shipped_config_is_valid(name: str):
    over = yaml.safe_load((ROOT / f"config/{name}.yaml").read_text())
    read = config.parse(overlay(plain(), over))
    assert read.study.seed == 1966


@pytest.mark.parametrize(
    ("changes", "key", "word"),
    [
        ({"judge__epochs": "many"}, "judge.epochs", "refused"),
        ({"judge__epoch": 3}, "judge.epoch", "unknown key"),
        ({"extra": 1}, "extra", "unknown key"),
        ({"judge__dropout": 1.5}, "judge.dropout", "refused"),
        ({"worlds": []}, "worlds", "refused"),
        ({"worlds": ["mars"]}, "worlds", "refused"),
        ({"worlds": ["songs", "songs"]}, "worlds", "twice"),
        ({"place__snr_db": [30, 5]}, "place.snr_db", "30.0 > 5.0"),
        ({"picture__high_hz": 12_000}, "picture.high_hz", "half the sampling rate"),
        ({"reader__low_hz": 9_900, "reader__high_hz": 2_000}, "reader", ">="),
        ({"simulated__last_year": 1966}, "simulated.last_year", "not after"),
        ({"simulated__neighbours": 4}, "simulated.neighbours", "even"),
        ({"simulated__birds": 181}, "simulated.birds", "like sides"),
        ({"simulated__neighbours": 13}, "simulated.birds", "holds 13 a side"),
        ({"pens__medium__note_hz": -1}, "pens.medium.note_hz", "refused"),
        ({"metric__loss": "hinge"}, "metric.loss", "refused"),
        ({"metric__loss": "proxy-anchor", "metric__geometry": "poincare"}, "metric.loss", "ball"),
        ({"primer__symbols": [A, A | {"name": "b"}]}, "primer.symbols.1", "drawing of 'a'"),
        ({"primer__symbols": [A, B | {"name": "a"}]}, "primer.symbols.1", "name of 'a'"),
        ({"primer__symbols": [A, B | {"pixels": [[1] * 6] * 5}]}, "primer.symbols.1", "not drawn"),
        (
            {"primer__symbols": [A, B | {"pixels": [[2] * 5] * 5}]},
            "primer.symbols.1.pixels",
            "refused",
        ),
    ],
)
def test_faults_name_their_key(changes: dict[str, Any], key: str, word: str):
    with pytest.raises(InputError) as caught:
        config.parse(plain(**changes))
    text = str(caught.value)
    assert f"key {key}" in text
    assert word in text
    assert "Cure:" in text
    assert "\n" not in text


def test_a_missing_key_is_named():
    broken = plain()
    del broken["judge"]["epochs"]
    with pytest.raises(InputError, match=r"judge.epochs: missing key"):
        config.parse(broken)


def test_an_unknown_key_suggests_its_neighbour():
    with pytest.raises(InputError, match=r"write 'epochs'"):
        config.parse(plain(judge__epoch=3))


def test_every_key_has_a_description_and_stands_in_the_documentation():
    rows = list(config.describe())
    assert len(rows) > 60
    assert all(text for _, _, text, _ in rows)
    documentation = (ROOT / "workflow/documentation.md").read_text()
    values = config.parse(plain())
    assert config.table(values) in documentation, "run: make docs"


def test_the_tree_is_immutable():
    read = config.parse(plain())
    with pytest.raises(AttributeError):
        read.judge.epochs = 3  # type: ignore[misc]
