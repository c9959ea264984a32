"""How long a step of gradient descent takes in the primer, by the number of pictures it looks at.

make bench-primer; writes results/benchmarks/primer.json. What it prints may be written into config.yaml
(`primer.descents.*.step_us`), which gives the primer's figure its axis of time.
"""

import json
import statistics
import sys
import time
from pathlib import Path

import torch
from parts import CONFIG

from chingolo import screen
from chingolo.seeds import generator

ROUNDS = 15
"""The ways take turns so often, so that a busy machine is busy for all of them."""
STEPS = 200


def step_us(settings, pictures, targets, batch: int, rate: float) -> float:
    """Time of one step, in microseconds."""
    model = screen.untrained(settings.symbols, settings.filters, 0)
    rows = torch.arange(len(pictures)).roll(batch)[:batch].numpy()
    began = time.perf_counter()
    screen.learn(model, pictures[rows], targets[rows], batch, rate, STEPS, 0)
    return (time.perf_counter() - began) / STEPS * 1e6


if __name__ == "__main__":
    torch.set_num_threads(1)
    screen.POINTS = 1  # the loss over all pictures is hardly looked at: it is no part of a step
    settings = CONFIG.primer
    rng = generator(CONFIG.study.seed, "primer", "examples")
    share = settings.example_flips
    pictures, numbers = screen.examples(settings.symbols, settings.examples, share, rng)
    targets = screen.one_hot(numbers, len(settings.symbols))
    ways = settings.descents._asdict()
    taken: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(ROUNDS):
        for way, descent in ways.items():
            batch = descent.batch or len(pictures)
            taken[way].append(step_us(settings, pictures, targets, batch, descent.learning_rate))
    told = {
        way: {
            "batch": ways[way].batch or len(pictures),
            "step_us": statistics.median(times),
            "over_stochastic": statistics.median(times) / statistics.median(taken["stochastic"]),
        }
        for way, times in taken.items()
    }
    Path(sys.argv[1]).parent.mkdir(parents=True, exist_ok=True)
    Path(sys.argv[1]).write_text(json.dumps(told, indent=1) + "\n")
    print(json.dumps(told, indent=1))
