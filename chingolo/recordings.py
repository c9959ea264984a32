"""Sheets of recordings and songs, and the audio they name: read strictly, found or downloaded."""

import csv
import hashlib
import http.client
import itertools
import math
import socket
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import librosa
import numpy as np
import numpy.typing as npt
import soundfile

from chingolo.errors import InputError

Sound = npt.NDArray[np.float32]
ROLES = ("enrol", "query", "unknown", "check")
LOWEST_RATE_HZ = 20_000
"""Below it the upper half of the species' range (to 8.8 kHz) is missing."""


class Recording(NamedTuple):
    """One row of the sheet of recordings; empty strings where the sheet says nothing."""

    recording: str
    file: str
    url: str = ""
    sha256: str = ""
    date: str = ""
    site: str = ""
    latitude: str = ""
    longitude: str = ""
    recordist: str = ""
    licence: str = ""


class Song(NamedTuple):
    """One row of the sheet of songs."""

    recording: str
    start_s: float
    end_s: float
    theme: str
    role: str
    row: int

    @property
    def name(self) -> str:
        """Name of the song, unique among the songs of its world."""
        return f"{self.recording}/{self.start_s:.3f}"


def _rows(path: Path, needed: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            text = file.read()
    except FileNotFoundError:
        raise InputError(
            str(path), "there is no such sheet", "correct the path in the config"
        ) from None
    except (UnicodeDecodeError, IsADirectoryError, PermissionError):
        raise InputError(
            str(path), "is not a readable UTF-8 sheet", "save it as UTF-8 TSV"
        ) from None
    first = text.split("\n", 1)[0]
    delimiter = "\t" if "\t" in first or "," not in first else ","
    reader = csv.DictReader(text.splitlines(), delimiter=delimiter)
    columns = [str(c).strip() for c in reader.fieldnames or ()]
    for column in needed:
        if column not in columns:
            raise InputError(
                f"{path}, row 1", f"column {column!r} is missing", f"add it; found {columns}"
            )
    reader.fieldnames = columns
    rows = []
    for row in reader:
        plain = {str(k): (v or "").strip() for k, v in row.items() if k is not None}
        if any(plain.values()):
            rows.append((reader.line_num, plain))
    if not rows:
        raise InputError(str(path), "has no rows", "add your recordings")
    return rows


def read_recordings(path: Path) -> dict[str, Recording]:
    """Read the sheet of recordings.

    Returns
    -------
    dict of str to Recording
        By id, in the sheet's order.

    Raises
    ------
    InputError
        Missing file or column, duplicate id, a file name that is a path.
    """
    recordings: dict[str, Recording] = {}
    files: set[str] = set()
    for number, row in _rows(path, ("recording", "file")):
        one = Recording(**{k: row.get(k, "") for k in Recording._fields})
        place = f"{path}, row {number}"
        if not one.recording or not one.file:
            raise InputError(place, "recording or file is empty", "fill both")
        if one.recording in recordings:
            raise InputError(place, f"recording {one.recording!r} is there twice", "keep one row")
        if one.file in files:
            raise InputError(place, f"file {one.file!r} is there twice", "keep one row a file")
        files.add(one.file)
        if Path(one.file).name != one.file or one.file.startswith("."):
            raise InputError(place, f"file {one.file!r} is a path", "give the bare file name")
        recordings[one.recording] = one
    return recordings


def read_songs(path: Path, recordings: Mapping[str, Recording]) -> list[Song]:
    """Read the sheet of songs.

    Without a column `theme` each recording is taken for one theme (one bird, one song, as is usual in
    the species); without `role` the first song of a theme is enrolled and the others are queries.

    Returns
    -------
    list of Song
        In the sheet's order.

    Raises
    ------
    InputError
        Unknown recording or role, end before start, a theme with queries but no (or two) enrolled songs.
    """
    songs: list[Song] = []
    enrolled: dict[str, int] = {}
    for number, row in _rows(path, ("recording", "start_s", "end_s")):
        place = f"{path}, row {number}"
        if row["recording"] not in recordings:
            raise InputError(
                place,
                f"recording {row['recording']!r} is not in the sheet of recordings",
                "add it there, or remove this row",
            )
        try:
            start, end = float(row["start_s"]), float(row["end_s"])
        except ValueError:
            raise InputError(place, "start_s or end_s is no number", "give seconds") from None
        if not (math.isfinite(start) and math.isfinite(end)) or start < 0 or end <= start:
            raise InputError(place, f"ends at {end:g} s, starts at {start:g} s", "give start < end")
        theme = row.get("theme") or row["recording"]
        if theme.lower() == "none":
            raise InputError(
                place, f"a theme is called {theme!r}", "choose another name: it means no match"
            )
        role = row.get("role") or ("query" if theme in enrolled else "enrol")
        if role not in ROLES:
            raise InputError(place, f"role {role!r} is unknown", f"use one of {', '.join(ROLES)}")
        if role == "enrol":
            if theme in enrolled:
                raise InputError(
                    place,
                    f"theme {theme!r} is enrolled twice (row {enrolled[theme]})",
                    "make one of them a query",
                )
            enrolled[theme] = number
        songs.append(Song(row["recording"], start, end, theme, role, number))
    _separate(songs, enrolled, str(path))
    for song in songs:
        if song.role == "query" and song.theme not in enrolled:
            raise InputError(
                f"{path}, row {song.row}",
                f"theme {song.theme!r} has a query but no enrolled song",
                "give one of its songs the role enrol, or this one the role unknown",
            )
    if len(enrolled) < 2:
        raise InputError(
            str(path), f"{len(enrolled)} theme(s) enrolled", "enrol songs of at least two themes"
        )
    return songs


def _separate(songs: Sequence[Song], enrolled: Mapping[str, int], sheet: str) -> None:
    """Refuse songs that would be judged by a copy of themselves, or under two truths."""
    by_recording: dict[str, list[Song]] = {}
    for song in songs:
        by_recording.setdefault(song.recording, []).append(song)
        if song.role == "unknown" and song.theme in enrolled:
            raise InputError(
                f"{sheet}, row {song.row}",
                f"theme {song.theme!r} is unknown here and enrolled in row {enrolled[song.theme]}",
                "make it a query, or give it another theme",
            )
    for same in by_recording.values():
        for one, other in itertools.pairwise(sorted(same, key=lambda song: song.start_s)):
            if other.start_s < one.end_s:
                raise InputError(
                    f"{sheet}, row {other.row}",
                    f"the song overlaps that of row {one.row}",
                    "correct the times, or keep one of the two",
                )


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


def sha256(path: Path) -> str:
    """Digest of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def download(
    one: Recording,
    to: Path,
    *,
    tries: int = 4,
    wait_s: float = 2.0,
    largest_bytes: int = 200_000_000,
    opener: Callable[..., object] = urllib.request.urlopen,
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
        Opens a URL, as ``urllib.request.urlopen`` does.

    Raises
    ------
    InputError
        Not https, unreachable after all tries, too large, or not the file the sheet promises.
    """
    if not one.url.startswith("https://"):
        raise InputError(
            f"recording {one.recording}", f"URL {one.url!r} is not https", "correct the sheet"
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
    """Check that a file is the one the sheet names and that it can be decoded.

    Returns
    -------
    float
        Its length in seconds.

    Raises
    ------
    InputError
        Wrong checksum, broken or empty audio, too low a sampling rate.
    """
    place = f"{sheet}, recording {one.recording}, file {path}"
    if one.sha256 and sha256(path) != one.sha256.lower():
        raise InputError(
            place, "sha256 differs from the sheet's", "fetch the file again or correct the sheet"
        )
    try:
        info = soundfile.info(path)
        frames, finite = 0, True
        for block in soundfile.blocks(path, blocksize=1 << 20, dtype="float32"):
            frames, finite = frames + len(block), finite and bool(np.isfinite(block).all())
    except (soundfile.LibsndfileError, RuntimeError) as error:
        raise InputError(
            place, f"cannot be decoded ({error})", "replace it by a sound file that plays"
        ) from None
    if frames == 0:
        raise InputError(place, "holds no sound", "replace it")
    if not finite:
        raise InputError(place, "holds samples that are no numbers", "export it again")
    if info.samplerate < LOWEST_RATE_HZ:
        raise InputError(
            place, f"was recorded at {info.samplerate} Hz", f"use {LOWEST_RATE_HZ} Hz or more"
        )
    return frames / float(info.samplerate)


def check_songs(songs: Iterable[Song], lengths_s: Mapping[str, float], sheet: str) -> None:
    """Refuse songs that lie beyond the end of their recording (0.1 s is forgiven)."""
    for song in songs:
        if song.end_s > lengths_s[song.recording] + 0.1:
            raise InputError(
                f"{sheet}, row {song.row}",
                f"the song ends at {song.end_s:g} s, the recording at {lengths_s[song.recording]:.2f} s",
                "correct the times, or the recording",
            )


def load(path: Path, rate_hz: int) -> Sound:
    """Read any sound file as mono at a given rate; shape (n,).

    Resampled by soxr at medium quality, flat to 0.9 of the new Nyquist frequency and free of aliases
    to 16 bits: the species sings below 9.5 kHz.
    """
    channels, own_hz = soundfile.read(path, dtype="float32", always_2d=True)
    mono = channels.mean(axis=1)
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
