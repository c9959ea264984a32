"""The audio that a sheet of recordings names: found or downloaded, checked, read and cut."""

import hashlib
import http.client
import socket
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import librosa
import numpy as np
import numpy.typing as npt
import soundfile

from chingolo.errors import InputError, collected, together
from chingolo.files import sha256
from chingolo.sheets import Recording, wrong_address

Sound = npt.NDArray[np.float32]
LOWEST_RATE_HZ = 20_000
"""Below it the upper half of the species' range (to 8.8 kHz) is missing."""

LONGEST_S, MOST_CHANNELS = 3600.0, 2
"""Recordings are held in memory while songs are cut; an hour in mono takes half a gigabyte."""

FULL_SCALE, MOST_CLIPPED = 0.9999, 0.05
"""A recording of which more is at full scale has lost its whistles' shape (our choice)."""


def locate(recordings: Iterable[Recording], folder: Path | None) -> dict[str, Path]:
    """Find the audio of recordings in a folder, or in its subfolder ``audio``.

    Returns
    -------
    dict of str to Path
        By id; recordings whose file is in neither are left out.
    """
    found = {}
    for one in recordings:
        for path in (folder / one.file, folder / "audio" / one.file) if folder else ():
            if path.is_file():
                found[one.recording] = path
                break
    return found


def reachable(url: str, timeout_s: float = 5.0) -> bool:
    """Tell whether the server of a URL takes a connection."""
    parts = urllib.parse.urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 443), timeout_s):
            return True
    except OSError:
        return False


