"""A judge trained anew with one thing changed: its songs, and the sketches it is measured on."""

from collections.abc import Mapping, Sequence

import numpy as np

from chingolo.config import Controls, Judge, Pen, Spread, Surrogates
from chingolo.corpora import (
    Voice,
    sketch_items,
    sketch_pictures,
    surrogate_items,
    surrogate_pictures,
)
from chingolo.notebook import Sketch
from chingolo.pitch import map_pitch
from chingolo.recordings import Song
from chingolo.shards import Corpus
from chingolo.sources import SOURCES
from chingolo.themes import Theme
from chingolo.variants import Variant

VALIDATION = 2
"""Songs of each theme that training is watched with: nothing is chosen by them."""


def widen(spread: Spread, factor: float) -> Spread:
    """Scale all widths of the surrogates; chances stay."""
    chances = ("trill_missing", "plain_level")
    return Spread(
        **{
            name: value if name in chances else factor * value
            for name, value in spread._asdict().items()
        }
    )


def voice_of(variant: Variant, voice: Voice) -> Voice:
    """Change the study's voice as a variant asks; the spread may be none, for sketches."""
    spread = voice.spread and widen(voice.spread, variant.spread)
    voice = voice._replace(spread=spread)
    if variant.voice == "sine":
        return voice._replace(pitch_map=None)
    if variant.voice == "no tract":
        return voice._replace(singer=voice.singer._replace(tract="none"))
    if variant.voice == "2018 source":
        singer = voice.singer._replace(source="wappner-2018")
        return voice._replace(singer=singer, pitch_map=map_pitch(SOURCES[singer.source]))
    return voice


def schedule(variant: Variant, controls: Controls, judge: Judge) -> tuple[Surrogates, Judge]:
    """How many songs a variant is sung and how often it passes over them."""
    many = max(2, round(controls.per_theme * variant.number))
    passes = max(1, round(controls.epochs * controls.per_theme / many))
    return Surrogates(many, 1, VALIDATION, 1, 1), judge._replace(seeds=1, epochs=passes)


def enrolled_first(songs: Sequence[Song], many: int) -> dict[str, list[str]]:
    """Songs of each theme that are enrolled first: the sheet's own, then its queries in order.

    Parameters
    ----------
    songs : sequence of Song
    many : int
        Songs of a theme, at most.

    Returns
    -------
    dict of str to list of str
        Names of songs by theme.
    """
    out = {song.theme: [song.name] for song in songs if song.role == "enrol"}
    for song in songs:
        if song.role == "query" and len(out[song.theme]) < many:
            out[song.theme].append(song.name)
    return out


def ever_enrolled(songs: Sequence[Song], many: int) -> set[str]:
    """Songs that surrogates are made of in any variant: none of them is asked about."""
    return {name for names in enrolled_first(songs, many).values() for name in names}


def versions_of(
    panel: Mapping[str, Theme],
    songs: Sequence[Song],
    readings: Mapping[str, Theme],
    enrolled: int,
) -> dict[str, list[Theme]]:
    """Take each theme of the panel as one or several of its songs were read."""
    out = {name: [theme] for name, theme in panel.items()}
    if enrolled > 1:
        for theme, names in enrolled_first(songs, enrolled).items():
            out[theme] += [readings[name] for name in names[1:]]
    return out


def sing_corpus(
    versions: Mapping[str, Sequence[Theme]], role: str, settings: Surrogates, voice: Voice
) -> Corpus:
    """Sing surrogates into memory.

    Parameters
    ----------
    versions : mapping of str to sequence of Theme
        Songs of each theme that surrogates are made of, in equal shares.
    role : {"train", "validation"}
    settings : Surrogates
    voice : Voice

    Returns
    -------
    Corpus
    """
    sung: dict[str, Theme] = {}
    owner: dict[str, str] = {}
    items = []
    for theme, own in versions.items():
        names = [theme, *(f"{theme}/version-{k}" for k in range(1, len(own)))]
        sung |= zip(names, own, strict=True)
        owner |= dict.fromkeys(names, theme)
        share = settings._replace(per_theme=max(2, settings.per_theme // len(own)))
        items += surrogate_items(names, role, share)
    pictures = np.stack(list(surrogate_pictures(sung, items, voice)))
    return Corpus((pictures,), [item._replace(theme=owner[item.theme]) for item in items])


def sing_sketches(pool: Sequence[Sketch], pen: Pen, voice: Voice) -> Corpus:
    """Sing sketches into memory, each drawn once more by the pen."""
    items = sketch_items(pool, "pool", 1)
    return Corpus((np.stack(list(sketch_pictures(pool, items, pen, voice))),), items)
