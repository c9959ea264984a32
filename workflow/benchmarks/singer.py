"""Singer, reader and culture, measured: speed, error of the step, reading, copies, found songs.

make bench [RECORDINGS=folder] [NOISE=folder]; writes results/benchmarks/singer.json. Timings are of a
noisy machine: read the ratios. Without recordings, what needs them is null.
"""

import json
import sys
from pathlib import Path

import copies
import culture
import finding
import reading
import speed

if __name__ == "__main__":
    result = {}
    for part in (speed, reading, copies, finding, culture):
        print(f"{part.__name__}: {part.measure.__doc__}", flush=True)
        result |= part.measure()
    to = Path(sys.argv[1])
    to.parent.mkdir(parents=True, exist_ok=True)
    beside = to.with_suffix(".part")
    beside.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    beside.replace(to)
    print(json.dumps(result, indent=1))
