"""Sheets of recordings and songs: read strictly, every fault of a sheet told at once."""

import csv
import io
import itertools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from chingolo.errors import InputError, together

ROLES = ("enrol", "query", "unknown", "check")

MOST_ROWS, MOST_BYTES = 200_000, 100_000_000
"""A longer sheet is taken for a mistake."""

LONGEST = 100
"""Characters of an id, or of a file's or a theme's name."""

LONGEST_SONG_S = 60.0
"""Songs of the species last some two seconds; what is said to last longer than this is a mistake of units."""

MOST_TOLD = 50
"""Faults of one sheet that are told; a sheet of a million wrong rows would fill the screen."""


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


def _text(path: Path) -> str:
    """Text of a sheet, without a byte-order mark."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError(
                str(path), f"is larger than {MOST_BYTES // 10**6} MB", "give the sheet itself"
            )
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise InputError(
            str(path), "there is no such sheet", "correct the path in the config"
        ) from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise InputError(
            f"{path}, row {line}", "is not UTF-8 text", "save the sheet as UTF-8"
        ) from None
    except OSError as error:
        raise InputError(
            str(path), f"is no sheet that can be read ({error.strerror})", "correct the path"
        ) from None
    if "\0" in text:
        raise InputError(str(path), "is no text", "save the sheet as tab-separated text")
    return text


def _rows(path: Path, needed: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """Rows of a sheet by their number, with the columns by name; lines without anything are left out."""
    text = _text(path)
    first = text.split("\n", 1)[0]
    delimiter = "\t" if "\t" in first or "," not in first else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, dict[str, str]]] = []
    faults: list[InputError] = []
    try:
        columns = [column.strip() for column in next(reader, [])]
        faults += _faults_of_columns(path, columns, needed)
        if faults:
            raise together(faults)
        for cells in reader:
            plain = [cell.strip() for cell in cells]
            if not any(plain):
                continue
            number = reader.line_num
            if len(rows) == MOST_ROWS:
                raise InputError(
                    f"{path}, row {number}", f"more than {MOST_ROWS} rows", "split the study"
                )
            if any(plain[len(columns) :]):
                faults.append(
                    InputError(
                        f"{path}, row {number}",
                        f"has {len(plain)} values for {len(columns)} columns",
                        "look for a stray tab or comma; put a value that holds one in quotes",
                    )
                )
                continue
            plain += [""] * (len(columns) - len(plain))
            rows.append((number, dict(zip(columns, plain, strict=False))))
    except csv.Error as error:
        raise InputError(
            f"{path}, row {reader.line_num}", f"cannot be read ({error})", "look for an open quote"
        ) from None
    if faults:
        raise _of_sheet(path, faults)
    if not rows:
        raise InputError(str(path), "has no rows", "add your recordings")
    return rows


def _faults_of_columns(
    path: Path, columns: Sequence[str], needed: Sequence[str]
) -> list[InputError]:
    place = f"{path}, row 1"
    missing = [
        InputError(place, f"column {column!r} is missing", f"add it; found {list(columns)}")
        for column in needed
        if column not in columns
    ]
    doubled = [
        InputError(place, f"column {column!r} is there twice", "keep one of the two")
        for column in dict.fromkeys(columns)
        if column and columns.count(column) > 1
    ]
    return missing + doubled


def _of_sheet(path: Path, faults: Sequence[InputError]) -> InputError:
    """Make one error of a sheet's faults, of which the first are told."""
    told = list(faults[:MOST_TOLD])
    if len(faults) > MOST_TOLD:
        more = f"{len(faults) - MOST_TOLD} more faults like these"
        told.append(InputError(str(path), more, "correct the first ones and look again"))
    return together(told)


def _wrong_name(place: str, what: str, name: str) -> Iterator[InputError]:
    """Find fault with an id: what is in it is shown, named in files and drawn in figures."""
    if len(name) > LONGEST:
        shown = f"{name[:20]}…"
        yield InputError(
            place, f"{what} {shown!r} has {len(name)} characters", f"use {LONGEST} at most"
        )
    elif not name.isprintable():
        yield InputError(
            place, f"{what} {name!r} holds a character that cannot be printed", "remove it"
        )
    elif re.search(r"[/\\]|^\.+$", name):
        yield InputError(place, f"{what} {name!r} is like a path", "use a name without / and \\")
    elif name[0] in "=@":
        yield InputError(
            place,
            f"{what} {name!r} begins as a formula does",
            "save the sheet's values, not its formulas",
        )


