"""Sites of today's themes: from the sheet of recordings, with and without coordinates."""

import numpy as np

from chingolo.config import Config
from chingolo.figures import sites as figure
from chingolo.sheets import Song
from chingolo.sites import Site, sites

ROWS = [
    {
        "recording": "a",
        "site": "Pergamino, Buenos Aires",
        "latitude": "-33.89",
        "longitude": "-60.57",
    },
    {"recording": "b", "site": "Pergamino", "latitude": "-33.891", "longitude": "-60.571"},
    {"recording": "c", "site": "Poás", "latitude": "10.2", "longitude": "-84.2"},
    {"recording": "d", "site": "unknown", "latitude": "", "longitude": ""},
]
SONGS = [
    Song("a", 0.0, 1.0, "one", "enrol", 2),
    Song("a", 2.0, 3.0, "one", "query", 3),
    Song("b", 0.0, 1.0, "two", "enrol", 4),
    Song("c", 0.0, 1.0, "three", "enrol", 5),
    Song("d", 0.0, 1.0, "four", "enrol", 6),
]


def test_sites_are_listed_from_north_to_south_and_near_ones_are_one():
    assert sites(SONGS, ROWS) == [
        Site(-84.2, 10.2, "Poás", ("three",)),
        Site(-60.57, -33.89, "Pergamino, Buenos Aires", ("one", "two")),
    ]


def test_every_theme_is_drawn_beside_the_map(config: Config):
    pictures = {name: np.zeros((64, 128), np.uint8) for name in ("one", "two", "three")}
    drawn = figure.draw(sites(SONGS, ROWS), pictures, config.picture, "songs")
    titles = [axes.get_title() for axes in drawn.axes]
    assert sorted(t for t in titles if t) == [
        "one · Pergamino",
        "three · Poás",
        "two · Pergamino",
    ]
    (points,) = [line for axes in drawn.axes for line in axes.lines]
    assert points.get_xdata().tolist() == [-84.2, -60.57]


def test_one_site_and_none_are_drawn_too(config: Config):
    pictures = {"three": np.zeros((64, 128), np.uint8)}
    drawn = figure.draw(sites(SONGS[3:4], ROWS), pictures, config.picture, "field")
    assert len(drawn.axes) == 2
    empty = figure.draw([], {}, config.picture, "field")
    assert "no recording" in empty.axes[0].texts[0].get_text()
