"""How fast the model sings and reads, against a plain Python loop at the peers' step, in one run.

make bench; writes results/benchmarks/singer.json. Timings of a noisy machine: read the ratios.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import yaml

from chingolo import population, reader, singing, soundscape, syrinx
from chingolo.config import parse
from chingolo.seeds import generator

CONFIG = parse(yaml.safe_load(Path("config/config.yaml").read_text(encoding="utf-8")))
RATE = CONFIG.picture.rate_hz


def cpu_per_second(work: object, seconds: float, repeat: int) -> float:
    """Least CPU seconds a second of song, of several tries."""
    best = np.inf
    for _ in range(repeat):
        started = time.process_time()
        work()  # type: ignore[operator]
        best = min(best, time.process_time() - started)
    return best / seconds


def python_loop(gesture: singing.Gesture, seconds: float) -> None:
    """Runge-Kutta as public Python codes have it: 20 steps a sample at 44.1 kHz, no compiler."""
    gamma, h = CONFIG.singer.gamma, 1.0 / (44_100 * 20)
    x, y = 1e-3, 0.0
    for k in range(int(seconds * 44_100)):
        at = min(int(k * RATE / 44_100), gesture.alpha.size - 1)
        a, b = float(gesture.alpha[at]), float(gesture.beta[at])
        for _ in range(20):
            slopes = []
            for part in (0.0, 0.5, 0.5, 1.0):
                dx, dy = slopes[-1] if slopes else (0.0, 0.0)
                u, v = x + part * h * dx, y + part * h * dy
                force = gamma * gamma * (-a - b * u + u * u - u * u * u)
                slopes.append((v, force - gamma * (1 + u) * u * v))
            x += h / 6 * (slopes[0][0] + 2 * slopes[1][0] + 2 * slopes[2][0] + slopes[3][0])
            y += h / 6 * (slopes[0][1] + 2 * slopes[1][1] + 2 * slopes[2][1] + slopes[3][1])


tension = np.concatenate([np.linspace(-0.05, 0.4, 226), np.linspace(0.42, 4.0, 180)])
pitch_map = syrinx.map_pitch(np.linspace(0.08, 0.16, 9), tension, np.linspace(0.16, 1.8, 411))
theme = population.random_theme(generator(CONFIG.study.seed, "benchmark"))
song = singing.sing(theme, pitch_map, CONFIG.singer, RATE)
scene = soundscape.hear(
    song, RATE, CONFIG.place, generator(1, "benchmark"), 0.1, len(song) / RATE + 0.2
)
reader.read(scene, RATE, CONFIG.reader)  # compile

sing = cpu_per_second(
    lambda: singing.sing(theme, pitch_map, CONFIG.singer, RATE), len(song) / RATE, 10
)
read = cpu_per_second(lambda: reader.read(scene, RATE, CONFIG.reader), len(scene) / RATE, 5)
gesture = singing.gesture(theme, pitch_map, CONFIG.singer, RATE)
loop = cpu_per_second(lambda: python_loop(gesture, 0.05), 0.05, 2)
result = {
    "realtime_per_core": 1.0 / sing,
    "python_loop_ratio": loop / sing,
    "python_loop_cpu_s_per_s": loop,
    "reader_realtime_per_core": 1.0 / read,
}
to = Path(sys.argv[1])
to.parent.mkdir(parents=True, exist_ok=True)
to.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
print(json.dumps(result, indent=1))
