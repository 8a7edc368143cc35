"""Counts the work that code does, which a busy machine does not change, unlike the time that it takes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import restore_ready

HERE = str(Path(restore_ready.__file__).parent)


def steps(action: Callable[[], object]) -> int:
    """Return how many lines of restore-ready *action* runs, each as often as it runs."""
    count = 0

    def on_line(_frame: FrameType, event: str, _value: object) -> Any:  # noqa: ANN401  # a trace function gives itself
        nonlocal count
        count += event == "line"
        return on_line

    def on_call(frame: FrameType, _event: str, _value: object) -> Any:  # noqa: ANN401  # the same
        return on_line if frame.f_code.co_filename.startswith(HERE) else None

    before = sys.gettrace()
    sys.settrace(on_call)
    try:
        action()
    finally:
        sys.settrace(before)
    return count
