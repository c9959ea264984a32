"""Recordings without labels: their songs, what a listener called them, and a sheet to correct and feed back."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from chingolo import spectrogram
from chingolo.config import Finder, Picture
from chingolo.discovery import ALONE, Found
from chingolo.finder import find_songs
from chingolo.recordings import cut
from chingolo.shards import Corpus, Item
from chingolo.sheets import Song

Sound = npt.NDArray[np.float32]

ROLE = "found"
OVERLAP = 0.5
"""Share (intersection over union) by which a found song is that of a row of the sheet, as in
:func:`chingolo.finder.score`."""

SHEET = ("recording", "start_s", "end_s", "theme", "role", "certainty", "look_again")
"""Columns of the sheet to correct; the first five are those of a sheet of songs."""
TABLE = ("theme", "songs", "doubtful", "recordings", "exemplar", "nearest", "distance")
"""Columns of the table of themes."""


def found_songs(sounds: Mapping[str, Sound], rate_hz: int, finder: Finder) -> list[Song]:
    """Find the songs of recordings, whatever a sheet says of them.

    Parameters
    ----------
    sounds : mapping of str to ndarray, shape (n,)
        Recordings by id, at `rate_hz`.
    rate_hz : int
    finder : Finder

    Returns
    -------
    list of Song
        Of no theme, role ``found``, numbered through.
    """
    spans = [
        (name, round(start, 3), round(end, 3))
        for name, sound in sounds.items()
        for start, end in find_songs(sound, rate_hz, finder)
    ]
    return [Song(*span, "", ROLE, row) for row, span in enumerate(spans)]


def found_items(songs: Sequence[Song]) -> list[Item]:
    """List found songs."""
    return [Item(song.name, "", ROLE, 0) for song in songs]


def found_pictures(
    sounds: Mapping[str, Sound], songs: Sequence[Song], picture: Picture
) -> Iterator[npt.NDArray[np.uint8]]:
    """Cut and draw found songs, each of shape (bands, frames)."""
    for song in songs:
        sound = sounds[song.recording]
        part = cut(sound, picture.rate_hz, song.start_s, song.end_s, picture.margin_s)
        yield spectrogram.draw(part, picture)


def with_song(corpus: Corpus) -> Corpus:
    """Leave out stretches of recordings without a song, and read the others into memory."""
    rows = [k for k, item in enumerate(corpus.items) if item.role != "background"]
    return Corpus((corpus.take(np.array(rows, np.int64)),), [corpus.items[k] for k in rows])


def as_found(items: Sequence[Item], length_s: float) -> tuple[list[Song], list[str]]:
    """Take simulated field songs for what was found: each stands in a recording of its own.

    Parameters
    ----------
    items : sequence of Item
        Named ``<theme>/...``.
    length_s : float
        Of each.

    Returns
    -------
    songs : list of Song
    truth : list of str
        Their themes.
    """
    songs = [Song(item.song, 0.0, length_s, "", ROLE, row) for row, item in enumerate(items)]
    return songs, [item.song.rsplit("/", 1)[0] for item in items]


def marked(found: Sequence[Song], sheet: Sequence[Song]) -> list[str]:
    """Theme that a listener's sheet gives each found song; empty where none is marked.

    Returns
    -------
    list of str, length len(found)
        Of the row that overlaps most, if by :data:`OVERLAP`.
    """
    out = []
    for song in found:
        rows = [
            (_overlap(song, row), row.theme) for row in sheet if row.recording == song.recording
        ]
        share, theme = max(rows, default=(0.0, ""))
        out.append(theme if share >= OVERLAP else "")
    return out


def _overlap(one: Song, other: Song) -> float:
    both = min(one.end_s, other.end_s) - max(one.start_s, other.start_s)
    union = max(one.end_s, other.end_s) - min(one.start_s, other.start_s)
    return max(0.0, both) / union


def theme_name(number: int) -> str:
    """Name of a theme found: ``theme-01``, ..."""
    return f"theme-{number + 1:02d}"


def sheet_rows(songs: Sequence[Song], found: Found) -> list[tuple[object, ...]]:
    """Rows of a sheet of songs to correct, see :data:`SHEET`.

    The exemplar of each theme is enrolled and its other songs are queries; a song alone is of a theme of
    its own, and unknown.
    """
    rows: list[tuple[object, ...]] = []
    for k, (song, theme) in enumerate(zip(songs, found.theme, strict=True)):
        if theme == ALONE:
            name, role = f"alone-{song.row + 1:03d}", "unknown"
        else:
            name = theme_name(theme)
            role = "enrol" if k == found.exemplar[theme] else "query"
        times = (f"{song.start_s:.3f}", f"{song.end_s:.3f}")
        again = "yes" if found.doubtful[k] else ""
        rows.append((song.recording, *times, name, role, f"{found.certainty[k]:.3f}", again))
    return rows


def table_rows(
    songs: Sequence[Song], found: Found, between: npt.NDArray[np.floating]
) -> list[tuple[object, ...]]:
    """Rows of the table of themes, see :data:`TABLE`.

    Parameters
    ----------
    songs : sequence of Song, length n
    found : Found
    between : ndarray, shape (themes, themes)
        Of :func:`chingolo.discovery.between`.
    """
    rows: list[tuple[object, ...]] = []
    for k, exemplar in enumerate(found.exemplar.tolist()):
        own = np.flatnonzero(found.theme == k)
        other = between[k] + np.where(np.arange(len(between)) == k, np.inf, 0.0)
        near = int(other.argmin())
        nearest = (theme_name(near), f"{other[near]:.3f}") if len(between) > 1 else ("", "")
        recordings = ", ".join(dict.fromkeys(songs[j].recording for j in own.tolist()))
        doubtful = int(found.doubtful[own].sum())
        rows.append((theme_name(k), len(own), doubtful, recordings, songs[exemplar].name, *nearest))
    return rows
