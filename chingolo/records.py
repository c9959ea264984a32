"""A job's record in a file: what MLflow is told, kept so that nothing is lost while it does not answer."""

import time
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from chingolo.files import read_json, sha256, write_json


class Value(NamedTuple):
    """One value of a metric.

    Attributes
    ----------
    name : str
    value : float
    time_ms : int
        Since 1970, UTC.
    step : int
    """

    name: str
    value: float
    time_ms: int
    step: int


class Source(NamedTuple):
    """A file that a job read or made.

    Attributes
    ----------
    name : str
        Of one that was read, without its folder; of one that was made, relative to the results' folder where it
        lies in it.
    digest : str
        First half of its SHA-256, in hexadecimal.
    """

    name: str
    digest: str


class Record(NamedTuple):
    """What there is to tell of a job.

    Attributes
    ----------
    id : str
        Of this execution; a job that is run again has another.
    name : str
        Rule and wildcards.
    build : str
        The call of Snakemake that it belongs to; empty outside one.
    tags, params : dict of str to str
    inputs : list of Source
    values : list of Value
    files : list of Source
        To be kept as artifacts.
    started_ms, ended_ms : int
    status : str
        ``FINISHED`` or ``FAILED``; empty while the job runs, and for ever if it was killed.
    """

    id: str
    name: str
    build: str
    tags: dict[str, str]
    params: dict[str, str]
    inputs: list[Source]
    values: list[Value]
    files: list[Source]
    started_ms: int
    ended_ms: int = 0
    status: str = ""


def new_build() -> str:
    """Name a call of Snakemake, whose jobs stand together in MLflow: when it began, and what tells it apart."""
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} {uuid.uuid4().hex[:6]}"


def now_ms() -> int:
    """Milliseconds since 1970, UTC."""
    return int(time.time() * 1000)


def begin(
    name: str,
    build: str,
    tags: Mapping[str, str],
    params: Mapping[str, str],
    inputs: Iterable[Source] = (),
) -> Record:
    """Open a record, as a job begins."""
    identity = uuid.uuid4().hex
    return Record(identity, name, build, dict(tags), dict(params), list(inputs), [], [], now_ms())


def digest(path: Path) -> str:
    """First half of a file's SHA-256, in hexadecimal."""
    return sha256(path)[:32]


def folder(results: Path) -> Path:
    """Where a study's records lie."""
    return results / "records"


def paths(results: Path) -> list[Path]:
    """List a study's records."""
    return sorted(folder(results).glob("*.json"))


def write(record: Record, results: Path) -> Path:
    """Write a record, under its job's name and its own.

    Parameters
    ----------
    record : Record
    results : Path

    Returns
    -------
    Path
    """
    path = folder(results) / f"{record.name.replace(' ', '-')}-{record.id[:8]}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    # As text, since JSON knows neither NaN nor infinity, which a loss may be.
    values = [(name, repr(value), time_ms, step) for name, value, time_ms, step in record.values]
    write_json(path, record._replace(values=values)._asdict())  # type: ignore[arg-type]
    return path


def read(path: Path) -> Record:
    """Read a record."""
    plain = read_json(path)
    return Record(
        **{
            **plain,
            "inputs": [Source(*source) for source in plain["inputs"]],
            "files": [Source(*source) for source in plain["files"]],
            "values": [Value(n, float(value), ms, step) for n, value, ms, step in plain["values"]],
        }
    )
