"""The paper's text: figures shown and referred to, captions, references, numbers that are not typed."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAPER = ROOT / "workflow/paper"
TEXT = (PAPER / "paper.typ").read_text("utf-8")
COMMON = (PAPER / "common.typ").read_text("utf-8")
ALL = "\n".join(path.read_text("utf-8") for path in sorted(PAPER.glob("*.typ")))


def stems() -> set[str]:
    """Figures that the workflow draws, without their world."""
    text = "".join(path.read_text() for path in (ROOT / "workflow/rules").glob("*.smk"))
    names = re.findall(r'"<results>/figures/([^"]+)\.pdf"', text)
    return {name.removesuffix("-{world}").removesuffix("-simulated") for name in names}


def test_every_figure_is_shown_and_referred_to():
    shown = set(re.findall(r'#fig\("(\w+)"', TEXT))
    referred = set(re.findall(r'see\("(\w+)"', TEXT))
    assert shown == referred == stems()


def test_the_paper_has_room_for_sixteen_figures_at_most():
    leading = re.search(r"#let leading = \((.*?)\)", COMMON, re.S)[1].split(",")
    in_paper = re.search(r"#let in-paper = \((.*?)\.\.leading", COMMON, re.S)[1].split(",")
    many = sum(bool(part.strip()) for part in (*leading, *in_paper))
    assert 12 <= many <= 16


def test_every_figure_has_a_caption_that_report_and_paper_share():
    for stem in stems() - {"nulls"}:
        assert len((ROOT / f"workflow/report/{stem}.rst").read_text()) > 60, stem
    assert '(nulls: "null_counts")' in COMMON
    assert (ROOT / "workflow/report/null_counts.rst").is_file()


def test_every_reference_is_cited_and_there():
    entries = re.findall(r"^@\w+\{([\w-]+),", (PAPER / "references.bib").read_text("utf-8"), re.M)
    assert len(entries) == len(set(entries))
    labels = set(re.findall(r"<([\w-]+)>", ALL))
    cited = set(re.findall(r"(?<![\w.])@([a-z][\w-]*\d{4}[\w-]*)", ALL))
    assert cited - labels == set(entries)


STRUCTURAL = {
    *("1960", "2022", "2018"),  # the notebook's decade; the paper followed; the network followed
    *("95", "1.96", "2"),  # intervals, percentiles and what "within 2 %" counts
    *("0.79", "12", "3", "4.0"),  # cited or defined: hectares, dB an octave, kHz, CC BY-NC-SA 4.0
    *("0", "1", "0.5"),  # pixels, targets, formulas, chance (in a condition)
}
"""Numbers that may be typed: definitions and citations, and no result."""


def prose(text: str) -> str:
    """Typst without its code: comments, strings, formulas, lengths, conditions and calls."""
    for pattern in (
        r"//.*",
        r'"[^"\n]*"',
        r"`[^`]*`",
        r"\$[^$]*\$",
        r"@[\w-]+|<[\w-]+>",
        r"\d+(\.\d+)?(pt|em|cm)",
        r"(?m)^\s*(#?let|inset|columns|align|table)\b.*$",
        r"#?(else )?if [^\[{]*",
        r"\w[\w.-]*\((?:[^()\[\]]|\((?:[^()\[\]]|\([^()\[\]]*\))*\))*\)",
    ):
        text = re.sub(pattern, " ", text)
    return text


def test_no_result_is_typed():
    typed = set(re.findall(r"(?<![\w.#])\d+(?:\.\d+)?", prose(TEXT)))
    assert typed <= STRUCTURAL
    assert "0.97" in re.findall(r"\d+\.\d+", prose("The judge names 0.97 of #num(x, digits: 1)"))


def test_no_semicolon_ends_a_call_instead_of_a_clause():
    """Typst takes a semicolon after ``#call(...)`` for its end and prints none."""
    inner = r"[^()]"
    for _ in range(3):
        inner = rf"(?:[^()]|\({inner}*\))"
    call = rf"#(?!let|if|set|show)[a-z][\w.-]*(?:\({inner}*\)(?:\.[\w-]+\({inner}*\))*)?;"
    assert re.search(call, '(chance #pct("a", digits: 1); backgrounds')
    assert not re.findall(call, ALL)
