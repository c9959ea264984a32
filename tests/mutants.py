"""Count what mutation testing found: python tests/mutants.py LEAST, after `mutmut run`; see `make mutants`.

A mutant is the module with one small change; it is killed if a test then fails. Ends with 1 if fewer than
LEAST percent of a module's mutants were.
"""

import json
import sys
from pathlib import Path

TIMEOUT = 36  # mutmut's own exit codes: 0 survived, 33 no test calls it, 36 ran for too long
NOT_RUN = {None, 34}


def main(least: float) -> None:
    weak = []
    for path in sorted(Path("mutants/chingolo").glob("*.py.meta")):
        codes = list(json.loads(path.read_text())["exit_code_by_key"].values())
        if not codes:
            continue
        tried = [code for code in codes if code not in NOT_RUN]
        killed = sum(code in (1, 3, TIMEOUT) for code in tried)
        share = 100 * killed / len(codes)
        print(f"{path.name.removesuffix('.meta')}: {killed} of {len(codes)} killed, {share:.0f} %")
        if share < least:
            weak.append(path.name)
    if weak:
        sys.exit(f"less than {least:.0f} %: mutmut browse shows what survived")


if __name__ == "__main__":
    main(float(sys.argv[1]))
