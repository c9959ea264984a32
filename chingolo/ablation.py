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
from chingolo.pools import noted_by_hand
from chingolo.shards import Corpus
from chingolo.sheets import Song
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


def schedule(
    variant: Variant, themes: int, controls: Controls, surrogates: Surrogates, judge: Judge
) -> tuple[Surrogates, Judge]:
    """How many songs a variant is sung, and how often it passes over them: all learn for as long.

    As many steps as the reference takes, to half a pass: passes are whole, and each leaves out the
    songs that do not fill a batch.
    """
    sung = surrogates._replace(
        per_theme=max(2, round(controls.per_theme * variant.number)),
        places=1,
        outliers=surrogates.outliers if variant.outliers else 0.0,
        validation_per_theme=VALIDATION,
    )

    def steps(per_theme: int, outliers: float) -> int:
        known = themes * per_theme
        return max(1, (known + round(outliers * known)) // judge.batch)

    wanted = controls.epochs * steps(controls.per_theme, surrogates.outliers)
    passes = round(wanted / steps(sung.per_theme, sung.outliers))
    return sung, judge._replace(seeds=1, epochs=max(1, passes))


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
    read: Mapping[str, Theme],
    enrolled: int,
) -> dict[str, Theme]:
    """Take each theme of the panel as one or several of its songs were read.

    Parameters
    ----------
    panel : mapping of str to Theme
        As the first was read.
    songs : sequence of Song
        Of the world's sheet; none in a simulated one.
    read : mapping of str to Theme
        Readings by name of the song.
    enrolled : int
        Songs of a theme, at most.

    Returns
    -------
    dict of str to Theme
        By theme, and by ``<theme>/version-1``, ...
    """
    out = dict(panel)
    if enrolled > 1:
        for theme, names in enrolled_first(songs, enrolled).items():
            out |= {f"{theme}/version-{k}": read[name] for k, name in enumerate(names) if k}
    return out


def sing_corpora(
    themes: Mapping[str, Theme],
    whole: Mapping[str, Theme],
    settings: Surrogates,
    voice: Voice,
) -> tuple[Corpus, Corpus]:
    """Sing surrogates, and outliers, into memory: to train on, and to watch training with.

    Parameters
    ----------
    themes, whole : mapping of str to Theme
        Of :func:`versions_of`, as sketched and whistle by whistle; surrogates of a theme are made of its
        versions in turn.
    settings : Surrogates
    voice : Voice

    Returns
    -------
    train, validation : Corpus
    """
    own: dict[str, list[str]] = {}
    for name in themes:
        own.setdefault(name.split("/version-")[0], []).append(name)
    corpora = []
    for role in ("train", "validation"):
        items = surrogate_items(list(own), role, settings)
        sung = []
        for item in items:
            versions = own.get(item.theme, [item.theme])
            # Two of a version in turn: one as sketched, one whistle by whistle.
            turn = int(item.song.rsplit("/", 1)[1]) // 2
            sung.append(item._replace(theme=versions[turn % len(versions)]))
        pictures = np.stack(list(surrogate_pictures(themes, whole, sung, voice)))
        corpora.append(Corpus((pictures,), items))
    return corpora[0], corpora[1]


def sing_sketches(pool: list[Sketch], pen: Pen, voice: Voice) -> Corpus:
    """Sing sketches into memory, each noted by one hand, and drawn once more by it."""
    noted = noted_by_hand(pool, pen, voice.seed)
    items = sketch_items(noted, "pool", 1)
    return Corpus((np.stack(list(sketch_pictures(noted, items, pen, voice))),), items)
