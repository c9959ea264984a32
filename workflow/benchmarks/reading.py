"""How well songs of known truth are read, from 30 dB of signal over noise down to -5 dB."""

from typing import Any

from parts import CONFIG, PITCH_MAP, noises

from chingolo import soundscape
from chingolo.known_truth import scenes, score_reader, sing_truths
from chingolo.seeds import generator

MANY = 200
SNR_DB = (30.0, 20.0, 15.0, 10.0, 5.0, 0.0, -5.0)


def measure() -> dict[str, Any]:
    """Score the reader in each kind of noise at each level; recorded noise where it is at hand."""
    rate, seed = CONFIG.picture.rate_hz, CONFIG.study.seed
    truths = sing_truths(MANY, PITCH_MAP, CONFIG.singer, rate, seed)
    made = [
        soundscape.coloured_noise(10 * rate, rate, tilt, generator(seed, "made", str(tilt)))
        for tilt in (0.0, 1.0, 2.0)
    ]
    kinds = {"made": made, "recorded": list(noises(rate).values())}
    curves: dict[str, list[dict[str, float]]] = {}
    for kind, sounds in kinds.items():
        for snr in SNR_DB if sounds else ():
            heard = scenes(truths, sounds, snr, rate, seed)
            score = score_reader(truths, heard, rate, CONFIG.reader, CONFIG.singer)
            curves.setdefault(kind, []).append({"snr_db": snr} | score._asdict())
    return {"reading": curves}
