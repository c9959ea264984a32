"""How close synthetic copies come to every clean real song, beside the ceiling of a copy."""

import time
from typing import Any

import numpy as np
from parts import CONFIG, PITCH_MAP, RATE, SHEET, SONGS, audio

from chingolo.fidelity import MEASURES, copy_song, measure_copies, summary
from chingolo.recordings import cut, load


def measure() -> dict[str, Any]:
    """Medians over all clean songs, and over the enrolled ones; the worst five; CPU seconds a song."""
    folder = audio()
    if folder is None:
        return {"copies": None}
    per_song: dict[str, Any] = {}
    loaded, sound, spent = "", np.zeros(0, np.float32), []
    for song in (s for s in SONGS if s.role != "check"):
        if song.recording != loaded:
            loaded, sound = song.recording, load(folder / SHEET[song.recording].file, RATE)
        part = cut(sound, RATE, song.start_s, song.end_s, 0.0)
        started = time.process_time()
        made = copy_song(part, RATE, CONFIG.reader, PITCH_MAP, CONFIG.singer)
        spent.append(time.process_time() - started)
        per_song[song.name] = measure_copies(part, made, RATE)
    enrolled = {s.name for s in SONGS if s.role == "enrol"}
    worst = sorted(per_song, key=lambda name: -per_song[name]["trace"]["f0_p95"])[:5]
    h2 = np.array([one["trace"]["second_harmonic_db"] for one in per_song.values()])
    h2 = np.abs(h2[np.isfinite(h2)])
    every = summary(per_song)
    behind = [
        one["ceiling"]["correlation_db"] - one["trace"]["correlation_db"]
        for one in per_song.values()
    ]
    return {
        "f0_median": every["trace"]["f0_median"],
        "f0_p95": every["trace"]["f0_p95"],
        "correlation_db": every["trace"]["correlation_db"],
        "correlation_ceiling": every["ceiling"]["correlation_db"],
        "copies": {
            "all": every,
            "enrolled": summary({n: one for n, one in per_song.items() if n in enrolled}),
            "worst": {
                name: {
                    kind: {m: per_song[name][kind][m] for m in MEASURES[:4]}
                    for kind in ("ceiling", "trace", "copy")
                }
                for name in worst
            },
            "trace_behind_ceiling_correlation_median": float(np.median(behind)),
            "second_harmonic_songs": h2.size,
            "second_harmonic_within_6_db": float((h2 <= 6.0).mean()),
            "cpu_s_per_song_median": float(np.median(spent)),
            "cpu_s_per_song_max": float(np.max(spent)),
        },
    }
