"""Whether a build, or jobs of a killed one, are at work in a folder: told by locks that die with their process.

Snakemake's own locks are files, which stay behind when it is killed, and it does not know of jobs that outlive
it and would write the very files that a new build writes.
"""

import fcntl
import os
import sys
from pathlib import Path

FOLDER = Path(".snakemake")
BUILD, JOBS = "chingolo-build.lock", "chingolo-jobs.lock"

_held: list[int] = []
"""Open files whose locks this process holds for as long as it lives."""


def _locked(name: str, how: int) -> int | None:
    """Open and lock a file; None where another process holds it, or the file system knows no locks."""
    FOLDER.mkdir(exist_ok=True)
    file = os.open(FOLDER / name, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(file, how)
    except OSError:
        os.close(file)
        return None
    return file


def work() -> None:
    """Let others know, for as long as this process lives, that a job is at work in this folder."""
    file = _locked(JOBS, fcntl.LOCK_SH | fcntl.LOCK_NB) if FOLDER.is_dir() else None
    if file is not None:
        _held.append(file)


def hold() -> bool:
    """Hold this folder for a build for as long as this process lives; False where another does."""
    if not _held:
        file = _locked(BUILD, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if file is not None:
            _held.append(file)
    return bool(_held)


def claim() -> bool:
    """Claim this folder for a build; if the one before was killed, wait for its jobs and clear its locks.

    Returns
    -------
    bool
        False if another build is at work. Nothing is then done: Snakemake says so itself.
    """
    if not hold():
        return False
    left = sorted((FOLDER / "locks").glob("*.lock"))
    jobs = _locked(JOBS, fcntl.LOCK_EX | fcntl.LOCK_NB)
    if jobs is None:
        said = "jobs of a build that was killed still run in this folder; waiting until they end"
        print(f"chingolo: {said}.", file=sys.stderr, flush=True)
        jobs = _locked(JOBS, fcntl.LOCK_EX)
    if jobs is not None:
        os.close(jobs)
        for path in left:
            path.unlink(missing_ok=True)
        if left:
            print(
                "chingolo: a build in this folder was killed; its lock is removed, and it goes on.",
                file=sys.stderr,
                flush=True,
            )
    return True
