"""How close a synthetic copy comes to the recording it was made from.

Two copies, both sung by the same syrinx: the *trace* follows the tracked contour moment by moment, and
shows what the instrument can do; the *copy* is sung from the theme read of the song, its notes and its
trill, and shows what the words of a theme keep. Beside them the *ceiling*: a plain sine that follows the
ridge and level which the measure itself sees in the recording. One voice without noise can hardly come
closer in the spectrum; in pitch it may, because the ridge that the measure sees has errors of its own.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import signal

from chingolo.config import Picture, Reader, Singer
from chingolo.files import without_nan
from chingolo.pitch import PitchMap
from chingolo.reader import Reading, read
from chingolo.recordings import cut, load
from chingolo.ridge import Track
from chingolo.sheets import Song
from chingolo.singing import clock, gesture, perform, sing

Array = npt.NDArray[np.float64]
Sound = npt.NDArray[np.float32]
AnySound = npt.NDArray[np.floating]

MEASURES = ("f0_median", "f0_p95", "within_2_percent", "correlation_db", "second_harmonic_db")


class Copy(NamedTuple):
    """A recorded song, its reading and its synthetic copies, all as long as the recording.

    Attributes
    ----------
    reading : Reading
    ceiling, trace, copy : ndarray, shape (n,)
        See the module.
    """

    reading: Reading
    ceiling: Sound
    trace: Sound
    copy: Sound


def _spectrogram(sound: AnySound, rate_hz: float) -> tuple[Array, Array]:
    n = 512 if rate_hz > 30_000 else 256
    f, _, z = signal.stft(
        sound, rate_hz, nperseg=n, noverlap=n - n // 4, boundary=None, padded=False
    )
    return f, np.abs(z)


def plain_ridge(sound: AnySound, rate_hz: float) -> tuple[Array, Array]:
    """Loudest pitch of each frame, without any care for continuity: one judge for all singers.

    Returns
    -------
    frequency, level : ndarray, shape (frames,)
        Hz and dB; frames of 512 samples at a quarter's step (256 below 30 kHz), peak of 1.5-9.5 kHz,
        refined by a parabola.
    """
    f, s = _spectrogram(sound, rate_hz)
    band = (f >= 1500.0) & (f <= min(9500.0, 0.48 * rate_hz))
    f, power = f[band], s[band] ** 2
    k = power.argmax(axis=0)
    inner, frame = np.clip(k, 1, len(f) - 2), np.arange(power.shape[1])
    a, b, c = (np.log(power[inner + o, frame] + 1e-30) for o in (-1, 0, 1))
    bend = np.minimum(a - 2.0 * b + c, -1e-12)
    peak = f[inner] + np.clip(0.5 * (a - c) / bend, -0.5, 0.5) * (f[1] - f[0])
    return peak, 10.0 * np.log10(power[k, frame] + 1e-30)


def compare(recording: AnySound, copy: AnySound, rate_hz: float) -> dict[str, float]:
    """Measure a copy against its recording.

    Parameters
    ----------
    recording, copy : ndarray, shape (n,)
    rate_hz : float
        Hz.

    Returns
    -------
    dict
        ``f0_median``, ``f0_p95``, ``within_2_percent``: relative error of :func:`plain_ridge` over the
        frames within 25 dB of the recording's loudest; ``correlation_db``: Pearson's correlation of the
        dB spectrograms, 0.5-10 kHz, floored 50 dB under each peak; ``second_harmonic_db``: copy over
        recording, where the latter can be seen, NaN where it nowhere can. All after the shift, at most
        8 ms, that is kindest to the copy.
    """
    n = min(len(recording), len(copy))
    x, y = (np.asarray(s[:n] / np.abs(s[:n]).max(), float) for s in (recording, copy))
    fx, level = plain_ridge(x, rate_hz)
    voiced = level > level.max() - 25.0

    def error(lag: int) -> Array:
        own, _ = plain_ridge(_shifted(y, lag), rate_hz)
        return np.asarray(np.abs(own - fx)[voiced] / fx[voiced])

    step, most = max(1, int(0.0005 * rate_hz)), int(min(0.008 * rate_hz, n // 4))
    lags = sorted(range(-most, most + 1, step), key=abs)
    lag = min(lags, key=lambda k: round(float(np.median(error(k))), 4))
    e, y = error(lag), _shifted(y, lag)
    (f, sx), (_, sy) = (_spectrogram(s, rate_hz) for s in (x, y))
    band = (f > 500.0) & (f < 10_000.0)
    db = [np.maximum(20.0 * np.log10(s[band] / s[band].max() + 1e-9), -50.0) for s in (sx, sy)]
    return {
        "f0_median": float(np.median(e)),
        "f0_p95": float(np.percentile(e, 95)),
        "within_2_percent": float((e < 0.02).mean()),
        "correlation_db": float(np.corrcoef(db[0].ravel(), db[1].ravel())[0, 1]),
        "second_harmonic_db": second_harmonic(x, y, rate_hz),
    }


def _shifted(sound: Array, lag: int) -> Array:
    out = np.zeros_like(sound)
    if lag >= 0:
        out[lag:] = sound[: len(sound) - lag]
    else:
        out[:lag] = sound[-lag:]
    return out


def second_harmonic(recording: AnySound, copy: AnySound, rate_hz: float) -> float:
    """Second harmonic of a copy over that of its recording, dB relative to each one's fundamental.

    Median over the frames within 20 dB of the loudest in which the recording's second harmonic stands
    8 dB out of what lies beside it; NaN where there are fewer than ten.
    """
    f, _, z = signal.stft(recording, rate_hz, nperseg=1024, noverlap=768)
    db, other = (
        20.0 * np.log10(np.abs(s) + 1e-9)
        for s in (z, signal.stft(copy, rate_hz, nperseg=1024, noverlap=768)[2])
    )
    band = np.flatnonzero((f >= 1500.0) & (f <= 9500.0))
    top = db[band].max(axis=0)
    differences = []
    for frame in np.flatnonzero(top > top.max() - 20.0):
        k = int(band[db[band, frame].argmax()])
        if 2 * k + 15 >= len(f):
            continue
        around = np.r_[db[2 * k - 14 : 2 * k - 6, frame], db[2 * k + 7 : 2 * k + 15, frame]]
        seen = db[2 * k - 3 : 2 * k + 4, frame].max()
        if seen > np.percentile(around, 75) + 8.0:
            own = other[2 * k - 3 : 2 * k + 4, frame].max() - other[k - 3 : k + 4, frame].max()
            differences.append(own - (seen - db[k, frame]))
    return float(np.median(differences)) if len(differences) >= 10 else float("nan")


def follow(
    track: Track, seconds: float, rate_hz: float, pitch_map: PitchMap, singer: Singer
) -> Sound:
    """Sing a tracked contour, moment by moment.

    Parameters
    ----------
    track : Track
    seconds : float
        Length of what was tracked.
    rate_hz : float
        Sampling rate of the song, Hz.
    pitch_map, singer
        As for :func:`chingolo.singing.gesture`.

    Returns
    -------
    ndarray of float32, shape (seconds * rate_hz,)
    """
    control_hz = clock(singer, rate_hz).control_hz
    lead = int(np.ceil(singer.lead_s * control_hz))
    time = np.arange(-lead, int(seconds * control_hz) + 2) / control_hz
    hop = track.time_s[1]
    nearest = np.clip(np.round(time / hop).astype(int), 0, track.time_s.size - 1)
    before = np.clip((time / hop).astype(int), 0, track.time_s.size - 2)
    # Between two frames the pitch glides, but not across a leap.
    glides = np.abs(np.diff(track.frequency_hz))[before] < 800.0
    f = np.where(
        glides, np.interp(time, track.time_s, track.frequency_hz), track.frequency_hz[nearest]
    )
    level = np.interp(time, track.time_s, track.level_db)
    sounding = track.voiced[nearest] & (time >= 0.0) & (time <= seconds)
    # A tracked contour brings its own rise and fall.
    singer = singer._replace(edge_s=0.0)
    made = gesture(
        np.where(sounding, f, np.nan), 10.0 ** (level / 20.0), pitch_map, singer, control_hz
    )
    return fitted(next(perform([made], singer, rate_hz)), int(seconds * rate_hz))


def follow_by_sine(recording: Sound, rate_hz: float) -> Sound:
    """Ceiling of a copy without noise: a sine with the recording's own ridge and level."""
    f, level = plain_ridge(recording, rate_hz)
    n = 512 if rate_hz > 30_000 else 256
    time, samples = np.arange(f.size) * (n // 4) + n / 2, np.arange(len(recording))
    pitch = np.interp(samples, time, f)
    loud = 10.0 ** (np.interp(samples, time, level) / 20.0)
    return np.asarray(loud * np.sin(2.0 * np.pi * np.cumsum(pitch) / rate_hz), np.float32)


def fitted(sound: Sound, n: int) -> Sound:
    """Cut a sound, or lengthen it by silence, to n samples."""
    out = np.zeros(n, np.float32)
    out[: min(n, sound.size)] = sound[:n]
    return out


def copy_song(
    recording: Sound, rate_hz: int, reader: Reader, pitch_map: PitchMap, singer: Singer
) -> Copy:
    """Read a recorded song and sing it twice: as tracked, and as the theme read.

    Raises
    ------
    ValueError
        No whistle was found in the recording.
    """
    reading = read(recording, rate_hz, reader)
    if not reading.theme.notes and reading.theme.trill is None:
        raise ValueError("no whistle found")
    seconds = recording.size / rate_hz
    return Copy(
        reading,
        follow_by_sine(recording, rate_hz),
        fitted(follow(reading.track, seconds, rate_hz, pitch_map, singer), recording.size),
        fitted(sing(reading.theme, pitch_map, singer, rate_hz), recording.size),
    )


def measure_copies(recording: Sound, made: Copy, rate_hz: float) -> dict[str, Any]:
    """Measure what was made of one song, as :func:`summary` takes it.

    Returns
    -------
    dict
        ``ceiling``, ``trace``, ``copy``: each as :func:`compare` gives it; and ``explained``.
    """
    return {
        "ceiling": compare(recording, made.ceiling, rate_hz),
        "trace": compare(recording, made.trace, rate_hz),
        "copy": compare(recording, made.copy, rate_hz),
        "explained": made.reading.explained,
    }


def copy_enrolled(
    paths: Mapping[str, Path],
    songs: Sequence[Song],
    picture: Picture,
    reader: Reader,
    pitch_map: PitchMap,
    singer: Singer,
) -> tuple[dict[str, Any], dict[str, Sound]]:
    """Copy every enrolled song, cut as it is for reading.

    Parameters
    ----------
    paths : mapping of str to Path
        Recordings by id.
    songs : sequence of Song
        Those with the role ``enrol`` are copied.
    picture : Picture
        Its rate and margin.
    reader, pitch_map, singer
        As for :func:`copy_song`.

    Returns
    -------
    measures : dict
        For ``ceiling``, ``trace`` and ``copy`` the medians over songs of what :func:`compare` gives
        (``second_harmonic_db``: of its magnitude, null where it is nowhere seen); the mean share of the
        songs' energy ``explained`` by their themes; and all of it for each theme in ``per_theme``.
    sounds : dict of str to ndarray
        ``<theme>|recording``, ``<theme>|trace`` and ``<theme>|copy``.
    """
    per_theme: dict[str, dict[str, Any]] = {}
    sounds: dict[str, Sound] = {}
    rate_hz = picture.rate_hz
    for song in songs:
        if song.role != "enrol":
            continue
        sound = load(paths[song.recording], rate_hz)
        part = cut(sound, rate_hz, song.start_s, song.end_s, picture.margin_s)
        made = copy_song(part, rate_hz, reader, pitch_map, singer)
        per_theme[song.theme] = measure_copies(part, made, rate_hz)
        sounds[f"{song.theme}|recording"] = part
        sounds[f"{song.theme}|trace"], sounds[f"{song.theme}|copy"] = made.trace, made.copy
    return {**summary(per_theme), "per_theme": without_nan(per_theme)}, sounds


def summary(per_song: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Medians over songs of the measures of each kind of copy, and the mean share explained."""
    kinds: dict[str, Any] = {}
    for kind in ("ceiling", "trace", "copy"):
        rows = np.array([[one[kind][m] for m in MEASURES] for one in per_song.values()])
        rows[:, -1] = np.abs(rows[:, -1])
        kinds[kind] = {
            m: float(np.nanmedian(column)) if np.isfinite(column).any() else None
            for m, column in zip(MEASURES, rows.T, strict=True)
        }
    explained = float(np.mean([one["explained"] for one in per_song.values()]))
    return {**kinds, "explained": explained, "songs": len(per_song)}