class _SafeRedirects(urllib.request.HTTPRedirectHandler):
    """Follows a server to no other kind of address than a sheet may name."""

    def redirect_request(
        self, req: Any, fp: Any, code: Any, msg: Any, headers: Any, newurl: str
    ) -> Any:
        if fault := wrong_address(newurl):
            raise urllib.error.URLError(f"the server leads to {newurl[:80]!r}, which {fault}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _open(request: urllib.request.Request, timeout: float) -> Any:
    return urllib.request.build_opener(_SafeRedirects).open(request, timeout=timeout)


def download(
    one: Recording,
    to: Path,
    *,
    tries: int = 4,
    wait_s: float = 2.0,
    largest_bytes: int = 200_000_000,
    opener: Callable[..., object] = _open,
) -> None:
    """Download one recording and check it, with retries; written beside, then renamed.

    Parameters
    ----------
    one : Recording
    to : Path
    tries : int
    wait_s : float
        Before the second try; doubled before each further one.
    largest_bytes : int
        A longer answer is refused.
    opener : callable
        Opens a URL, as ``urllib.request.urlopen`` does, and follows a server to public addresses only.

    Raises
    ------
    InputError
        Not https, unreachable after all tries, too large, or not the file the sheet promises.
    """
    if fault := wrong_address(one.url):
        raise InputError(
            f"recording {one.recording}", f"url {one.url!r} {fault}", "correct the sheet"
        )
    beside = to.with_name(to.name + ".part")
    fault = ""
    for attempt in range(tries):
        if attempt:
            time.sleep(wait_s * 2 ** (attempt - 1))
        try:
            request = urllib.request.Request(one.url, headers={"User-Agent": "chingolo"})
            with opener(request, timeout=60) as answer:  # type: ignore[attr-defined]
                data = answer.read(largest_bytes + 1)
        except (OSError, http.client.HTTPException) as error:
            fault = str(error)
            continue
        if len(data) > largest_bytes:
            raise InputError(one.url, "is larger than 200 MB", "check the URL")
        digest = hashlib.sha256(data).hexdigest()
        if one.sha256 and digest != one.sha256.lower():
            fault = f"sha256 is {digest[:12]}…, the sheet says {one.sha256[:12]}…"
            continue
        beside.write_bytes(data)
        beside.rename(to)
        return
    raise InputError(
        f"recording {one.recording}, {one.url}",
        f"could not be downloaded in {tries} tries ({fault})",
        f"put {one.file} into the audio folder of the config",
    )


def check_audio(one: Recording, path: Path, sheet: str) -> float:
    """Check that a file is the one the sheet names, that it can be decoded, and that it may hold songs.

    The file is walked through in blocks; none is held in memory.

    Returns
    -------
    float
        Its length in seconds.

    Raises
    ------
    InputError
        Wrong checksum; broken, cut short, empty, silent, clipped or too long; too low a sampling rate, or too
        many channels.
    """
    place = f"{sheet}, recording {one.recording}, file {path}"
    if not path.is_file():
        raise InputError(place, "is no file", "put the recording there")
    if one.sha256 and sha256(path) != one.sha256.lower():
        raise InputError(
            place, "sha256 differs from the sheet's", "fetch the file again or correct the sheet"
        )
    try:
        info = soundfile.info(path)
    except (soundfile.LibsndfileError, RuntimeError) as error:
        raise _undecodable(place, error) from None
    if info.samplerate < LOWEST_RATE_HZ:
        raise InputError(
            place, f"was recorded at {info.samplerate} Hz", f"use {LOWEST_RATE_HZ} Hz or more"
        )
    if info.channels > MOST_CHANNELS:
        raise InputError(
            place, f"has {info.channels} channels", f"mix it down to {MOST_CHANNELS} or fewer"
        )
    promised = info.frames / info.samplerate
    if promised > LONGEST_S:
        raise InputError(
            place,
            f"lasts {promised / 60:.0f} min",
            f"cut it into parts of {LONGEST_S / 60:.0f} min",
        )
    heard = _walk_through(place, path)
    seconds = heard.frames / float(info.samplerate)
    for wrong, fault, cure in (
        (heard.frames == 0, "holds no sound", "replace it"),
        (not heard.finite, "holds samples that are no numbers", "export it again"),
        (
            seconds < 0.9 * promised,
            f"breaks off after {seconds:.1f} of {promised:.1f} s",
            "fetch or export it again",
        ),
        (heard.loudest == 0, "is silent", "replace it"),
        (
            heard.clipped > MOST_CLIPPED * heard.frames,
            f"is clipped: {heard.clipped / max(heard.frames, 1):.0%} of its samples are at full scale",
            "use a recording with less gain",
        ),
    ):
        if wrong:
            raise InputError(place, fault, cure)
    return seconds


def check_all(files: Iterable[tuple[Recording, str]], sheet: str) -> dict[str, float]:
    """Check recordings as :func:`check_audio` does.

    Returns
    -------
    dict of str to float
        Lengths by id, s.

    Raises
    ------
    InputError
        Every file at fault.
    """
    lengths: dict[str, float] = {}
    faults: list[InputError] = []
    for one, path in files:
        with collected(faults):
            lengths[one.recording] = check_audio(one, Path(path), sheet)
    if faults:
        raise together(faults)
    return lengths


def check_noise(path: Path) -> None:
    """Check that a recorded background can be decoded and is to be heard.

    Raises
    ------
    InputError
        It cannot, or is silent or empty, or holds samples that are no numbers.
    """
    heard = _walk_through(str(path), path)
    for wrong, fault in (
        (heard.frames == 0, "holds no sound"),
        (not heard.finite, "holds samples that are no numbers"),
        (heard.loudest == 0, "is silent"),
    ):
        if wrong:
            raise InputError(str(path), fault, "replace or remove it")


class Heard(NamedTuple):
    """What a file turned out to hold: frames, whether all are numbers, the loudest, those at full scale."""

    frames: int
    finite: bool
    loudest: float
    clipped: int


def _walk_through(place: str, path: Path) -> Heard:
    heard = Heard(0, True, 0.0, 0)
    try:
        for block in soundfile.blocks(path, blocksize=1 << 18, dtype="float32", always_2d=True):
            level = np.abs(block).max(axis=1)
            heard = Heard(
                heard.frames + len(block),
                heard.finite and bool(np.isfinite(block).all()),
                max(heard.loudest, float(level.max(initial=0.0))),
                heard.clipped + int((level >= FULL_SCALE).sum()),
            )
    except (soundfile.LibsndfileError, RuntimeError) as error:
        raise _undecodable(place, error) from None
    return heard


def _undecodable(place: str, error: Exception) -> InputError:
    told = " ".join(str(getattr(error, "error_string", error)).split())
    return InputError(place, f"cannot be decoded ({told})", "replace it by a sound file that plays")


def load(path: Path, rate_hz: int) -> Sound:
    """Read any sound file as mono at a given rate; shape (n,).

    Resampled by soxr at medium quality, flat to 0.9 of the new Nyquist frequency and free of aliases
    to 16 bits: the species sings below 9.5 kHz.
    """
    with soundfile.SoundFile(path) as file:
        own_hz = file.samplerate
        blocks = file.blocks(blocksize=1 << 18, dtype="float32", always_2d=True)
        # Mixed down as it is read: all channels at once may not fit into memory.
        mono = np.concatenate([np.zeros(0, np.float32), *(b.mean(axis=1) for b in blocks)])
    sound = librosa.resample(mono, orig_sr=own_hz, target_sr=rate_hz, res_type="soxr_mq")
    return np.asarray(sound)


def load_all(paths: Mapping[str, Path], rate_hz: int) -> dict[str, Sound]:
    """Read recordings by id, each as :func:`load` does."""
    return {name: load(path, rate_hz) for name, path in paths.items()}


def cut(sound: Sound, rate_hz: float, start_s: float, end_s: float, margin_s: float) -> Sound:
    """Cut a song out, with a margin at both ends; what lies outside the recording is silence."""
    first, last = (round(t * rate_hz) for t in (start_s - margin_s, end_s + margin_s))
    out = np.zeros(last - first, np.float32)
    inside = sound[max(0, first) : max(0, last)]
    offset = max(0, -first)
    out[offset : offset + inside.size] = inside
    return out


def quietest(
    sound: Sound, rate_hz: float, length_s: float, busy: Iterable[tuple[float, float]]
) -> Sound | None:
    """Find the quietest stretch of a recording that no song touches.

    Parameters
    ----------
    sound : ndarray, shape (n,)
    rate_hz : float
        Hz.
    length_s : float
        Length wanted, s.
    busy : iterable of (start_s, end_s)
        Songs; 0.3 s around each is left alone, too.

    Returns
    -------
    ndarray or None
        None where no stretch is free.
    """
    taken = np.zeros(sound.size + 1)
    for start, end in busy:
        taken[max(0, int((start - 0.3) * rate_hz)) : max(0, int((end + 0.3) * rate_hz))] = 1
    n = int(length_s * rate_hz)
    first = np.arange(0, sound.size - n, max(1, int(0.1 * rate_hz)))
    songs = np.concatenate([[0.0], np.cumsum(taken)])
    energy = np.concatenate([[0.0], np.cumsum(sound.astype(np.float64) ** 2)])
    free = first[songs[first + n] == songs[first]]
    if free.size == 0:
        return None
    best = int(free[np.argmin(energy[free + n] - energy[free])])
    return sound[best : best + n]
