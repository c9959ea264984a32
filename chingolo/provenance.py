"""A research object crate of a build: code, settings, results, and a record of the runs behind them.

The profile is Workflow Run RO-Crate 0.5 (https://w3id.org/ro/wfrun/workflow/0.5): one action for the whole
workflow and one for each run whose numbers are in the results, named by the run's stable key.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from io import StringIO
from mimetypes import MimeTypes
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from rocrate.model.contextentity import ContextEntity
from rocrate.rocrate import ROCrate

from chingolo.files import beside, without_password
from chingolo.versions import NOTE

PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": "Process Run Crate",
    "https://w3id.org/ro/wfrun/workflow/0.5": "Workflow Run Crate",
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": "Workflow RO-Crate",
}
LICENCE = "https://spdx.org/licenses/MIT"
SOUNDS = frozenset(
    {".mp3", ".wav", ".flac", ".ogg", ".oga", ".opus", ".aif", ".aiff", ".m4a", ".w64"}
)
"""Recordings belong to those who made them: they are named in a crate, never copied."""

MEDIA = MimeTypes()
"""Python's own table of media types, so that a machine's does not matter."""


class Job(NamedTuple):
    """When a job ran.

    Attributes
    ----------
    start, end : datetime
    """

    start: datetime
    end: datetime

    @classmethod
    def measured(cls, benchmark: Path) -> "Job | None":
        """Read it off Snakemake's benchmark, which is written as the job ends; None if it is empty."""
        lines = benchmark.read_text("utf-8").splitlines()
        if len(lines) < 2:
            return None
        end = datetime.fromtimestamp(benchmark.stat().st_mtime, UTC).replace(microsecond=0)
        return cls(end - timedelta(seconds=round(float(lines[1].split("\t")[0]))), end)


def jobs(benchmarks: Iterable[Path]) -> dict[str, Job]:
    """When each job ran, by the name of its benchmark, ``rule-wildcards``."""
    measured = {path.stem: Job.measured(path) for path in benchmarks}
    return {name: job for name, job in measured.items() if job is not None}


def job_of(run: str) -> str:
    """Name of the benchmark of a run, from the run's key."""
    return "-".join(run.split(".")[:-1])


def write_crate(
    folder: Path,
    code: Mapping[str, Path],
    results: Mapping[str, Path],
    inputs: Mapping[str, Path],
    recordings: Iterable[Mapping[str, Any]],
    numbers: Mapping[str, Mapping[str, Any]],
    ran: Mapping[str, Job],
    build: Mapping[str, Any],
) -> None:
    """Write a crate.

    Parameters
    ----------
    folder : Path
        Made, and filled with copies.
    code, results, inputs : mapping of str to Path
        Name in the crate to file. Code holds ``Snakefile`` and the rules' scripts. Inputs may be of the code.
    recordings : iterable of mapping
        Sounds that the build heard; they are named, with their licences, and not copied.
    numbers : mapping
        Of :func:`chingolo.numbers.collect`.
    ran : mapping of str to Job
        Of :func:`jobs`.
    build : mapping
        ``title``, ``commit``, ``settings`` (key of the run), ``version``, ``snakemake``.
    """
    crate = ROCrate(version="1.1")
    crate.name = f"{build['title']} A build of chingolo {build['version']}"
    crate.description = (
        "Code, settings and results of one build of the study, and a record of the run behind each number "
        "of its paper. Read statement.pdf first; numbers.tsv leads from printed numbers to runs."
    )
    crate.license = crate.add(_entity(crate, LICENCE, "CreativeWork", name="MIT License"))
    crate.root_dataset["conformsTo"] = [
        crate.add(_entity(crate, uri, "CreativeWork", name=name, version=uri.rsplit("/", 1)[1]))
        for uri, name in PROFILES.items()
    ]
    workflow = crate.add_workflow(
        code["Snakefile"], "Snakefile", main=True, lang="snakemake", lang_version=build["snakemake"],
        properties={"name": "From songs to paper", "version": build["version"],
                    "identifier": build["commit"], "license": {"@id": LICENCE},
                    "encodingFormat": "text/plain"},
    )  # fmt: skip
    for name, path in code.items():
        if name != "Snakefile":
            script = name.startswith("workflow/scripts/")
            kind = ["File", "SoftwareSourceCode"] if script else "File"
            _file(crate, name, path, {"@type": kind})
    crate.add_file(StringIO(build["commit"] + "\n"), NOTE, properties={
        "name": NOTE, "encodingFormat": "text/plain"})  # fmt: skip
    given = [crate.dereference(n) or _file(crate, n, path) for n, path in inputs.items()]
    given += [crate.add(_recording(crate, row)) for row in recordings]
    made = {name: _file(crate, name, path) for name, path in results.items()}
    main = _action(crate, "#build", "One build of the study", workflow, _span(ran.values()))
    main["object"] = given
    main["result"] = list(made.values())
    main["description"] = f"Settings {build['settings']}, commit {build['commit']}."
    crate.root_dataset["mentions"] = [main, *_runs(crate, numbers, made, ran)]
    crate.write(folder)


