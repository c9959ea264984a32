r"""Songs and images of the lab's public forerunner (github mwappner/Tesis, 2018-19).

Constants are those of its ``byc/sint_chingolo_ruido.py`` (oscillator, jitter, noise) and
``byc/utils.py`` (image). The labial oscillator of :mod:`chingolo.sources` is not inverted: its
tension follows from the wanted pitch f by a fitted parabola, so that it sings some 10 % too high,

.. math:: k = 6.56867694 \cdot 10^{-8} f^2 + 4.23116382 \cdot 10^{-5} f + 2.67280260 \cdot 10^{-2}

Departures. Two that an image may show: the level of each note divides out the tract, where theirs were
set by hand for three themes, and the sweep of every note varies by as much. Three that it does not:
steps as long as the study's other songs allow (theirs were 1/882 kHz), a note's swell put on the source
and not on the filtered sound, and the noise at its density in the band of our sounds.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import ndimage, signal
from skimage.filters import threshold_otsu

from chingolo import themes
from chingolo.config import Pen, Singer
from chingolo.notebook import Sketch
from chingolo.pen import draw_by_hand
from chingolo.seeds import generator
from chingolo.shards import Item
from chingolo.singing import Gesture, clock, perform
from chingolo.sources import SOURCES
from chingolo.themes import Note, Theme, all_notes
from chingolo.tract import TRACTS, response

Array = npt.NDArray[np.float64]
Sound = npt.NDArray[np.float32]
Picture = npt.NDArray[np.uint8]

SINGER: Final = "wappner-2018"
"""Name of the source and of the tract."""

SECONDS, FIRST_S = 1.8, 0.086
"""Length of an image, and where its first note begins."""

LOWEST_HZ, HIGHEST_HZ = 10.0, 8000.0
"""Frequencies an image shows."""

SHAPE = (300, 200)
"""Rows (pitch, falling) and columns (time) of an image, as its network took it."""

NOISE = 7e-4
"""White noise at 882 kHz, standard deviation, in units of the beak's flow."""


def tension(pitch_hz: Array) -> Array:
    """Tension for wanted pitches, by the parabola; shape of `pitch_hz`."""
    return np.asarray(np.polyval([6.56867694e-8, 4.23116382e-5, 2.67280260e-2], pitch_hz))


def jitter(theme: Theme, rng: np.random.Generator) -> Theme:
    """Draw a surrogate as they did: N is normal, with the mean and standard deviation given.

    Notes and gaps are longer by N(0, 7 ms), the song begins later by N(0, 20 ms); each note's pitch is
    multiplied by N(1, 0.1), its sweep by N(1, 0.1); the trill's step is longer by N(0, 0.3 ms), its
    highest pitch multiplied by N(1, 0.03) and, element by element, N(1, 0.02), its sweep by N(1, 0.02).

    Parameters
    ----------
    theme : Theme
    rng : numpy.random.Generator

    Returns
    -------
    Theme
        Its trill written out as notes.
    """
    trill = theme.trill
    later = max(0.033 - FIRST_S, rng.normal(0.0, 0.020))
    notes: list[Note] = []
    for note in theme.notes:
        later += rng.normal(0.0, 0.007)
        longer = max(0.01 - note.duration_s, rng.normal(0.0, 0.007))
        pitch, sweep = rng.normal(1.0, 0.1, 2)
        anchors = np.array([note.start_hz, note.end_hz, note.peak_hz, *note.samples_hz])
        centre = 0.5 * (note.start_hz + note.end_hz)
        start, end, peak, *samples = (pitch * (centre + sweep * (anchors - centre))).tolist()
        moved = note._replace(
            onset_s=note.onset_s + later, duration_s=note.duration_s + longer,
            start_hz=start, end_hz=end, peak_hz=peak, samples_hz=tuple(samples),
        )  # fmt: skip
        notes.append(moved)
        later += longer
    if trill:
        later += rng.normal(0.0, 0.007)
        top = trill.start_hz * rng.normal(1.0, 0.03)
        bottom = top - (trill.start_hz - trill.end_hz) * rng.normal(1.0, 0.02)
        step = trill.step_s + rng.normal(0.0, 0.0003)
        moved_trill = trill._replace(onset_s=trill.onset_s + later, step_s=step, end_hz=bottom)
        notes += [
            element._replace(start_hz=float(top * rng.normal(1.0, 0.02)))
            for element in themes.trill_notes(moved_trill)
        ]
    return Theme(tuple(notes), None)


def gesture(theme: Theme, control_hz: float, b: float) -> Gesture:
    """Gesture of a theme: b while a note sounds and its double's negative between notes.

    Parameters
    ----------
    theme : Theme
        Each note swells as sin(pi u) to its level, see :func:`_level_db`.
    control_hz : float
        Rate of the gesture.
    b : float
        Pressure, 0.5 but for jitter.
    """
    # A plain swell is the root of theirs: squared, at half of the level.
    plain = [
        note._replace(level_db=0.5 * _level_db(note), envelope_db=()) for note in all_notes(theme)
    ]
    pitch_hz, swell = themes.contour(Theme(tuple(plain)), control_hz, tail_s=0.01)
    sounding = np.isfinite(pitch_hz)
    pitch_hz = np.where(sounding, pitch_hz, 0.0)
    return Gesture(np.where(sounding, b, -2.0 * b), tension(pitch_hz), swell**2, pitch_hz)


