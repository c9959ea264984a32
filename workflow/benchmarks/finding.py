"""How many of the sheet's songs are found in the uncut recordings, and how many finds it lacks."""

import time
from typing import Any

from parts import CONFIG, SHEET, SONGS, audio, noises

from chingolo.finder import find_songs, score
from chingolo.recordings import load


def measure() -> dict[str, Any]:
    """Share of the songs found (intersection over union of 0.7), and of finds not in the sheet."""
    folder, rate = audio(), CONFIG.picture.rate_hz
    found, seconds, spent = {}, 0.0, 0.0
    for name, one in SHEET.items() if folder else ():
        sound = load(folder / one.file, rate)
        started = time.process_time()
        found[name] = find_songs(sound, rate, CONFIG.finder)
        spent += time.process_time() - started
        seconds += sound.size / rate
    backgrounds = noises(rate).values()
    in_noise = sum(len(find_songs(noise, rate, CONFIG.finder)) for noise in backgrounds)
    if not found:
        return {
            "songs_found": None,
            "false_finds": None,
            "finds_in_noise": in_noise if backgrounds else None,
        }
    counted = score(found, SONGS)
    return {
        "songs_found": counted.songs_found / counted.songs,
        "false_finds": counted.false_finds / counted.finds,
        "finding": counted._asdict(),
        "finds_in_noise": in_noise if backgrounds else None,
        "finder_realtime_per_core": seconds / spent,
    }
