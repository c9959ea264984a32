"""How fast culture is simulated, against the same model as a plain Python loop, in one run.

Alone: PYTHONPATH=. python workflow/benchmarks/culture.py
"""

import json
from typing import Any

import numpy as np
from parts import CONFIG, cpu_s

from chingolo.history import ERRORS, habits_of
from chingolo.population import Habits, Park, live, settle
from chingolo.seeds import generator
from chingolo.species import NOTES_PER_THEME

BIRDS, YEARS = 500, 54
DIMENSIONS = ERRORS * max(NOTES_PER_THEME)


def compiled(park: Park, habits: Habits, dimensions: int, histories: int) -> None:
    """Simulate so many histories from a theme a bird on, by the study's kernel."""
    for history in range(histories):
        themes = np.empty((YEARS + 1, BIRDS), np.int64)
        themes[0] = np.arange(BIRDS)
        versions = np.zeros((BIRDS, dimensions))
        streams = generator(1, "culture", history), generator(1, "slips", history)
        live(park, habits, themes, versions, BIRDS, *streams)


def interpreted(park: Park, habits: Habits, dimensions: int) -> None:
    """Simulate one history of the same model in plain Python, a numpy array for each bird's errors."""
    rng = generator(1, "plain")
    side, half = habits.neighbours, habits.neighbours // 2
    place = park.place.tolist()
    themes, versions, unused = list(range(BIRDS)), [np.zeros(dimensions)] * BIRDS, BIRDS
    for _ in range(YEARS):
        before, models = list(themes), list(versions)
        for bird in range(BIRDS):
            if rng.random() < habits.survival:
                continue
            foreign = rng.random() < habits.immigration
            if foreign or rng.random() < habits.invention:
                themes[bird] = -unused if foreign else unused
                versions[bird] = np.zeros(dimensions)
                unused += 1
                continue
            x = place[bird][0] + habits.reach * rng.standard_normal()
            y = place[bird][1] + habits.reach * rng.standard_normal()
            chosen = int(rng.random() * side**2)
            row = (int(y // 1) - half + chosen // side) % park.rows
            model = row * park.columns + (int(x // 1) - half + chosen % side) % park.columns
            themes[bird] = before[model]
            versions[bird] = models[model] + rng.standard_normal(dimensions)


def measure() -> dict[str, Any]:
    """Histories a minute of one core, of 500 territories and 54 years, with and without errors."""
    park = settle(BIRDS, generator(1, "territories"))
    neutral = habits_of(CONFIG.simulated)._replace(conformity=1.0)
    cases = {
        "labels": (neutral, 0),
        "errors": (neutral, DIMENSIONS),
        "conformist_labels": (neutral._replace(conformity=1.3), 0),
    }
    out: dict[str, Any] = {}
    for name, (habits, dimensions) in cases.items():
        compiled(park, habits, dimensions, 1)  # compile

        def work(habits: Habits = habits, dimensions: int = dimensions) -> None:
            compiled(park, habits, dimensions, 50)

        out[name] = 60.0 / (cpu_s(work, 3) / 50)
    for name, (habits, dimensions) in list(cases.items())[:2]:

        def plain(habits: Habits = habits, dimensions: int = dimensions) -> None:
            interpreted(park, habits, dimensions)

        out[f"{name}_plain_python"] = 60.0 / cpu_s(plain, 2)
    return {"histories_per_minute": out}


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
