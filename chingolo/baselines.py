"""What simpler methods make of the same songs: each gives every song a similarity to every theme."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from librosa import sequence  # type: ignore[attr-defined]

from chingolo import themes
from chingolo.themes import Theme

Array = npt.NDArray[np.float64]
Pictures = npt.NDArray[np.uint8]


def edit_distance(a: str, b: str) -> int:
    """Fewest insertions, deletions and replacements that turn one string into the other."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        previous, row = row, [i]
        for j, y in enumerate(b, 1):
            row.append(min(previous[j] + 1, row[-1] + 1, previous[j - 1] + (x != y)))
    return row[-1]


def contour_similarity(a: Theme, b: Theme) -> float:
    """Order of up- and downsweeps alone: 1 minus the edit distance over the longer contour."""
    x, y = themes.contour_string(a), themes.contour_string(b)
    return 1.0 - edit_distance(x, y) / max(len(x), len(y), 1)


def note_features(theme: Theme) -> Array:
    """Onset, length, both ends of every note, in just noticeable steps of our choice; shape (4, n)."""
    notes = theme.notes or themes.all_notes(theme)
    start = notes[0].onset_s
    return np.array(
        [
            [(n.onset_s - start) / 0.1, n.duration_s / 0.05, n.start_hz / 300, n.end_hz / 300]
            for n in notes
        ]
    ).T


def note_similarity(a: Theme, b: Theme) -> float:
    """Nearest note parameters: notes aligned in order, mean distance a step, turned to a similarity."""
    cost, path = sequence.dtw(note_features(a), note_features(b))
    return float(-cost[-1, -1] / len(path))


def pitch_track(theme: Theme, rate_hz: float = 100.0) -> Array:
    """Semitones of the sounding part of a theme without its trill; shape (1, n)."""
    bare = Theme(theme.notes, None) if theme.notes else theme
    f, _ = themes.contour(bare, rate_hz)
    return 12.0 * np.log2(f[np.isfinite(f)] / 1000.0)[None]


def track_similarity(a: Theme, b: Theme) -> float:
    """Dynamic time warping of f0 (librosa), mean distance a step in semitones, negative."""
    cost, path = sequence.dtw(pitch_track(a), pitch_track(b))
    return float(-cost[-1, -1] / len(path))


def note_similarities(songs: Sequence[Theme], panel: Sequence[Theme]) -> dict[str, Array]:
    """Similarity of every song to every panel theme, by every method that compares notes.

    Parameters
    ----------
    songs, panel : sequence of Theme
        As read. A song in which no whistle was found is as unlike every theme as can be.

    Returns
    -------
    dict of str to ndarray, shape (songs, panel)
    """
    methods = (
        ("contour_string", contour_similarity, -1.0),
        ("note_parameters", note_similarity, -99.0),
        ("f0_warping", track_similarity, -99.0),
    )
    return {
        name: np.array(
            [
                [compare(song, theme) if themes.all_notes(song) else least for theme in panel]
                for song in songs
            ]
        ).reshape(len(songs), len(panel))
        for name, compare, least in methods
    }


def picture_similarities(songs: Pictures, panel: Pictures, most: int = 24) -> Array:
    """Largest correlation coefficient of two spectrograms over shifts of up to `most` frames.

    Parameters
    ----------
    songs, panel : ndarray of uint8, shapes (n, bands, frames) and (m, bands, frames)
        As drawn by :mod:`chingolo.spectrogram`.
    most : int
        Largest shift; what overlaps is compared, with its own mean and norm.

    Returns
    -------
    ndarray, shape (n, m)
        -1 where a picture shows nothing.
    """
    bands, frames = songs.shape[1:]
    best = np.full((len(songs), len(panel)), -1.0)
    for lag in range(-most, most + 1):
        size = bands * (frames - abs(lag))
        u = songs[:, :, max(0, lag) : frames + min(0, lag)].reshape(len(songs), size)
        v = panel[:, :, max(0, -lag) : frames + min(0, -lag)].reshape(len(panel), size)
        best = np.fmax(best, _unit(u) @ _unit(v).T)
    return best


def _unit(rows: Pictures) -> Array:
    """Rows less their mean, of length 1; NaN where a row is constant."""
    x = rows - rows.mean(axis=1, keepdims=True)
    norm = np.linalg.norm(x, axis=1, keepdims=True)
    return np.asarray(x / np.where(norm > 0, norm, np.nan))
