"""Build a local conda channel (file://) out of wheels and a thin Python.

    make_channel.py OUT_DIR WHEEL [WHEEL ...]

Needs py-rattler and py-rattler-build from PyPI; no conda, no network.
The `python` package is thin: links to the interpreter that runs this script and
a pyvenv.cfg, so an environment made from it is what `python -m venv` would make.
"""

import asyncio
import re
import sys
import tempfile
import zipfile
from datetime import UTC, datetime
from email.parser import Parser
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from rattler.index import index_fs
from rattler_build import assemble_package, collect_files

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
PY = f"{sys.version_info.major}.{sys.version_info.minor}"


def conda_name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def python_package(out: Path) -> None:
    real = Path(sys.executable).resolve()
    with tempfile.TemporaryDirectory() as tmp:
        stage = Path(tmp)
        (stage / "bin").mkdir()
        for link in ("python", "python3", f"python{PY}"):
            (stage / "bin" / link).symlink_to(real)
        (stage / f"lib/python{PY}/site-packages").mkdir(parents=True)
        (stage / f"lib/python{PY}/site-packages/README.txt").write_text("made by make_channel\n")
        (stage / "pyvenv.cfg").write_text(
            f"home = {real.parent}\ninclude-system-site-packages = false\n"
        )
        assemble_package(
            "python",
            ".".join(map(str, sys.version_info[:3])),
            "linux-64",
            "thin_0",
            out,
            files=collect_files(stage, include_hidden=True),
            timestamp=EPOCH,
            compression_level=1,
        )


def wheel_package(wheel: Path, out: Path) -> str:
    with zipfile.ZipFile(wheel) as z, tempfile.TemporaryDirectory() as tmp:
        meta_name = next(n for n in z.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", n))
        meta = Parser().parsestr(z.read(meta_name).decode())
        env = {**default_environment(), "extra": ""}
        depends = [f"python {PY}.*"]
        for line in meta.get_all("Requires-Dist") or []:
            req = Requirement(line)
            if req.marker is None or req.marker.evaluate(env):
                depends.append(f"{conda_name(req.name)} {str(req.specifier) or '*'}")
        site = Path(tmp) / f"lib/python{PY}/site-packages"
        site.mkdir(parents=True)
        z.extractall(site)
        assemble_package(
            conda_name(meta["Name"]),
            meta["Version"],
            "linux-64",
            f"py{PY.replace('.', '')}_0",
            out,
            files_dir=Path(tmp),
            depends=depends,
            timestamp=EPOCH,
            compression_level=1,
        )
        return f"{meta['Name']} {meta['Version']}"


def main() -> None:
    out = Path(sys.argv[1]).resolve()
    for sub in ("linux-64", "noarch"):
        (out / sub).mkdir(parents=True, exist_ok=True)
    python_package(out / "linux-64")
    for wheel in map(Path, sys.argv[2:]):
        print("packed", wheel_package(wheel, out / "linux-64"))
    r = index_fs(out, force=True)
    if asyncio.iscoroutine(r) or hasattr(r, "__await__"):
        asyncio.run(_await(r))
    print("channel", out.as_uri())


async def _await(x):
    return await x


main()
