"""Count what mutation testing found: python tests/mutants.py LEAST, after `mutmut run`; see `make mutants`.

A mutant is the module with one small change; it is killed if a test then fails. Ends with 1 if fewer than
LEAST percent of a module's mutants were.
"""

import json
import sys
import tomllib
from pathlib import Path

SURVIVED, UNTESTED = 0, {33, 34, None}
"""Mutmut's own codes; all others are those of tests that failed, broke off, or went on for ever."""


MODULES = tomllib.loads(Path("pyproject.toml").read_text())["tool"]["mutmut"]["only_mutate"]


def main(least: float) -> None:
    weak = []
    for module in MODULES:
        codes = json.loads(Path(f"mutants/{module}.meta").read_text())["exit_code_by_key"].values()
        killed = sum(code != SURVIVED and code not in UNTESTED for code in codes)
        share = 100 * killed / len(codes)
        print(f"{module}: {killed} of {len(codes)} killed, {share:.0f} %")
        if share < least:
            weak.append(module)
    if weak:
        sys.exit(f"less than {least:.0f} %: mutmut browse shows what survived")


if __name__ == "__main__":
    main(float(sys.argv[1]))
