"""What tracking costs a training: the same with its record kept and told, and without, in turn.

make bench-tracking; after a build, of whose first world it takes the songs. Writes
results/benchmarks/tracking.json. The opponent is the bare training; CPU seconds of the training's process, and
apart from it those of the build's reporter. Some minutes.
"""

import json
import os
import resource
import sys
import time
from contextlib import nullcontext
from pathlib import Path

import numpy as np
from parts import CONFIG

from chingolo import reporting
from chingolo.archive import read_themes
from chingolo.classifier import fit
from chingolo.files import write_json
from chingolo.logged import logged_run
from chingolo.logs import told
from chingolo.runs import run_key
from chingolo.shards import open_corpus
from chingolo.tracking import open_store, records_of, replay

ROUNDS, EPOCHS = 3, 3


def main(to: Path) -> None:
    """Train in turn, logged and bare."""
    world = Path("results") / CONFIG.worlds[0]
    shards = [world / f"shards/train-{k}.npy" for k in range(CONFIG.surrogates.shards)]
    used = [str(p) for shard in shards for p in (shard, shard.with_suffix(".tsv"))]
    themes = list(read_themes(world / "themes.json"))
    folder = to.parent / "tracking"
    folder.mkdir(parents=True, exist_ok=True)
    store = folder / "mlflow.json"
    write_json(store, open_store("", "bench", folder))
    os.environ["CHINGOLO_BUILD"] = "of the benchmark"
    reporter = reporting.start(store, "of the benchmark", folder / "reporting.log")
    judge = CONFIG.judge._replace(epochs=EPOCHS)
    taken: dict[str, list[float]] = {"logged": [], "bare": []}
    for turn in range(ROUNDS + 1):
        for kind, seconds in taken.items():
            began = time.process_time()
            train = open_corpus(
                [str(s) for s in shards], [str(s.with_suffix(".tsv")) for s in shards]
            )
            key = run_key("train", {"seed": str(turn)}, used)
            run = (store, "train", {"seed": str(turn)}, key, {"judge": judge}, used)
            bare = nullcontext((lambda *_: None, lambda *_: None))
            with logged_run(*run) if kind == "logged" else bare as (log, keep):
                fit(train, train, themes, judge, turn, told(EPOCHS, [], log))
                keep([])
            if turn:  # the first warms up
                seconds.append(time.process_time() - began)
                print(kind, seconds[-1], flush=True)
    reporting.stop(reporter)
    told_s = resource.getrusage(resource.RUSAGE_CHILDREN)
    median = {kind: float(np.median(of)) for kind, of in taken.items()}
    measured = {
        "training_cpu_s": median["bare"],
        "logged_over_bare": median["logged"] / median["bare"],
        "reporter_cpu_s": told_s.ru_utime + told_s.ru_stime,
        "runs": ROUNDS + 1,
        "missing": replay(store, records_of(store))["brought"],
    }
    print(json.dumps(measured))
    to.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
