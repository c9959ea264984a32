"""The hits: the old songs in a chart, each with drawing, sound and verdict, and today's song beside it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import librosa
import numpy as np
import numpy.typing as npt
from PIL import Image

from chingolo import drawing
from chingolo.config import Pen, Singer
from chingolo.files import beside, write_sound
from chingolo.notebook import Sketch
from chingolo.pages import is_page, read_notes
from chingolo.persistence import Ruling
from chingolo.pitch import PitchMap
from chingolo.recordings import cut
from chingolo.recordings import load as load_sound
from chingolo.scans import load
from chingolo.seeds import generator
from chingolo.sheets import Recording, Song
from chingolo.singing import sing_all
from chingolo.themes import Theme, contour_string, duration

Sound = npt.NDArray[np.float32]
Image8 = npt.NDArray[np.uint8]

PIXELS_A_SECOND = 200
"""Width of spectrograms on the page: two pixels a frame's step (our choice, as what follows)."""
TOP_HZ, RANGE_DB = 10_000.0, 50.0
LONGEST_PX = 900
"""Larger sides of drawings are scaled down to this."""
PAUSE_S = 0.15
"""Silence, or what else was recorded, around a song that is played."""

CREDITED = ("recording", "recordist", "site", "date", "licence", "url")
"""What of a sheet's row stands beside a real song."""

NO_DERIVATIVES = "ND"
"""Part of licences that allow no excerpt: of such recordings the page has a link, and no sound."""


class Played(NamedTuple):
    """A song on the page: file names of its sound and spectrogram, and its length in s."""

    sound: str
    spectrogram: str
    seconds: float


