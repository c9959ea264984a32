"""From a recorded song to its notes and trill: track the whistle, split it, fit each note."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import librosa
import numpy as np
import numpy.typing as npt
from librosa import sequence  # type: ignore[attr-defined]
from scipy import ndimage

from chingolo.config import Picture, Reader
from chingolo.errors import InputError
from chingolo.recordings import Song, cut, load, read_recordings, read_songs
from chingolo.spectrogram import noise_floor
from chingolo.themes import Note, Theme, Trill, all_notes, note_frequency, shift

Array = npt.NDArray[np.float64]
Sound = npt.NDArray[np.float32]


LEAP = 2e-3
"""Weight of a leap of pitch of any size between two frames, against staying (our choice)."""


class Track(NamedTuple):
    """A tracked whistle.

    Attributes
    ----------
    time_s : ndarray, shape (n,)
        Centre of each frame.
    frequency_hz : ndarray, shape (n,)
        The ridge; meaningless where not voiced.
    level_db : ndarray, shape (n,)
        Level of the ridge, 0 at its loudest.
    voiced : ndarray of bool, shape (n,)
    """

    time_s: Array
    frequency_hz: Array
    level_db: Array
    voiced: npt.NDArray[np.bool_]


def track(sound: Sound, rate_hz: float, reader: Reader) -> Track:
    """Follow the fundamental of a whistle through noise: the likeliest path over the spectrogram.

    Viterbi (librosa) over the bins of a zero-padded Hann spectrogram; the path pays for noise under it
    and for jumps; peaks are refined by a parabola through three bins of the log spectrum.

    Parameters
    ----------
    sound : ndarray, shape (n,)
    rate_hz : float
        Hz.
    reader : Reader

    Returns
    -------
    Track
    """
    window = 2 * round(reader.window_s * rate_hz / 2)
    hop = max(1, round(reader.hop_s * rate_hz))
    n_fft = 1 << int(np.ceil(np.log2(2 * window)))
    spectrum = np.abs(
        librosa.stft(sound, n_fft=n_fft, win_length=window, hop_length=hop, window="hann")
    )
    f = librosa.fft_frequencies(sr=rate_hz, n_fft=n_fft)
    band = (f >= reader.low_hz) & (f <= min(reader.high_hz, 0.48 * rate_hz))
    db = 20.0 * np.log10(spectrum[band] + 1e-9)
    # A clean synthetic song has no noise: what lies 50 dB below its top does not count either.
    above = np.maximum(db - np.maximum(noise_floor(db), db.max() - 50.0), -10.0)
    step = f[1] - f[0]
    distance = np.abs(np.subtract.outer(np.arange(len(db)), np.arange(len(db)))) * step
    # The floor lets the path leap from the foot of one trill element to the head of the next.
    transition = np.exp(-distance / reader.jump_hz) + LEAP
    transition /= transition.sum(axis=1, keepdims=True)
    # 3 dB of signal weigh as much as a factor e of probability (our choice).
    likelihood = np.exp((above - above.max(axis=0)) / 3.0)
    path = sequence.viterbi(likelihood / likelihood.sum(axis=0), transition).astype(int)
    # The path takes short cuts across broad peaks: climb to the top of the one it is on.
    frames = np.arange(db.shape[1])
    for _ in range(int(np.ceil(reader.jump_hz / step))):
        around = np.clip(path + np.array([[-1], [0], [1]]), 0, len(db) - 1)
        path = around[db[around, frames].argmax(axis=0), frames]
    inner = np.clip(path, 1, len(db) - 2)
    a, b, c = (db[inner + o, frames] for o in (-1, 0, 1))
    bend = a - 2 * b + c
    offset = np.where(bend < -1e-9, 0.5 * (a - c) / np.minimum(bend, -1e-9), 0.0)
    frequency = f[band][inner] + np.clip(offset, -0.5, 0.5) * step
    level = db[path, frames]
    snr = above[path, frames]
    level = level - level.max()
    voiced = (snr > reader.snr_db) & (level > -reader.range_db)
    return Track(frames * hop / rate_hz, frequency, level, voiced)


def segments(tracked: Track, reader: Reader) -> list[tuple[int, int]]:
    """Split a track into whistles, at silences, at jumps of pitch and at dips of level.

    Returns
    -------
    list of (first, last)
        Frames, `last` excluded, in order of time; none shorter than ``reader.shortest_s``.
    """
    hop = tracked.time_s[1] - tracked.time_s[0]
    voiced = tracked.voiced.copy()
    # A jump of pitch within two frames faster than any sweep of the species ends a whistle.
    leap = np.abs(tracked.frequency_hz[2:] - tracked.frequency_hz[:-2])
    voiced[1:-1] &= leap < 4.0 * reader.jump_hz
    # A dip 8 dB below both neighbours ends a whistle, too.
    reach = max(1, round(0.02 / hop))
    left = ndimage.maximum_filter1d(tracked.level_db, reach, origin=(reach - 1) // 2)
    right = ndimage.maximum_filter1d(tracked.level_db, reach, origin=-((reach - 1) // 2))
    voiced &= tracked.level_db > np.minimum(left, right) - 8.0
    gap = max(1, round(reader.closest_gap_s / hop))
    closed = ndimage.binary_closing(np.pad(voiced, gap), np.ones(gap))[gap:-gap]
    # Closing must not bridge the jumps.
    closed[1:-1] &= leap < 4.0 * reader.jump_hz
    labels, count = ndimage.label(closed)
    runs = [(int(s[0].start), int(s[0].stop)) for s in ndimage.find_objects(labels)][:count]
    return [r for r in runs if (r[1] - r[0]) * hop >= reader.shortest_s]


def fit_note(time_s: Array, frequency_hz: Array, level_db: Array, tolerance: float) -> Note:
    """Describe one whistle by the simplest curve that follows it.

    Line, exponential, arc, then a sampled curve: the first whose root-mean-square error lies within
    `tolerance` of the mean frequency.

    Parameters
    ----------
    time_s, frequency_hz, level_db : ndarray, shape (n,)
        The whistle's frames.
    tolerance : float
        Relative error allowed.

    Returns
    -------
    Note
    """
    hop = time_s[1] - time_s[0]
    onset, length = float(time_s[0] - hop / 2), float(time_s[-1] - time_s[0] + hop)
    u = (time_s - onset) / length
    weight = 10.0 ** (np.maximum(level_db - level_db.max(), -20.0) / 20.0)
    allowed = tolerance * float(frequency_hz.mean())
    top = float(level_db.max())
    knots = np.linspace(0.0, 1.0, int(np.clip(round(length / 0.025), 3, 12)) + 1)
    envelope = tuple(float(v) for v in np.round(np.interp(knots, u, level_db - top), 2))

    def error(note: Note) -> float:
        residual = note_frequency(note, u) - frequency_hz
        return float(np.sqrt(np.average(residual**2, weights=weight)))

    slope, start = np.polyfit(u, frequency_hz, 1, w=weight)
    best = Note(
        onset, length, float(start), float(start + slope), level_db=top, envelope_db=envelope
    )
    if error(best) <= allowed:
        return best
    basis = np.stack([1.0 - u, u, np.sin(np.pi * u)], axis=1)
    scaled, target = basis * weight[:, None], frequency_hz * weight
    first, last, rise = np.linalg.lstsq(scaled, target, rcond=None)[0]
    arc = best._replace(
        curve="arc",
        start_hz=float(first),
        end_hz=float(last),
        peak_hz=float(0.5 * (first + last) + rise),
    )
    bent = []
    for bend in (-6.0, -4.0, -2.5, -1.5, -0.8, 0.8, 1.5, 2.5, 4.0, 6.0):
        share = np.expm1(-bend * u) / np.expm1(-bend)
        pair = np.stack([1.0 - share, share], axis=1) * weight[:, None]
        ends = np.linalg.lstsq(pair, target, rcond=None)[0]
        bent.append(
            best._replace(
                curve="exponential", bend=bend, start_hz=float(ends[0]), end_hz=float(ends[1])
            )
        )
    for note in (min(bent, key=error), arc):
        if error(note) <= allowed:
            return note
    smooth = ndimage.median_filter(frequency_hz, 5, mode="nearest")
    samples = tuple(float(v) for v in np.round(np.interp(knots, u, smooth), 1))
    return best._replace(
        curve="sampled", samples_hz=samples, start_hz=samples[0], end_hz=samples[-1]
    )


def find_trill(notes: list[Note]) -> Trill | None:
    """Recognise a song's last notes as a trill: at least four short, falling, evenly spaced whistles.

    Returns
    -------
    Trill or None
        Its first element is the first note that belongs; None where the notes do not end so.
    """
    for first in range(len(notes) - 3):
        tail = notes[first:]
        onset = np.array([n.onset_s for n in tail])
        length = np.array([n.duration_s for n in tail])
        ends = np.array([(n.start_hz, n.end_hz) for n in tail])
        steps = np.diff(onset)
        step = float(np.median(steps))
        # A missed element leaves a step of two, one that was split in two a step of none.
        whole = np.round(steps / step)
        alike = np.abs(ends - np.median(ends, axis=0)) < 0.25 * np.median(ends, axis=0)
        typical = (
            (length < 1.7 * np.median(length))
            & (ends[:, 0] > ends[:, 1])
            & alike.all(axis=1)
            & (np.abs(np.append(steps / np.maximum(whole, 1), step) - step) < 0.25 * step)
        )
        if np.median(length) > 0.2 or whole.max() > 2:
            continue
        if not typical[:3].all() or typical.mean() < 0.7:
            continue
        index = np.concatenate([[0.0], np.cumsum(whole)])
        step, start = np.polyfit(index[typical], onset[typical], 1)
        return Trill(
            onset_s=float(max(start, 0.0)),
            count=int(index[-1]) + 1,
            step_s=float(step),
            duration_s=float(min(np.median(length[typical]), step)),
            start_hz=float(np.median(ends[typical, 0])),
            end_hz=float(np.median(ends[typical, 1])),
            bend=float(np.median([n.bend for n in tail])),
            level_db=float(np.median([n.level_db for n in tail])),
        )
    return None


def read(sound: Sound, rate_hz: float, reader: Reader) -> tuple[Theme, Track]:
    """Read a song: its notes, its trill, and the track they were read from.

    Parameters
    ----------
    sound : ndarray, shape (n,)
        One song, cut out.
    rate_hz : float
        Hz.
    reader : Reader

    Returns
    -------
    theme : Theme
        Times count from the beginning of `sound`.
    track : Track
    """
    tracked = track(sound, rate_hz, reader)
    notes = []
    for first, last in segments(tracked, reader):
        part = slice(first, last)
        notes.append(
            fit_note(
                tracked.time_s[part],
                tracked.frequency_hz[part],
                tracked.level_db[part],
                reader.tolerance,
            )
        )
    trill = find_trill(notes)
    if trill is not None:
        notes = [n for n in notes if n.onset_s < trill.onset_s - 0.5 * trill.step_s]
    return Theme(tuple(notes), trill), tracked


def find_songs(
    sound: Sound,
    rate_hz: float,
    reader: Reader,
    longest_gap_s: float = 0.35,
    shortest_s: float = 0.7,
) -> list[tuple[float, float]]:
    """Find songs in an uncut recording: bursts of whistles with silence around them.

    Parameters
    ----------
    sound : ndarray, shape (n,)
    rate_hz : float
        Hz.
    reader : Reader
    longest_gap_s : float
        Longest silence within a song, s.
    shortest_s : float
        Shortest song, s.

    Returns
    -------
    list of (start_s, end_s)
        In order of time.
    """
    block, step = int(60 * rate_hz), int(55 * rate_hz)
    songs: list[tuple[float, float]] = []
    for first in range(0, max(1, sound.size - (block - step)), step):
        # Blocks overlap by more than a song, so that memory is bounded and none is cut in two.
        last = first + block >= sound.size
        for start, end in _songs_of(
            sound[first : first + block], rate_hz, reader, longest_gap_s, shortest_s
        ):
            if start * rate_hz < step or last:
                begin = start + first / rate_hz
                if not songs or begin >= songs[-1][1]:
                    songs.append((begin, end + first / rate_hz))
    return songs


def _songs_of(
    sound: Sound, rate_hz: float, reader: Reader, longest_gap_s: float, shortest_s: float
) -> list[tuple[float, float]]:
    """Find the songs of one block, see :func:`find_songs`."""
    tracked = track(sound, rate_hz, reader)
    hop = tracked.time_s[1] - tracked.time_s[0]
    loud = tracked.voiced & (tracked.level_db > -20.0)
    gap = int(longest_gap_s / hop)
    closed = ndimage.binary_closing(np.pad(loud, gap), np.ones(gap))[gap:-gap]
    labels, _ = ndimage.label(closed)
    songs = []
    for where in ndimage.find_objects(labels):
        start, stop = int(where[0].start), int(where[0].stop)
        share = float(loud[start:stop].mean())
        if shortest_s <= (stop - start) * hop <= 4.0 and share > 0.3:
            songs.append((start * hop, stop * hop))
    return songs


def list_songs(
    sheets: Sequence[Path], audio: Sequence[Path], rate_hz: int, reader: Reader
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
    reader : Reader

    Returns
    -------
    list of Song
    """
    recordings = read_recordings(sheets[0])
    if len(sheets) > 1:
        return read_songs(sheets[1], recordings)
    songs = []
    for name, path in zip(recordings, audio, strict=True):
        found = find_songs(load(path, rate_hz), rate_hz, reader)
        for k, (start, end) in enumerate(found):
            role = "query" if k else "enrol"
            songs.append(Song(name, round(start, 3), round(end, 3), name, role, k))
    if len({song.theme for song in songs}) < 2:
        raise InputError(
            str(sheets[0]), "songs were found in fewer than two recordings", "add a sheet of songs"
        )
    return songs


def read_sheet(
    paths: Mapping[str, Path], songs: Sequence[Song], picture: Picture, reader: Reader
) -> Iterator[tuple[str, Theme]]:
    """Read every song of a world.

    Yields
    ------
    name, theme
        The theme begins at 0 s.

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
        theme, _ = read(part, picture.rate_hz, reader)
        whistles = all_notes(theme)
        if not whistles and song.role == "enrol":
            raise InputError(
                f"recording {song.recording}, song at {song.start_s:g} s",
                "no whistle was found in it",
                "enrol a clearer song of this theme",
            )
        yield song.name, shift(theme, -whistles[0].onset_s) if whistles else theme
