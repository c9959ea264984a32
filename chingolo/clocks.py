"""Files dated in the future: of a clock that was set back, or of a recorder whose own was wrong.

Snakemake compares dates. It would end every job that takes in such a file, since what the job made is older.
"""

import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from chingolo.errors import InputError, together

SLACK_S = 60.0
"""How far a file server's clock may go ahead of this machine's (our choice)."""


def check_dates(paths: Iterable[Path]) -> None:
    """Refuse files of a user's that are dated in the future; those that are not here are left out.

    Raises
    ------
    InputError
        Each of them.
    """
    now = time.time()
    faults = []
    for path in paths:
        dated = path.stat().st_mtime if path.is_file() else now
        if dated > now + SLACK_S:
            fault = (
                f"is dated in the future{_when(dated)}, and would never count as older than results"
            )
            faults.append(InputError(str(path), fault, "touch it, or set this machine's clock"))
    if faults:
        raise together(faults)


def _when(dated: float) -> str:
    # A file system holds dates that no calendar does.
    with suppress(ValueError, OverflowError, OSError):
        return f", {datetime.fromtimestamp(dated).isoformat(' ', 'minutes')}"
    return ""


def calm(folders: Iterable[Path]) -> int:
    """Date files from the future to now, in the order they were made in, and say so.

    For what is the study's own: results, downloads, code. This runs whenever Snakemake reads the rules, dry
    runs included.

    Returns
    -------
    int
        How many there were. What cannot be dated is left to Snakemake to tell of.
    """
    now = time.time_ns()
    found = (one for folder in folders for one in _dated(folder))
    ahead = sorted((dated, path) for path, dated in found if dated > now + SLACK_S * 1e9)
    done = 0
    for before, (_, path) in enumerate(reversed(ahead)):
        with suppress(OSError):
            # A nanosecond apart: none gets older than a file that was not from the future, at least where
            # the file system's dates are that fine.
            os.utime(path, ns=(now - before, now - before), follow_symlinks=False)
            done += 1
    if done:
        said = f"{done} files were dated in the future, as after a clock was set back; they are dated to now"
        cure = "what you changed since then may not be noticed: touch it"
        print(f"chingolo: {said}, and {cure}.", file=sys.stderr, flush=True)
    return done


def _dated(folder: Path) -> Iterator[tuple[str, int]]:
    for inside, _, files in os.walk(folder):
        for name in files:
            path = os.path.join(inside, name)  # noqa: PTH118  a study has many files
            with suppress(OSError):  # gone meanwhile
                yield path, os.lstat(path).st_mtime_ns
