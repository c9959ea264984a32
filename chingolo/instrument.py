"""Source, tract and decimation in step: controls in, sounds out, in pieces that stay in the cache."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from chingolo.decimation import Decimator
from chingolo.sources import Source
from chingolo.syrinx import LANES, rest, swing
from chingolo.tract import Passage, Tract

Lanes = npt.NDArray[np.float32]

CONTROL = 16
"""Samples of the inner rate (40 kHz or more) between two controls of a gesture: some 0.36 ms."""

PIECE = 64
"""Controls played at once: some 260 kB of sound, and whole blocks of the filters (our choice)."""


class Clock(NamedTuple):
    """How time is divided while a bird sings.

    Attributes
    ----------
    rate_hz : float
        Rate of the sound.
    fold : int
        Inner rate over `rate_hz`: the tract is heard through a gentle filter at 40 kHz or more, and a
        steep one then brings it to a lower rate.
    integrations : int
        Runge-Kutta steps a sample of the inner rate.
    step : float
        A Runge-Kutta step in units of 1/gamma.
    """

    rate_hz: float
    fold: int
    integrations: int
    step: float

    @property
    def control_hz(self) -> float:
        """Rate of the gesture."""
        return self.rate_hz * self.fold / CONTROL


def divide(rate_hz: float, gamma: float, step: float, least_hz: float = 0.0) -> Clock:
    """Divide time so that no Runge-Kutta step is longer than ``step / gamma`` or ``1 / least_hz``.

    Raises
    ------
    ValueError
        `rate_hz` lies below 20 kHz.
    """
    if rate_hz < 20_000:
        raise ValueError(f"songs are sung at 20,000 Hz or more, not at {rate_hz:g} Hz")
    fold = 1 if rate_hz >= 40_000 else 2
    # A hair less, so that a step which divides the sample is taken as it is.
    integrations = int(np.ceil(max(gamma / step, least_hz) / (rate_hz * fold) - 1e-9))
    return Clock(rate_hz, fold, integrations, gamma / (rate_hz * fold * integrations))


def play(source: Source, tract: Tract, clock: Clock, controls: Lanes) -> Lanes:
    """Play up to :data:`LANES` gestures side by side.

    Parameters
    ----------
    source : Source
    tract : Tract
    clock : Clock
    controls : ndarray of float32, shape (4, n, LANES)
        Pressure, tension, gain and pitch in hertz, at ``clock.control_hz``.

    Returns
    -------
    ndarray of float32, shape (m, LANES)
        At ``clock.rate_hz``, from the first control to the last; no lane depends on another.
    """
    wide_hz = clock.rate_hz * clock.fold * clock.integrations
    per_control = CONTROL * clock.integrations
    passage = Passage(tract, wide_hz)
    gentle, steep = Decimator(clock.integrations, 0.25), Decimator(clock.fold, 0.43)
    # What one stage hands to the next, with what the next still needs of the piece before.
    line = np.zeros((passage.memory + PIECE * per_control, LANES), np.float32)
    heard = np.zeros((gentle.memory + PIECE * per_control, LANES), np.float32)
    inner = np.zeros((steep.memory + PIECE * CONTROL, LANES), np.float32)
    gently, steeply = gentle.windows(heard), steep.windows(inner)
    # The gentle filter's delay, if odd at a fold of two, leaves half a sample: too little to matter.
    late = round(gentle.delay / clock.fold) + steep.delay
    length = (controls.shape[1] - 1) * CONTROL // clock.fold
    # Played on until the filters have let go of the last sample, in whole pieces.
    pieces = -(-(length + late) * clock.fold // (CONTROL * PIECE))
    more = pieces * PIECE + 1 - controls.shape[1]
    pressure, tension, gain, pitch_hz = np.concatenate(
        [controls, np.repeat(controls[:, -1:], more, axis=1)], axis=1
    )
    springs = passage.springs(pitch_hz)
    state, sound = rest(), []
    for first in range(0, pieces * PIECE, PIECE):
        part = slice(first, first + PIECE + 1)
        for buffer, memory in (
            (line, passage.memory), (heard, gentle.memory), (inner, steep.memory),
        ):  # fmt: skip
            buffer[:memory] = buffer[len(buffer) - memory :]
        swing(
            source.labial, state, pressure[part], tension[part], gain[part], per_control,
            clock.step, line[passage.memory :],
        )  # fmt: skip
        passage.transmit(line, springs[part][:-1], heard[gentle.memory :])
        inner[steep.memory :] = gentle.keep(gently)
        sound.append(steep.keep(steeply) if clock.fold > 1 else inner.copy())
    return np.concatenate(sound)[late : late + length]
