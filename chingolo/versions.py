"""Which state of the code a build was made of."""

import subprocess
from pathlib import Path

UNKNOWN = "unknown"
"""Said of code that is not under version control, e.g. an unpacked archive."""

NOTE = "COMMIT"
"""File at the top of a deposited copy that tells its commit."""


def commit(root: str | Path) -> str:
    """Name the commit of a working copy.

    Parameters
    ----------
    root : str or Path
        Top folder of the working copy.

    Returns
    -------
    str
        Hash of the commit, with ``" with changes"`` if tracked files differ from it. Where git cannot tell, or
        ``root`` is not the top of a working copy (it may lie inside somebody else's): what its file
        :data:`NOTE` says, or else :data:`UNKNOWN`.
    """
    note = Path(root) / NOTE
    noted = note.read_text(encoding="utf-8").strip() if note.is_file() else UNKNOWN
    top = _git(root, "rev-parse", "--show-toplevel")
    if top is None or Path(top).resolve() != Path(root).resolve():
        return noted
    head = _git(root, "rev-parse", "HEAD")
    changed = _git(root, "status", "--porcelain", "--untracked-files=no")
    if head is None or changed is None:
        return noted
    return f"{head} with changes" if changed else head


def _git(root: str | Path, *words: str) -> str | None:
    """Ask git; None where it cannot answer."""
    command = ["git", "--no-optional-locks", "-C", str(root), *words]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
