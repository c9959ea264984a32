"""Trills: one falling whistle repeated at a fixed step, found among a song's whistles or inside one.

Up to some 30 elements a second each is a whistle of its own, and the trill is a comb in time. Faster
ones blur into one flat, buzzing whistle under the tracker's window; there a shorter window shows the
pitch going round in circles.
"""

from collections.abc import Sequence
from typing import NamedTuple

import librosa
import numpy as np
import numpy.typing as npt
from scipy import fft, signal

from chingolo.fitting import fit_simple
from chingolo.themes import Note, Trill, note_envelope, note_frequency

Array = npt.NDArray[np.float64]
Sound = npt.NDArray[np.float32]

LONGEST_ELEMENT_S, SHORTEST_STEP_S, LONGEST_STEP_S = 0.15, 0.01, 0.45
"""Bounds of a trill's element and step: between populations the step runs from little more than the
element to over 400 ms (Handford & Lougheed 1991, Condor 93:644)."""

LEAST_FALL = 0.08
"""A trill's element falls by more than this share of its upper end (our choice)."""

ELEMENT_RANGE_DB = 14.0
"""An element of a trill ends where it has sunk so far below its top (our choice)."""

FEWEST = 3
"""Fewest elements of a trill (our choice)."""

FAST_WINDOW_S, FAST_HOP_S = 0.0025, 0.0005
"""Window and step of the spectrogram in which fast trills are sought (our choice)."""

FAST_STEP_S = (0.007, 0.032)
"""Steps of fast trills: from what the window resolves to what the comb finds."""

BUZZ, BUZZ_SHARE = 0.4, 0.025
"""A whistle is a fast trill if its pitch, in the short window, repeats itself with this correlation and
goes up and down by this share of itself (our choice)."""


class Sweep(NamedTuple):
    """A falling whistle that may be an element of a trill: where it crosses a pitch, and how steeply."""

    time_s: float
    slope: float
    level_db: float
    duration_s: float


def find_trill(notes: Sequence[Note]) -> Trill | None:
    """Recognise a trill among a song's whistles: short falling sweeps at a fixed step.

    Each short falling whistle in turn stands model: the times at which all others fall through its
    middle pitch, about as steeply and as loud, are what a comb of fixed step is sought in. A crossing is
    found to a fraction of a millisecond where an onset is lost in noise, and also where echo or another
    bird has joined the element to something else.

    Returns
    -------
    Trill or None
        None where fewer than :data:`FEWEST` elements follow each other.
    """
    best: tuple[int, Note, Array, Array] | None = None
    for model in notes:
        fall = 1.0 - model.end_hz / model.start_hz
        if model.duration_s > LONGEST_ELEMENT_S or fall < LEAST_FALL:
            continue
        own = _sweep(model, 0.5 * (model.start_hz + model.end_hz))
        if own is None or (best is not None and np.abs(best[3] - own.time_s).min() < 1e-3):
            continue
        times = _alike(notes, own, 0.5 * (model.start_hz + model.end_hz))
        index, found = _comb(times, own.time_s)
        if index.size >= FEWEST and (best is None or index.size > best[0]):
            best = index.size, model, index, found
    if best is None:
        return None
    _, model, index, found = best
    step, first = np.polyfit(index, found, 1)
    elements = [
        (note, crossing)
        for note in notes
        for crossing in found
        if note.onset_s <= crossing <= note.onset_s + note.duration_s
        and note.duration_s < 3.0 * model.duration_s
    ]
    element = _typical(elements, step)
    return Trill(
        onset_s=float(max(first + element.onset_s, 0.0)),
        count=int(index[-1]) + 1,
        step_s=float(step),
        duration_s=float(min(element.duration_s, step)),
        start_hz=max(element.start_hz, element.end_hz),
        end_hz=min(element.start_hz, element.end_hz),
        bend=element.bend,
        level_db=element.level_db,
    )


