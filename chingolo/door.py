"""Every file that a user hands in, checked at the door: in seconds, without a build, all faults at once."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from chingolo import scans
from chingolo.errors import InputError, collected
from chingolo.pages import read_notes
from chingolo.plain_yaml import read_text, read_yaml
from chingolo.recordings import check_all, check_noise
from chingolo.sheets import check_songs, read_recordings, read_songs
from chingolo.sketches import sort_sketches
from chingolo.worlds import CHOSEN, Plan, plain, plan

BASE = Path("config/config.yaml")
"""What every study's own keys are laid over."""


def overlaid(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Lay a configuration over another, section by section, as Snakemake does."""
    out = dict(base)
    for key, value in over.items():
        below = out.get(key)
        both = isinstance(value, Mapping) and isinstance(below, Mapping)
        out[key] = overlaid(below, value) if both else value  # type: ignore[arg-type]
    return out


def read_config(files: Sequence[Path]) -> dict[str, Any]:
    """Read configuration files, each laid over the one before.

    Raises
    ------
    InputError
        No such file, no YAML, or no keys in it; a key that is there twice.
    """
    out: dict[str, Any] = {}
    for path in files:
        page = read_yaml(read_text(path), str(path))
        if page.faults:
            raise page.faults[0]
        if not isinstance(page.content, dict):
            raise InputError(str(path), "holds no keys", "compare with config/field.yaml")
        out = overlaid(out, page.content)
    return out


def faults(files: Iterable[Path], downloads: str, linked: str) -> list[InputError]:
    """Find every fault of a study before it is built.

    Parameters
    ----------
    files : iterable of Path
        Of the configuration, as after ``--configfile``.
    downloads, linked : str
        See :func:`chingolo.worlds.plan`.

    Returns
    -------
    list of InputError
        One a fault; empty where there is none. A sound or a page is looked at where all else is good.
    """
    found: list[InputError] = []
    chosen = os.environ.pop(CHOSEN, None)  # a check is no job of a build that began before
    try:
        found += _of_sounds(plan(read_config([BASE, *files]), downloads, linked))
    except InputError as error:
        found.append(error)
    finally:
        os.environ.pop(CHOSEN, None)
        os.environ.update({} if chosen is None else {CHOSEN: chosen})
    return [single for one in found for single in flat(one)]


def _of_sounds(made: Plan) -> list[InputError]:
    """Faults of what is decoded: recordings that are here, backgrounds, scanned pages."""
    found: list[InputError] = []
    for world in made.real:
        sheet, *songs = made.sheets[world]
        recordings = read_recordings(Path(sheet))
        rows = zip(recordings.values(), made.audio[world], strict=True)
        here = [(one, str(plain(path))) for one, path in rows if plain(path).is_file()]
        with collected(found):
            lengths = check_all(here, sheet)
            for path in songs if len(lengths) == len(recordings) else ():
                check_songs(read_songs(Path(path), recordings), lengths, path)
    for path in made.noises:
        with collected(found):
            check_noise(plain(path))
    for page in sort_sketches([plain(path) for path in made.sketches])[1]:
        notes = read_notes(page)
        with collected(found):
            scans.load(page.parent / notes.image, notes.page, notes.dpi)
    return found


def flat(error: InputError) -> list[InputError]:
    """List the faults that an error holds, each without the others."""
    own = InputError(error.place, error.fault, error.cure)
    return [own, *(single for one in error.more for single in flat(one))]


def as_plain(found: Sequence[InputError]) -> list[dict[str, str]]:
    """Faults for a machine: place, fault and cure of each."""
    return [{"place": one.place, "fault": one.fault, "cure": one.cure} for one in found]
