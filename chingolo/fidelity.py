"""How close a synthetic copy comes to the recording it was made from."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from chingolo.config import Picture, Reader, Singer
from chingolo.reader import read, track
from chingolo.recordings import Song, cut, load
from chingolo.singing import sing
from chingolo.syrinx import PitchMap
from chingolo.themes import Theme

Sound = npt.NDArray[np.float32]


class Copy(NamedTuple):
    """A recorded song, its reading and its synthetic copy.

    Attributes
    ----------
    theme : Theme
        As read; times count from the beginning of the cut.
    copy : ndarray, shape (n,)
        Sung from `theme`, as long as the recording, no place around it.
    error : ndarray, shape (m,)
        Relative error of f0 over the frames where recording and copy both sound.
    coverage : float
        Share of the recording's sounding frames where the copy sounds, too.
    """

    theme: Theme
    copy: Sound
    error: npt.NDArray[np.float64]
    coverage: float


def copy_song(
    recording: Sound, rate_hz: int, reader: Reader, pitch_map: PitchMap, singer: Singer
) -> Copy:
    """Read a recorded song, sing it, and track the pitch of both in the same way.

    Raises
    ------
    ValueError
        No whistle was found in the recording.
    """
    theme, heard = read(recording, rate_hz, reader)
    if not theme.notes and theme.trill is None:
        raise ValueError("no whistle found")
    sung = sing(theme, pitch_map, singer, rate_hz)
    copy = np.zeros_like(recording)
    copy[: min(sung.size, copy.size)] = sung[: copy.size]
    own = track(copy, rate_hz, reader)
    voiced = heard.voiced & own.voiced
    error = np.abs(own.frequency_hz - heard.frequency_hz)[voiced] / heard.frequency_hz[voiced]
    coverage = float(own.voiced[heard.voiced].mean())
    return Copy(theme, copy, error, coverage)


def copy_enrolled(
    paths: Mapping[str, Path],
    songs: Sequence[Song],
    picture: Picture,
    reader: Reader,
    pitch_map: PitchMap,
    singer: Singer,
) -> tuple[dict[str, Any], dict[str, Sound]]:
    """Copy every enrolled song.

    Parameters
    ----------
    paths : mapping of str to Path
        Recordings by id.
    songs : sequence of Song
        Those with the role ``enrol`` are copied.
    picture, reader, pitch_map, singer
        As for :func:`copy_song`; ``picture`` gives rate and margin.

    Returns
    -------
    errors : dict
        ``f0`` with ``median_relative_error`` and ``p95`` over the frames of all songs where recording
        and copy both sound, the mean ``coverage`` of the recordings, and the median of each theme.
    sounds : dict of str to ndarray
        ``<theme>|recording`` and ``<theme>|copy``.
    """
    errors, covered, medians, sounds = [], [], {}, {}
    for song in songs:
        if song.role != "enrol":
            continue
        sound = load(paths[song.recording], picture.rate_hz)
        part = cut(sound, picture.rate_hz, song.start_s, song.end_s, picture.margin_s)
        made = copy_song(part, picture.rate_hz, reader, pitch_map, singer)
        errors.append(made.error)
        covered.append(made.coverage)
        medians[song.theme] = float(np.median(made.error)) if made.error.size else None
        sounds[f"{song.theme}|recording"], sounds[f"{song.theme}|copy"] = part, made.copy
    every = np.concatenate(errors)
    f0 = {
        "median_relative_error": float(np.median(every)),
        "p95": float(np.percentile(every, 95)),
        "frames": int(every.size),
        "coverage": float(np.mean(covered)),
        "per_theme": medians,
    }
    return {"f0": f0}, sounds
