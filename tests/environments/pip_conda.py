"""The part of conda's command line that Snakemake calls, where environments come from the pip index.

conda's channels cannot be reached everywhere; an environment of the packages that an ``envs/*.yaml`` names,
at the versions it names, and of nothing else, can be made by pip all the same. What these need in turn is
constrained to the pip lock. Answers: --version | info --json | config --get channel_priority --json |
env create --file F --prefix P | clean (does nothing).
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

PIP_NAMES = {"pytorch": "torch", "pysoundfile": "soundfile"}


def requirements(file: Path) -> list[str]:
    """List the packages of an environment file, as pip names them."""
    wanted = []
    for entry in yaml.safe_load(file.read_text())["dependencies"]:
        for text in entry["pip"] if isinstance(entry, dict) else [entry]:
            name, _, version = text.replace("==", "=").partition("=")
            if name not in ("python", "pip"):
                wanted.append(f"{PIP_NAMES.get(name, name)}=={version}")
    return wanted


def create(file: Path, prefix: Path) -> None:
    """Make an environment that shuts out what it does not hold, see ``only_this.py``."""
    subprocess.run([sys.executable, "-m", "venv", prefix], check=True)
    python = prefix / "bin/python"
    words = ["-m", "pip", "install", "-q", "--disable-pip-version-check"]
    lock = ["-c", os.environ["CHINGOLO_LOCK"]]
    subprocess.run([python, *words, *lock, *requirements(file)], check=True)
    (site,) = prefix.glob("lib/python3*/site-packages")
    shutil.copy(Path(__file__).with_name("only_this.py"), site)
    (site / "only_this.pth").write_text("import only_this\n")


def main(words: list[str]) -> int:
    """Answer one call."""
    if words[:1] == ["--version"]:
        print("conda 26.7.0")
    elif words[:1] == ["info"]:
        print(json.dumps({"conda_prefix": os.environ["PIP_CONDA"], "platform": "linux-64"}))
    elif words[:1] == ["config"]:
        print(json.dumps({"get": {"channel_priority": "strict"}}))
    elif words[:2] == ["env", "create"]:
        create(*(Path(words[words.index(key) + 1]) for key in ("--file", "--prefix")))
    elif words[:1] != ["clean"]:
        print(f"pip_conda: unknown call: {words}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
