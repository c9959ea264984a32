"""Which worlds this machine can build, and where their sheets and sounds are: read before any job."""

import os
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from chingolo.clocks import check_dates
from chingolo.config import Config, FieldStudy, Pen, Songs, parse
from chingolo.errors import InputError, collected, on_screen, together
from chingolo.recordings import locate, reachable
from chingolo.sheets import Recording, read_recordings, read_songs
from chingolo.sketches import check_sketches, sketch_files

CHOSEN = "CHINGOLO_WORLDS"
"""Environment variable by which the jobs of a build know the worlds it was begun with."""


class Plan(NamedTuple):
    """What a build is made of.

    Attributes
    ----------
    config : Config
    worlds : tuple of str
        Worlds to build.
    real : tuple of str
        Those of them that rest on recordings.
    drawn : tuple of str
        Those whose notebook is drawn on simulated pages.
    sheets : dict of str to list of str
        Sheet of recordings and, if there is one, of songs, by real world.
    audio : dict of str to list of str
        Sound files by real world, in the order of the sheet of recordings: paths, or addresses that a storage
        plugin of Snakemake knows.
    recording_sheets : list of str
        The sheets of recordings of all real worlds.
    to_download : str
        Regular expression of the files to download, and of no other: what is there is never touched.
    sketches : list of str
        Sketches of world ``field``: typed, or beside scanned pages.
    pictures : list of str
        Scanned pages of world ``field``.
    noises : list of str
        Recorded backgrounds.
    pen : Pen
        Hand that is assumed to have drawn the notebook.
    """

    config: Config
    worlds: tuple[str, ...]
    real: tuple[str, ...]
    drawn: tuple[str, ...]
    sheets: dict[str, list[str]]
    audio: dict[str, list[str]]
    recording_sheets: list[str]
    to_download: str
    sketches: list[str]
    pictures: list[str]
    noises: list[str]
    pen: Pen


def plan(given: Mapping[str, Any], downloads: str, linked: str) -> Plan:
    """Read the configuration and every sheet, and decide what can be built.

    Parameters
    ----------
    given : mapping
        Snakemake's ``config``.
    downloads : str
        Folder that downloaded recordings go to.
    linked : str
        Folder of recordings, or link to it, that ``make paper RECORDINGS=folder`` leaves behind: used
        by world ``songs`` where the configuration names none.

    Returns
    -------
    Plan

    Raises
    ------
    InputError
        All faults of the configuration; or all of sheets, sketches, folders; recordings of world ``field`` that
        are nowhere. World ``songs`` without recordings is left out, and that is said in one line.
    """
    config = parse(given)
    faults: list[InputError] = []
    sources: dict[str, Source] = {}
    noises: list[str] = []
    with collected(faults):
        noises = _noises(config.noise)
    worlds: list[str] = []
    for world in config.worlds:
        with collected(faults):
            source = None if world == "simulated" else _source(world, config, downloads, linked)
            if world == "simulated" or source is not None:
                worlds.append(world)
            if source is not None:
                sources[world] = source
    sketches, pictures = [], []
    if "field" in config.worlds and config.field.sketches:
        with collected(faults):
            files = sketch_files(Path(config.field.sketches))
            pictures = [literal(str(path)) for path in check_sketches(files)]
            sketches = [literal(str(path)) for path in files]
    if CHOSEN not in os.environ:  # a build, or a check: not one of its jobs
        given_files = [path for source in sources.values() for path in source.sheets + source.audio]
        with collected(faults):
            check_dates(plain(path) for path in [*given_files, *noises, *sketches, *pictures])
    left_out = [fault for fault in faults if isinstance(fault, LeftOut)]
    if len(faults) > len(left_out):
        raise together([fault for fault in faults if fault not in left_out])
    for one in left_out:
        print(f"chingolo: world songs is left out: {one.fault}. Cure: {one.cure}.", file=sys.stderr)
    if not worlds:
        raise InputError("config, key worlds", "none of the worlds can be built", "add simulated")
    os.environ[CHOSEN] = ",".join(worlds)
    sheets = {world: source.sheets for world, source in sources.items()}
    missing = [name for source in sources.values() for name in source.missing]
    audio = {world: source.audio for world, source in sources.items()}
    return Plan(
        config,
        tuple(worlds),
        tuple(sheets),
        tuple(world for world in worlds if world != "field"),
        sheets,
        audio,
        [names[0] for names in sheets.values()],
        "|".join(map(re.escape, missing)) or "(?!)",
        sketches,
        pictures,
        noises,
        getattr(config.pens, config.verdict.pen),
    )


