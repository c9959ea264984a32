"""Pictures on disk: plain .npy, read row by row, with a .tsv that names each row."""

import csv
import os
import resource
from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, overload
from zlib import crc32

import numpy as np
import numpy.typing as npt

from chingolo.errors import InputError

Pictures = npt.NDArray[np.uint8]

AGAIN = "delete it and its .tsv, and run Snakemake again, which makes them anew"
"""Cure of a shard that is not what was written."""


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
        The ``.npy`` and its ``.tsv``, where the last column is each picture's CRC-32 (as of :mod:`zlib`).
    items : sequence of Item
        One a picture.
    pictures : iterable of ndarray of uint8, shape (bands, frames)
    shape : tuple of int
        (bands, frames).
    """
    beside = to.with_name(to.name + ".part")
    with beside.open("wb") as file:  # written in order, not mapped: nothing of it stays in memory
        described = {"descr": "|u1", "fortran_order": False, "shape": (len(items), *shape)}
        np.lib.format.write_array_header_1_0(file, described)

        def rows() -> Iterator[tuple[object, ...]]:
            for item, picture in zip(items, pictures, strict=True):
                if picture.shape != shape or picture.dtype != np.uint8:
                    raise ValueError(f"{item.song}: {picture.dtype} {picture.shape}, not {shape}")
                plain = picture.tobytes()
                file.write(plain)
                yield *item, f"{crc32(plain):08x}"

        write_table(index, [*Item._fields, "crc32"], rows())
    beside.replace(to)


def write_table(to: str | Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a tab-separated table, beside, then renamed."""
    beside = Path(f"{to}.part")
    with beside.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    beside.replace(to)


class Items(Sequence[Item]):
    """Items that are not held as a list, and are equal to a list of the same."""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]


class Table(Items):
    """Items of indices of shards, as if they were one list: kept as read, some 60 bytes an item.

    Parameters
    ----------
    paths : sequence of Path
        Of ``.tsv`` files that :func:`write_shard` wrote.

    Attributes
    ----------
    sums : ndarray of uint32, shape (n,)
        CRC-32 of each picture.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self._text, starts, sums = bytearray(), array("q"), array("L")
        for path in paths:
            with path.open("rb") as file:
                file.readline()
                for line in file:
                    starts.append(len(self._text))
                    sums.append(int(line.rsplit(b"\t", 1)[1], 16))
                    self._text += line
        starts.append(len(self._text))
        self._starts = starts
        self.sums = np.array(sums, np.uint32)

    def __len__(self) -> int:
        return len(self._starts) - 1

    @overload
    def __getitem__(self, k: int) -> Item: ...
    @overload
    def __getitem__(self, k: slice) -> list[Item]: ...
    def __getitem__(self, k: int | slice) -> Item | list[Item]:
        if isinstance(k, slice):
            return [self[j] for j in range(*k.indices(len(self)))]
        k = range(len(self))[k]
        line = self._text[self._starts[k] : self._starts[k + 1]].decode()
        song, theme, role, draw, _ = next(csv.reader([line], delimiter="\t"))
        return Item(song, theme, role, int(draw))


class Rows:
    """Pictures of a shard, read from their file when they are asked for; none stays in memory.

    (What a memory map has shown counts as a process's memory, and a cluster may kill it for that.)

    Parameters
    ----------
    path : str
        Of a ``.npy``.

    Attributes
    ----------
    filename : str
    shape : tuple of int
        (n, bands, frames).

    Raises
    ------
    InputError
        The file is none that :func:`write_shard` wrote, or is cut short.
    """

    def __init__(self, path: str) -> None:
        self.filename = path
        self._file = open(path, "rb", buffering=0)  # noqa: SIM115 (it stays open)
        try:
            version = np.lib.format.read_magic(self._file)
            if version != (1, 0):
                raise ValueError(f"version {version}")
            self.shape, fortran, kind = np.lib.format.read_array_header_1_0(self._file)
            if fortran or kind != np.uint8 or len(self.shape) != 3:
                raise ValueError(f"{kind} {self.shape}")
        except ValueError as error:
            raise InputError(path, f"holds no pictures ({error})", AGAIN) from None
        self._first = self._file.tell()
        self._size = self.shape[1] * self.shape[2]
        if os.fstat(self._file.fileno()).st_size < self._first + len(self) * self._size:
            raise InputError(path, "is cut short", AGAIN)

    def __len__(self) -> int:
        return int(self.shape[0])

    def __getitem__(self, index: Any) -> Pictures:
        rows = np.arange(len(self))[index]
        out = np.empty((rows.size, self._size), np.uint8)
        for into, row in zip(out, rows.flat, strict=True):
            os.preadv(self._file.fileno(), [into], self._first + int(row) * self._size)
        return out.reshape(*rows.shape, *self.shape[1:])


class Corpus(NamedTuple):
    """Pictures of several shards as if they were one array.

    Attributes
    ----------
    maps : tuple of ndarray of uint8 or Rows, each of shape (n_shard, bands, frames)
    items : sequence of Item
        One a picture, in the order of the shards.
    sums : ndarray of uint32, shape (n,), or None
        CRC-32 of each picture, of which every one that is read is compared with its own.
    """

    maps: tuple[Pictures | Rows, ...]
    items: Sequence[Item]
    sums: npt.NDArray[np.uint32] | None = None

    def take(self, index: npt.NDArray[np.int64]) -> Pictures:
        """Read the pictures of some rows only; shape (len(index), bands, frames).

        Raises
        ------
        InputError
            A picture on disk is not the one that was written.
        """
        starts = np.cumsum([0, *(len(m) for m in self.maps)])
        shard = np.searchsorted(starts, index, side="right") - 1
        out = np.empty((len(index), *self.maps[0].shape[1:]), np.uint8)
        for k in np.unique(shard):
            rows = shard == k
            out[rows] = self.maps[k][index[rows] - starts[k]]
        if self.sums is not None:
            for row, picture in zip(index, out, strict=True):
                if crc32(picture) != self.sums[row]:
                    k = int(np.searchsorted(starts, row, side="right")) - 1
                    raise spoilt(getattr(self.maps[k], "filename", ""), int(row - starts[k]))
        return out


def spoilt(path: str | Path | None, row: int) -> InputError:
    """Say that a picture is not what was written."""
    return InputError(
        f"{path or 'a shard'}, picture {row + 1}",
        "is not what was written (its CRC-32 differs from the one in the .tsv beside it)",
        AGAIN,
    )


def open_corpus(paths: Sequence[str], indices: Sequence[str]) -> Corpus:
    """Open the shards of a corpus, without reading their pictures yet.

    Raises
    ------
    InputError
        A shard and its index do not belong together.
    """
    allow_open_files(len(paths))
    maps = tuple(Rows(path) for path in paths)
    table = Table([Path(index) for index in indices])
    if len(table) != sum(map(len, maps)):
        raise InputError(
            f"{paths[0]} and the like",
            f"hold {sum(map(len, maps))} pictures, the indices beside them name {len(table)}",
            AGAIN,
        )
    return Corpus(maps, table, table.sums)


def allow_open_files(many: int) -> None:
    """Let this process open so many files; 1,024 is a usual limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(hard, many + 256) if hard != resource.RLIM_INFINITY else many + 256
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


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
            return Corpus((corpus.take(np.zeros(1, np.int64)),), corpus.items[:1])
    raise ValueError(f"no picture in {', '.join(paths)}")
