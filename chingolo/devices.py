"""Where networks are computed: a GPU, if there is one and the study does not say otherwise."""

from typing import Literal

import torch

from chingolo.errors import InputError

Device = Literal["auto", "cpu", "cuda"]


def device_of(name: str = "auto") -> torch.device:
    """Choose the device of this job.

    Parameters
    ----------
    name : str
        Key ``device`` of the configuration: ``auto`` takes CUDA where there is any, job by job.

    Returns
    -------
    torch.device

    Raises
    ------
    InputError
        ``cuda`` is asked for, and PyTorch finds none here.
    """
    here = torch.cuda.is_available()
    if name == "cuda" and not here:
        raise InputError(
            "config, key device",
            f"'cuda' is asked for, and PyTorch {torch.__version__} finds no such device here",
            "write auto or cpu, ask the cluster for a GPU, or install PyTorch with CUDA",
        )
    if here and name != "cpu":
        # Convolutions in full single precision: answers then differ from the CPU's by rounding alone.
        torch.backends.cudnn.allow_tf32 = False
        return torch.device("cuda")
    return torch.device("cpu")
