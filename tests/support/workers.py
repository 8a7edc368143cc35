"""Keeps the processes that evaluate Terraform over all tests of a session: starting one costs more than its work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from restore_ready.readers.terraform import _evaluate
from restore_ready.readers.terraform._process import Run, Worker

_MOST_USES = 300
"""Evaluations after which a process is replaced, so that it gives back its memory."""


class _KeptWorker(Worker):
    """A worker that starts anew where paths are relative to another folder, or after many evaluations."""

    def __init__(self) -> None:
        super().__init__()
        self._uses = 0
        self._folder: Path | None = None

    def evaluate(self, runs: Sequence[Run], limit_seconds: float, spent: float = 0) -> tuple[list[dict[str, Any]], str]:
        is_relative = not all(run.folder.is_absolute() for run in runs)
        if self._uses >= _MOST_USES or (is_relative and self._folder != Path.cwd()):
            self.end()
            self._uses = 0
        if not self._uses:
            self._folder = Path.cwd()
        self._uses += len(runs)
        return super().evaluate(runs, limit_seconds, spent)


@contextmanager
def kept_workers() -> Iterator[None]:
    """Let all evaluations of this process share their workers."""
    idle: list[Worker] = []

    @contextmanager
    def lent() -> Iterator[Worker]:
        worker = idle.pop() if idle else _KeptWorker()
        yield worker
        idle.append(worker)

    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(_evaluate, "Worker", lent)
        try:
            yield
        finally:
            for worker in idle:
                worker.end()
