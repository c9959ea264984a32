"""Files dated in the future: of a clock that was set back, or of a recorder whose own was wrong.

Snakemake compares dates. It would end every job that takes in such a file, since what the job made is older.
"""

import os
import sys
import time
from collections.abc import Iterable, Iterator
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
            when = datetime.fromtimestamp(dated).isoformat(" ", "minutes")
            fault = (
                f"is dated in the future, {when}, and would never count as older than its results"
            )
            faults.append(InputError(str(path), fault, "touch it, or set this machine's clock"))
    if faults:
        raise together(faults)


def calm(folder: Path) -> int:
    """Date results from the future to now, in the order they were made in, and say so.

    Returns
    -------
    int
        How many there were.
    """
    now = time.time_ns()
    ahead = sorted((dated, path) for path, dated in _dated(folder) if dated > now)
    for before, (_, path) in enumerate(reversed(ahead)):
        # A nanosecond apart: none of them gets older than a result that was not from the future.
        os.utime(path, ns=(now - before, now - before), follow_symlinks=False)
    if ahead:
        said = f"{len(ahead)} results were dated in the future, as after a clock was set back"
        print(f"chingolo: {said}; they are dated to now.", file=sys.stderr, flush=True)
    return len(ahead)


def _dated(folder: Path) -> Iterator[tuple[str, int]]:
    for inside, _, files in os.walk(folder):
        for name in files:
            path = os.path.join(inside, name)  # noqa: PTH118  a study has many files
            yield path, os.lstat(path).st_mtime_ns
