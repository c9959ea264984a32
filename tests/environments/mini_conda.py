"""The part of conda's command line that Snakemake 9 calls, on top of py-rattler.

Answers: --version | info --json | config --get channel_priority --json |
env create --file F --prefix P | create --file PIN --prefix P |
env export --prefix P | list --explicit --prefix P |
clean -y --tarballs (does nothing)
"""

import argparse
import asyncio
import json
import os
import sys
from pathlib import Path

import yaml
from rattler import (
    Channel,
    Gateway,
    MatchSpec,
    PrefixRecord,
    RepoDataRecord,
    VirtualPackage,
    install,
    solve,
)

VERSION = "26.7.0"  # Snakemake asks for 24.7.1 or newer
HOME = Path(os.environ.get("MINI_CONDA_PREFIX") or Path(__file__).resolve().parent.parent)
CACHE = Path(os.environ.get("MINI_CONDA_PKGS") or Path.home() / ".cache/mini-conda-pkgs")
# A channel named in an environment file is looked for under MINI_CONDA_CHANNEL_ALIAS.
ALIAS = os.environ.get("MINI_CONDA_CHANNEL_ALIAS", "")


def channel(name: str) -> Channel:
    if ALIAS and "://" not in name:
        name = f"{ALIAS.rstrip('/')}/{name}"
    return Channel(name)


async def from_yaml(file: Path, prefix: Path) -> None:
    doc = yaml.safe_load(file.read_text())
    specs, pip_specs = [], []
    for dep in doc.get("dependencies", []):
        if isinstance(dep, dict):
            pip_specs += dep.get("pip", [])
        elif dep != "pip":
            specs.append(MatchSpec(dep, strict=False))
    channels = [channel(c) for c in doc.get("channels", []) if c != "nodefaults"]
    records = await solve(
        channels, specs, platforms=["linux-64", "noarch"], virtual_packages=VirtualPackage.detect()
    )
    await put(records, prefix)
    if pip_specs:
        raise SystemExit("mini-conda: pip sections are not supported")


async def from_pin(file: Path, prefix: Path) -> None:
    wanted = [
        line.strip()
        for line in file.read_text().splitlines()
        if line.strip() and not line.startswith(("#", "@"))
    ]
    gateway, by_channel = Gateway(), {}
    records = []
    for line in wanted:
        url, _, digest = line.partition("#")
        base, subdir, name = url.rsplit("/", 2)
        key = (base, subdir)
        if key not in by_channel:
            names = [Path(w.partition("#")[0]).name.rsplit("-", 2)[0] for w in wanted]
            found = await gateway.query(
                [Channel(base)], [subdir], specs=sorted(set(names)), recursive=False
            )
            by_channel[key] = {r.file_name: r for part in found for r in part}
        try:
            rec = by_channel[key][name]
        except KeyError:
            raise SystemExit(f"mini-conda: {url} is not in its channel") from None
        for want, got in ((digest.removeprefix("sha256:"), rec.sha256), (digest, rec.md5)):
            if digest and got and len(want) == 2 * len(got) and want != got.hex():
                raise SystemExit(f"mini-conda: {url} does not match its hash")
        records.append(rec)
    await put(records, prefix)


async def put(records: list[RepoDataRecord], prefix: Path) -> None:
    CACHE.mkdir(parents=True, exist_ok=True)
    await install(records, target_prefix=prefix, cache_dir=CACHE, show_progress=False)
    (prefix / "conda-meta").mkdir(exist_ok=True)
    (prefix / "conda-meta/history").touch()
    for r in sorted(records, key=lambda r: r.name.normalized):
        print(r.name.normalized, r.version, r.build)


def installed(prefix: Path):
    return sorted(
        (PrefixRecord.from_path(p) for p in (prefix / "conda-meta").glob("*.json")),
        key=lambda r: r.name.normalized,
    )


def main(argv: list[str]) -> int:
    if argv[:1] == ["--version"]:
        print("conda", VERSION)
        return 0
    if argv[:1] == ["info"]:
        print(
            json.dumps(
                {"conda_prefix": str(HOME), "platform": "linux-64", "conda_version": VERSION}
            )
        )
        return 0
    if argv[:1] == ["config"]:
        print(json.dumps({"get": {"channel_priority": "strict"}}))
        return 0
    if argv[:1] == ["clean"]:
        return 0  # the package cache is small and shared: kept
    env = argv[:1] == ["env"]
    p = argparse.ArgumentParser(prog="conda")
    p.add_argument("verb")
    p.add_argument("--file")
    p.add_argument("--prefix", type=Path)
    for flag in (
        "--quiet",
        "--no-default-packages",
        "--yes",
        "--explicit",
        "--json",
        "--md5",
        "--sha256",
    ):
        p.add_argument(flag, action="store_true")
    a = p.parse_args(argv[1:] if env else argv)
    if a.verb == "create":
        work = from_yaml if env else from_pin
        asyncio.run(work(Path(a.file), a.prefix))
        return 0
    if a.verb == "list" and a.explicit:
        print("# platform: linux-64\n@EXPLICIT")
        for r in installed(a.prefix):
            print(f"{r.url}#sha256:{r.sha256.hex()}" if a.sha256 else f"{r.url}#{r.md5.hex()}")
        return 0
    if a.verb == "export":
        print(
            yaml.safe_dump(
                {
                    "name": None,
                    "dependencies": [
                        f"{r.name.normalized}={r.version}={r.build}" for r in installed(a.prefix)
                    ],
                }
            )
        )
        return 0
    print(f"mini-conda: unknown call: {argv}", file=sys.stderr)
    return 2


sys.exit(main(sys.argv[1:]))
