"""What a waiting person sees: a job's log, and how far the job is."""

import errno
import os
import re
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, TypeVar

from chingolo import locks
from chingolo.errors import InputError, on_screen

KILLED = re.compile(r"died with <Signals\.SIGKILL|exit status 137")
"""What Snakemake writes of a job that was killed; of one on a cluster the cluster's own word tells."""

READ_ONLY = (
    "the results' folder cannot be written to",
    "let it be written to, or set pathvars.results",
)
"""Fault and cure."""

T = TypeVar("T")
E = TypeVar("E", bound=Any)


@contextmanager
def job_log(path: str) -> Iterator[None]:
    """Send all a job prints, its libraries' C code included, to its log.

    Parameters
    ----------
    path : str

    Raises
    ------
    SystemExit
        In place of an InputError, whose one line goes to the screen as well as to the log.
    """
    locks.work()
    sys.stdout.flush()
    sys.stderr.flush()
    screen = os.dup(2)
    with open(path, "w", encoding="utf-8", buffering=1) as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
        try:
            with redirect_stdout(log), redirect_stderr(log):
                yield
        except InputError as error:
            print(on_screen(error), file=log, flush=True)
            os.write(screen, f"{on_screen(error)}\n".encode())
            raise SystemExit(1) from None
        except Exception as error:
            traceback.print_exc(file=log)
            if told := lacking(error):
                line = on_screen(InputError(path, *told))
                print(line, file=log, flush=True)
                os.write(screen, f"{line}\n".encode())
                raise SystemExit(1) from None
            raise
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os.dup2(screen, 1)
            os.dup2(screen, 2)
            os.close(screen)


def lacking(error: Exception) -> tuple[str, str] | None:
    """Say what a machine lacked, and the cure, if that is what ended a job."""
    text = str(error)
    if isinstance(error, MemoryError) or "not enough memory" in text or "allocate memory" in text:
        cure = (
            "give it more: mem_mb of its rule, which grows with every attempt, or a larger machine"
        )
        return "the job ran out of memory", cure
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return (
            "the disk is full",
            "make room and run the same command again, which goes on from here",
        )
    if isinstance(error, OSError) and error.errno == errno.EROFS:
        return READ_ONLY
    return None


def writable_or_exit(folder: Path) -> None:
    """End Snakemake with its one line, before any job, where results cannot be written."""
    place = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not os.access(place, os.W_OK):
        sys.exit(on_screen(InputError(str(place), *READ_ONLY)))


def tell_of_killed(snakemake_logs: Iterable[str]) -> None:
    """Say on the screen, if a job of a failed build was killed from outside, why that may be, and the cure."""
    texts = [Path(path).read_text(encoding="utf-8", errors="replace") for path in snakemake_logs]
    if any(KILLED.search(text) for text in texts):
        fault = "a job was killed from outside, as where memory runs out"
        cure = (
            "give it more memory, run fewer jobs at once (--cores), or try each again (--retries 2)"
        )
        print(on_screen(InputError("this build", fault, cure)), file=sys.stderr, flush=True)


def progress(things: Iterable[T], total: int, what: str, every_s: float = 5.0) -> Iterator[T]:
    """Pass things on and print, now and then, how many are done and how long the rest may take."""
    started = last = time.monotonic()
    for done, thing in enumerate(things, 1):
        yield thing
        now = time.monotonic()
        if now - last >= every_s or done == total:
            left = (now - started) / done * (total - done)
            print(f"{what}: {done} of {total} done, about {left:.0f} s left", flush=True)
            last = now


def metric_name(field: str) -> str:
    """Name a learning curve for MLflow, which groups by what stands before the slash."""
    quantity = field.removeprefix("validation_")
    unit = {"loss": "loss_nats"}.get(quantity, quantity)
    return f"{'validation' if field.startswith('validation_') else 'training'}/{unit}"


def told(
    epochs: int, history: list[E], log: Callable[[int, Mapping[str, float]], None]
) -> Callable[[E], None]:
    """Make the listener of a training: print, keep and log every epoch.

    Parameters
    ----------
    epochs : int
        That the training will have.
    history : list
        Every epoch is appended to it.
    log : callable
        ``log(step, {name: value})``.

    Returns
    -------
    callable
        Takes one epoch, a NamedTuple whose first field is its number.
    """
    started = time.monotonic()

    def on_epoch(epoch: E) -> None:
        history.append(epoch)
        number, *values = epoch
        named = dict(zip(epoch._fields[1:], values, strict=True))
        done = int(number) + 1
        left = (time.monotonic() - started) / done * (epochs - done)
        shown = ", ".join(f"{k} {v:.4f}" for k, v in named.items())
        print(f"epoch {done} of {epochs}: {shown}; about {left:.0f} s left", flush=True)
        log(done, {metric_name(k): v for k, v in named.items()})

    return on_epoch