def spectrogram_image(sound: Sound, rate_hz: int) -> Image8:
    """Draw a spectrogram, dark on white, 0 to 10 kHz, as wide as the sound is long.

    Parameters
    ----------
    sound : ndarray of float32, shape (n,)
    rate_hz : int

    Returns
    -------
    ndarray of uint8, shape (bins, seconds x PIXELS_A_SECOND)
    """
    hop = round(rate_hz / PIXELS_A_SECOND)
    cells = np.abs(librosa.stft(sound, n_fft=1024, win_length=320, hop_length=hop))
    db = librosa.amplitude_to_db(cells, ref=np.max, top_db=RANGE_DB)
    kept = librosa.fft_frequencies(sr=rate_hz, n_fft=1024) <= TOP_HZ
    grey = -255.0 * db[kept][::-1, : max(1, len(sound) // hop)] / RANGE_DB
    return np.asarray(np.round(np.clip(grey, 0, 255)), np.uint8)


def drawings(files: Sequence[Path]) -> Iterator[tuple[str, Image8]]:
    """Cut every song's drawing out of scanned pages.

    Parameters
    ----------
    files : sequence of Path
        YAML files of sketches; those of typed sketches are passed over.

    Yields
    ------
    name : str
        Of the song.
    part : ndarray of uint8, shape (height, width)
        Its box on the page, grey.
    """
    for path in files:
        if not is_page(path.read_text(encoding="utf-8-sig", errors="replace")):
            continue
        notes = read_notes(path)
        scan = load(path.parent / notes.image, notes.page, notes.dpi)
        grey = np.asarray(np.round(255 * np.clip(scan.grey, 0, 1)), np.uint8)
        for song in notes.songs or []:
            left, top, right, bottom = (
                [round(v / scan.reduced) for v in song.box]
                if song.box
                else (0, 0, *grey.shape[::-1])
            )
            yield song.name, grey[max(0, top) : bottom, max(0, left) : right]
        if not notes.songs:
            yield path.stem, grey


def drawn_anew(theme: Theme, pen: Pen, seed: int, name: str) -> Image8:
    """Draw a typed sketch, which has no page, as a person would; shape (height, width)."""
    clean = pen._replace(stains=0.0, shade=0.0, missing=0.0, dpi=100)
    return drawing.draw_song(theme, clean, duration(theme) + PAUSE_S, generator(seed, "hit", name))


def write_picture(path: Path, grey: Image8) -> None:
    """Write a grey picture as PNG, scaled down if it is large."""
    image = Image.fromarray(grey)
    image.thumbnail((LONGEST_PX, LONGEST_PX))
    with beside(path) as part:
        image.save(part, format="PNG", optimize=True)


def write_played(folder: Path, name: str, sound: Sound, rate_hz: int) -> Played:
    """Write a song's sound and its spectrogram, which is as wide as the sound is long."""
    write_sound(folder / f"{name}.flac", sound, rate_hz)
    with beside(folder / f"{name}.png") as part:
        picture = Image.fromarray(spectrogram_image(sound, rate_hz))
        picture.save(part, format="PNG", optimize=True)
    return Played(f"{name}.flac", f"{name}.png", round(len(sound) / rate_hz, 4))


def write_all(
    folder: Path, kind: str, sounds: Mapping[str, Sound], rate_hz: int
) -> dict[str, Played]:
    """Write songs as :func:`write_played` does, numbered; by name."""
    return {
        name: write_played(folder, f"{kind}-{k:03d}", sound, rate_hz)
        for k, (name, sound) in enumerate(sounds.items())
    }


def write_drawings(
    folder: Path, notebook: Sequence[Sketch], files: Sequence[Path], pen: Pen, seed: int
) -> dict[str, str]:
    """Write the drawing of every sketch: its part of a page or, of a typed one, a drawing made anew.

    Returns
    -------
    dict of str to str
        File by sketch.
    """
    on_pages = dict(drawings(files))
    names = {}
    for k, one in enumerate(notebook):
        part = on_pages.get(one.name)
        names[one.name] = f"drawing-{k:03d}.png"
        grey = drawn_anew(one.theme, pen, seed, one.name) if part is None else part
        write_picture(folder / names[one.name], grey)
    return names


def padded(song: Sound, rate_hz: int) -> Sound:
    """Put silence around a sung song."""
    return np.pad(song, round(PAUSE_S * rate_hz)).astype(np.float32)


def may_be_cut(licence: str) -> bool:
    """Tell whether a licence allows an excerpt."""
    return NO_DERIVATIVES not in licence.upper().replace(" ", "-").split("-")


def sung_today(
    themes: Mapping[str, Theme], pitch_map: PitchMap, singer: Singer, rate_hz: int
) -> dict[str, Sound]:
    """Sing simulated themes of today, by name."""
    songs = sing_all(list(themes.values()), pitch_map, singer, rate_hz)
    return {name: padded(song, rate_hz) for name, song in zip(themes, songs, strict=True)}


def heard_today(
    themes: Iterable[str],
    songs: Sequence[Song],
    recordings: Mapping[str, Recording],
    paths: Mapping[str, Path],
    rate_hz: int,
) -> tuple[dict[str, Sound], dict[str, dict[str, str]]]:
    """Cut the song that each theme is enrolled with out of its recording.

    Parameters
    ----------
    themes : iterable of str
    songs : sequence of Song
    recordings : mapping of str to Recording
    paths : mapping of str to Path
        Files by recording.
    rate_hz : int

    Returns
    -------
    sounds : dict of str to ndarray
        By theme; without those whose licence allows no excerpt.
    credit : dict of str to dict
        What the sheet says of each theme's recording.
    """
    enrolled = {song.theme: song for song in songs if song.role == "enrol"}
    sounds, credit = {}, {}
    for theme in themes:
        song = enrolled[theme]
        row = recordings[song.recording]
        told = row._asdict()
        credit[theme] = {field: told[field] for field in CREDITED}
        if may_be_cut(row.licence):
            whole = load_sound(paths[song.recording], rate_hz)
            sounds[theme] = cut(whole, rate_hz, song.start_s, song.end_s, PAUSE_S)
    return sounds, credit


def chart(
    rulings: Sequence[Ruling],
    notebook: Sequence[Sketch],
    pictures: Mapping[str, str],
    old: Mapping[str, Played],
    today: Mapping[str, Played],
    credits_of: Mapping[str, Mapping[str, str]],
) -> list[dict[str, Any]]:
    """List the hits, the most noted first; of equals, the likeliest, then by name.

    Parameters
    ----------
    rulings : sequence of Ruling
    notebook : sequence of Sketch
    pictures : mapping of str to str
        File of each sketch's drawing.
    old, today : mapping of str to Played
        By sketch, and by theme of the panel; themes that may not be played are left out.
    credits_of : mapping of str to mapping
        Recordist, place, date, licence and address of each theme's recording; empty for simulated ones.

    Returns
    -------
    list of dict
        As JSON has it; ``rank`` is shared by sketches that as many birds were noted for.
    """
    notes = {sketch.name: contour_string(sketch.theme) for sketch in notebook}
    order = sorted(rulings, key=lambda one: (-one.birds, -one.probability, one.sketch))
    ranks = {
        birds: 1 + sum(r.birds > birds for r in rulings) for birds in {r.birds for r in rulings}
    }
    return [
        {
            "rank": ranks[one.birds],
            **one._asdict(),
            "notes": notes[one.sketch],
            "drawing": pictures[one.sketch],
            "old": old[one.sketch]._asdict(),
            "today": today[one.nearest]._asdict() if one.nearest in today else None,
            "credit": dict(credits_of.get(one.nearest, {})),
        }
        for one in order
    ]
