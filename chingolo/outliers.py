"""Outlier exposure: themes that are none of the panel's, for the judge to learn *none of today's* from.

Hendrycks et al. 2019 show a classifier what it shall refuse. Themes drawn from the species' statistics
alone teach it too little: what is read from recordings has finer curves than what is drawn from a
formula, so that they would tell it to call everything real known. Hence most outliers are made of the
panel's own notes, in ways that no bird varies one theme: other notes in another order, or one note
replaced, left out, added, exchanged, moved in pitch. What they are made of is synthetic through and
through, as all that is learned from.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from chingolo.likeness import alike
from chingolo.seeds import generator
from chingolo.species import NOTE_TYPES, random_note, random_theme
from chingolo.themes import Note, Theme, Trill, shift

KINDS = ("species", "free", "recombined", "recombined", "altered", "altered whole")
"""Kinds of outliers in turn, in equal parts."""

LEAST_NOTE_S = 0.11
"""A whistle of the theme, and no scrap of its trill, lasts as long at least (as the reader has it)."""

LOWEST_HZ, HIGHEST_HZ = 1500.0, 9500.0
"""Frequencies that pictures show."""

TRIES = 20
"""Alterations of a theme that are tried until one can be heard."""


class Stock(NamedTuple):
    """What outliers are made of; gathered once, since a panel may be large.

    Attributes
    ----------
    themes : list of Theme
        The panel's. Their trills are shared out, so that no trill gives an outlier away.
    songs : list of Theme
        The same songs whistle by whistle, see :func:`chingolo.reader.whole_song`.
    notes : list of Note
        All notes of the panel.
    """

    themes: list[Theme]
    songs: list[Theme]
    notes: list[Note]


def stock(panel: Mapping[str, Theme], whole: Mapping[str, Theme]) -> Stock:
    """Gather what outliers are made of, from themes and whole songs by name."""
    themes = list(panel.values())
    return Stock(themes, list(whole.values()), [note for theme in themes for note in theme.notes])


def outlier(of: Stock, k: int, seed: int, corpus: str) -> Theme:
    """Draw the k-th theme that is none of the panel's, of the k-th of :data:`KINDS` in turn.

    Parameters
    ----------
    of : Stock
    k : int
    seed : int
        The study's seed.
    corpus : str
        Part of the random stream's name.
    """
    themes, songs, notes = of
    kind = KINDS[k % len(KINDS)]
    rng = generator(seed, "outlier", corpus, k)
    trill = themes[int(rng.integers(len(themes)))].trill
    if kind == "species" or not notes:
        return random_theme(rng, trill)
    if kind == "free":
        return free(rng, trill)
    if kind == "recombined":
        return recombined(notes, songs, trill, rng)
    own = songs if kind == "altered whole" else themes
    theme = own[int(rng.integers(len(own)))]
    for _ in range(TRIES):
        other = altered(theme, rng)
        if not alike(other, theme):
            return other
    return random_theme(rng, trill)


def free(rng: np.random.Generator, trill: Trill | None) -> Theme:
    """One to five notes, drawn more widely than the species sings."""
    notes = []
    for _ in range(int(rng.integers(1, 6))):
        note = _random_note(rng)
        longer = float(np.exp(0.5 * rng.standard_normal()))
        higher = float(np.exp(0.2 * rng.standard_normal()))
        moved = _moved(note._replace(duration_s=longer * note.duration_s), higher, 1.0)
        notes.append(moved._replace(level_db=float(min(0.0, -2.0 + 3.0 * rng.standard_normal()))))
    return _in_a_row(notes, trill, rng)


def recombined(
    notes: Sequence[Note], songs: Sequence[Theme], trill: Trill | None, rng: np.random.Generator
) -> Theme:
    """One to five notes of the panel, each turned into another one, among scraps.

    Every second time the end is the end of a whole song, as it was tracked, in place of a trill.
    """
    many = int(rng.choice([1, 2, 3, 4, 5], p=[0.15, 0.3, 0.3, 0.15, 0.1]))
    chosen = [_turned(notes[int(rng.integers(len(notes)))], rng) for _ in range(many)]
    for _ in range(int(rng.poisson(1.0))):  # scraps, as are tracked of other birds
        scrap = _random_note(rng)._replace(duration_s=float(rng.uniform(0.02, 0.1)))
        chosen.append(scrap._replace(level_db=float(-rng.uniform(2.0, 20.0))))
    made = _in_a_row([chosen[k] for k in rng.permutation(len(chosen))], trill, rng)
    song = songs[int(rng.integers(len(songs)))]
    last = max((n.onset_s for n in song.notes), default=0.0)
    tail = [n for n in song.notes if n.onset_s > 0.45 * last]
    if rng.random() < 0.5 and tail and song.trill is None:
        end = made.notes[-1].onset_s + made.notes[-1].duration_s + 0.06
        moved = shift(Theme(tuple(tail)), end - tail[0].onset_s)
        return Theme(made.notes + moved.notes)
    return made


def altered(theme: Theme, rng: np.random.Generator) -> Theme:
    """Alter one note of a theme, or the pitch of all; now and then by too little to be heard."""
    notes = list(theme.notes)
    main = [k for k, n in enumerate(notes) if n.duration_s >= LEAST_NOTE_S] or list(
        range(len(notes))
    )
    if not main:
        return random_theme(rng, theme.trill)
    k = int(rng.choice(main))
    note, others = notes[k], [j for j in main if j != k]
    ways = ["another", "added", "moved", "turned", "transposed"]
    way = str(rng.choice([*ways, "left out", "exchanged"] if others else ways))
    step = float(np.exp(rng.choice([-1.0, 1.0]) * rng.uniform(0.1, 0.3)))
    if way == "another":
        notes[k] = _random_note(rng)._replace(
            onset_s=note.onset_s, duration_s=note.duration_s, level_db=note.level_db
        )
    elif way == "left out":
        del notes[k]
    elif way == "added":
        new = _random_note(rng)._replace(onset_s=note.onset_s, level_db=note.level_db)
        later = shift(Theme(tuple(notes[k:]), theme.trill), new.duration_s + 0.08)
        return Theme((*notes[:k], new, *later.notes), later.trill)
    elif way == "exchanged":
        j = int(rng.choice(others))
        notes[k], notes[j] = (
            notes[j]._replace(onset_s=note.onset_s, duration_s=note.duration_s),
            note._replace(onset_s=notes[j].onset_s, duration_s=notes[j].duration_s),
        )
    elif way == "moved":
        notes[k] = _moved(note, step, float(np.exp(0.3 * rng.standard_normal())))
    elif way == "turned":
        notes[k] = _turned(note, rng)._replace(duration_s=note.duration_s)
    else:
        notes = [_moved(n, step, 1.0) if j in main else n for j, n in enumerate(notes)]
    return Theme(tuple(notes), theme.trill)


def _random_note(rng: np.random.Generator) -> Note:
    return random_note(0.0, str(rng.choice(list(NOTE_TYPES))), rng)


def _turned(note: Note, rng: np.random.Generator) -> Note:
    """Turn a note into another one: perhaps backwards, upside down; elsewhere, longer, steeper."""
    if rng.random() < 0.35:
        note = note._replace(
            start_hz=note.end_hz,
            end_hz=note.start_hz,
            bend=-note.bend,
            samples_hz=note.samples_hz[::-1],
        )
    sweep = float(np.exp(0.5 * rng.standard_normal()))
    if rng.random() < 0.35:
        sweep = -sweep
    longer = float(np.exp(0.4 * rng.standard_normal()))
    note = note._replace(duration_s=note.duration_s * longer)
    return _moved(note, float(np.exp(0.2 * rng.standard_normal())), sweep)


def _moved(note: Note, pitch: float, sweep: float) -> Note:
    """Scale a note's pitch, and its sweep about the middle of its ends; negative turns it over."""
    anchors = np.array([note.start_hz, note.end_hz, note.peak_hz, *note.samples_hz])
    middle = 0.5 * (note.start_hz + note.end_hz)
    f = np.clip(pitch * (middle + sweep * (anchors - middle)), LOWEST_HZ, HIGHEST_HZ)
    return note._replace(
        start_hz=float(f[0]),
        end_hz=float(f[1]),
        peak_hz=float(f[2]) if note.peak_hz else 0.0,
        samples_hz=tuple(float(x) for x in f[3:]),
    )


def _in_a_row(notes: Sequence[Note], trill: Trill | None, rng: np.random.Generator) -> Theme:
    """Sing notes one after the other, and the trill after them."""
    placed, clock = [], 0.0
    for note in notes:
        placed.append(note._replace(onset_s=clock))
        gap = float(np.clip(rng.lognormal(np.log(0.09), 0.5), 0.02, 0.3))
        clock += note.duration_s + gap
    return Theme(tuple(placed), trill and trill._replace(onset_s=clock))
