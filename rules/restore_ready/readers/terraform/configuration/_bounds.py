"""How much of a configuration is read, so that none can hang the reader or fill the memory."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

from restore_ready.readers.terraform.language import Budget

LARGEST_FILE: Final = 10_000_000
"""Bytes of a file: Terraform code, written or generated, stays far below."""

MOST_BYTES: Final = 40_000_000
"""Bytes of all configuration files of one evaluation."""

MOST_INSTANCES: Final = 2000
"""Instances of one block in one module instance."""

MOST_NESTED_BLOCKS: Final = 2000
"""Blocks nested in one instance."""

DEEPEST_BLOCKS: Final = 50
DEEPEST_MODULES: Final = 12

_MOST_IN_ALL: Final = 50_000
_FEW: Final = 50
_STEPS_IN_ALL: Final = 3_000_000
_STEPS_OF_ONE: Final = 400_000
_STEPS_AT_LEAST: Final = 10_000
_RECURSION_LIMIT: Final = 6000

T = TypeVar("T")


@contextmanager
def process_limits() -> Iterator[None]:
    """Set what the evaluation needs of the interpreter, and set it back.

    Expressions nest, so the recursion limit is raised. What is built stays in use, so looking for garbage in it would
    take half of the time.
    """
    limit, collects = sys.getrecursionlimit(), gc.isenabled()
    sys.setrecursionlimit(max(limit, _RECURSION_LIMIT))
    gc.disable()
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)
        if collects:
            gc.enable()


class Steps:
    """The steps of the evaluation: each attribute and each named value gets its own, whatever others have used.

    Once those for all are used up, each still gets a few, so that plain values are read to the end. Once the time is
    up, none gets any.

    Attributes:
        is_late: whether something was left out because the time was up.
    """

    def __init__(self, limit_seconds: float) -> None:
        """Take the time for all, which begins now."""
        self.budget = Budget()
        self.restart(limit_seconds)
        self._left = _STEPS_IN_ALL

    def restart(self, limit_seconds: float) -> None:
        """Begin the time anew."""
        self.is_late = False
        self._end = time.monotonic() + limit_seconds

    def share(self, work: Callable[[], T]) -> T:
        """Return what *work* returns, with steps of its own."""
        budget = self.budget
        outer = budget.steps
        self.is_late = self.is_late or time.monotonic() > self._end
        given = budget.steps = 0 if self.is_late else min(_STEPS_OF_ONE, max(self._left, _STEPS_AT_LEAST))
        try:
            return work()
        finally:
            self._left -= given - max(budget.steps, 0)
            budget.steps = outer


class Room:
    """The room for instances and nested blocks: when it is used up, each block as written still gets a few."""

    def __init__(self) -> None:
        self._taken = 0
        self._of_block: dict[Hashable, int] = {}

    def take(self, block: Hashable) -> bool:
        """Return whether there is room for one more instance of *block*, and take it."""
        seen = self._of_block.get(block, 0)
        if self._taken >= _MOST_IN_ALL and seen >= 1:
            return False
        self._taken += 1
        self._of_block[block] = seen + 1
        return True

    def nested(self) -> int:
        """Return how many blocks may be nested in the next instance."""
        return MOST_NESTED_BLOCKS if self._taken < _MOST_IN_ALL else _FEW

    def took(self, nested: int) -> None:
        """Count *nested* blocks that were read."""
        self._taken += nested
