"""From a recorded song to its notes and trill: track the whistle, split it, fit each note."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from chingolo.config import Picture, Reader
from chingolo.errors import InputError
from chingolo.fitting import fit_note
from chingolo.recordings import cut, load
from chingolo.ridge import Track, track
from chingolo.sheets import Song
from chingolo.themes import Note, Theme, Trill, all_notes, shift
from chingolo.trills import find_fast_trill, find_trill

Array = npt.NDArray[np.float64]
Sound = npt.NDArray[np.float32]

STEEPEST_RISE, STEEPEST_FALL = 300_000.0, 500_000.0
"""Hz/s: twice the steepest sweep of a theme, and of a trill's element at its head. What is faster is no
glide but another whistle (our choice)."""

SHORTEST_NOTE_S, FAINT_DB = (0.11, 0.16), (8.0, 18.0)
"""Whistles of themes last 0.12 s and more. What lasts no longer than the first is none; from there to the
second, and beyond, it may be so much fainter than the loudest (our choice, for noise with other birds)."""

FAINTEST_DB = 20.0
"""Whistles so far below a song's loudest are echoes and other birds rather than the song (our choice)."""

CLEAR = 0.55
"""A theme's whistle stands out of the noise by at least this share of what its clearest does, in dB."""


class Reading(NamedTuple):
    """What was read of a song.

    Attributes
    ----------
    theme : Theme
        Its notes and its trill; times count from the beginning of the sound.
    whistles : tuple of Note
        All that was tracked, element by element of the trill.
    unexplained : tuple of Note
        Whistles in neither: other birds, noise, remains.
    explained : float
        Share of the tracked energy that lies within the theme's notes and trill.
    track : Track
    """

    theme: Theme
    whistles: tuple[Note, ...]
    unexplained: tuple[Note, ...]
    explained: float
    track: Track


def segments(tracked: Track, reader: Reader) -> list[tuple[int, int]]:
    """Split a track into whistles: at silences and at leaps of pitch.

    Returns
    -------
    list of (first, last)
        Frames, `last` excluded, in order of time; none shorter than ``reader.shortest_s`` or three frames.
    """
    hop, f, level = reader.hop_s, tracked.frequency_hz, tracked.level_db
    whistles: list[tuple[int, int]] = []
    for first, last in _runs(tracked.voiced):
        glide = np.diff(f[first:last]) / hop
        leaps = (glide > STEEPEST_RISE) | (glide < -STEEPEST_FALL)
        for begin, end in _between(first, last, first + 1 + np.flatnonzero(leaps)):
            # Where an echo cancels a whistle for a moment, it goes on at the same pitch.
            goes_on = (
                whistles
                and begin - whistles[-1][1] <= reader.closest_gap_s / hop
                and abs(f[begin] - f[whistles[-1][1] - 1]) < 0.5 * reader.jump_hz
            )
            whistles.append((whistles.pop()[0] if goes_on else begin, end))
    found = []
    for begin, end in whistles:
        # An echo drags on under the note: it ends where it has sunk too far below its top.
        loud = level[begin:end]
        kept = np.flatnonzero(loud > loud.max() - reader.note_range_db)
        if kept[-1] - kept[0] >= max(2, round(reader.shortest_s / hop) - 1):
            found.append((begin + int(kept[0]), begin + int(kept[-1]) + 1))
    return found