def _runs(
    crate: ROCrate,
    numbers: Mapping[str, Mapping[str, Any]],
    made: Mapping[str, ContextEntity],
    ran: Mapping[str, Job],
) -> list[ContextEntity]:
    """Actions for the runs behind the numbers; the settings' is no job."""
    files: dict[str, set[str]] = {}
    for entry in numbers.values():
        if entry["rule"] != "config":
            files.setdefault(entry["run"], set()).add(f"results/{entry['file']}")
    actions = []
    for run in sorted(files):
        rule = run.split(".")[0]
        script = crate.dereference(f"workflow/scripts/{rule}.py")
        job = ran.get(job_of(run))
        action = _action(crate, f"#{run}", f"Rule {rule}", script, job)
        action["identifier"] = run
        action["result"] = [made[name] for name in sorted(files[run])]
        actions.append(action)
    return actions


def _span(ran: Iterable[Job]) -> Job | None:
    spans = list(ran)
    return Job(min(j.start for j in spans), max(j.end for j in spans)) if spans else None


def _action(
    crate: ROCrate, identifier: str, name: str, instrument: Any, job: Job | None
) -> ContextEntity:
    action = crate.add(_entity(crate, identifier, "CreateAction", name=name))
    action["instrument"] = instrument
    action["actionStatus"] = "http://schema.org/CompletedActionStatus"
    if job is not None:
        action["startTime"], action["endTime"] = job.start.isoformat(), job.end.isoformat()
    return action


def _entity(crate: ROCrate, identifier: str, kind: str, **told: Any) -> ContextEntity:
    return ContextEntity(crate, identifier, properties={"@type": kind, **told})


def _file(crate: ROCrate, name: str, path: Path, told: Mapping[str, Any] = {}) -> Any:
    kind = MEDIA.guess_type(name)[0] or "text/plain"
    properties = {"name": name, "encodingFormat": kind, **told}
    if path.suffix in (".yaml", ".yml"):
        text = path.read_text("utf-8", errors="replace")
        public = without_password(text)
        if public != text:
            return crate.add_file(StringIO(public), name, properties=properties)
    return crate.add_file(path, name, properties=properties, record_size=True)


def _recording(crate: ROCrate, row: Mapping[str, Any]) -> ContextEntity:
    """Name a sound that is not in the crate, as its sheet tells it."""
    told = {"name": f"Recording {row['recording']}", "sha256": row["sha256"], "creditText": row["recordist"],
            "license": row["licence"], "temporalCoverage": row["date"],
            "contentLocation": row["site"]}  # fmt: skip
    if row["url"].startswith(("http://", "https://")):
        told["url"] = row["url"]
    known = {key: value for key, value in told.items() if value not in ("", None)}
    return _entity(crate, f"#recording-{quote(row['recording'])}", "AudioObject", **known)


def inputs_of(paths: Iterable[str], code: Mapping[str, Path]) -> dict[str, Path]:
    """Name what a user handed in: as in the code if it is of it, else under ``inputs/``."""
    named: dict[str, Path] = {}
    for path in paths:
        name = path if path in code else f"inputs/{Path(path).name}"
        while name in named and named[name] != Path(path):
            first, _, last = name.rpartition("/")
            name = f"{first}/also-{last}"
        named[name] = Path(path)
    return named


def tree(root: Path, names: Sequence[str]) -> dict[str, Path]:
    """Files under some names of a folder, sorted, without caches and without sounds.

    Parameters
    ----------
    root : Path
    names : sequence of str
        Files and folders; those that are not there are left out.

    Returns
    -------
    dict of str to Path
        Path from ``root``, with slashes, to file.
    """
    found: dict[str, Path] = {}
    for name in names:
        top = root / name
        paths = [top] if top.is_file() else sorted(p for p in top.rglob("*") if p.is_file())
        for path in paths:
            place = path.relative_to(root)
            hidden = any(part == "__pycache__" or part.startswith(".") for part in place.parts)
            if not hidden and path.suffix.lower() not in SOUNDS:
                found[place.as_posix()] = path
    return found


def pack(folder: Path, to: Path) -> None:
    """Pack a folder into a zip, the same bytes for the same files."""
    with beside(to) as part, ZipFile(part, "w", ZIP_DEFLATED) as packed:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            if path.name != ".snakemake_timestamp":
                entry = ZipInfo(path.relative_to(folder).as_posix(), (1980, 1, 1, 0, 0, 0))
                entry.compress_type = ZIP_DEFLATED
                packed.writestr(entry, path.read_bytes())
