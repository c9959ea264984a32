"""Fuzz the readers of what a user hands in: python tests/bad/fuzz.py TARGET FOLDER [-max_total_time=600].

Guided by coverage (atheris). Any text, any bytes are read, or refused by the study's own input error; whatever else
is raised ends the run with its input in FOLDER. `make fuzz` runs all targets.
"""

import sys
from pathlib import Path
from tempfile import NamedTemporaryFile

import atheris

with atheris.instrument_imports(include=["chingolo"]):
    from chingolo import config, digitizer, notation, pages, plain_yaml, scans, sheets
    from chingolo.errors import InputError
    from chingolo.sheets import Recording

sys.path.insert(0, str(Path(__file__).parent))
from studies import CONFIG, RECORDINGS, SKETCH, SONGS, drawn

ROWS = {name: Recording(name, f"{name.lower()}.wav") for name in ("A", "B")}
PAGE = "image: page.png\nsongs:\n  - name: one\n    box: [1, 1, 90, 90]\n    time: [{x: 1, s: 0}, {x: 90, s: 2}]\n    frequency: [{y: 90, khz: 2}, {y: 1, khz: 9}]\n"


def through_file(data: bytes, ending: str, read: object) -> None:
    with NamedTemporaryFile(suffix=ending) as file:
        file.write(data)
        file.flush()
        read(Path(file.name))  # type: ignore[operator]


def recordings(data: bytes) -> None:
    through_file(data, ".tsv", sheets.read_recordings)


def songs(data: bytes) -> None:
    through_file(data, ".tsv", lambda path: sheets.read_songs(path, ROWS))


def sketch(data: bytes) -> None:
    notation.to_theme(notation.parse(data.decode("utf-8", "replace"), "x"))


def page(data: bytes) -> None:
    pages.parse(data.decode("utf-8", "replace"), "x")


def study(data: bytes) -> None:
    read = plain_yaml.read_yaml(data.decode("utf-8", "replace"), "x")
    if isinstance(read.content, dict):
        config.parse(read.content)


def picture(data: bytes) -> None:
    through_file(data, ".png", scans.load)


def digitize(data: bytes) -> None:
    """Read bytes as the grey values of a page of 120 x 120 pixels."""
    folder = Path(FOLDER) / "page"
    folder.mkdir(exist_ok=True)
    from PIL import Image  # noqa: PLC0415

    grey = (data * (14_400 // max(1, len(data)) + 1))[:14_400] if data else bytes(14_400)
    Image.frombytes("L", (120, 120), grey).save(folder / "page.png")
    (folder / "page.yaml").write_text(PAGE)
    digitizer.read_page(folder / "page.yaml")


TARGETS = {one.__name__: one for one in (recordings, songs, sketch, page, study, picture, digitize)}
SEEDS = {"recordings": RECORDINGS, "songs": SONGS, "sketch": SKETCH, "page": PAGE, "study": CONFIG,
         "picture": "", "digitize": ""}  # fmt: skip


def seeds(name: str, folder: Path) -> Path:
    """Write what the fuzzer begins with."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "good").write_text(SEEDS[name])
    if name == "picture":
        from io import BytesIO  # noqa: PLC0415

        from PIL import Image  # noqa: PLC0415

        for kind in ("PNG", "JPEG", "TIFF"):
            out = BytesIO()
            Image.new("L", (60, 60), 200).save(out, kind)
            (folder / kind).write_bytes(out.getvalue())
    if name == "digitize":
        whole = config.parse(
            plain_yaml.read_yaml(Path("config/config.yaml").read_text(), "x").content
        )
        grey = drawn(whole).image
        step = max(1, min(grey.shape[:2]) // 120)
        (folder / "drawn").write_bytes(grey[::step, ::step][:120, :120].tobytes())
    return folder


if __name__ == "__main__":
    NAME, FOLDER, *words = sys.argv[1:]

    def one(data: bytes) -> None:
        """Hand in one input."""
        try:
            TARGETS[NAME](data)
        except InputError as error:
            if ". Cure: " not in str(error):
                raise ValueError(f"no cure: {error}") from error

    corpus = seeds(NAME, Path(FOLDER) / "corpus")
    atheris.Setup(
        [sys.argv[0], str(corpus), f"-artifact_prefix={FOLDER}/", "-rss_limit_mb=4000", *words], one
    )
    atheris.Fuzz()
