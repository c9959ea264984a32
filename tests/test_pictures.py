"""Places and pictures: signal-to-noise as stated, the image's convention, shards."""

from pathlib import Path

import librosa
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chingolo import shards, soundscape, spectrogram
from chingolo.config import Config
from chingolo.errors import InputError
from chingolo.listing import Listing, pieces
from chingolo.seeds import generator
from chingolo.shards import Item

RATE = 22_050


def whistle(hz: float, seconds: float) -> np.ndarray:
    t = np.arange(int(seconds * RATE)) / RATE
    return np.sin(2 * np.pi * hz * t).astype(np.float32)


def test_band_power_is_parsevals():
    assert soundscape.band_power(whistle(4000, 1.0), RATE) == pytest.approx(0.5, rel=1e-3)
    assert soundscape.band_power(whistle(500, 1.0), RATE) < 1e-3


@pytest.mark.parametrize("snr", [0.0, 10.0, 30.0])
def test_the_stated_ratio_is_the_one_heard(snr: float, config: Config):
    place = config.place._replace(
        snr_db=(snr, snr), echo_db=(-90, -90), distance_db_per_khz=(0, 0), neighbour_share=0.0
    )
    song = whistle(4000, 1.0)
    rng = generator(1, "snr")
    loud = soundscape.hear(song, RATE, place, rng, 0.0, 1.0)
    # Subtract the song's share: least squares against the clean song leaves the noise.
    gain = float(loud @ song / (song @ song))
    noise = loud - gain * song
    measured = 10 * np.log10(gain**2 * 0.5 / soundscape.band_power(noise, RATE))
    assert measured == pytest.approx(snr, abs=1.0)


def test_an_echo_has_its_level_and_decay():
    tail = soundscape.echo(RATE, 0.3, -10.0, generator(1, "echo"))[1:]
    assert 10 * np.log10((tail**2).sum()) == pytest.approx(-10.0, abs=0.5)
    half = tail.size // 2
    early, late = (tail[:1000] ** 2).mean(), (tail[half : half + 1000] ** 2).mean()
    # 60 dB over the whole tail, so 30 dB over half of it.
    assert 10 * np.log10(early / late) == pytest.approx(30.0, abs=2.0)


def test_distance_and_echo_equal_the_filters_one_by_one():
    song, wood = whistle(3000, 0.2) + whistle(7000, 0.2), whistle(5000, 0.01)
    heard, power = soundscape.travel(song, RATE, 2.0, wood)
    # 2 dB/kHz relative to 5 kHz: 3 kHz gains 4 dB, 7 kHz loses 4.
    far = 10**0.2 * whistle(3000, 0.2) + 10**-0.2 * whistle(7000, 0.2)
    assert power == pytest.approx(0.5 * (10**0.4 + 10**-0.4), rel=0.01)
    middle = slice(1000, -1000)
    assert np.allclose(heard[middle], np.convolve(far, wood)[middle], atol=0.05)


@pytest.mark.parametrize("tilt", [0.0, 2.0])
def test_made_noise_has_its_power(tilt: float):
    powers = [
        soundscape.band_power(soundscape.coloured_noise(RATE, RATE, tilt, rng), RATE)
        for rng in (generator(1, "power", k) for k in range(20))
    ]
    assert np.mean(powers) == pytest.approx(1.0, abs=0.03)


def test_a_recorded_background_is_used(config: Config):
    place = config.place._replace(snr_db=(-60, -60), neighbour_share=0.0)
    background = whistle(6000, 0.5)
    scene = soundscape.hear(
        whistle(3000, 0.5), RATE, place, generator(1, "x"), 0.1, 1.0, (background,)
    )
    spectrum = np.abs(np.fft.rfft(scene))
    assert np.fft.rfftfreq(scene.size, 1 / RATE)[spectrum.argmax()] == pytest.approx(6000, abs=30)


