"""The calibrated judge as one torch module, for use outside the study: pictures in, probabilities out."""

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import torch
from torch import nn

from chingolo.classifier import load


class Ensemble(nn.Module):
    """Several networks and their temperature.

    Parameters
    ----------
    networks : sequence of Module
        Pictures in 0..1, shape (n, 1, bands, frames), to logits, shape (n, themes + 1).
    temperature : float
        Of the calibration.
    """

    def __init__(self, networks: Sequence[nn.Module], temperature: float) -> None:
        super().__init__()
        self.networks = nn.ModuleList(networks)
        self.register_buffer("temperature", torch.tensor(float(temperature)))

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """Probabilities of the panel's themes and, last, of *none of today's*.

        Parameters
        ----------
        pictures : Tensor of uint8, shape (n, bands, frames)
            As in the study's shards.

        Returns
        -------
        Tensor of float32, shape (n, themes + 1)
            As :func:`chingolo.openset.probabilities`.
        """
        seen = pictures.to(torch.float32).div(255.0).unsqueeze(1)
        answers = torch.stack([network(seen) for network in self.networks])
        temperature = cast(torch.Tensor, self.temperature)
        return torch.softmax(answers.mean(dim=0) / temperature, dim=-1)


def read_ensemble(paths: Sequence[str | Path], temperature: float) -> tuple[Ensemble, list[str]]:
    """Read networks of one panel.

    Parameters
    ----------
    paths : sequence of path
        Written by :func:`chingolo.classifier.save`.
    temperature : float

    Returns
    -------
    ensemble : Ensemble
        Ready to answer.
    themes : list of str
        Names of its outputs but the last.
    """
    loaded = [load(Path(path)) for path in paths]
    return Ensemble([model for model, _ in loaded], temperature).eval(), loaded[0][1]
