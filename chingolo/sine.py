"""A plain sine in place of the syrinx: what is left of a song without the physics."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from chingolo import themes
from chingolo.config import Singer
from chingolo.singing import clock, melody
from chingolo.themes import Theme

Sound = npt.NDArray[np.float32]


def hum(
    theme: Theme, singer: Singer, rate_hz: float, rng: np.random.Generator | None = None
) -> Sound:
    """Sing a theme as one sine, of the same pitch and level at every moment as the syrinx would.

    Parameters
    ----------
    theme : Theme
    singer : Singer
        Its edges and tremors; neither source nor tract sounds.
    rate_hz : float
        Sampling rate of the song, Hz.
    rng : numpy.random.Generator, optional
        Where the tremors are drawn from; none without it.

    Returns
    -------
    ndarray of float32, shape (n,)
        From the song's first moment; about 1 at the loudest note's top.
    """
    control_hz = clock(singer, rate_hz).control_hz
    lead = int(np.ceil(singer.lead_s * control_hz))  # as the syrinx has it, so that tremors agree
    contour = themes.contour(themes.shift(theme, lead / control_hz), control_hz, tail_s=0.01)
    f, amplitude = (values[lead:] for values in melody(*contour, singer, control_hz, rng)[:2])
    then = np.arange(f.size) / control_hz
    now = np.arange(int(then[-1] * rate_hz)) / rate_hz
    phase = 2.0 * np.pi * np.cumsum(np.interp(now, then, f)) / rate_hz
    return np.asarray(np.interp(now, then, amplitude) * np.sin(phase), np.float32)


def hum_all(
    themes: Sequence[Theme],
    singer: Singer,
    rate_hz: float,
    rngs: Sequence[np.random.Generator],
) -> Iterator[Sound]:
    """Sing many themes as :func:`hum` does, each with tremors of its own."""
    for theme, rng in zip(themes, rngs, strict=True):
        yield hum(theme, singer, rate_hz, rng)