def read_recordings(path: Path) -> dict[str, Recording]:
    """Read the sheet of recordings.

    Returns
    -------
    dict of str to Recording
        By id, in the sheet's order.

    Raises
    ------
    InputError
        All faults of the sheet: no such file, missing or doubled columns, rows without id or file, ids and
        files that are there twice, names that are paths, addresses that are not https, checksums that are none.
    """
    recordings: dict[str, Recording] = {}
    files: dict[str, int] = {}
    faults: list[InputError] = []
    for number, row in _rows(path, ("recording", "file")):
        one = Recording(**{k: row.get(k, "") for k in Recording._fields})
        place = f"{path}, row {number}"
        if not one.recording or not one.file:
            faults.append(InputError(place, "recording or file is empty", "fill both"))
            continue
        found = [*_wrong_name(place, "recording", one.recording), *_wrong_row(place, one)]
        if one.recording in recordings:
            fault = f"recording {one.recording!r} is there twice"
            found.append(InputError(place, fault, "keep one row"))
        if one.file.casefold() in files:
            fault = f"file {one.file!r} is there twice (row {files[one.file.casefold()]})"
            found.append(InputError(place, fault, "keep one row a file"))
        faults += found
        files.setdefault(one.file.casefold(), number)
        recordings.setdefault(one.recording, one)
    if faults:
        raise _of_sheet(path, faults)
    return recordings


def _wrong_row(place: str, one: Recording) -> Iterator[InputError]:
    bare = Path(one.file).name == one.file and "\\" not in one.file
    if (
        not bare
        or one.file.startswith(".")
        or not one.file.isprintable()
        or len(one.file) > LONGEST
    ):
        yield InputError(
            place,
            f"file {one.file[:LONGEST]!r} is a path, or no plain name",
            "give the bare file name",
        )
    if one.url and (fault := wrong_address(one.url)):
        yield InputError(
            place, f"url {one.url[:LONGEST]!r} {fault}", "correct it, or leave it empty"
        )
    if one.sha256 and not re.fullmatch(r"[0-9a-fA-F]{64}", one.sha256):
        yield InputError(
            place, f"sha256 {one.sha256[:LONGEST]!r} has not 64 hexadecimal digits", "copy it anew"
        )
    for name, limit in (("latitude", 90.0), ("longitude", 180.0)):
        text = getattr(one, name)
        if text and not abs(_number(text)) <= limit:
            yield InputError(
                place,
                f"{name} {text[:LONGEST]!r} is no angle up to {limit:g}",
                "give degrees, or nothing",
            )


def wrong_address(url: str) -> str:
    """Say what is wrong with an address to download from; empty where nothing is.

    Only https, and no machine of one's own network: a sheet may come from anyone.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        own = parts.username is not None or parts.port not in (None, 443)
    except ValueError:
        return "is no address"
    if (
        parts.scheme != "https"
        or not re.fullmatch(r"[A-Za-z0-9.:-]+", host)
        or not url.isprintable()
    ):
        return "is not https://…"
    if own or " " in url:
        return "names a user or a port, or holds a space"
    try:
        private = not ip_address(host).is_global
    except ValueError:
        private = host.rstrip(".").lower() == "localhost" or "." not in host.rstrip(".")
        # What looks like a number is one to some libraries: 2130706433 and 0x7f.1 are 127.0.0.1.
        private = private or bool(re.fullmatch(r"[0-9.]+|.*\.?0[xX][0-9a-fA-F.]+", host))
    return "leads to this machine, or to its own network" if private else ""


def _number(text: str) -> float:
    """Read a number; what is none is not a number."""
    try:
        # Not Python's own: it takes 1_000, and digits of any script.
        return float(text) if re.fullmatch(r"[-+0-9.eE]+", text) else math.nan
    except ValueError:
        return math.nan


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
        All faults of the sheet: unknown recordings or roles, times that are none, songs that overlap, a theme
        with queries but no (or two) enrolled songs.
    """
    songs: list[Song] = []
    enrolled: dict[str, int] = {}
    faults: list[InputError] = []
    for number, row in _rows(path, ("recording", "start_s", "end_s")):
        place = f"{path}, row {number}"
        theme = row.get("theme") or row["recording"]
        role = row.get("role") or ("query" if theme in enrolled else "enrol")
        start, end = _number(row["start_s"]), _number(row["end_s"])
        found = list(_wrong_song(place, row, theme, role, recordings))
        if role == "enrol" and theme in enrolled:
            fault = f"theme {theme!r} is enrolled twice (row {enrolled[theme]})"
            found.append(InputError(place, fault, "make one of them a query"))
        if role == "enrol":
            enrolled.setdefault(theme, number)
        if not found:
            songs.append(Song(row["recording"], start, end, theme, role, number))
        faults += found
    faults += _separate(songs, enrolled, str(path))
    faults += [
        InputError(
            f"{path}, row {song.row}",
            f"theme {song.theme!r} has a query but no enrolled song",
            "give one of its songs the role enrol, or this one the role unknown",
        )
        for song in songs
        if song.role == "query" and song.theme not in enrolled
    ]
    if not faults and len(enrolled) < 2:
        faults.append(
            InputError(
                str(path),
                f"{len(enrolled)} theme(s) enrolled",
                "enrol songs of at least two themes",
            )
        )
    if faults:
        raise _of_sheet(path, faults)
    return songs


