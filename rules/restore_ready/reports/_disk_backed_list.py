"""Where does what reports of many accounts show lie, so that memory does not grow with the accounts?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any, Generic, TypeVar, overload

from msgspec import Struct

T = TypeVar("T")

IN_MEMORY = 5_000
"""Things that are kept in memory before any goes to disk: more than almost every report has."""


class _Batch(Struct, Generic[T], frozen=True):
    """What was added together, in memory or at an offset of the file."""

    label: str
    size: int
    things: tuple[T, ...] = ()
    offset: int = -1


class DiskBackedList(Sequence[T]):
    """A sequence of what was added, batch by batch, sorted by the batches' labels; what is added first comes first.

    The file has no name and goes with the list. It holds what this process pickled and nobody else could write.
    """

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        """Keep so many things in memory."""
        self._in_memory = in_memory
        self._batches: list[_Batch[T]] = []
        self._size = 0
        self._held = 0
        self._file: IO[bytes] | None = None
        self._sorted = True

    def add(self, label: str, things: Iterable[T]) -> None:
        """Add *things*, which belong together, under *label*."""
        kept = tuple(things)
        if not kept:
            return
        self._size += len(kept)
        self._held += len(kept)
        self._batches.append(_Batch(label, len(kept), kept))
        self._sorted = False
        if self._held > self._in_memory:
            self._batches = [self._stored(batch) for batch in self._batches]
            self._held = 0

    def __len__(self) -> int:
        """Return how many things were added."""
        return self._size

    def __iter__(self) -> Iterator[T]:
        """Return everything, one batch in memory at a time."""
        for batch in self._in_order():
            yield from self._things(batch)

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[T]: ...
    def __getitem__(self, at: int | slice) -> T | Sequence[T]:
        """Return the thing at a position, or several.

        Raises:
            IndexError: if there is none.
        """
        if isinstance(at, slice):
            return [self[position] for position in range(*at.indices(self._size))]
        left = at + self._size if at < 0 else at
        for batch in self._in_order():
            if 0 <= left < batch.size:
                return self._things(batch)[left]
            left -= batch.size
        raise IndexError(at)

    def _in_order(self) -> list[_Batch[T]]:
        if not self._sorted:
            self._batches.sort(key=lambda batch: batch.label)
            self._sorted = True
        return self._batches

    def _stored(self, batch: _Batch[T]) -> _Batch[T]:
        if batch.offset >= 0:
            return batch
        import pickle  # noqa: PLC0415  # most reports stay in memory
        import tempfile  # noqa: PLC0415  # the same

        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="restore-ready-")  # noqa: SIM115  # it goes with the list
        offset = self._file.seek(0, 2)
        pickle.dump(batch.things, self._file, pickle.HIGHEST_PROTOCOL)
        return _Batch(batch.label, batch.size, offset=offset)

    def _things(self, batch: _Batch[T]) -> tuple[T, ...]:
        if batch.offset < 0 or self._file is None:
            return batch.things
        import pickle  # noqa: PLC0415  # most reports stay in memory

        self._file.seek(batch.offset)
        things: Any = pickle.load(self._file)  # noqa: S301  # what `_stored` wrote
        return tuple(things)
