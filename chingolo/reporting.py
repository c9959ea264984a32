"""The process beside Snakemake that tells MLflow of a build's jobs, on whatever machines they run.

Jobs write records into files; a single process reads them. So no two jobs race for the store, none waits
for it, and none spends seconds on importing MLflow.
"""

import os
import select
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from chingolo import records

LOOK_S = 2.0
"""Pause between two looks at the records."""

ENDED = b"ended"
"""What Snakemake says when no job of the build runs any more. If it is killed, it says nothing."""


def start(store: Path, build: str, log: Path) -> "subprocess.Popen[bytes]":
    """Start the reporter of a build.

    Parameters
    ----------
    store : Path
        JSON file that the rule ``open_store`` makes; it need not be there yet.
    build : str
        Name of the build, whose jobs' records are told.
    log : Path
        What it prints.

    Returns
    -------
    subprocess.Popen
        For :func:`stop`. It ends by itself when this process does.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as printed:
        return subprocess.Popen(
            [sys.executable, "-m", "chingolo.reporting", str(store.resolve()), build],
            stdin=subprocess.PIPE,
            stdout=printed,
            stderr=subprocess.STDOUT,
            cwd=Path(__file__).parents[1],
            start_new_session=True,  # so that it outlives Ctrl-C long enough to tell how jobs ended
        )


def stop(running: "subprocess.Popen[bytes]", wait_s: float = 120.0) -> None:
    """Let it tell the rest, and wait for it; what it cannot tell, ``snakemake track`` does later."""
    with suppress(subprocess.TimeoutExpired, BrokenPipeError):
        running.communicate(ENDED, timeout=wait_s)


def _of_build(results: Path, build: str) -> bool:
    return any(records.read(path).build == build for path in records.paths(results))


def main(store: Path, build: str) -> None:
    """Tell until Snakemake says that the build has ended, or is gone."""
    reporter, said = None, b""
    while True:
        ready, _, _ = select.select([sys.stdin], [], [], LOOK_S)
        part = os.read(sys.stdin.fileno(), 64) if ready else b""
        said += part
        if reporter is None and store.is_file() and _of_build(store.parent, build):
            # Now only, since MLflow takes seconds to import, and many builds have nothing to tell.
            from chingolo.reporter import Reporter  # noqa: PLC0415

            reporter = Reporter(store, build)
        if reporter is not None and not (ready and not part):
            reporter.look()
        if ready and not part:
            break
    if reporter is not None and not reporter.look(ended=said == ENDED):
        print("`snakemake track` brings what is missing to the store.", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
