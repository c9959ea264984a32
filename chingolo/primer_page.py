"""The primer as one web page: text, style, program and numbers in one file that loads nothing else."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from string import Template
from typing import Any

import numpy.typing as npt

NAMES = ("/", "\\", "badly drawn \\")
"""Of the pictures on four pixels."""

WEIGHTS = ("filters", "bias", "matrix", "matrix_bias")
STAGES = ("products", "found", "pooled", "vector", "scores", "probabilities")


def page(
    text: str,
    style: str,
    program: str,
    names: Sequence[str],
    arrays: Mapping[str, npt.NDArray[Any]],
    bias: float,
    learning_rate: float,
) -> str:
    """Put the page together.

    Parameters
    ----------
    text : str
        HTML with places for ``$policy``, ``$style``, ``$numbers`` and ``$program``.
    style, program : str
        CSS and JavaScript; nothing else may run or load (Content-Security-Policy, by their digests).
    names : sequence of str
        Of the symbols.
    arrays : mapping
        Of :mod:`chingolo.primer`.
    bias, learning_rate : float
        Of the unit, and of gradient descent, on four pixels.

    Returns
    -------
    str
    """
    numbers = json.dumps(exported(names, arrays, bias, learning_rate), ensure_ascii=True)
    # "<" as an escape, so that no name can end the script element.
    safe = numbers.replace("<", "\\u003c")
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(program)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return Template(text).substitute(policy=policy, style=style, program=program, numbers=safe)


def _digest(source: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()


def exported(
    names: Sequence[str], arrays: Mapping[str, npt.NDArray[Any]], bias: float, learning_rate: float
) -> dict[str, Any]:
    """Gather the page's numbers, unrounded: pictures, networks, and what the layers make of each symbol."""
    vectors = arrays["vectors"].tolist()
    thresholds = {"by_hand": bias, "learned": None}
    return {
        "four_pixels": {
            "rising": vectors[0],
            "falling": vectors[1],
            "blind": arrays["blind_path"][0].tolist(),
            "bias": bias,
            "learning_rate": learning_rate,
            "pictures": [
                {"name": name, "pixels": pixels}
                for name, pixels in zip(NAMES, vectors, strict=True)
            ],
        },
        "names": list(names),
        "drawings": arrays["drawings"].tolist(),
        "networks": {
            network: {"threshold": threshold}
            | {key: _plain(arrays.get(f"{network}_{key}")) for key in WEIGHTS}
            for network, threshold in thresholds.items()
        },
        "expected": {
            network: {stage: arrays[f"{network}_{stage}"].tolist() for stage in STAGES}
            for network in thresholds
        },
    }


def _plain(values: npt.NDArray[Any] | None) -> Any:
    return None if values is None else values.tolist()