class LeftOut(InputError):
    """A world that this machine cannot build, and that the study can do without."""


class Source(NamedTuple):
    """Where a real world's songs come from: its sheets, its sound files, names of those to download."""

    sheets: list[str]
    audio: list[str]
    missing: list[str]


def _source(world: str, config: Config, downloads: str, linked: str) -> Source | None:
    """Read the sheets of a real world and find its sounds; None where the world is left out."""
    settings = config.songs if world == "songs" else config.field
    if not settings.recordings:
        raise InputError(
            f"config, key {world}.recordings", "is empty", "give your sheet of recordings"
        )
    recordings = read_recordings(Path(settings.recordings))
    if settings.songs:
        read_songs(Path(settings.songs), recordings)
    sheets = [s for s in (settings.recordings, settings.songs) if s]
    named = settings.audio or (linked if world == "songs" and Path(linked).is_dir() else "")
    if "://" in named:
        # Snakemake's storage plugins fetch it, and say what is missing there.
        return Source(sheets, [f"{named.rstrip('/')}/{r.file}" for r in recordings.values()], [])
    folder = Path(named) if named else None
    if folder is not None and not folder.is_dir():
        raise InputError(
            f"config, key {world}.audio", f"{folder} is not a folder", "correct the path"
        )
    places = [folder, Path(downloads)] if world == "songs" else [Path(downloads), folder]
    found = locate(recordings.values(), places[0]) | locate(recordings.values(), places[1])
    missing = [r for r in recordings.values() if r.recording not in found]
    chosen = os.environ.get(CHOSEN)
    if chosen is not None and world not in chosen.split(","):
        return None
    if chosen is None and missing:
        _fetchable(world, settings, recordings, missing)
    audio = [
        literal(str(found.get(r.recording, Path(downloads) / r.file))) for r in recordings.values()
    ]
    return Source(sheets, audio, [r.file for r in missing])


def _fetchable(
    world: str,
    settings: Songs | FieldStudy,
    recordings: Mapping[str, Recording],
    missing: Sequence[Recording],
) -> None:
    """Refuse recordings that are not here and cannot be downloaded; world ``songs`` is then left out."""
    without = [r for r in missing if not r.url]
    if without:
        raise InputError(
            f"{settings.recordings}, recording {without[0].recording}",
            f"{without[0].file} is not in {settings.audio or 'the (empty) audio folder'}",
            f"put it there ({len(without)} missing), or add a url to the sheet",
        )
    if reachable(missing[0].url):
        return
    fault = (
        f"{len(missing)} of {len(recordings)} recordings are neither in the audio "
        "folder nor reachable"
    )
    error = InputError if world == "field" else LeftOut
    raise error(settings.recordings, fault, "make paper RECORDINGS=folder, or go online")


def literal(path: str) -> str:
    """Keep Snakemake from reading braces in a file's name as wildcards."""
    return path.replace("{", "{{").replace("}", "}}")


def plain(path: str) -> Path:
    """Turn what :func:`literal` made into the file's own name again."""
    return Path(path.replace("{{", "{").replace("}}", "}"))


def _noises(folder: str) -> list[str]:
    if not folder:
        return []
    path = Path(folder)
    files = (
        sorted(p for p in path.iterdir() if p.suffix.lower() in (".wav", ".flac", ".mp3", ".ogg"))
        if path.is_dir()
        else []
    )
    if not files:
        raise InputError("config, key noise", f"{folder} holds no sound file", "correct the path")
    return [literal(str(p)) for p in files]


def plan_or_exit(given: Mapping[str, Any], downloads: str, linked: str) -> Plan:
    """Plan a build; bad input ends Snakemake with its one line, or one a fault."""
    try:
        return plan(given, downloads, linked)
    except InputError as error:
        sys.exit(on_screen(error))
