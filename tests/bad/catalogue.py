"""Bad inputs, each with the message it must give."""

import os
import struct
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image
from studies import RATE, SKETCH, Bad, Spoil, Study, encoded, replaced, whistle, written

REC, SONG = (lambda s: s.recordings), (lambda s: s.songs)
SOUND, NOISE = (lambda s: s.sound), (lambda s: s.noise)
SKETCHED, PAGE, PICTURE = (lambda s: s.sketch), (lambda s: s.page), (lambda s: s.picture)
CONF = lambda s: s.config  # noqa: E731


def audio() -> Iterator[Bad]:
    """Sounds: cut off at every stage of the header, broken, of the wrong kind."""
    wav = encoded(whistle())
    for size in (0, 1, 4, 8, 12, 16, 20, 24, 30, 36, 40):
        yield Bad(
            "audio",
            f"wav cut after {size} bytes",
            written(SOUND, wav[:size]),
            "b.wav: cannot be decoded",
        )
    yield Bad(
        "audio", "wav of a header alone", written(SOUND, wav[:44]), "holds no sound|breaks off"
    )
    flac = encoded(whistle(), kind="FLAC")
    for size in (2, 10, 40):
        yield Bad(
            "audio",
            f"flac cut after {size} bytes",
            written(SOUND, flac[:size]),
            "cannot be decoded|holds no sound",
        )
    yield Bad(
        "audio",
        "flac cut in its middle",
        written(SOUND, flac[: len(flac) // 2]),
        "breaks off|cannot be decoded",
    )
    half = len(flac) // 2
    broken = flac[:half] + bytes(2000) + flac[half + 2000 :]
    yield Bad(
        "audio", "flac with broken frames", written(SOUND, broken), "cannot be decoded|breaks off"
    )
    ogg = encoded(whistle(), kind="OGG")
    for size in (20, 60):
        yield Bad(
            "audio", f"ogg cut after {size} bytes", written(SOUND, ogg[:size]), "cannot be decoded"
        )
    mp3 = encoded(whistle(), kind="MP3")
    yield Bad("audio", "mp3 cut after 3 bytes", written(SOUND, mp3[:3]), "cannot be decoded")
    picture = b"\x00image/jpeg\x00\x03\x00" + bytes(500)
    frame = b"APIC" + struct.pack(">I", len(picture)) + b"\x00\x00" + picture
    size = len(frame)
    tag = b"ID3\x03\x00\x00" + bytes(
        [(size >> 21) & 127, (size >> 14) & 127, (size >> 7) & 127, size & 127]
    )
    yield Bad(
        "audio",
        "mp3 of a cover picture alone",
        written(SOUND, tag + frame),
        "cannot be decoded|holds no sound",
    )
    yield Bad("audio", "no samples", written(SOUND, encoded(whistle(0.0))), "holds no sound")
    yield Bad("audio", "silence", written(SOUND, encoded(np.zeros(RATE, np.float32))), "is silent")
    yield Bad(
        "audio",
        "clipped",
        written(SOUND, encoded(np.clip(9 * whistle(), -1, 1))),
        r"is clipped: \d+% of its samples",
    )
    for name, value in (("not a number", np.nan), ("infinite", np.inf)):
        wrong = whistle()
        wrong[500] = value
        data = encoded(wrong, subtype="FLOAT")
        yield Bad(
            "audio", f"{name} in float wav", written(SOUND, data), "samples that are no numbers"
        )
    yield Bad(
        "audio", "8 kHz", written(SOUND, encoded(whistle(3, 8000), 8000)), "was recorded at 8000 Hz"
    )
    yield Bad(
        "audio",
        "8 channels",
        written(SOUND, encoded(np.tile(whistle()[:, None], 8))),
        "has 8 channels",
    )
    yield Bad("audio", "two hours", two_hours, "lasts 120 min")
    yield Bad("audio", "text called wav", written(SOUND, "a song"), "cannot be decoded")
    yield Bad("audio", "a picture called wav", written(SOUND, png(80, 80)), "cannot be decoded")
    yield Bad(
        "audio",
        "random bytes",
        written(SOUND, np.random.default_rng(1).bytes(5000)),
        "cannot be decoded",
    )
    yield Bad("audio", "a folder called wav", folder_in_place, "b.wav is not in .*put it there")
    yield Bad("audio", "a link to nowhere", dangling, "b.wav is not in .*put it there")
    yield Bad("audio", "not there", lambda s: s.sound.unlink(), "b.wav is not in .*put it there")
    yield Bad(
        "audio", "wrong checksum", replaced(REC, "b.wav\t", "b.wav\t" + "0" * 64), "sha256 differs"
    )
    yield Bad(
        "audio",
        "song beyond the end",
        replaced(SONG, "B\t0.2\t0.9", "B\t2.8\t3.6"),
        "songs.tsv, row 4: the song ends at 3.6 s, the recording at 3.00 s",
    )
    yield Bad("noise", "background of text", written(NOISE, "wind"), "wind.wav: cannot be decoded")
    yield Bad(
        "noise",
        "silent background",
        written(NOISE, encoded(np.zeros(RATE, np.float32))),
        "wind.wav: is silent",
    )
    yield Bad(
        "noise",
        "empty background",
        written(NOISE, encoded(whistle(0.0))),
        "wind.wav: holds no sound",
    )
    yield Bad(
        "noise",
        "no sound in the folder",
        lambda s: s.noise.rename(s.noise.with_suffix(".txt")),
        "key noise: .* holds no sound file",
    )
    for what, path in (("recording", SOUND), ("background", NOISE), ("sketch", SKETCHED)):
        yield Bad(
            "dates", f"{what} from the future", from_the_future(path), "dated in the future, 2100"
        )


def two_hours(study: Study) -> None:
    """Write a file that says it lasts two hours, and does, though almost all of it lies nowhere on the disk."""
    frames = 2 * 3600 * RATE
    header = encoded(whistle(0.0))
    data = bytearray(header[:44])
    data[4:8], data[40:44] = struct.pack("<I", 36 + 2 * frames), struct.pack("<I", 2 * frames)
    with study.sound.open("wb") as file:
        file.write(data)
        file.truncate(44 + 2 * frames)


def from_the_future(path: Callable[[Study], Path]) -> Spoil:
    """Date a file of the study to 2100, as a recorder does whose clock was never set."""
    return lambda study: os.utime(path(study), (4_102_444_800 + 86_400,) * 2)


def folder_in_place(study: Study) -> None:
    study.sound.unlink()
    study.sound.mkdir()


def dangling(study: Study) -> None:
    study.sound.unlink()
    study.sound.symlink_to(study.folder / "nowhere.wav")


def sheets() -> Iterator[Bad]:
    """Sheets: encodings, columns, rows, ids, addresses."""
    text = "recording\tfile\nA\ta.wav\nB\tb.wav\n"
    for name, data, words in (
        ("empty", b"", "column 'recording' is missing"),
        ("a byte-order mark alone", b"\xef\xbb\xbf", "column 'recording' is missing"),
        ("header alone", b"recording\tfile\n", "recordings.tsv: has no rows"),
        ("blank rows", b"recording\tfile\n\n\t\n  \n", "has no rows"),
        ("latin-1", text.replace("A\t", "A\xf1o\t").encode("latin-1"), "row 2: is not UTF-8 text"),
        ("utf-16", text.encode("utf-16"), "is not UTF-8 text"),
        ("zero bytes in it", text.replace("B", "B\0").encode(), "is no text"),
        ("a picture", png(60, 60), "is not UTF-8 text|is no text"),
        (
            "an open quote",
            text.replace("B\t", '"B\t').encode(),
            "row 3: cannot be read .*look for an open quote",
        ),
        (
            "semicolons",
            text.replace("\t", ";").encode(),
            "column 'recording' is missing.*found \\['recording;file'\\]",
        ),
        (
            "a doubled column",
            text.replace("file\n", "file\tfile\n", 1).encode(),
            "column 'file' is there twice",
        ),
        (
            "no column of files",
            text.replace("file\n", "name\n", 1).encode(),
            "column 'file' is missing",
        ),
        (
            "a value too many",
            text.replace("b.wav", "b.wav\tx").encode(),
            "row 3: has 3 values for 2 columns",
        ),
        (
            "a row without file",
            text.replace("b.wav", "").encode(),
            "row 3: recording or file is empty",
        ),
        ("an id twice", text.replace("B\t", "A\t").encode(), "row 3: recording 'A' is there twice"),
        (
            "a file twice",
            text.replace("b.wav", "a.wav").encode(),
            "row 3: file 'a.wav' is there twice \\(row 2\\)",
        ),
        (
            "a file twice but for its case",
            text.replace("b.wav", "A.WAV").encode(),
            "file 'A.WAV' is there twice",
        ),
        ("a million rows", million(), "row 200002: more than 200000 rows"),
    ):
        yield Bad("sheet", name, written(REC, data), words)
    for name, wrong, words in (
        ("upwards", "../B", "recording '../B' is like a path"),
        ("absolute", "/etc/passwd", "recording '/etc/passwd' is like a path"),
        ("backslash", "a\\b", "is like a path"),
        ("dots", "..", "is like a path"),
        ("bell", "B\x07", "cannot be printed"),
        ("right to left", "B\u202etab", "cannot be printed"),
        ("zero width", "B\u200b", "cannot be printed"),
        ("300 characters", "B" * 300, "has 300 characters"),
        ("formula", "=HYPERLINK(1)", "begins as a formula does"),
    ):
        yield Bad("id", name, replaced(REC, "\nB\t", f"\n{wrong}\t"), f"row 3: .*{words}")
    yield Bad(
        "id", "line break in quotes", replaced(REC, "\nB\t", '\n"B\nC"\t'), "cannot be printed"
    )
    for name, wrong in (("upwards", "../b.wav"), ("absolute", "/b.wav"), ("backslash", "..\\b.wav"), ("hidden", ".b.wav"),
                        ("300 characters", "b" * 300), ("line break", '"b\n.wav"')):  # fmt: skip
        yield Bad("file name", name, replaced(REC, "b.wav", wrong), "is a path, or no plain name")
    for name, url, words in (
        ("http", "http://example.org/b", "is not https"),
        ("file", "file:///etc/passwd", "is not https"),
        ("ftp", "ftp://example.org/b", "is not https"),
        ("no scheme", "example.org/b", "is not https"),
        ("javascript", "javascript:alert(1)", "is not https"),
        ("loopback", "https://127.0.0.1/b", "leads to this machine"),
        ("loopback by name", "https://localhost/b", "leads to this machine"),
        ("loopback of six", "https://[::1]/b", "leads to this machine"),
        ("loopback as a number", "https://2130706433/b", "leads to this machine"),
        ("loopback in hexadecimal", "https://0x7f.0.0.1/b", "leads to this machine"),
        ("own network", "https://192.168.1.1/b", "leads to this machine"),
        ("a cloud's own", "https://169.254.169.254/latest", "leads to this machine"),
        ("a machine nearby", "https://printer/b", "leads to this machine"),
        ("a user", "https://me:secret@example.org/b", "names a user"),  # pragma: allowlist secret
        ("another port", "https://example.org:8443/b", "names a user or a port"),
        ("a space", "https://example.org/a b", "holds a space"),
        ("no host", "https:///b", "is not https"),
    ):
        yield Bad(
            "address", name, replaced(REC, "b.wav\t\t", f"b.wav\t\t{url}"), f"row 3: url .*{words}"
        )
    yield Bad(
        "sheet",
        "short checksum",
        replaced(REC, "b.wav\t", "b.wav\tabc"),
        "has not 64 hexadecimal digits",
    )
    yield Bad(
        "sheet", "latitude of 200", replaced(REC, "-34.9", "200"), "latitude '200' is no angle"
    )
    yield Bad(
        "sheet", "latitude in words", replaced(REC, "-34.9", "34 S"), "latitude '34 S' is no angle"
    )
    yield Bad("sheet", "no such sheet", lambda s: s.recordings.unlink(), "there is no such sheet")
    yield Bad(
        "sheet",
        "a folder",
        lambda s: (s.recordings.unlink(), s.recordings.mkdir()),
        "is no sheet that can be read",
    )


def songs() -> Iterator[Bad]:
    """Sheets of songs: times, themes, roles."""
    for name, old, new, words in (
        (
            "swapped columns",
            "start_s\tend_s",
            "end_s\tstart_s",
            "row 2: ends at 0.2 s, starts at 0.9 s",
        ),
        ("milliseconds", "0.2\t0.9\ta", "200\t900\ta", "row 2: the song lasts 700 s"),
        ("decimal comma", "1.2\t1.9", "1,2\t1,9", "row 3: start_s '1,2' is no number"),
        (
            "minutes and seconds",
            "1.2\t1.9",
            "0:01.2\t0:01.9",
            "row 3: start_s '0:01.2' is no number",
        ),
        ("a formula", "1.2\t1.9", "=A1\t1.9", "row 3: start_s '=A1' is no number"),
        ("not a number", "1.2\t1.9", "nan\t1.9", "row 3: start_s 'nan' is no number"),
        ("infinite", "1.2\t1.9", "1.2\tinf", "row 3: end_s 'inf' is no number"),
        ("too large", "1.2\t1.9", "1.2\t1e999", "row 3: end_s '1e999' is no number"),
        ("underscores", "1.2\t1.9", "1_0\t2_0", "row 3: start_s '1_0' is no number"),
        ("other digits", "1.2\t1.9", "١\t٢", "row 3: start_s '١' is no number"),
        ("negative", "1.2\t1.9", "-1.2\t1.9", "row 3: ends at 1.9 s, starts at -1.2 s"),
        ("empty time", "1.2\t1.9", "\t1.9", "row 3: start_s '' is no number"),
        ("no length", "1.2\t1.9", "1.2\t1.2", "row 3: ends at 1.2 s, starts at 1.2 s"),
        ("overlapping", "1.2\t1.9", "0.5\t1.9", "row 3: the song overlaps that of row 2"),
        ("twice", "A\t1.2\t1.9\ta\tquery", "A\t0.2\t0.9\ta\tquery", "row 3: the song overlaps"),
        ("unknown recording", "B\t0.2", "C\t0.2", "row 4: recording 'C' is not in the sheet"),
        ("other case", "B\t0.2", "b\t0.2", "row 4: recording 'b' is not in the sheet"),
        ("unknown role", "query", "asked", "row 3: role 'asked' is unknown"),
        ("enrolled twice", "query", "enrol", "row 3: theme 'a' is enrolled twice \\(row 2\\)"),
        ("query alone", "a\tenrol", "a\tquery", "theme 'a' has a query but no enrolled song"),
        (
            "unknown and enrolled",
            "a\tquery",
            "a\tunknown",
            "theme 'a' is unknown here and enrolled",
        ),
        ("one theme", "b\tenrol", "b\tcheck", "1 theme\\(s\\) enrolled"),
        ("theme called none", "b\tenrol", "None\tenrol", "row 4: a theme is called 'None'"),
        ("theme like a path", "b\tenrol", "../b\tenrol", "row 4: theme '../b' is like a path"),
        ("theme of 300 characters", "b\tenrol", f"{'b' * 300}\tenrol", "has 300 characters"),
        ("theme with a bell", "b\tenrol", "b\x07\tenrol", "cannot be printed"),
        ("no column of ends", "end_s", "finish", "column 'end_s' is missing"),
    ):
        yield Bad("songs", name, replaced(SONG, old, new), words)
    yield Bad("songs", "many faults at once", replaced(SONG, "A\t1.2\t1.9\ta\tquery\nB", "A\tx\t1.9\ta\tquery\nC"),
              r"(?s)row 3: start_s 'x'.*row 4: recording 'C'")  # fmt: skip


def sketches() -> Iterator[Bad]:
    """Typed sketches: YAML's traps, units, notes that no bird sings."""
    for name, data, words in (
        ("empty", "", "notes: is missing|holds no"),
        ("not utf-8", SKETCH.replace("birds", "b\xefrds").encode("latin-1"), "is not UTF-8 text"),
        ("tabs", SKETCH.replace("  -", "\t-"), "is not YAML"),
        ("a bomb of aliases", "a: &a [1]\nnotes: [*a, *a]\n", "aliases \\(\\*\\) are not allowed"),
        (
            "python in it",
            SKETCH.replace("birds: 2", "birds: !!python/object/apply:os.system [ls]"),
            "is not YAML",
        ),
        ("two documents", SKETCH + "---\n" + SKETCH, "is not YAML"),
        ("a list", "[1, 2]", "one.yaml"),
        ("nested too deeply", "[" * 20_000, "nested too deeply"),
        ("a key twice", SKETCH + "birds: 3\n", "birds: is there twice"),
        ("an unknown key", SKETCH + "colour: red\n", "colour: unknown key"),
        ("a word for a number", SKETCH.replace("birds: 2", "birds: NO"), "birds: 'NO' is refused"),
        (
            "a date for a number",
            SKETCH.replace("birds: 2", "birds: 1966-05-01"),
            "birds: '1966-05-01' is refused",
        ),
    ):
        yield Bad("sketch", name, written(SKETCHED, data), words)
    for name, old, new, words in (
        ("hertz", "start: 4.0", "start: 4000", "start: 4000 is refused; allowed: 1 to 10 kHz"),
        ("below 1 kHz", "start: 4.0", "start: 0.9", "start: 0.9 is refused"),
        ("above 10 kHz", "start: 4.0", "start: 10.1", "start: 10.1 is refused"),
        ("no length", "duration: 0.3", "duration: 0", "duration: 0 is refused"),
        ("100 s", "duration: 0.3", "duration: 100", "duration: 100 is refused"),
        ("milliseconds", "duration: 0.3", "duration: 300", "duration: 300 is refused"),
        ("not a number", "start: 4.0", "start: .nan", "start: nan is refused"),
        ("negative onset", "onset: 0.0", "onset: -0.1", "onset: -0.1 is refused"),
        ("overlapping notes", "onset: 0.4", "onset: 0.1", "rows 1 and 2 overlap"),
        ("overlapping trill", "onset: 0.8", "onset: 0.5", "overlap"),
        ("half an element", "count: 8", "count: 8.5", "count: 8.5 is refused"),
        ("no birds", "birds: 2", "birds: 0", "birds: 0 is refused"),
        ("an arc without a peak", "peak: 6.1, ", "", "an arc has no peak"),
    ):
        yield Bad("sketch", name, replaced(SKETCHED, old, new), words)
    yield Bad("sketch", "no sketch in the folder", no_sketches, "holds no sketch")
    yield Bad(
        "sketch",
        "two of one name",
        lambda s: s.sketch.with_suffix(".yml").write_text(SKETCH),
        "is there twice|is also in",
    )


def no_sketches(study: Study) -> None:
    for path in study.sketch.parent.iterdir():
        path.unlink()


def png(width: int, height: int, mode: str = "L") -> bytes:
    out = BytesIO()
    Image.new(mode, (width, height), "white").save(out, "PNG")
    return out.getvalue()


def bomb() -> bytes:
    """Write a PNG that says it has 400 megapixels, in some hundred bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 0, 0, 0, 0)
    plain = zlib.compress(bytes(1000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", plain) + chunk(b"IEND", b"")
    )


def pages() -> Iterator[Bad]:
    """Scanned pages: pictures that are none, and what stands beside them."""
    whole = png(300, 300)
    for name, data, words in (
        ("empty", b"", "page.png: .*cannot be|is no picture|not a picture"),
        ("text", b"a page", "page.png: "),
        ("1 x 1", png(1, 1), "is only 1 x 1 pixels large"),
        ("400 megapixels in some bytes", bomb(), "has 400 megapixels"),
        ("cut after its header", whole[:60], "page.png: "),
        ("cut in its middle", whole[: len(whole) // 2], "page.png: "),
    ):
        yield Bad("page", name, written(PICTURE, data), words)
    yield Bad(
        "page",
        "picture not there",
        lambda s: s.picture.unlink(),
        "image: page.png is not beside it",
    )
    for name, old, new, words in (
        ("gif", "page.png", "page.gif", "page.gif"),
        ("picture elsewhere", "page.png", "../../etc/passwd", "image: is no file's name"),
        ("unknown key", "image:", "colour: red\nimage:", "unknown key"),
        ("no such page of the picture", "image:", "page: 7\nimage:", "has 1 pages, not 7"),
    ):
        yield Bad("page", name, replaced(PAGE, old, new), words)


def settings() -> Iterator[Bad]:
    """Configuration: YAML's traps, unknown keys, values out of range."""
    for name, more, words in (
        ("tabs", "judge:\n\tseeds: 2\n", "is not YAML"),
        ("aliases", "a: &a [1]\nb: [*a]\n", "aliases"),
        ("a section twice", "field:\n  audio: x\n", "field: is there twice"),
        ("unknown section", "jugde: {seeds: 2}\n", "key jugde: unknown key. Cure: write 'judge'"),
        ("unknown key", "judge: {seed: 2}\n", "key judge.seed: unknown key. Cure: write"),
        ("words for a number", "judge: {epochs: many}\n", "key judge.epochs: 'many' is refused"),
        ("no epochs", "judge: {epochs: 0}\n", "key judge.epochs: 0 is refused"),
        ("kilohertz for hertz", "picture: {rate_hz: 22.05}\n", "key picture.rate_hz"),
        ("pitch above half the rate", "picture: {high_hz: 12000.0}\n", "key picture.high_hz"),
        ("range upside down", "place: {snr_db: [30.0, 5.0]}\n", "key place.snr_db: 30.0 > 5.0"),
        ("one value of two", "place: {snr_db: [5.0]}\n", "key place.snr_db"),
        ("an unknown device", "device: gpu\n", "key device: 'gpu' is refused"),
        ("a date for a seed", "study: {seed: 1966-05-01}\n", "key study.seed"),
        ("even neighbours", "simulated: {neighbours: 4}\n", "is even"),
        ("infinite", "judge: {learning_rate: .inf}\n", "key judge.learning_rate"),
        ("not a number", "judge: {dropout: .nan}\n", "key judge.dropout"),
        (
            "two faults",
            "judge: {epochs: 0, dropout: 2.0}\n",
            "(?s)judge.dropout.*judge.epochs|judge.epochs.*judge.dropout",
        ),
    ):
        yield Bad(
            "config",
            name,
            lambda s, more=more: s.config.write_text(s.config.read_text() + more),
            words,
        )
    for name, data, words in (
        ("a list", "[field]", "holds no keys"),
        ("empty", "", "holds no keys"),
        ("a picture", png(60, 60), "is not UTF-8 text"),
    ):
        yield Bad("config", name, written(CONF, data), words)
    for name, old, new, words in (
        ("unknown world", "[field]", "[mars]", "key worlds: 'mars' is refused"),
        ("no world", "[field]", "[]", "key worlds"),
        ("a world twice", "[field]", "[field, field]", "named twice"),
        ("no sheet", "recordings: ", "recordings: '' #", "key field.recordings: is empty"),
        ("audio is no folder", "/audio", "/nowhere", "is not a folder"),
        ("sketches are no folder", "/sketches", "/nowhere", "is not a folder"),
        ("noise is no folder", "/noise", "/nowhere", "key noise"),
    ):
        yield Bad("config", name, replaced(CONF, old, new), words)
    yield Bad("config", "not there", lambda s: s.config.unlink(), "field.yaml: cannot be read")


def million() -> bytes:
    return ("recording\tfile\n" + "".join(f"r{k}\tr{k}.wav\n" for k in range(10**6))).encode()


CATALOGUE = [*audio(), *sheets(), *songs(), *sketches(), *pages(), *settings()]
