"""The corpora of a world: who sings what, where it is heard, and the pictures of it.

Every song draws from a stream of its own name, so that a corpus is the same whichever jobs made it.
Each ``*_items`` function lists a corpus in order; the ``*_pictures`` function of the same name makes
its pictures one by one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import cycle, groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from chingolo import guards, soundscape, spectrogram
from chingolo.config import Pen, Picture, Place, Singer, Spread, Surrogates
from chingolo.listing import Listing, pieces
from chingolo.notebook import NONE, Sketch
from chingolo.outliers import Stock, outlier, stock
from chingolo.pen import draw_by_hand
from chingolo.pitch import PitchMap
from chingolo.recordings import check_noise, cut, load, quietest
from chingolo.seeds import generator
from chingolo.shards import Item
from chingolo.sheets import Song
from chingolo.sine import hum_all
from chingolo.singing import sing_all
from chingolo.species import random_theme
from chingolo.surrogates import vary
from chingolo.themes import Theme

Sound = npt.NDArray[np.float32]
Pictures = npt.NDArray[np.uint8]


class Voice(NamedTuple):
    """All that turns a theme into a picture, besides chance.

    Attributes
    ----------
    pitch_map : PitchMap or None
        None where a plain sine stands in for the syrinx, see :mod:`chingolo.sine`.
    singer : Singer
    spread : Spread or None
        None where songs are sung as they are.
    place : Place
    picture : Picture
    noises : tuple of ndarray
        Recorded backgrounds; empty for made noise.
    seed : int
        The study's seed.
    """

    pitch_map: PitchMap | None
    singer: Singer
    spread: Spread | None
    place: Place
    picture: Picture
    noises: tuple[Sound, ...]
    seed: int


def voice(pitch_map: PitchMap, noises: Iterable[str], params: Any) -> Voice:
    """Gather what turns themes into pictures from a rule's parameters.

    Parameters
    ----------
    pitch_map : PitchMap
    noises : iterable of str
        Files of recorded backgrounds.
    params : object
        With attributes ``singer``, ``place``, ``picture`` and ``seed``, and ``spread`` where surrogates
        are to be sung.

    Returns
    -------
    Voice
    """
    sounds = tuple(noise(Path(path), params.picture.rate_hz) for path in noises)
    spread = getattr(params, "spread", None)
    return Voice(
        pitch_map, params.singer, spread, params.place, params.picture, sounds, params.seed
    )


def noise(path: Path, rate_hz: int) -> Sound:
    """Read a recorded background.

    Raises
    ------
    InputError
        See :func:`chingolo.recordings.check_noise`.
    """
    check_noise(path)
    return load(path, rate_hz)


def surrogate_items(themes: Sequence[str], corpus: str, settings: Surrogates) -> Sequence[Item]:
    """Surrogates of every theme, and outliers, for the corpus ``train`` or ``validation``."""
    many, places = (
        (settings.per_theme, settings.places)
        if corpus == "train"
        else (settings.validation_per_theme, 1)
    )
    known = len(themes) * many * places

    def item(row: int) -> Item:
        if row >= known:
            return Item(f"{NONE}/{row - known}", NONE, corpus, 0)
        song, place = divmod(row, places)
        theme = themes[song // many]
        return Item(f"{theme}/{song % many}", theme, corpus, place)

    return Listing(item, range(known + round(settings.outliers * known)))


def scene(song: Sound, voice: Voice, rng: np.random.Generator) -> Sound:
    """Hear a sung song somewhere; shape (n,).

    The cut around it begins and ends as loosely as a sheet's cuts do, and is longer by the echo.
    """
    p = voice.picture
    before = float(rng.uniform(0.0, 0.2))
    after = float(rng.uniform(0.0, 0.25))
    length = min(before + len(song) / p.rate_hz + after, spectrogram.seconds(p))
    return soundscape.hear(song, p.rate_hz, voice.place, rng, before, length, voice.noises)


def heard(song: Sound, voice: Voice, rng: np.random.Generator) -> Pictures:
    """Hear a sung song somewhere and draw it; shape (bands, frames)."""
    return spectrogram.draw(scene(song, voice, rng), voice.picture)


def varied(theme: Theme, voice: Voice, rng: np.random.Generator) -> Theme:
    """Draw a surrogate, or take the theme as it is where no spread is given."""
    return theme if voice.spread is None else vary(theme, voice.spread, rng)


def singing_of(
    themes: Sequence[Theme], voice: Voice, rngs: Sequence[np.random.Generator]
) -> Iterator[Sound]:
    """Sing themes with this voice, see :func:`chingolo.singing.sing_all`."""
    if voice.pitch_map is None:
        return hum_all(themes, voice.singer, voice.picture.rate_hz, rngs)
    songs = sing_all(themes, voice.pitch_map, voice.singer, voice.picture.rate_hz, rngs)
    return guards.sounding(songs, themes)


def surrogate_themes(
    themes: Mapping[str, Theme],
    whole: Mapping[str, Theme],
    items: Sequence[Item],
    voice: Voice,
    of: Stock | None = None,
) -> tuple[list[Theme], list[np.random.Generator]]:
    """Draw what surrogates and outliers sing, see :func:`surrogate_pictures`.

    Parameters
    ----------
    themes, whole : mapping of str to Theme
    items : sequence of Item
    voice : Voice
    of : Stock, optional
        What outliers are made of, where it has been gathered before.

    Returns
    -------
    list of Theme, list of numpy.random.Generator
        One an item; each stream goes on with how it is sung.
    """
    of = of or stock(themes, whole)
    rngs = [generator(voice.seed, item.role, item.song) for item in items]
    drawn = []
    for item, rng in zip(items, rngs, strict=True):
        k = int(item.song.rsplit("/", 1)[1])
        if item.theme == NONE:
            theme = outlier(of, k, voice.seed, item.role)
        else:
            theme = (whole if k % 2 else themes)[item.theme]
        drawn.append(varied(theme, voice, rng))
    return drawn, rngs


def surrogate_pictures(
    themes: Mapping[str, Theme], whole: Mapping[str, Theme], items: Sequence[Item], voice: Voice
) -> Iterator[Pictures]:
    """Sing every surrogate and outlier once and hear it in its places.

    Parameters
    ----------
    themes : mapping of str to Theme
    whole : mapping of str to Theme
        The same songs whistle by whistle, which every second surrogate is sung from: what the reader
        left out of a theme is heard of the bird, but stands in no sketch.
    items : sequence of Item
        Of :func:`surrogate_items`, or a stretch of it. No more of them than a piece is in memory.
    voice : Voice

    Yields
    ------
    ndarray of uint8, shape (bands, frames)
    """
    of = stock(themes, whole)
    songs = (list(places) for _, places in groupby(items, attrgetter("song")))
    for part in pieces(songs):
        drawn, rngs = surrogate_themes(themes, whole, [p[0] for p in part], voice, of)
        for places, song in zip(part, singing_of(drawn, voice, rngs), strict=True):
            for item in places:
                rng = generator(voice.seed, item.role, item.song, "place", item.draw)
                yield heard(song, voice, rng)


def foreign_themes(
    panel: Mapping[str, Theme], many: int, seed: int, name: str = "foreign"
) -> dict[str, Theme]:
    """Themes of nobody's notebook: drawn from the species' statistics, from a stream of that name.

    They carry trills of the panel's own themes, so that no trill gives them away.
    """
    trills = [theme.trill for theme in panel.values()]
    out = {}
    for k in range(many):
        rng = generator(seed, name, k)
        trill = trills[int(rng.integers(len(trills)))]
        out[f"{name}-{k:04d}"] = random_theme(rng, trill)
    return out


def sketch_items(notebook: Sequence[Sketch], role: str, draws: int) -> Sequence[Item]:
    """Every sketch, drawn several times."""

    def item(row: int) -> Item:
        sketch = notebook[row // draws]
        return Item(sketch.name, "" if sketch.truth is None else sketch.truth, role, row % draws)

    return Listing(item, range(len(notebook) * draws))


def sketch_pictures(
    notebook: Sequence[Sketch], items: Sequence[Item], pen: Pen, voice: Voice
) -> Iterator[Pictures]:
    """Draw each sketch again by hand, sing it as drawn, hear it somewhere.

    A sketch is sung by the same syrinx and heard in the same places as the surrogates the judge was
    trained on, so that nothing but the song tells them apart.
    """
    themes = {sketch.name: sketch.theme for sketch in notebook}
    for part in pieces(items):
        rngs = [generator(voice.seed, item.role, item.song, item.draw) for item in part]
        drawn = [
            draw_by_hand(themes[item.song], pen, rng) for item, rng in zip(part, rngs, strict=True)
        ]
        for song, rng in zip(singing_of(drawn, voice, rngs), rngs, strict=True):
            yield heard(song, voice, rng)


def field_items(panel: Sequence[str], lost: Sequence[str], many: int) -> list[Item]:
    """List simulated field songs to score the judge on: of panel themes, of lost themes, of nobody."""
    queries = [Item(f"{t}/field-{k}", t, "query", 0) for t in panel for k in range(many)]
    unknown = [Item(f"{t}/field-{k}", "none", "unknown", 0) for t in lost for k in range(many)]
    background = [Item(f"{t}/background", t, "background", 0) for t in panel]
    return queries + unknown + background


def field_birds(
    panel: Mapping[str, Theme], heard: Mapping[str, Theme], notebook: Sequence[Sketch]
) -> dict[str, Sequence[Theme]]:
    """Who sings the simulated field songs of each theme.

    Parameters
    ----------
    panel : mapping of str to Theme
    heard : mapping of str to Theme
        As each bird recorded sings it, named ``<theme>/...``.
    notebook : sequence of Sketch

    Returns
    -------
    dict of str to sequence of Theme
        Of a panel theme all birds but the enrolled one, where others were recorded; after them the lost
        themes of the notebook, as they were noted.
    """
    others = {
        name: [v for bird, v in heard.items() if bird.startswith(f"{name}/")] for name in panel
    }
    birds: dict[str, Sequence[Theme]] = {
        name: others[name] or [theme] for name, theme in panel.items()
    }
    return birds | {s.name: [s.theme] for s in notebook if s.truth == "none"}


def field_sounds(
    versions: Mapping[str, Sequence[Theme]], items: Sequence[Item], voice: Voice
) -> Iterator[Sound]:
    """Sing simulated field songs, from streams that training never saw.

    Parameters
    ----------
    versions : mapping of str to sequence of Theme
        Each theme as several birds sing it, who take turns.
    items : sequence of Item
        Of :func:`field_items`.
    voice : Voice

    Yields
    ------
    ndarray of float32, shape (n,)
    """
    turns = {name: cycle(birds) for name, birds in versions.items()}
    nobody = voice._replace(place=voice.place._replace(snr_db=(-120.0, -120.0)))
    for part in pieces(items):
        rngs = [generator(voice.seed, "field song", item.song) for item in part]
        drawn = [
            varied(next(turns[item.song.rsplit("/", 1)[0]]), voice, rng)
            for item, rng in zip(part, rngs, strict=True)
        ]
        songs = singing_of(drawn, voice, rngs)
        for item, song, rng in zip(part, songs, rngs, strict=True):
            # Of a background the place alone: the song is turned down to nothing.
            yield scene(song, nobody if item.role == "background" else voice, rng)


def field_pictures(
    versions: Mapping[str, Sequence[Theme]], items: Sequence[Item], voice: Voice
) -> Iterator[Pictures]:
    """Sing simulated field songs as :func:`field_sounds` does, and draw them."""
    for sound in field_sounds(versions, items, voice):
        yield spectrogram.draw(sound, voice.picture)


def enrolled_pictures(panel: Mapping[str, Theme], voice: Voice) -> Iterator[Pictures]:
    """Sing each simulated theme of the panel once, as the bird enrolled was heard."""
    rngs = [generator(voice.seed, "enrolled", name) for name in panel]
    songs = singing_of(list(panel.values()), voice, rngs)
    for song, rng in zip(songs, rngs, strict=True):
        yield heard(song, voice, rng)


def background(sound: Sound, songs: Sequence[Song], song: Song, picture: Picture) -> Sound | None:
    """Quietest stretch of a song's recording, as long as its cut; None where no stretch is free."""
    busy = [(s.start_s, s.end_s) for s in songs if s.recording == song.recording]
    length = song.end_s - song.start_s + 2 * picture.margin_s
    return quietest(sound, picture.rate_hz, length, busy)


