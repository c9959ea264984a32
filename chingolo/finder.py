"""Find songs in an uncut recording: bursts of whistles, told from others by how one bird repeats itself.

A whistle is a narrow peak that stands out of the noise of its own band and of the rest of its own
moment. Whistles with short gaps between them are a burst; the threshold that parts whistle from
background follows each burst's own loudness. What a recording is about is its loudest bird, and that
bird sings nearly the same song again and again: a burst as loud as the loudest is a song, a weaker
one only if it resembles such a song. The songs it resembles also tell where it begins and ends.
"""

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import librosa
import numpy as np
import numpy.typing as npt
from scipy import fft

from chingolo.config import Finder
from chingolo.errors import InputError
from chingolo.recordings import load
from chingolo.sheets import Song, read_recordings, read_songs
from chingolo.spectrogram import noise_floor

Array = npt.NDArray[np.float32]
Sound = npt.NDArray[np.float32]
Span = tuple[float, float]

WINDOW_S = 0.023
"""Length of a spectrum's window, rounded to a power of two of samples; four steps in it.

As short as the shortest trill note (0.023-0.046 s), long enough that a whistle is one peak."""
BLOCK_S = 60.0
"""The spectrogram is made in blocks of about this length, each with its own noise floor (our choice)."""
LOWEST_DB = -80.0
"""So far below the recording's peak all is silence, as digital silence is; 16 bits reach to -96."""
COARSE = 4
"""Frames pooled for comparing bursts, so that they lie 0.023 s apart (our choice)."""
BANDS = 25
"""Bands pooled for comparing bursts, 0.3 kHz each (our choice)."""
FULL = 0.12 / (0.12 + 0.16)
"""Least share of a song that sounds: the shortest whistle of the species and its longest gap."""
NEAR_DB = 6.0
"""A burst this much below the loudest song stands for itself: one doubling of the distance."""
MODELS = 100
"""So many of the loudest bursts are compared with all others, which bounds the work (our choice)."""
STEP_DB = 2.0
"""By so much the threshold rises until a burst is no longer than a song (our choice)."""


class Curves(NamedTuple):
    """A recording, frame by frame; small enough to be kept whole.

    Attributes
    ----------
    level_db : ndarray, shape (frames,)
        Level of the loudest band that stands out of its noise and of its moment; -inf: none does.
    coarse : ndarray of uint8, shape (BANDS, frames / COARSE)
        By how much more than the settings' `snr_db` each cell's best band stands out, in dB.
    step_s : float
        Time between frames.
    """

    level_db: Array
    coarse: npt.NDArray[np.uint8]
    step_s: float