def test_a_whistle_is_bright_where_it_is(config: Config):
    p = config.picture
    sound = np.concatenate([np.zeros(RATE // 2), whistle(4000, 0.5), np.zeros(RATE)])
    sound = sound + 1e-3 * generator(1, "n").standard_normal(sound.size)
    image = spectrogram.draw(sound.astype(np.float32), p)
    assert image.shape == (p.bands, p.frames)
    assert image.max() == 255
    band, frame = np.unravel_index(image.argmax(), image.shape)
    assert 0.5 <= frame * p.hop / RATE <= 1.0
    assert (image[:, : int(0.4 * RATE / p.hop)] == 0).mean() > 0.95
    centres = librosa.mel_frequencies(p.bands + 2, fmin=p.low_hz, fmax=p.high_hz)[1:-1]
    assert centres[band] == pytest.approx(4000, rel=0.04)


def test_gain_leaves_no_trace(config: Config):
    sound = whistle(5000, 1.0) + 1e-2 * generator(1, "n").standard_normal(RATE).astype(np.float32)
    one, other = (spectrogram.draw(g * sound, config.picture) for g in (1.0, 0.01))
    assert np.abs(one.astype(int) - other.astype(int)).max() <= 1


def test_silence_and_short_sounds_are_drawn(config: Config):
    for sound in (np.zeros(0, np.float32), np.zeros(10, np.float32), np.zeros(10**5, np.float32)):
        assert spectrogram.draw(sound, config.picture).shape == (64, 128)


@given(st.integers(0, 50), st.integers(1, 12))
def test_shards_are_blocks_whose_order_does_not_depend_on_their_number(n: int, many: int):
    items = [Item(f"s{k}", "t", "train", 0) for k in range(n)]
    joined = [item for k in range(many) for item in shards.block(items, k, many)]
    assert joined == items


def test_a_corpus_of_shards_reads_like_one_array(tmp_path: Path):
    rng = generator(1, "shards")
    pictures = rng.integers(0, 255, (10, 4, 6)).astype(np.uint8)
    items = [Item(f"s{k}", "t", "train", k) for k in range(10)]
    paths = []
    for k in range(3):
        part = shards.block(items, k, 3)
        first = items.index(part[0])
        names = (tmp_path / f"{k}.npy", tmp_path / f"{k}.tsv")
        shards.write_shard(*names, part, iter(pictures[first : first + len(part)]), (4, 6))
        paths.append(names)
    corpus = shards.open_corpus([str(p) for p, _ in paths], [str(i) for _, i in paths])
    index = np.array([9, 0, 3, 3, 7])
    assert np.array_equal(corpus.take(index), pictures[index])
    assert list(corpus.items) == items == corpus.items[:]
    assert all(isinstance(m, shards.Rows) for m in corpus.maps)
    assert np.array_equal(corpus.maps[0][1], pictures[1])
    assert np.array_equal(corpus.maps[0][:], np.load(paths[0][0], allow_pickle=False))
    assert not list(tmp_path.glob("*.part"))


def test_an_empty_shard_is_a_shard(tmp_path: Path):
    names = (tmp_path / "0.npy", tmp_path / "0.tsv")
    shards.write_shard(*names, [], iter([]), (4, 6))
    corpus = shards.open_corpus([str(names[0])], [str(names[1])])
    assert corpus.take(np.zeros(0, int)).shape == (0, 4, 6)


def test_a_picture_that_is_not_what_was_written_is_named(tmp_path: Path):
    names = (tmp_path / "0.npy", tmp_path / "0.tsv")
    pictures = generator(1, "sums").integers(0, 255, (5, 4, 6)).astype(np.uint8)
    items = [Item(f"s{k}", "t", "train", k) for k in range(5)]
    shards.write_shard(*names, items, iter(pictures), (4, 6))
    with names[0].open("r+b") as file:  # one bit of the fourth picture turns over
        file.seek(-30, 2)
        byte = file.read(1)[0]
        file.seek(-30, 2)
        file.write(bytes([byte ^ 1]))
    corpus = shards.open_corpus([str(names[0])], [str(names[1])])
    assert np.array_equal(corpus.take(np.arange(3)), pictures[:3])
    with pytest.raises(
        InputError, match=r"0\.npy, picture 4: is not what was written.*run Snakemake"
    ):
        corpus.take(np.array([0, 3]))


def test_a_shard_and_an_index_that_do_not_belong_together_are_refused(tmp_path: Path):
    for n in (2, 3):
        items = [Item(f"s{k}", "t", "train", 0) for k in range(n)]
        names = (tmp_path / f"{n}.npy", tmp_path / f"{n}.tsv")
        shards.write_shard(*names, items, iter(np.zeros((n, 4, 6), np.uint8)), (4, 6))
    with pytest.raises(InputError, match="hold 3 pictures, the indices beside them name 2"):
        shards.open_corpus([str(tmp_path / "3.npy")], [str(tmp_path / "2.tsv")])


def test_more_or_fewer_pictures_than_items_leave_no_shard(tmp_path: Path):
    names = (tmp_path / "0.npy", tmp_path / "0.tsv")
    items = [Item(f"s{k}", "t", "train", 0) for k in range(3)]
    for n in (2, 4):
        with pytest.raises(ValueError, match="zip"):
            shards.write_shard(*names, items, iter(np.zeros((n, 4, 6), np.uint8)), (4, 6))
    assert not names[0].exists()
    assert not names[1].exists()


@given(st.integers(0, 300), st.integers(1, 9))
def test_a_listing_is_the_list_of_its_items_and_costs_no_memory(n: int, many: int):
    made = Listing(lambda k: Item(f"s{k}", "t", "train", 0), range(n))
    plain = list(made)
    assert len(made) == n == len(plain)
    assert made == plain
    assert list(made[n // 3 :]) == plain[n // 3 :]
    assert [item for part in pieces(made, many) for item in part] == plain
    assert all(len(part) == many for part in list(pieces(made, many))[:-1])
    assert (
        len(Listing(lambda k: Item("s", "t", "train", k), range(10**12))[10**9 :]) == 10**12 - 10**9
    )


def test_what_is_no_shard_is_refused(tmp_path: Path):
    path, index = tmp_path / "0.npy", tmp_path / "0.tsv"
    items = [Item("s", "t", "train", 0)] * 4
    shards.write_shard(path, index, items, iter(np.zeros((4, 4, 6), np.uint8)), (4, 6))
    whole = path.read_bytes()
    for data, words in (
        (b"", "holds no pictures"),
        (whole[:50], "holds no pictures"),
        (whole[:-1], "is cut short"),
    ):
        path.write_bytes(data)
        with pytest.raises(InputError, match=words):
            shards.open_corpus([str(path)], [str(index)])
    np.save(path, np.zeros((4, 4, 6), np.float32))
    with pytest.raises(InputError, match="holds no pictures"):
        shards.open_corpus([str(path)], [str(index)])