def _typical(elements: Sequence[tuple[Note, float]], step: float) -> Note:
    """Element of a trill: the median of its whistles, laid over each other where they cross a pitch.

    Returns
    -------
    Note
        Line or exponential; its onset counts from the crossing.
    """
    grid = np.arange(-0.5 * step, 0.5 * step, 0.001)
    pitch, level = np.full((2, len(elements), grid.size), np.nan)
    for k, (note, crossing) in enumerate(elements):
        u = (grid + crossing - note.onset_s) / note.duration_s
        inside = (u >= 0) & (u <= 1)
        pitch[k, inside] = note_frequency(note, u[inside])
        level[k, inside] = 20.0 * np.log10(note_envelope(note, u[inside]))
    common = np.isfinite(pitch).mean(axis=0) >= 0.5
    pitch, level = np.nanmedian(pitch[:, common], axis=0), np.nanmedian(level[:, common], axis=0)
    # What drags on under the next element is echo.
    loud = np.flatnonzero(level > level.max() - ELEMENT_RANGE_DB)
    part = slice(int(loud[0]), int(loud[-1]) + 1)
    return fit_simple(grid[common][part], pitch[part], level[part])


def _sweep(note: Note, pitch_hz: float) -> Sweep | None:
    """Where a whistle falls through a pitch; None if it does not."""
    u = np.linspace(0.0, 1.0, 2 + int(note.duration_s / 1e-3))
    f = note_frequency(note, u)
    crossed = np.flatnonzero((f[:-1] >= pitch_hz) & (f[1:] < pitch_hz))
    if crossed.size == 0:
        return None
    k = int(crossed[0])
    share = k + (f[k] - pitch_hz) / (f[k] - f[k + 1])
    slope = (f[k + 1] - f[k]) * (u.size - 1) / note.duration_s
    time = note.onset_s + note.duration_s * share / (u.size - 1)
    return Sweep(float(time), float(slope), note.level_db, note.duration_s)


def _alike(notes: Sequence[Note], model: Sweep, pitch_hz: float) -> Array:
    """List the times at which whistles fall through a pitch much as the model does."""
    sweeps = [_sweep(note, pitch_hz) for note in notes]
    return np.array(
        [
            s.time_s
            for s in sweeps
            if s is not None
            and 0.4 < s.slope / model.slope < 2.5
            and abs(s.level_db - model.level_db) < 12.0
            and s.duration_s < 3.0 * model.duration_s
        ]
    )


def _comb(times: Array, anchor: float) -> tuple[Array, Array]:
    """Longest comb of fixed step through an anchor; an element may be missing between two others.

    Returns
    -------
    index, time : ndarray, shape (n,)
        Number of each element found, from 0, and its time.
    """
    longest = np.zeros(0), np.zeros(0)
    for other in times[times != anchor]:
        step = abs(other - anchor)
        if not SHORTEST_STEP_S < step < LONGEST_STEP_S:
            continue
        found = {0: anchor}
        for direction in (1, -1):
            last, missed, k = anchor, 0, 0
            while missed < 2:
                k += direction
                expected = last + direction * step * (1 + missed)
                near = times[np.abs(times - expected).argmin()]
                if abs(near - expected) < 0.12 * step * (1 + missed):
                    found[k], last, missed = near, near, 0
                else:
                    missed += 1
        span = max(found) - min(found) + 1
        if len(found) > longest[0].size and len(found) >= 0.75 * span:
            index = np.array(sorted(found))
            longest = (index - index[0]).astype(float), np.array([found[k] for k in sorted(found)])
    return longest


def find_fast_trill(notes: Sequence[Note], sound: Sound, rate_hz: float) -> Trill | None:
    """Recognise a trill too fast for the tracker: whistles that are flat, yet buzz.

    Parameters
    ----------
    notes : sequence of Note
        Whistles as tracked; times count from the beginning of `sound`.
    sound : ndarray, shape (n,)
    rate_hz : float
        Hz.

    Returns
    -------
    Trill or None
        It spans all whistles that buzz at the same step.
    """
    heard = [(note, *_buzz(note, sound, rate_hz)) for note in notes if note.duration_s >= 0.1]
    buzzing = [(note, step) for note, step, strength in heard if strength >= BUZZ]
    if not buzzing:
        return None
    model, step = max(buzzing, key=lambda pair: pair[0].duration_s)
    same = [note for note, other in buzzing if abs(other / step - 1.0) < 0.15]
    onset = min(note.onset_s for note in same)
    end = max(note.onset_s + note.duration_s for note in same)
    return _element(model, step, sound, rate_hz)._replace(
        onset_s=onset, count=max(FEWEST, round((end - onset) / step))
    )


