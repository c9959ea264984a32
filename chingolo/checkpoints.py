"""Where a training that was killed goes on: its state after every epoch, the same to the last bit."""

from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch
from torch import nn

from chingolo.files import beside


class Checkpoint:
    """The state of a training on disk.

    Parameters
    ----------
    path : Path
    key : str
        Of the run: a state of other songs or settings is not gone on from.
    """

    def __init__(self, path: Path, key: str) -> None:
        self.path, self.key = path, key

    def save(
        self,
        model: nn.Module,
        optimiser: torch.optim.Optimizer,
        schedule: torch.optim.lr_scheduler.LRScheduler,
        rng: torch.Generator,
        epochs: list[tuple[float, ...]],
    ) -> None:
        """Keep the state after an epoch.

        Parameters
        ----------
        model, optimiser, schedule, rng : as trained with
        epochs : list of tuple
            What each epoch left, in order.
        """
        state = {
            "key": self.key,
            "model": model.state_dict(),
            "optimiser": optimiser.state_dict(),
            "schedule": schedule.state_dict(),
            "rng": rng.get_state(),
            "global_rng": torch.get_rng_state(),
            "epochs": [tuple(epoch) for epoch in epochs],
        }
        with beside(self.path) as part:
            torch.save(state, part)

    def restore(
        self,
        model: nn.Module,
        optimiser: torch.optim.Optimizer,
        schedule: torch.optim.lr_scheduler.LRScheduler,
        rng: torch.Generator,
    ) -> list[tuple[float, ...]]:
        """Go on from the last state, if there is one of this run.

        Returns
        -------
        list of tuple
            What the epochs left that need not be trained again.
        """
        try:
            state: dict[str, Any] = torch.load(self.path, map_location="cpu", weights_only=True)
        except (OSError, RuntimeError, EOFError, UnpicklingError):
            return []
        if state.get("key") != self.key:
            return []
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
        rng.set_state(state["rng"])
        torch.set_rng_state(state["global_rng"])
        return list(state["epochs"])

    def remove(self) -> None:
        """Drop the state: the training has ended."""
        self.path.unlink(missing_ok=True)
