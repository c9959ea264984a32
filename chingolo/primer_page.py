"""The primer as one web page: text, style, program and numbers in one file that loads nothing else."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy.typing as npt

from chingolo.web_page import assemble

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
    return assemble(text, style, program, exported(names, arrays, bias, learning_rate))


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
