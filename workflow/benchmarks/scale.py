"""What a study a thousand times larger takes: songs sung to pictures and embedded, by their number.

make bench-scale [SONGS=1000,10000]. Writes results/benchmarks/scale.json. As in the study, two processes
share each corpus in two shards; each tells its own peak of memory. Pictures go to a folder beside the results,
and are deleted. Half an hour.
"""

import json
import re
import resource
import subprocess
import sys
import time
from pathlib import Path
from shutil import rmtree

import numpy as np
from parts import CONFIG, PITCH_MAP

from chingolo.archive import read_themes, write_themes
from chingolo.corpora import Voice, surrogate_items, surrogate_pictures
from chingolo.seeds import generator
from chingolo.shards import block, open_corpus, write_shard
from chingolo.species import random_theme

THEMES, PROCESSES = 50, 2
SIZES = [1_000, 10_000, 100_000]
MANY_THEMES = 20_000
SHARDS = 1_000


def peak_mb() -> float:
    """Peak of this process's memory."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def memory() -> int:
    """Bytes that this process holds in memory now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def sing(folder: Path, songs: int, shard: int) -> dict[str, float]:
    """One job, as workflow/scripts/sing_surrogates.py does it: sing a shard, hear and draw it, write it."""
    panel = {f"theme-{k}": random_theme(generator(1, "scale", k)) for k in range(THEMES)}
    settings = CONFIG.surrogates._replace(per_theme=songs // THEMES, places=1, outliers=0.0)
    items = block(surrogate_items(list(panel), "train", settings), shard, PROCESSES)
    p = CONFIG.picture
    voice = Voice(PITCH_MAP, CONFIG.singer, CONFIG.spread, CONFIG.place, p, (), 1)
    list(
        surrogate_pictures(panel, panel, items[:16], voice)
    )  # compiled code is read from its cache
    began, cpu = time.perf_counter(), time.process_time()
    names = (folder / f"{songs}-{shard}.npy", folder / f"{songs}-{shard}.tsv")
    write_shard(*names, items, surrogate_pictures(panel, panel, items, voice), (p.bands, p.frames))
    return {
        "songs": len(items),
        "wall_s": time.perf_counter() - began,
        "cpu_s": time.process_time() - cpu,
        "peak_mb": peak_mb(),
        "bytes": sum(name.stat().st_size for name in names),
    }


def embed(folder: Path, songs: int) -> dict[str, float]:
    """One job: place both shards in the metric, by networks of the study's shape, which need not be trained."""
    import torch  # noqa: PLC0415 (jobs that sing do not import it)

    from chingolo import metric  # noqa: PLC0415

    torch.manual_seed(1)
    many = range(CONFIG.metric.seeds)
    models = [metric.fused(metric.embedder(CONFIG.metric, CONFIG.judge)) for _ in many]
    paths = [str(folder / f"{songs}-{shard}.npy") for shard in range(PROCESSES)]
    corpus = open_corpus(paths, [path.replace(".npy", ".tsv") for path in paths])
    metric.embed(models, corpus._replace(items=corpus.items[:256]))
    began = time.perf_counter()
    metric.embed(models, corpus)
    return {"wall_s": time.perf_counter() - began, "peak_mb": peak_mb()}


def read(folder: Path) -> dict[str, float]:
    """One job: read a large panel."""
    before, began = memory(), time.perf_counter()
    themes = read_themes(folder / "themes.json")
    seconds = time.perf_counter() - began
    return {"s": seconds, "memory_bytes_a_theme": (memory() - before) / len(themes)}


def dag() -> dict[str, float]:
    """Time of a dry run of the study of one world, its songs in as many shards as a large cluster takes."""
    larger = [
        f"surrogates={{per_theme: 1000000, shards: {SHARDS}}}",
        f"metric={{shards: {SHARDS}}}",
    ]
    began = time.perf_counter()
    said = subprocess.run(
        [sys.executable, "-m", "snakemake", "-n", "--config", "worlds=[simulated]", *larger],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    seconds = time.perf_counter() - began
    jobs = int(re.findall(r"(?m)^total +(\d+)", said)[-1])
    return {"shards": SHARDS, "jobs": jobs, "seconds": seconds}


def job(*words: str) -> subprocess.Popen[str]:
    """Run a function of this file in a process of its own."""
    return subprocess.Popen([sys.executable, __file__, *words], stdout=subprocess.PIPE, text=True)


def ended(running: subprocess.Popen[str]) -> dict[str, float]:
    """Wait for it, and read what it measured."""
    said, _ = running.communicate()
    if running.returncode:
        sys.exit(running.returncode)
    return json.loads(said.splitlines()[-1])


def main(to: Path, sizes: list[int]) -> None:
    """Measure, and write."""
    folder = to.parent / "scale"
    folder.mkdir(parents=True, exist_ok=True)
    ended(job("sing", str(folder), str(sizes[0]), "0"))  # compiles, once
    rows = []
    for songs in sizes:
        running = [job("sing", str(folder), str(songs), str(k)) for k in range(PROCESSES)]
        jobs = [ended(one) for one in running]
        placed = ended(job("embed", str(folder), str(songs)))
        rows.append(
            {
                "songs": songs,
                "songs_a_second": sum(j["songs"] / j["wall_s"] for j in jobs),
                "songs_a_cpu_second": songs / sum(j["cpu_s"] for j in jobs),
                "peak_mb": max(j["peak_mb"] for j in jobs),
                "bytes_a_song": sum(j["bytes"] for j in jobs) / songs,
                "embedded_a_second": songs / placed["wall_s"],
                "embedding_peak_mb": placed["peak_mb"],
            }
        )
        print(json.dumps(rows[-1]), flush=True)
        for path in folder.glob(f"{songs}-*"):
            path.unlink()
    panel = {f"theme-{k}": random_theme(generator(1, "scale", k)) for k in range(MANY_THEMES)}
    write_themes(folder / "themes.json", panel)
    measured = {
        "sung": rows,
        "songs_a_cpu_second": float(np.median([row["songs_a_cpu_second"] for row in rows])),
        "dimensions": CONFIG.metric.dimensions * CONFIG.metric.seeds,
        "panel": ended(job("read", str(folder))),
        "dag": dag(),
    }
    rmtree(folder)
    to.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1] == "sing":
        print(json.dumps(sing(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))))
    elif sys.argv[1] == "embed":
        print(json.dumps(embed(Path(sys.argv[2]), int(sys.argv[3]))))
    elif sys.argv[1] == "read":
        print(json.dumps(read(Path(sys.argv[2]))))
    else:
        named = sys.argv[2] if len(sys.argv) > 2 else ""
        main(Path(sys.argv[1]), [int(n) for n in named.split(",") if n] or SIZES)
