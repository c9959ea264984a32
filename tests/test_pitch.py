"""The inverse pitch map gives the pitch back, and a rate is made of the syrinx's steps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chingolo.config import Config
from chingolo.decimation import BLOCK, Decimator, low_pass
from chingolo.pitch import HERTZ, PitchMap, look_up, map_pitch, reach
from chingolo.sources import SOURCES
from chingolo.syrinx import LANES, limit_cycle


@pytest.fixture(scope="module", params=["zonotrichia", "wappner-2018"])
def mapped(request: pytest.FixtureRequest) -> tuple[str, PitchMap]:
    return request.param, map_pitch(SOURCES[request.param])


def test_the_map_has_no_holes_in_the_species_band(mapped: tuple[str, PitchMap]):
    name, pitch_map = mapped
    gamma = SOURCES[name].gamma
    assert pitch_map.pitch * gamma / (2 * np.pi) == pytest.approx(HERTZ)
    assert np.isfinite(pitch_map.tension).all()
    assert np.isfinite(pitch_map.swing).all()
    assert (np.diff(pitch_map.tension, axis=1) > 0).all()


def test_the_inverse_gives_the_pitch_back_between_the_grid_points(mapped: tuple[str, PitchMap]):
    name, pitch_map = mapped
    source = SOURCES[name]
    rng = np.random.default_rng(3)
    pressure = rng.uniform(source.quiet, source.loud, 60)
    pitch = 2 * np.pi * rng.uniform(1500, 9500, 60) / source.gamma
    tension, swing = look_up(pitch_map, pressure, pitch)
    for p, t, f, s in zip(pressure, tension, pitch, swing, strict=True):
        sung, strength = limit_cycle(source.labial, p, t, 0.05, 2000)
        assert sung == pytest.approx(f, rel=5e-4)
        assert strength == pytest.approx(s, rel=0.01)


def test_pitch_out_of_range_is_sung_at_the_nearest_there_is(pitch_map: PitchMap, config: Config):
    source = SOURCES[config.singer.source]
    edges = 2 * np.pi * np.array([HERTZ[0], HERTZ[-1]]) / source.gamma
    beyond = np.array([0.5, 2.0]) * edges
    at = np.full(2, source.loud)
    assert look_up(pitch_map, at, beyond)[0] == pytest.approx(look_up(pitch_map, at, edges)[0])
    assert reach(pitch_map) == pytest.approx(tuple(edges))


@given(st.integers(2, 8), st.floats(0.02, 0.24))
def test_decimation_keeps_the_passband_and_its_time(factor: int, share: float):
    n = 20 * BLOCK
    tone = np.cos(2 * np.pi * share * np.arange(n * factor) / factor)
    lanes = np.repeat(tone[:, None], LANES, axis=1).astype(np.float32)

    def kept(pieces: int) -> np.ndarray:
        decimator = Decimator(factor, 0.25)
        memory, out = np.zeros((decimator.memory, LANES), np.float32), []
        for part in np.split(lanes, pieces):
            buffer = np.concatenate([memory, part])
            out.append(decimator.keep(decimator.windows(buffer)))
            memory = buffer[len(part) :]
        return np.concatenate(out)

    delay = Decimator(factor, 0.25).delay
    whole = kept(1)[delay:, LANES - 1]
    assert whole[50:] == pytest.approx(tone[::factor][50 : whole.size], abs=2e-3)
    assert np.array_equal(kept(4), kept(1))


def test_decimation_suppresses_what_would_fold_back():
    for factor, passband in ((4, 0.25), (2, 0.43)):
        taps = low_pass(factor, passband)
        response = np.abs(np.fft.rfft(taps, 1 << 14))
        f = np.fft.rfftfreq(1 << 14) * factor  # in units of the new rate
        assert 20 * np.log10(response[f > 1 - passband].max()) < -75
        assert 20 * np.log10(response[f < passband]) == pytest.approx(0, abs=0.01)
