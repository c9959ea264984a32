"""The page of hits: one file beside the folders of its sounds and pictures."""

from collections.abc import Mapping, Sequence
from typing import Any

from chingolo.web_page import assemble

MEDIA = "img-src 'self' file:; media-src 'self' file:; "
"""Pictures and sounds beside the page, whether a server sends it or a file manager opens it."""


def page(
    text: str, style: str, program: str, charts: Mapping[str, Sequence[Mapping[str, Any]]]
) -> str:
    """Put the page together.

    Parameters
    ----------
    text, style, program : str
        HTML, CSS and JavaScript, see :func:`chingolo.web_page.assemble`.
    charts : mapping of str to sequence of mapping
        Of :func:`chingolo.hits.chart`, by world: the one a reader should see first comes first.

    Returns
    -------
    str
    """
    return assemble(text, style, program, charts, MEDIA)
