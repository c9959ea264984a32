"""Which state of the code a build was made of."""

import subprocess
from pathlib import Path

UNKNOWN = "unknown"
"""Said of code that is not under version control, e.g. an unpacked archive."""


def commit(root: str | Path) -> str:
    """Name the commit of a working copy.

    Parameters
    ----------
    root : str or Path
        Top folder of the working copy.

    Returns
    -------
    str
        Hash of the commit, with ``" with changes"`` if tracked files differ from it; :data:`UNKNOWN` if git is
        not there or ``root`` is not the top of a working copy (it may lie inside somebody else's).
    """
    top = _git(root, "rev-parse", "--show-toplevel")
    if top is None or Path(top).resolve() != Path(root).resolve():
        return UNKNOWN
    head = _git(root, "rev-parse", "HEAD")
    if head is None:
        return UNKNOWN
    changed = _git(root, "status", "--porcelain", "--untracked-files=no")
    return f"{head} with changes" if changed else head


def _git(root: str | Path, *words: str) -> str | None:
    """Ask git; None where it cannot answer."""
    command = ["git", "--no-optional-locks", "-C", str(root), *words]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
