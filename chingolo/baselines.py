"""What simpler methods make of the same songs: each gives every song a similarity to every theme."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from librosa import sequence  # type: ignore[attr-defined]

from chingolo import themes
from chingolo.config import Picture
from chingolo.openset import open_set
from chingolo.recordings import Song, cut
from chingolo.shards import Corpus
from chingolo.spectrogram import draw
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


def picture_similarity(a: Pictures, b: Pictures, most: int = 24) -> float:
    """Largest correlation coefficient of two spectrograms over shifts of up to `most` frames."""
    x, y = a.astype(np.float64), b.astype(np.float64)
    best = -1.0
    for lag in range(-most, most + 1):
        u = x[:, max(0, lag) : x.shape[1] + min(0, lag)].ravel()
        v = y[:, max(0, -lag) : y.shape[1] + min(0, -lag)].ravel()
        u, v = u - u.mean(), v - v.mean()
        norm = np.sqrt((u @ u) * (v @ v))
        best = max(best, float(u @ v / norm)) if norm > 0 else best
    return best


def similarities(
    songs: list[tuple[Theme, Pictures]], panel: list[tuple[Theme, Pictures]]
) -> dict[str, Array]:
    """Similarity of every song to every panel theme, by every baseline.

    Parameters
    ----------
    songs, panel : list of (theme, picture)
        As read, and as drawn by :mod:`chingolo.spectrogram`.

    Returns
    -------
    dict of str to ndarray, shape (songs, panel)
    """
    out = {
        name: np.zeros((len(songs), len(panel)))
        for name in ("contour_string", "note_parameters", "f0_warping", "spectrogram_correlation")
    }
    for i, (theme, picture) in enumerate(songs):
        for j, (known, shown) in enumerate(panel):
            silent = not theme.notes and theme.trill is None
            out["contour_string"][i, j] = -1.0 if silent else contour_similarity(theme, known)
            out["note_parameters"][i, j] = -99.0 if silent else note_similarity(theme, known)
            out["f0_warping"][i, j] = -99.0 if silent else track_similarity(theme, known)
            out["spectrogram_correlation"][i, j] = picture_similarity(picture, shown)
    return out


def compare(
    heard: Corpus,
    readings: Mapping[str, Theme],
    songs: Sequence[Song],
    sounds: Mapping[str, npt.NDArray[np.float32]],
    picture: Picture,
) -> dict[str, dict[str, float | None]]:
    """Score every baseline on the songs the judge is scored on.

    The baselines compare with the *recorded* enrolled song; the judge knows only its synthetic copies.

    Parameters
    ----------
    heard : Corpus
        Songs with the roles ``query`` and ``unknown``.
    readings : mapping of str to Theme
        Of all songs, by name.
    songs : sequence of Song
    sounds : mapping of str to ndarray
        Recordings by id.
    picture : Picture

    Returns
    -------
    dict
        ``{baseline: {"accuracy": ..., "auroc": ...}}``; None where there are no such songs.
    """
    panel, names = [], []
    for song in songs:
        if song.role == "enrol":
            part = cut(
                sounds[song.recording], picture.rate_hz, song.start_s, song.end_s, picture.margin_s
            )
            panel.append((readings[song.name], draw(part, picture)))
            names.append(song.theme)
    rows = [k for k, item in enumerate(heard.items) if item.role in ("query", "unknown")]
    pictures = heard.take(np.array(rows, dtype=np.int64))
    asked = [
        (readings[heard.items[row].song], shown) for row, shown in zip(rows, pictures, strict=True)
    ]
    known = np.array([heard.items[k].role == "query" for k in rows], dtype=bool)
    truth = [heard.items[k].theme for k in rows]
    out: dict[str, dict[str, float | None]] = {}
    for name, table in similarities(asked, panel).items():
        right = [names[int(k)] == t for k, t in zip(table.argmax(axis=1), truth, strict=True)]
        best = table.max(axis=1)
        out[name] = {
            "accuracy": float(np.array(right)[known].mean()) if known.any() else None,
            "auroc": open_set(best[known], best[~known])["auroc"],
        }
    return out