def _short_window(note: Note, sound: Sound, rate_hz: float) -> tuple[Array, Array]:
    """Power around a whistle's pitch in a short window; bins' frequencies and (bins, frames)."""
    first = max(0, int(note.onset_s * rate_hz))
    part = sound[first : int((note.onset_s + note.duration_s) * rate_hz)]
    window = 2 * round(FAST_WINDOW_S * rate_hz / 2)
    spectrum = librosa.stft(
        part, n_fft=4 * window, win_length=window, hop_length=round(FAST_HOP_S * rate_hz)
    )
    f = librosa.fft_frequencies(sr=rate_hz, n_fft=4 * window)
    near = np.abs(f - 0.5 * (note.start_hz + note.end_hz)) < 1800.0
    return f[near], np.abs(spectrum[near]) ** 2


def _buzz(note: Note, sound: Sound, rate_hz: float) -> tuple[float, float]:
    """Step and strength with which a whistle's pitch repeats itself; strength 0 where it does not."""
    f, power = _short_window(note, sound, rate_hz)
    hop = round(FAST_HOP_S * rate_hz) / rate_hz
    centre = f @ power / (power.sum(axis=0) + 1e-20)
    slow = signal.savgol_filter(centre, 81, 1) if centre.size > 81 else centre.mean()
    wobble = centre - slow
    if wobble.std() < BUZZ_SHARE * centre.mean():
        return 0.0, 0.0
    n = wobble.size
    spectrum = fft.rfft(wobble, 2 * n)
    repeats = fft.irfft(np.abs(spectrum) ** 2)[:n] / np.arange(n, 0, -1)
    repeats = repeats / repeats[0]
    first, last = (int(step / hop) for step in FAST_STEP_S)
    peaks, _ = signal.find_peaks(repeats[: min(last, n // 3)])
    peaks = peaks[(peaks >= first) & (repeats[peaks] > 0)]
    if peaks.size == 0:
        return 0.0, 0.0
    # The first of the peaks that are about as high: later ones are its multiples.
    peak = peaks[repeats[peaks] > 0.8 * repeats[peaks].max()][0]
    return float(peak * hop), float(repeats[peak])


def _element(note: Note, step: float, sound: Sound, rate_hz: float) -> Trill:
    """Element of a fast trill: its whistle, folded at the step."""
    f, power = _short_window(note, sound, rate_hz)
    hop = round(FAST_HOP_S * rate_hz) / rate_hz
    phases = max(4, round(step / hop))
    phase = ((np.arange(power.shape[1]) * hop / step % 1.0) * phases).astype(int)
    folded = np.stack([power[:, phase == k].mean(axis=1) for k in range(phases)], axis=1)
    ridge = f[folded.argmax(axis=0)]
    first = int(np.argmax(ridge - np.roll(ridge, 1)))  # the leap back up begins an element
    ridge, level = np.roll(ridge, -first), np.roll(folded.max(axis=0), -first)
    sounding = np.flatnonzero(level > 0.2 * level.max())
    duration = float(np.clip((sounding[-1] + 1) / phases, 0.5, 0.95)) * step
    slope, start = np.polyfit(sounding / phases, ridge[sounding], 1, w=np.sqrt(level[sounding]))
    return Trill(
        onset_s=note.onset_s,
        count=FEWEST,
        step_s=step,
        duration_s=duration,
        start_hz=float(max(start, start + slope)),
        end_hz=float(min(start, start + slope * duration / step)),
        level_db=note.level_db,
    )
