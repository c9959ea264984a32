"""Pictures on disk: plain .npy that training maps into memory, with a .tsv that names each row."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Pictures = npt.NDArray[np.uint8]


class Item(NamedTuple):
    """What one picture shows.

    Attributes
    ----------
    song : str
        Name of the song, unique within its corpus.
    theme : str
        Theme it is of; ``"none"`` if no theme of the panel, empty if unknown.
    role : str
        ``train``, ``validation``, ``foreign``, ``sketch``, ``query``, ``unknown`` or ``background``.
    draw : int
        Which place, or which stroke of the pen.
    """

    song: str
    theme: str
    role: str
    draw: int


def block(items: Sequence[Item], shard: int, shards: int) -> Sequence[Item]:
    """Items of one shard: contiguous blocks, so that their order does not depend on the number."""
    return items[len(items) * shard // shards : len(items) * (shard + 1) // shards]


def write_shard(
    to: Path,
    index: Path,
    items: Sequence[Item],
    pictures: Iterable[Pictures],
    shape: tuple[int, int],
) -> None:
    """Write a shard as its pictures come, beside its name, then rename.

    Parameters
    ----------
    to, index : Path
        The ``.npy`` and its ``.tsv``.
    items : sequence of Item
        One a picture.
    pictures : iterable of ndarray of uint8, shape (bands, frames)
    shape : tuple of int
        (bands, frames).
    """
    beside = to.with_name(to.name + ".part")
    if items:
        out = np.lib.format.open_memmap(beside, "w+", np.uint8, (len(items), *shape))
        count = 0
        for count, picture in enumerate(pictures, 1):
            out[count - 1] = picture
        if count != len(items):
            raise ValueError(f"{count} pictures for {len(items)} items")
        out.flush()
        del out
    else:
        with beside.open("wb") as file:  # a map of nothing cannot be opened
            np.save(file, np.zeros((0, *shape), np.uint8))
    write_table(index, Item._fields, items)
    beside.replace(to)


def write_table(to: str | Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a tab-separated table, beside, then renamed."""
    beside = Path(f"{to}.part")
    with beside.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    beside.replace(to)


def read_items(index: Path) -> list[Item]:
    """Read what the pictures of a shard show."""
    with index.open(encoding="utf-8", newline="") as file:
        rows: Iterator[dict[str, str]] = csv.DictReader(file, delimiter="\t")
        return [Item(r["song"], r["theme"], r["role"], int(r["draw"])) for r in rows]


class Corpus(NamedTuple):
    """Pictures of several shards, mapped into memory, as if they were one array.

    Attributes
    ----------
    maps : tuple of ndarray of uint8, each of shape (n_shard, bands, frames)
    items : list of Item
        One a picture, in the order of the shards.
    """

    maps: tuple[Pictures, ...]
    items: list[Item]

    def take(self, index: npt.NDArray[np.int64]) -> Pictures:
        """Read the pictures of some rows only; shape (len(index), bands, frames)."""
        starts = np.cumsum([0, *(len(m) for m in self.maps)])
        shard = np.searchsorted(starts, index, side="right") - 1
        out = np.empty((len(index), *self.maps[0].shape[1:]), np.uint8)
        for k in np.unique(shard):
            rows = shard == k
            out[rows] = self.maps[k][index[rows] - starts[k]]
        return out


def open_corpus(paths: Sequence[str], indices: Sequence[str]) -> Corpus:
    """Open the shards of a corpus, without reading their pictures yet."""
    maps = tuple(np.load(path, mmap_mode="r", allow_pickle=False) for path in paths)
    return Corpus(maps, [item for index in indices for item in read_items(Path(index))])


def first_song(paths: Sequence[str], indices: Sequence[str]) -> Corpus:
    """Open the first picture alone of the first shard that holds any.

    Raises
    ------
    ValueError
        There is none.
    """
    for path, index in zip(paths, indices, strict=True):
        corpus = open_corpus([path], [index])
        if corpus.items:
            return Corpus((np.array(corpus.maps[0][:1]),), corpus.items[:1])
    raise ValueError(f"no picture in {', '.join(paths)}")
