"""Runs the worker that evaluates Terraform, within limits of time and memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from restore_ready.readers.terraform._relevant import RELEVANT

WANTED: Final = (*RELEVANT, "locals", "module", "provider")
"""How the types begin that are kept of an evaluation."""

_MEMORY: Final = 4 << 30
"""Bytes of address space a worker may take: 4,000 resources need a twentieth, endless modules take any amount."""

_LONG: Final = 3.0
"""Seconds of work for one root after which a worker is replaced."""

_DYING: Final = 5.0
"""Seconds that a process gets to end by itself once it has closed its output."""

_MOST_SAID: Final = 64 << 10

_SPARING: Final = {"GOGC": "400"}
"""Settings of Go's runtime: collecting garbage a quarter as often saves a seventh of the time."""


class Run(Struct, frozen=True):
    """One evaluation.

    Attributes:
        folder: the root module's folder or a copy.
        variables: the variable files to read, as seen from there.
        if_open: whether it is not needed where the one before left nothing open.
        if_whole: whether it is not needed where the one before was cut: did not reach all modules.
        all_outputs: whether the outputs of all modules are wanted.
    """

    folder: Path
    variables: Sequence[str]
    if_open: bool = False
    if_whole: bool = False
    all_outputs: bool = False


class Worker:
    """A process that evaluates one root after the other, started when it is first needed and again when it has ended.

    It is a new interpreter, not a fork: that is safe whatever threads and libraries the host process has, and the same
    everywhere. Used as a context manager, which ends it; by one thread at a time.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._listener: _Listener | None = None

    def __enter__(self) -> Worker:  # noqa: PYI034  # Self needs Python 3.11
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> str:
        """End the process, whatever it is doing, and return how it ended and what it said."""
        process, self._process = self._process, None
        if process is None:
            return ""
        if process.stdin is not None:
            with suppress(OSError):
                process.stdin.close()
        process.kill()
        code = process.wait()
        if process.stdout is not None:
            process.stdout.close()
        said = self._listener.said().strip().splitlines() if self._listener is not None else []
        cause = (said[-1] if said[0].startswith("Traceback") else said[0]) if said else ""
        return f"the evaluating process ended with code {code}: {cause}"

    def evaluate(self, runs: Sequence[Run], limit_seconds: float, spent: float = 0) -> tuple[list[dict[str, Any]], str]:
        """Return the answer to each run that was made, and why the rest is missing; empty if nothing is.

        The process is killed when *limit_seconds* are over, of which *spent* are gone already, and ended after long
        work, so that it gives back the memory.
        """
        start = time.monotonic()
        try:
            process = self._process = self._process or self._started()
        except OSError as error:
            return [], f"no worker process could be started: {error.strerror}"
        late = threading.Event()
        timer = threading.Timer(limit_seconds - spent, _kill, (process, late))
        timer.start()
        answers, is_complete = _exchanged(process, runs)
        timer.cancel()
        if is_complete and not late.is_set():
            if time.monotonic() - start > _LONG:
                self.end()
            return answers, ""
        with suppress(subprocess.TimeoutExpired):
            process.wait(_DYING)
        how = self.end()
        return answers, f"it was not evaluated within {limit_seconds:g} seconds" if late.is_set() else how

    def _started(self) -> subprocess.Popen[bytes]:
        # -I and -S: neither the environment nor site-packages' start-up code; the first line brings the path.
        command = [sys.executable, "-I", "-S", str(Path(__file__).with_name("_worker.py"))]
        pipe = subprocess.PIPE
        process = subprocess.Popen(  # noqa: S603  # our own interpreter and script
            command, stdin=pipe, stdout=pipe, stderr=pipe, env={**_SPARING, **os.environ}
        )
        self._listener = _Listener(process)
        _send(process, {"path": sys.path, "memory": _MEMORY, "types": WANTED})
        return process


class _Listener(threading.Thread):
    """Takes what a process writes to standard error, so that it never waits, and keeps the beginning."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        super().__init__(daemon=True)
        self._stream = process.stderr
        self._kept = b""
        self.start()

    def run(self) -> None:
        """Read until the process ends."""
        if self._stream is not None:
            with self._stream as stream:
                for line in stream:
                    if len(self._kept) < _MOST_SAID:
                        self._kept += line

    def said(self) -> str:
        """Return the text once the process has ended."""
        self.join()
        return self._kept.decode("utf-8", "replace")


def _kill(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def evaluate(runs: Sequence[Run], limit_seconds: float) -> tuple[list[dict[str, Any]], str]:
    """Evaluate with a worker of its own, as `Worker.evaluate` does."""
    with Worker() as worker:
        return worker.evaluate(runs, limit_seconds)


def _send(process: subprocess.Popen[bytes], message: object) -> None:
    """Send one line. A process that has ended shows when its answer is missing."""
    if process.stdin is not None:
        with suppress(OSError):
            process.stdin.write(json.dumps(message).encode() + b"\n")
            process.stdin.flush()


def _exchanged(process: subprocess.Popen[bytes], runs: Sequence[Run]) -> tuple[list[dict[str, Any]], bool]:
    """Send *runs* and return the answers, and whether they are complete: null stands after the last one."""
    _send(process, [_described(one) for one in runs])
    answers: list[dict[str, Any]] = []
    for line in process.stdout or ():
        # A worker that was killed may have left a piece of a line.
        answer = json.loads(line) if line.endswith(b"\n") else None
        if answer is None:
            return answers, line.endswith(b"\n")
        answers.append(answer)
    return answers, False


def _described(run: Run) -> dict[str, Any]:
    return {
        "folder": str(run.folder),
        "vars": list(run.variables),
        "if_open": run.if_open,
        "if_whole": run.if_whole,
        "all_outputs": run.all_outputs,
    }