def _wrong_song(
    place: str, row: Mapping[str, str], theme: str, role: str, recordings: Mapping[str, Recording]
) -> Iterator[InputError]:
    if row["recording"] not in recordings:
        yield InputError(
            place,
            f"recording {row['recording'][:LONGEST]!r} is not in the sheet of recordings",
            "add it there, or remove this row",
        )
        return
    yield from _wrong_name(place, "theme", theme)
    times = [_number(row[name]) for name in ("start_s", "end_s")]
    for name, value in zip(("start_s", "end_s"), times, strict=True):
        if not math.isfinite(value):
            yield InputError(
                place, f"{name} {row[name][:LONGEST]!r} is no number", "give seconds, as 1.25"
            )
    start, end = times
    if math.isfinite(start) and math.isfinite(end) and not 0 <= start < end:
        yield InputError(place, f"ends at {end:g} s, starts at {start:g} s", "give start < end")
    elif end - start > LONGEST_SONG_S:
        yield InputError(
            place, f"the song lasts {end - start:g} s", f"songs last {LONGEST_SONG_S:g} s at most"
        )
    if theme.lower() == "none":
        yield InputError(
            place, f"a theme is called {theme!r}", "choose another name: it means no match"
        )
    if role not in ROLES:
        yield InputError(
            place, f"role {role[:LONGEST]!r} is unknown", f"use one of {', '.join(ROLES)}"
        )


def _separate(
    songs: Sequence[Song], enrolled: Mapping[str, int], sheet: str
) -> Iterator[InputError]:
    """Find songs that would be judged by a copy of themselves, or under two truths."""
    by_recording: dict[str, list[Song]] = {}
    for song in songs:
        by_recording.setdefault(song.recording, []).append(song)
        if song.role == "unknown" and song.theme in enrolled:
            yield InputError(
                f"{sheet}, row {song.row}",
                f"theme {song.theme!r} is unknown here and enrolled in row {enrolled[song.theme]}",
                "make it a query, or give it another theme",
            )
    for same in by_recording.values():
        for one, other in itertools.pairwise(sorted(same, key=lambda song: song.start_s)):
            if other.start_s < one.end_s:
                yield InputError(
                    f"{sheet}, row {other.row}",
                    f"the song overlaps that of row {one.row}",
                    "correct the times, or keep one of the two",
                )


def check_songs(songs: Sequence[Song], lengths_s: Mapping[str, float], sheet: str) -> None:
    """Refuse songs that lie beyond the end of their recording (0.1 s is forgiven).

    Raises
    ------
    InputError
        All of them.
    """
    faults = [
        InputError(
            f"{sheet}, row {song.row}",
            f"the song ends at {song.end_s:g} s, the recording at {lengths_s[song.recording]:.2f} s",
            "correct the times, or the recording",
        )
        for song in songs
        if song.end_s > lengths_s[song.recording] + 0.1
    ]
    if faults:
        raise _of_sheet(Path(sheet), faults)
