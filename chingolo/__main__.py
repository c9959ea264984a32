"""Sketches, typed and scanned, and the check of a study, from the command line: ``python -m chingolo --help``.

Each command imports what it needs when it runs, so that the help is there at once.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from chingolo.errors import InputError, on_screen, together

PICTURES = ("png", "pdf", "svg")
STYLE = Path(__file__).parents[1] / "workflow/figures.mplstyle"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    argv : sequence of str, optional
        Its words; left out, those of the command line.

    Returns
    -------
    int
        0, or 1 if input was refused: told on the standard error, a line a fault.
    """
    arguments = _parser().parse_args(argv)
    run: Callable[[argparse.Namespace], None] = arguments.run
    try:
        run(arguments)
    except InputError as error:
        print(on_screen(error), file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m chingolo",
        description="Sketches, typed or scanned, and what a study is given. More: workflow/documentation.md.",
    )
    commands = parser.add_subparsers(title="commands", metavar="command", required=True)

    check = commands.add_parser("check", help="say whether sketches are good, or all their faults")
    check.add_argument("sketches", nargs="+", type=Path, metavar="SKETCH.yaml")
    check.set_defaults(run=_check)

    study = commands.add_parser(
        "check-study", help="look at all that a study is given, before it is built"
    )
    study.add_argument("config", nargs="*", type=Path, metavar="CONFIG.yaml")
    study.add_argument("--json", action="store_true", help="faults for a machine, on the output")
    study.set_defaults(run=_check_study)

    render = commands.add_parser("render", help="draw a sketch, as png, pdf or svg")
    render.add_argument("sketch", type=Path, metavar="SKETCH.yaml")
    render.add_argument("picture", type=Path, metavar="PICTURE")
    render.add_argument("--title", help="left out: the sketch's name")
    render.set_defaults(run=_render)

    contour = commands.add_parser("contour", help="print each sketch's note types, such as RFA")
    contour.add_argument("sketches", nargs="+", type=Path, metavar="SKETCH.yaml")
    contour.set_defaults(run=_contour)

    digitize = commands.add_parser(
        "digitize", help="read scanned pages: a picture to check and a typed sketch of each song"
    )
    digitize.add_argument("pages", nargs="+", type=Path, metavar="PAGE.yaml")
    digitize.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="for both")
    digitize.set_defaults(run=_digitize)

    typical = commands.add_parser("from-contour", help="write typical notes of given types")
    typical.add_argument("contour", metavar="RFA", help="L, R, F, A; or rising, rise-fall, ↗∩")
    typical.add_argument("sketch", type=Path, metavar="OUT.yaml")
    typical.add_argument("--trill", action="store_true", help="end with the study's local trill")
    typical.add_argument("--birds", type=int, default=1, metavar="N", help="noted singing it")
    typical.set_defaults(run=_from_contour)
    return parser


def _check(arguments: argparse.Namespace) -> None:
    from chingolo.notation import read_sketch  # noqa: PLC0415

    faults = []
    for path in arguments.sketches:
        try:
            read_sketch(path)
        except InputError as error:
            faults.append(error)
        else:
            print(f"{path}: good")
    if faults:
        raise together(faults)


def _check_study(arguments: argparse.Namespace) -> None:
    from chingolo import door  # noqa: PLC0415

    found = door.faults(arguments.config, "resources/recordings", "resources/audio")
    if arguments.json:
        print(json.dumps(door.as_plain(found), ensure_ascii=False, indent=1))
    elif not found:
        print("good: configuration, sheets, sketches, pages and sounds")
    if found:
        raise together(found)


def _contour(arguments: argparse.Namespace) -> None:
    from chingolo.notation import read_sketch, to_theme  # noqa: PLC0415
    from chingolo.themes import contour_string  # noqa: PLC0415

    for path in arguments.sketches:
        print(f"{path.stem}\t{contour_string(to_theme(read_sketch(path)))}")


def _render(arguments: argparse.Namespace) -> None:
    from chingolo.notation import read_sketch, to_theme  # noqa: PLC0415

    picture: Path = arguments.picture
    kind = _kind(picture, PICTURES)
    theme = to_theme(read_sketch(arguments.sketch))
    with _beside(picture) as part:
        from chingolo.figures import notation, style  # noqa: PLC0415

        style.use(STYLE)
        title = arguments.sketch.stem if arguments.title is None else arguments.title
        style.write(notation.draw(theme, title), part, kind)


def _digitize(arguments: argparse.Namespace) -> None:
    if not arguments.to.is_dir():
        raise InputError(str(arguments.to), "is not a folder", "make it, or correct the path")
    from chingolo.figures import style  # noqa: PLC0415
    from chingolo.notebook_pages import read_pages, write_checks  # noqa: PLC0415
    from chingolo.themes import contour_string  # noqa: PLC0415

    pages, faults = read_pages(arguments.pages)
    style.use(STYLE)
    write_checks(pages, arguments.to)
    for song in [song for page in pages for song in page.songs]:
        print(song.name, contour_string(song.theme), f"sure {song.sure:.2f}", sep="\t")
        for doubt in song.doubts:
            print(f"  ? {doubt}")
    if faults:
        raise together(faults)


def _from_contour(arguments: argparse.Namespace) -> None:
    from chingolo.notation import from_contour, from_theme, write_sketch  # noqa: PLC0415
    from chingolo.species import LOCAL_TRILL  # noqa: PLC0415

    _kind(arguments.sketch, ("yaml", "yml"))
    theme = from_contour(arguments.contour, LOCAL_TRILL if arguments.trill else None)
    text = write_sketch(from_theme(theme, arguments.birds, "typical notes of a contour"))
    with _beside(arguments.sketch) as part:
        part.write_text(text, encoding="utf-8")


def _kind(path: Path, kinds: Sequence[str]) -> str:
    """Kind of file that a name asks for."""
    kind = path.suffix[1:].lower()
    if kind not in kinds:
        endings = " or ".join(f".{name}" for name in kinds)
        raise InputError(str(path), f"does not end in {endings}", "give it such an ending")
    return kind


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """Write beside a file, then rename: what is half-written takes no name."""
    if not path.parent.is_dir():
        raise InputError(
            str(path), f"{path.parent} is not a folder", "make it, or correct the path"
        )
    if path.is_dir():
        raise InputError(str(path), "is a folder", "give the name of a file")
    from chingolo.files import beside  # noqa: PLC0415

    try:
        with beside(path) as part:
            yield part
    except OSError as error:
        fault = f"cannot be written ({error.strerror or error})"
        raise InputError(str(path), fault, "give another place") from None


if __name__ == "__main__":
    sys.exit(main())