class Burst(NamedTuple):
    """Whistles with short gaps between them: frames ``start`` to ``stop``, and their level."""

    start: int
    stop: int
    level_db: float

    @property
    def cells(self) -> slice:
        """Where the burst lies in ``Curves.coarse``."""
        return slice(self.start // COARSE, -(-self.stop // COARSE))


def list_songs(
    sheets: Sequence[Path], audio: Sequence[Path], rate_hz: int, finder: Finder
) -> list[Song]:
    """List the songs of a world: of its sheet of songs, or found where there is none.

    Found songs of one recording count as one theme (one bird, one song, as is usual in the species):
    the first is enrolled, the others are queries. A recording in which no song was found is left out.

    Parameters
    ----------
    sheets : sequence of Path
        Sheet of recordings and, if there is one, of songs.
    audio : sequence of Path
        In the order of the sheet of recordings.
    rate_hz : int
        At which recordings are searched.
    finder : Finder

    Returns
    -------
    list of Song
    """
    recordings = read_recordings(sheets[0])
    if len(sheets) > 1:
        return read_songs(sheets[1], recordings)
    songs = []
    for name, path in zip(recordings, audio, strict=True):
        found = find_songs(load(path, rate_hz), rate_hz, finder)
        for k, (start, end) in enumerate(found):
            role = "query" if k else "enrol"
            songs.append(Song(name, round(start, 3), round(end, 3), name, role, k))
    if len({song.theme for song in songs}) < 2:
        raise InputError(
            str(sheets[0]), "songs were found in fewer than two recordings", "add a sheet of songs"
        )
    return songs


class Score(NamedTuple):
    """How found songs agree with a sheet.

    Attributes
    ----------
    songs : int
        Songs of the sheet that had to be found.
    songs_found : int
        Those of them that a found song overlaps by 0.7 (intersection over union).
    songs_covered : int
        Those of them of which a found song covers 0.7.
    finds : int
        Songs found.
    false_finds : int
        Those of them that overlap no row of the sheet by 0.5 (intersection over union).
    """

    songs: int
    songs_found: int
    songs_covered: int
    finds: int
    false_finds: int


def find_songs(sound: Sound, rate_hz: float, finder: Finder) -> list[Span]:
    """Find the songs of a recording's loudest bird, or birds if equally loud.

    Parameters
    ----------
    sound : ndarray, shape (n,)
    rate_hz : float
        Hz.
    finder : Finder

    Returns
    -------
    list of (start_s, end_s)
        In order of time, none overlapping another.
    """
    curves = measure(sound, rate_hz, finder)
    bursts = find_bursts(curves, finder)
    songs = [
        (burst, start * curves.step_s, min(stop * curves.step_s, sound.size / rate_hz))
        for burst, start, stop in _choose(bursts, curves, finder)
    ]
    return _part([(burst.level_db, start, end) for burst, start, end in songs], finder.shortest_s)


def measure(sound: Sound, rate_hz: float, finder: Finder) -> Curves:
    """Measure how a whistle stands out, frame by frame, one block of sound after the other.

    Parameters
    ----------
    sound : ndarray, shape (n,)
    rate_hz : float
        Hz.
    finder : Finder

    Returns
    -------
    Curves
    """
    n_fft = 1 << round(np.log2(WINDOW_S * rate_hz))
    hop = n_fft // 4
    f = librosa.fft_frequencies(sr=rate_hz, n_fft=n_fft)
    band = np.flatnonzero((f >= finder.low_hz) & (f <= min(finder.high_hz, 0.48 * rate_hz)))
    edges = np.linspace(0, band.size, BANDS, endpoint=False).astype(int)
    # 0 dB is a sine of the recording's peak; nothing here depends on the gain.
    full = float(max(sound.max(initial=0.0), -sound.min(initial=0.0))) * n_fft / 4 or 1.0
    frames = -(-sound.size // (hop * COARSE)) * COARSE
    blocks = max(1, round(sound.size / (BLOCK_S * rate_hz)))
    limits = np.linspace(0, frames // COARSE, blocks + 1).astype(int) * COARSE
    level = np.zeros(frames, np.float32)
    coarse = np.zeros((BANDS, frames // COARSE), np.uint8)
    for first, last in itertools.pairwise(limits.tolist()):
        if first == last:
            continue
        begin, end = first * hop - n_fft // 2, (last - 1) * hop + n_fft // 2
        part = np.pad(
            sound[max(0, begin) : max(0, end)], (max(0, -begin), max(0, end - sound.size))
        )
        spectrum = librosa.stft(part, n_fft=n_fft, hop_length=hop, center=False)[band]
        db = 20.0 * np.log10(np.maximum(np.abs(spectrum) / full, 10.0 ** (LOWEST_DB / 20.0)))
        above = db - noise_floor(db).astype(np.float32)
        # A gust, a knock or a change of gain lifts all bands at once, a whistle only one.
        above -= np.maximum(np.median(above, axis=0), 0.0)
        level[first:last] = np.where(above > finder.snr_db, db, -np.inf).max(axis=0)
        cells = np.maximum.reduceat(above, edges, axis=0).reshape(BANDS, -1, COARSE).max(axis=2)
        coarse[:, first // COARSE : last // COARSE] = np.clip(cells - finder.snr_db, 0, 255)
    return Curves(level, coarse, hop / rate_hz)


def find_bursts(curves: Curves, finder: Finder) -> list[Burst]:
    """Find bursts of whistles as long as a song, each at a threshold of its own.

    Parameters
    ----------
    curves : Curves
    finder : Finder

    Returns
    -------
    list of Burst
        In order of time.
    """
    gap = finder.longest_gap_s / curves.step_s
    shortest, longest = finder.shortest_s / curves.step_s, finder.longest_s / curves.step_s
    bursts = []
    # From threshold to threshold, as down a tree: a burst is cut until it is like a song or too short.
    todo = [(0, curves.level_db.size, -np.inf)]
    while todo:
        first, last, threshold = todo.pop()
        loud = np.flatnonzero(curves.level_db[first:last] > threshold) + first
        for part in np.split(loud, np.flatnonzero(np.diff(loud) > gap) + 1):
            if part.size == 0 or part[-1] + 1 - part[0] < shortest:
                continue
            start, stop = int(part[0]), int(part[-1]) + 1
            # Loud, yet not the one loudest frame.
            level = float(np.percentile(curves.level_db[part], 95.0))
            if threshold < level - finder.range_db - 1e-3:
                todo.append((start, stop, level - finder.range_db))
            elif stop - start > longest:
                todo.append((start, stop, threshold + STEP_DB))
            elif part.size >= FULL * (stop - start):
                bursts.append(Burst(start, stop, level))
    return sorted(bursts)


def _choose(
    bursts: Sequence[Burst], curves: Curves, finder: Finder
) -> list[tuple[Burst, float, float]]:
    """Choose the bursts that are songs of the loudest bird, and mend their limits, in frames."""
    if not bursts:
        return []
    level = np.array([burst.level_db for burst in bursts])
    models = np.argsort(-level, kind="stable")[:MODELS]
    likeness, starts = _compare([bursts[int(m)] for m in models], bursts, curves)
    alike = likeness >= finder.likeness
    alike[np.arange(models.size), models] = False
    # A single loud noise, such as a voice, must not hide the bird: it is like no other burst.
    repeated = models[alike.any(axis=1)]
    loudest = level[repeated[0] if repeated.size else models[0]]
    near = level >= loudest - NEAR_DB
    alike &= near[models, np.newaxis]
    length = np.array([bursts[int(m)].stop - bursts[int(m)].start for m in models])
    songs = []
    kept = near | (alike.any(axis=0) & (level >= loudest - finder.range_db))
    for k in np.flatnonzero(kept).tolist():
        said = np.flatnonzero(alike[:, k])
        # Each song it resembles says where this one begins and ends, and so does it itself.
        start = np.median([*starts[said, k], bursts[k].start])
        stop = np.median([*(starts[said, k] + length[said]), bursts[k].stop])
        songs.append((bursts[k], max(0.0, float(start)), float(stop)))
    return songs


def _compare(
    models: Sequence[Burst], bursts: Sequence[Burst], curves: Curves
) -> tuple[Array, npt.NDArray[np.int_]]:
    """Shift each model along each burst: their likeness at best, and the model's first frame then.

    Parameters
    ----------
    models, bursts : sequence of Burst
    curves : Curves

    Returns
    -------
    likeness : ndarray, shape (models, bursts)
        Cosine of the two coarse pictures where they lie best on each other.
    start : ndarray of int, shape (models, bursts)
    """
    columns = np.array([model.cells.stop - model.cells.start for model in models])
    # A model may stick out by half its length: the burst may be a fragment, or too long.
    margin = int(columns.max()) // 2
    widest = max(burst.cells.stop - burst.cells.start for burst in bursts) + 2 * margin
    n = fft.next_fast_len(widest + 1, real=True)
    pictures = [curves.coarse[:, model.cells].astype(np.float32) for model in models]
    waves = np.conj(np.stack([fft.rfft(picture, n, axis=1) for picture in pictures]))
    size = np.sqrt([np.square(picture).sum() for picture in pictures])
    offset = np.array([model.start % COARSE for model in models])
    likeness = np.zeros((len(models), len(bursts)), np.float32)
    start = np.zeros((len(models), len(bursts)), np.int_)
    for k, burst in enumerate(bursts):
        first, last = burst.cells.start - margin, burst.cells.stop + margin
        around = np.zeros((BANDS, last - first), np.float32)
        inside = curves.coarse[:, max(0, first) : last]
        around[:, max(0, -first) : max(0, -first) + inside.shape[1]] = inside
        product = fft.irfft(np.einsum("mbf,bf->mf", waves, fft.rfft(around, n, axis=1)), n, axis=1)
        lags = np.arange(around.shape[1])
        energy = np.concatenate([[0.0], np.cumsum(np.square(around, dtype=np.float64).sum(axis=0))])
        ends = np.minimum(lags + columns[:, np.newaxis], around.shape[1])
        overlaid = size[:, np.newaxis] * np.sqrt(energy[ends] - energy[lags])
        cosine = product[:, : lags.size] / np.maximum(overlaid, 1e-6)
        half = columns[:, np.newaxis] // 2
        cosine[(lags < margin - half) | (lags > around.shape[1] - margin - half)] = -1.0
        best = cosine.argmax(axis=1)
        likeness[:, k] = cosine[np.arange(len(models)), best]
        start[:, k] = (first + best) * COARSE + offset
    return likeness, start


def _part(songs: Sequence[tuple[float, float, float]], shortest_s: float) -> list[Span]:
    """Make songs (level, start, end) disjoint: what two share belongs to the louder, and stubs are dropped."""
    kept: list[Span] = []
    for _, start, end in sorted(songs, key=lambda song: (-song[0], song[1])):
        crossed = [span for span in kept if start < span[1] and span[0] < end]
        first = max((span[1] for span in crossed if span[0] <= start), default=start)
        last = min((span[0] for span in crossed if span[0] > start), default=end)
        if last - first >= shortest_s:
            kept.append((first, last))
    return sorted(kept)


def score(found: Mapping[str, Sequence[Span]], sheet: Iterable[Song]) -> Score:
    """Count which songs of a sheet were found, and which found songs are in no row of it.

    Parameters
    ----------
    found : mapping of str to sequence of (start_s, end_s)
        By recording.
    sheet : iterable of Song
        Rows whose role is `check` need not be found, and finding them is no fault.

    Returns
    -------
    Score
    """
    rows: dict[str, list[Song]] = {}
    for song in sheet:
        rows.setdefault(song.recording, []).append(song)
    counts = Counter[str]()
    for name in {**rows, **found}:
        spans = np.array(found.get(name, ()), np.float64).reshape(-1, 2)
        songs = rows.get(name, [])
        truth = np.array([(song.start_s, song.end_s) for song in songs]).reshape(-1, 2)
        both = np.minimum.outer(truth[:, 1], spans[:, 1]) - np.maximum.outer(
            truth[:, 0], spans[:, 0]
        )
        both = np.maximum(both, 0.0)
        length = truth[:, 1:] - truth[:, :1]
        union = length + (spans[:, 1] - spans[:, 0]) - both
        sure = np.array([song.role != "check" for song in songs], np.bool_)
        counts["songs"] += int(sure.sum())
        counts["songs_found"] += int((both / union >= 0.7).any(axis=1)[sure].sum())
        counts["songs_covered"] += int((both / length >= 0.7).any(axis=1)[sure].sum())
        counts["finds"] += len(spans)
        counts["false_finds"] += int((~(both / union >= 0.5).any(axis=0)).sum())
    return Score(**{field: counts[field] for field in Score._fields})