def song_items(songs: Sequence[Song], sounds: Mapping[str, Sound], picture: Picture) -> list[Item]:
    """List real songs to recognise, and for each theme asked for its recording's background, once."""
    items = []
    for song in songs:
        name = song.name
        if song.role == "query":
            items.append(Item(name, song.theme, "query", 0))
        elif song.role == "unknown":
            items.append(Item(name, "none", "unknown", 0))
    first = {song.theme: song for song in reversed(songs) if song.role == "query"}
    for theme in dict.fromkeys(item.theme for item in items if item.role == "query"):
        song = first[theme]
        if background(sounds[song.recording], songs, song, picture) is not None:
            items.append(Item(song.name, theme, "background", 0))
    return items


def enrolled_items(songs: Sequence[Song]) -> list[Item]:
    """List the enrolled songs, one a theme."""
    return [Item(song.name, song.theme, "enrol", 0) for song in songs if song.role == "enrol"]


def song_sounds(
    sounds: Mapping[str, Sound], songs: Sequence[Song], items: Sequence[Item], picture: Picture
) -> Iterator[Sound]:
    """Cut real songs, or the quietest stretch of their recording.

    Parameters
    ----------
    sounds : mapping of str to ndarray
        Recordings by id, at ``picture.rate_hz``.
    songs : sequence of Song
        All rows of the sheet.
    items : sequence of Item
        Of :func:`song_items` or :func:`enrolled_items`.
    picture : Picture

    Yields
    ------
    ndarray of float32, shape (n,)
    """
    by_name = {s.name: s for s in songs}
    rate, margin = picture.rate_hz, picture.margin_s
    for item in items:
        song = by_name[item.song]
        sound = sounds[song.recording]
        if item.role == "background":
            still = background(sound, songs, song, picture)
            yield np.zeros(0, np.float32) if still is None else still
        else:
            yield cut(sound, rate, song.start_s, song.end_s, margin)


def song_pictures(
    sounds: Mapping[str, Sound], songs: Sequence[Song], items: Sequence[Item], picture: Picture
) -> Iterator[Pictures]:
    """Cut real songs, or stretches without, as :func:`song_sounds` does, and draw them."""
    for sound in song_sounds(sounds, songs, items, picture):
        yield spectrogram.draw(sound, picture)