def _runs(voiced: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and last frame (excluded) of every stretch that is voiced."""
    turns = np.flatnonzero(np.diff(np.pad(voiced, 1).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(turns[::2], turns[1::2], strict=True)]


def _between(first: int, last: int, cuts: npt.NDArray[np.intp]) -> list[tuple[int, int]]:
    """Stretches into which cuts divide a stretch."""
    bounds = [first, *(int(c) for c in cuts), last]
    return [(a, b) for a, b in pairwise(bounds) if b > a]


def weed(notes: Sequence[Note], snr_db: Sequence[float], trill: Trill | None) -> list[Note]:
    """Keep the whistles of a theme: before the trill, and neither too short nor too faint for one.

    `snr_db` tells how far each stands out of the noise, by its median: scraps of other birds, which the
    tracker has strung together, do so by their tops only.

    What is left out (other birds, noise, remains of a trill's elements) is what the theme does not
    explain.
    """
    end = np.inf if trill is None else trill.onset_s - 0.25 * trill.step_s
    clear = CLEAR * max(snr_db, default=0.0)
    long = [
        n
        for n, snr in zip(notes, snr_db, strict=True)
        if n.duration_s >= SHORTEST_NOTE_S[0]
        and n.onset_s + 0.5 * n.duration_s < end
        and snr > clear
    ]
    loudest = max((n.level_db for n in long), default=0.0)
    return [n for n in long if n.level_db > loudest - FAINT_DB[n.duration_s >= SHORTEST_NOTE_S[1]]]


def read(sound: Sound, rate_hz: float, reader: Reader) -> Reading:
    """Read a song: its notes, its trill, and what they do not explain.

    Parameters
    ----------
    sound : ndarray, shape (n,)
        One song, cut out.
    rate_hz : float
        Hz.
    reader : Reader

    Returns
    -------
    Reading
    """
    tracked = track(sound, rate_hz, reader)
    time, f, level = tracked.time_s, tracked.frequency_hz, tracked.level_db
    found = segments(tracked, reader)
    # Where an echo cancels a whistle for a moment, its pitch is anything's: it is not fitted.
    frames = [first + np.flatnonzero(tracked.voiced[first:last]) for first, last in found]
    whistles = tuple(fit_note(time[k], f[k], level[k], reader.tolerance) for k in frames)
    snr_db = [float(np.median(tracked.snr_db[k])) for k in frames]
    trill = find_trill(whistles) or find_fast_trill(whistles, sound, rate_hz)
    notes = weed(whistles, snr_db, trill)
    spans = [(v.onset_s, v.onset_s + v.duration_s) for v in notes]
    if trill is not None:
        length = (trill.count - 1) * trill.step_s + trill.duration_s
        spans.append((trill.onset_s, trill.onset_s + length))
    rest = tuple(v for v in whistles if not _within(v.onset_s + 0.5 * v.duration_s, spans))
    energy = np.where(tracked.voiced, 10.0 ** (level / 10.0), 0.0)
    inside = np.array([_within(t, spans) for t in time])
    explained = float(energy[inside].sum() / max(energy.sum(), 1e-20))
    return Reading(Theme(tuple(notes), trill), whistles, rest, explained, tracked)


def _within(time: float, spans: Sequence[tuple[float, float]]) -> bool:
    return any(start <= time <= end for start, end in spans)


def from_start(theme: Theme) -> Theme:
    """Count the times of a song from its first whistle, if there is any."""
    whistles = all_notes(theme)
    return shift(theme, -whistles[0].onset_s) if whistles else theme


def whole_song(reading: Reading) -> Theme:
    """All whistles of a song, but for the faintest, as if each were a note; times from its first.

    So it holds what the theme leaves out, and the trill's elements one by one, as they were sung.
    """
    heard = tuple(v for v in reading.whistles if v.level_db > -FAINTEST_DB)
    return from_start(Theme(heard))


def read_sheet(
    paths: Mapping[str, Path], songs: Sequence[Song], picture: Picture, reader: Reader
) -> Iterator[tuple[str, Theme, Theme]]:
    """Read every song of a world.

    Yields
    ------
    name, theme, whole
        The theme, and the :func:`whole_song`; each begins at 0 s.

    Raises
    ------
    InputError
        No whistle in a song that is to be enrolled.
    """
    loaded, sound = "", np.zeros(0, np.float32)
    for song in songs:
        if song.recording != loaded:
            loaded, sound = song.recording, load(paths[song.recording], picture.rate_hz)
        part = cut(sound, picture.rate_hz, song.start_s, song.end_s, picture.margin_s)
        reading = read(part, picture.rate_hz, reader)
        if not all_notes(reading.theme) and song.role == "enrol":
            raise InputError(
                f"recording {song.recording}, song at {song.start_s:g} s",
                "no whistle was found in it",
                "enrol a clearer song of this theme",
            )
        yield song.name, from_start(reading.theme), whole_song(reading)