def surrogates(
    panel: Mapping[str, Theme], items: Sequence[Item], seed: int
) -> tuple[list[Theme], list[np.random.Generator]]:
    """Draw every surrogate that :func:`surrogate_items` lists, each with the stream it is sung from."""
    rngs = [generator(seed, "2018", item.song) for item in items]
    drawn = [jitter(panel[item.theme], rng) for item, rng in zip(items, rngs, strict=True)]
    return drawn, rngs


def surrogate_items(panel: Iterable[str], many: int) -> list[Item]:
    """List so many songs of every theme."""
    return [Item(f"{theme}/{k}", theme, "train", 0) for theme in panel for k in range(many)]


def redrawn(
    notebook: Sequence[Sketch], items: Sequence[Item], pen: Pen, seed: int
) -> tuple[list[Theme], list[np.random.Generator]]:
    """Draw each sketch again by hand, as :func:`chingolo.corpora.sketch_pictures` does."""
    by_name = {sketch.name: sketch.theme for sketch in notebook}
    rngs = [generator(seed, "2018", item.role, item.song, item.draw) for item in items]
    drawn = [
        draw_by_hand(by_name[item.song], pen, rng) for item, rng in zip(items, rngs, strict=True)
    ]
    return drawn, rngs


def _level_db(note: Note) -> float:
    """Level of a note at the source, so that it is heard as loud as it shall be.

    Theirs were set by hand, to 0.5 for a note of 4260 Hz; each note has one, so that the tract makes a
    wide sweep swell as it did theirs.
    """
    middle = float(themes.note_frequency(note, 0.5))
    anchor, own = np.abs(response([4260.0, middle], TRACTS[SINGER]))
    return note.level_db + 20.0 * float(np.log10(0.5 * anchor / own))


def sing(
    songs: Sequence[Theme], singer: Singer, rate_hz: int, rngs: Sequence[np.random.Generator]
) -> Iterator[Sound]:
    """Sing themes by the labial oscillator: b jittered by N(1, 0.05), gain by N(1, 0.01), and noise.

    Parameters
    ----------
    songs : sequence of Theme
        They begin at 0 s.
    singer : Singer
        For its longest step; source and tract are those of 2018.
    rate_hz : int
    rngs : sequence of numpy.random.Generator

    Yields
    ------
    ndarray of float32, shape (n,)
        As long as an image.
    """
    source, tract = SOURCES[SINGER], TRACTS[SINGER]
    old = singer._replace(source=SINGER, tract=SINGER, lead_s=0.0)
    control_hz = clock(old, rate_hz).control_hz
    # Their flow is gamma y' / R_b, and their tube lets all of the wave out.
    unit = source.gamma / tract.beak_resistance / (1.0 - tract.reflection)
    spread = NOISE * float(np.sqrt(rate_hz / 882_000.0))
    gestures = [
        gesture(themes.shift(song, FIRST_S), control_hz, source.loud * rng.normal(1.0, 0.05))
        for song, rng in zip(songs, rngs, strict=True)
    ]
    for sound, rng in zip(perform(gestures, old, rate_hz), rngs, strict=True):
        out = rng.normal(0.0, spread, round(SECONDS * rate_hz))
        heard = sound[: out.size]
        out[: heard.size] += rng.normal(1.0, 0.01) * unit * heard
        yield out.astype(np.float32)


def draw(sound: Sound, rate_hz: float) -> Picture:
    """Draw a sound as their network saw it, dark on white.

    A Gaussian window of 12 ms (standard deviation 0.15 of it), overlap 0.9; power of the sound scaled to
    1, smoothed by a Gaussian of one pixel, logarithm; the lower half of its range and what Otsu's
    threshold takes for background are white.

    Parameters
    ----------
    sound : ndarray, shape (n,)
        White is appended, or the end cut off, to 1.8 s.
    rate_hz : float

    Returns
    -------
    ndarray of uint8, shape (300, 200)
        255 is white.
    """
    window = int(0.012 * rate_hz)
    loudest = max(float(np.abs(sound).max(initial=0.0)), 1e-12)
    scaled = np.zeros(max(len(sound), 2 * window))  # two columns at least
    scaled[: len(sound)] = sound / loudest
    f, t, power = signal.spectrogram(
        scaled, rate_hz, ("gaussian", 0.15 * window), window, int(0.9 * window), scaling="spectrum"
    )
    rows = power[(f > LOWEST_HZ) & (f < HIGHEST_HZ)]
    level = np.log10(ndimage.gaussian_filter(rows + 1e-6, sigma=1))
    share = (level - level.min()) / max(float(np.ptp(level)), 1e-10)
    dark = (255.0 * np.clip(2.0 * share - 1.0, 0.0, 1.0)).astype(np.uint8)
    if dark.any():
        dark[dark <= threshold_otsu(dark)] = 0
    column = ((np.arange(SHAPE[1]) + 0.5) * SECONDS / SHAPE[1] - t[0]) / (t[1] - t[0])
    row = (np.arange(SHAPE[0])[::-1] + 0.5) / SHAPE[0] * len(dark)
    inside = column < len(t)
    seen = dark[row.astype(int)[:, None], np.clip(column, 0, len(t) - 1).astype(int)]
    return np.asarray(255 - seen * inside, np.uint8)
