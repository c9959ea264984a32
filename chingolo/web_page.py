"""Web pages without a server: text, style, program and data in one file, under a strict policy."""

import base64
import hashlib
import json
from string import Template
from typing import Any


def assemble(text: str, style: str, program: str, data: Any, policy: str = "") -> str:
    """Put a page together.

    Parameters
    ----------
    text : str
        HTML with places for ``$policy``, ``$style``, ``$numbers`` and ``$program``.
    style, program : str
        CSS and JavaScript; nothing else may run or load (Content-Security-Policy, by their digests).
    data : object
        What JSON holds, for the program to read.
    policy : str
        What else the page may load, as directives.

    Returns
    -------
    str
    """
    # "<" as an escape, so that no name can end the script element.
    safe = json.dumps(data, ensure_ascii=True).replace("<", "\\u003c")
    whole = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(program)}'; "
        f"{policy}base-uri 'none'; form-action 'none'"
    )
    return Template(text).substitute(policy=whole, style=style, program=program, numbers=safe)


def _digest(source: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
