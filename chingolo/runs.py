"""The stable name of a run: what made a number, the same in every folder and on every day."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path


def run_key(
    rule: str, wildcards: Mapping[str, str], inputs: Iterable[str], params: object = ()
) -> str:
    """Name a run by its rule, its wildcards and the digest of all it was made from.

    Parameters
    ----------
    rule : str
    wildcards : mapping of str to str
    inputs : iterable of str
        Files; their contents count, their folders do not.
    params : object
        Settings; their ``repr`` counts.

    Returns
    -------
    str
        E.g. ``score.songs.1f0c9a7be2d4``.
    """
    digest = hashlib.sha256(repr(params).encode())
    for path in sorted(inputs, key=lambda p: (Path(p).name, p)):
        with open(path, "rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return ".".join([rule, *(str(v) for _, v in wildcards.items()), digest.hexdigest()[:12]])
