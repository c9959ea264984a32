"""Whether two themes are the same to the ear: they differ by no more than one bird's songs do."""

import math

import numpy as np

from chingolo.history import CHANGED_LENGTH, CHANGED_PITCH
from chingolo.themes import Note, Theme, note_frequency


def alike_notes(a: Note, b: Note) -> bool:
    """Whether two notes differ by no more than one bird's do between songs."""
    u = np.linspace(0.0, 1.0, 21)
    pitch = np.abs(note_frequency(a, u) / note_frequency(b, u) - 1.0).mean()
    return bool(
        pitch <= CHANGED_PITCH and abs(math.log(a.duration_s / b.duration_s)) <= CHANGED_LENGTH
    )


def alike(a: Theme, b: Theme) -> bool:
    """Whether two themes cannot be told apart, note by note (see :mod:`~.history`)."""
    if len(a.notes) != len(b.notes):
        return False
    return all(alike_notes(x, y) for x, y in zip(a.notes, b.notes, strict=True))
