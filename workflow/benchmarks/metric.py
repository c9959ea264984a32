"""The metric: losses compared on unseen families, speed of embedding, and all pairs of many songs.

make bench-metric [LOSSES=all]; after a build, whose families it takes from results/metric. Writes
results/benchmarks/metric.json. Minutes a loss, each trained once as the study trains its networks.
"""

import json
import resource
import sys
import time
from pathlib import Path
from typing import get_args, get_type_hints

import numpy as np
import torch
from parts import CONFIG
from scipy.spatial.distance import cdist

from chingolo import metric
from chingolo.classifier import BATCH, as_tensor
from chingolo.config import Metric
from chingolo.distances import all_pairs
from chingolo.shards import open_corpus

BUILT = Path("results/metric")
SONGS, SCIPYS = 20_000, 4_000
ROUNDS = 5


def families(name: str, shards: int):
    """Songs of the families of a built study."""
    paths = [BUILT / f"shards/{name}-{k}.npy" for k in range(shards)]
    return open_corpus([str(p) for p in paths], [str(p.with_suffix(".tsv")) for p in paths])


def losses(names: list[str], seed: int) -> dict[str, object]:
    """Train one network with each loss, and ask it about unseen families."""
    train, asked = families("learned", CONFIG.metric.shards), families("asked", 1)
    out: dict[str, object] = {}
    for name in names:
        settings = CONFIG.metric._replace(loss=name)
        began = time.perf_counter()
        model = metric.fit(train, settings, CONFIG.judge, seed)
        seconds = time.perf_counter() - began
        placed = metric.embed([metric.fused(model)], asked)
        scores = metric.unseen_themes(all_pairs(placed, placed), asked.items)
        out[name] = {"seconds": seconds, **scores}
        print(name, json.dumps(out[name]), flush=True)
    return out


def embedding() -> dict[str, float]:
    """Songs a second from stored pictures, beside a bare loop of the same networks on tensors in memory."""
    models = [metric.load(path)[0] for path in sorted(BUILT.glob("seed-*.pt"))]
    corpus = families("learned", CONFIG.metric.shards)
    rows = np.arange(3_000)
    part = corpus._replace(items=corpus.items[: len(rows)])
    batches = as_tensor(corpus.take(rows)).split(BATCH)
    taken: dict[str, list[float]] = {"ours": [], "bare": []}
    for _ in range(ROUNDS):
        began = time.perf_counter()
        metric.embed(models, part)
        taken["ours"].append(time.perf_counter() - began)
        began = time.perf_counter()
        with torch.inference_mode():
            for batch in batches:
                for model in models:
                    model(batch)
        taken["bare"].append(time.perf_counter() - began)
    rate = {name: len(rows) / float(np.median(times)) for name, times in taken.items()}
    return {"songs_a_second": rate["ours"], "over_bare_loop": rate["ours"] / rate["bare"]}


def pairs() -> dict[str, float]:
    """Distances of all pairs of many songs, beside scipy's on fewer, as pairs a second."""
    rng = np.random.default_rng(0)
    shape = (CONFIG.metric.seeds, SONGS, CONFIG.metric.dimensions)
    places = rng.standard_normal(shape, dtype=np.float32)
    began = time.perf_counter()
    all_pairs(places, places)
    ours = time.perf_counter() - began
    few = places[:, :SCIPYS].astype(float)
    began = time.perf_counter()
    np.sqrt(np.mean([cdist(one, one, "sqeuclidean") for one in few], axis=0))
    theirs = time.perf_counter() - began
    return {
        "songs": SONGS,
        "seconds": ours,
        "peak_gib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
        "over_scipy": (SONGS**2 / ours) / (SCIPYS**2 / theirs),
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    told: dict[str, object] = {"embedding": embedding(), "pairs": pairs()}
    print(json.dumps(told, indent=1), flush=True)
    if len(sys.argv) > 2 and sys.argv[2]:
        every = list(get_args(get_args(get_type_hints(Metric, include_extras=True)["loss"])[0]))
        chosen = every if sys.argv[2] == "all" else sys.argv[2].split(",")
        told["losses"] = losses(chosen, CONFIG.study.seed)
    Path(sys.argv[1]).parent.mkdir(parents=True, exist_ok=True)
    Path(sys.argv[1]).write_text(json.dumps(told, indent=1) + "\n")
