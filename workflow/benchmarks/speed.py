"""How fast the model sings and reads, against a plain Python loop at the peers' step, in one run."""

import multiprocessing
import resource
import time
from typing import Any

import numpy as np
from parts import CONFIG, PITCH_MAP, RATE, cpu_s
from scipy import signal

from chingolo import reader, singing, species
from chingolo.fidelity import plain_ridge
from chingolo.seeds import generator
from chingolo.sources import SOURCES
from chingolo.tract import TRACTS, stiffness

SINGER = CONFIG.singer
PEERS_STEPS = 20
"""Runge-Kutta steps a sample at 44.1 kHz in the public Python implementations."""


def songs(many: int) -> list[Any]:
    """Random themes of the species, always the same."""
    seed = CONFIG.study.seed
    return [species.random_theme(generator(seed, "benchmark", k)) for k in range(many)]


def sing(many: int) -> float:
    """Sing so many songs, keep none; seconds of song."""
    total = 0
    for song in singing.sing_all(songs(many), PITCH_MAP, SINGER, RATE):
        total += song.size
    return total / RATE


def peak_memory(many: int) -> tuple[float, float]:
    """Sing so many songs; peak resident memory of the process in MiB, and seconds of song."""
    seconds = sing(many)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, seconds


def python_loop(seconds: float) -> None:
    """Sing as public Python codes do: source, trachea and circuit in one interpreted Runge-Kutta loop.

    A state of five numbers in a numpy array, a right-hand side called four times a step, delay lines.
    """
    source, tube = SOURCES[SINGER.source], TRACTS["zonotrichia-5khz"]
    gamma, h = source.gamma, 1.0 / (RATE * PEERS_STEPS)
    alpha, beta = source.loud, 0.7
    k, lg, lb = float(stiffness(tube, 5000.0)), tube.glottis_inertance, tube.beak_inertance
    rb, rh = tube.beak_resistance, tube.cavity_resistance
    delay = int(tube.length_m / tube.sound_speed / h)
    into, back = np.zeros(delay), np.zeros(delay)
    pressure, slope = 0.0, 0.0

    def right_hand_side(state: Any) -> Any:
        x, y, i1, i2, i3 = state
        force = gamma**2 * (-alpha - beta * x + x**2 - x**3) - gamma * (1 + x) * x * y
        di2 = -k / lg * i1 - rh * (1 / lb + 1 / lg) * i2 + (k / lg - rb * rh / (lb * lg)) * i3
        di2 += slope / lg + rh / (lb * lg) * pressure
        return np.array([y, force, i2, di2, -lg / lb * i2 - rb / lb * i3 + pressure / lb])

    state = np.array([1e-3, 0.0, 0.0, 0.0, 0.0])
    for step in range(int(seconds * RATE) * PEERS_STEPS):
        at = step % delay
        entered = state[1] / gamma - tube.reflection * back[at]
        left, back[at] = (1 - tube.reflection) * into[at], into[at]
        into[at] = entered
        pressure, slope = left, (left - pressure) / h
        k1 = right_hand_side(state)
        k2 = right_hand_side(state + h / 2 * k1)
        k3 = right_hand_side(state + h / 2 * k2)
        k4 = right_hand_side(state + h * k3)
        state = state + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


def scalar_loop(seconds: float) -> None:
    """Runge-Kutta of the source alone on plain Python numbers: the kindest form of such a loop."""
    source = SOURCES[SINGER.source]
    gamma, h = source.gamma, 1.0 / (RATE * PEERS_STEPS)
    alpha, beta = source.loud, 0.7
    x, y = 1e-3, 0.0
    for _ in range(int(seconds * RATE) * PEERS_STEPS):
        slopes: list[tuple[float, float]] = []
        for part in (0.0, 0.5, 0.5, 1.0):
            dx, dy = slopes[-1] if slopes else (0.0, 0.0)
            u, v = x + part * h * dx, y + part * h * dy
            force = gamma * gamma * (-alpha - beta * u + u * u - u * u * u)
            slopes.append((v, force - gamma * (1 + u) * u * v))
        x += h / 6 * (slopes[0][0] + 2 * slopes[1][0] + 2 * slopes[2][0] + slopes[3][0])
        y += h / 6 * (slopes[0][1] + 2 * slopes[1][1] + 2 * slopes[2][1] + slopes[3][1])


def steps() -> list[dict[str, float]]:
    """Error of pitch and spectrum against the peers' step, of source and trachea, for several steps."""
    gamma = SOURCES[SINGER.source].gamma
    themes = songs(16)

    def sung(step: float) -> list[Any]:
        return list(
            singing.sing_all(themes, PITCH_MAP, SINGER._replace(step=step, tract="trachea"), RATE)
        )

    finest = sung(gamma / RATE / PEERS_STEPS)
    rows = []
    for substeps in (8, 6, 5, 4, 3, 2):
        step = gamma / RATE / substeps
        f0, power, error = [], 0.0, 0.0
        for song, fine in zip(sung(step), finest, strict=True):
            (f, level), (reference, _) = (plain_ridge(s, RATE) for s in (song, fine))
            voiced = level > level.max() - 25.0
            f0.append(np.abs(f / reference - 1.0)[voiced])
            a, b = (np.abs(signal.stft(s, RATE, nperseg=512)[2]) for s in (song, fine))
            power, error = power + float((b**2).sum()), error + float(((a - b) ** 2).sum())
        every = np.concatenate(f0)
        rows.append(
            {
                "substeps": substeps,
                "step_gamma": step,
                "f0_median": float(np.median(every)),
                "f0_p95": float(np.percentile(every, 95)),
                "f0_max": float(every.max()),
                "spectrum_db": 10.0 * np.log10(error / power),
            }
        )
    return rows


def measure() -> dict[str, Any]:
    """Speed of singer and reader; ratios to the plain Python loop in the same run."""
    sing(64)  # compile
    seconds = sing(256)
    chain = cpu_s(lambda: sing(256), 7) / seconds
    loop = cpu_s(lambda: python_loop(0.02), 2) / 0.02
    scalar = cpu_s(lambda: scalar_loop(0.05), 2) / 0.05
    context = multiprocessing.get_context("spawn")
    with context.Pool(2) as pool:
        pool.map(sing, [64, 64])  # start and load what is compiled
        walls = []
        for jobs in (1, 2):
            started = time.perf_counter()
            pool.map(sing, [1024] * jobs, chunksize=1)
            walls.append(time.perf_counter() - started)
    with context.Pool(1) as pool:
        memory, sung = pool.apply(peak_memory, (10_000,))
    song = next(iter(singing.sing_all(songs(1), PITCH_MAP, SINGER, CONFIG.picture.rate_hz)))
    song = song + 1e-3 * generator(1, "benchmark").standard_normal(song.size).astype(np.float32)
    rate = CONFIG.picture.rate_hz
    reader.read(song, rate, CONFIG.reader)
    read = cpu_s(lambda: reader.read(song, rate, CONFIG.reader), 7) / (song.size / rate)
    return {
        "realtime_per_core": 1.0 / chain,
        "two_core_speedup": 2.0 * walls[0] / walls[1],
        "python_loop_ratio": loop / chain,
        "python_loop_cpu_s_per_s": loop,
        "scalar_loop_ratio": scalar / chain,
        "reader_realtime_per_core": 1.0 / read,
        "peak_memory_mib_10000_songs": memory,
        "seconds_of_10000_songs": sung,
        "steps": steps(),
    }
