"""Where today's themes were recorded: sites from the sheet of recordings."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from chingolo.sheets import Song


class Site(NamedTuple):
    """One place, and the themes enrolled there.

    Attributes
    ----------
    longitude, latitude : float
        Degrees.
    name : str
        As the sheet has it.
    themes : tuple of str
    """

    longitude: float
    latitude: float
    name: str
    themes: tuple[str, ...]


def sites(songs: Sequence[Song], recordings: Sequence[Mapping[str, Any]]) -> list[Site]:
    """List the sites of the panel's enrolled songs, from north to south.

    Parameters
    ----------
    songs : sequence of Song
    recordings : sequence of mapping
        Rows of the sheet of recordings.

    Returns
    -------
    list of Site
        Recordings without coordinates are left out; those at one place, to a hundredth of a degree, are one
        site.
    """
    row = {one["recording"]: one for one in recordings}
    found: dict[tuple[float, float], tuple[str, list[str]]] = {}
    for song in songs:
        told = row[song.recording]
        if song.role != "enrol":
            continue
        try:
            place = round(float(told["longitude"]), 2), round(float(told["latitude"]), 2)
        except ValueError:
            continue
        found.setdefault(place, (told["site"], []))[1].append(song.theme)
    listed = [Site(*place, name, tuple(themes)) for place, (name, themes) in found.items()]
    return sorted(listed, key=lambda site: -site.latitude)
