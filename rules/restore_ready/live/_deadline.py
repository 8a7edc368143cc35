"""Gives up waiting for what does not come to an end."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


class DeadlineError(Exception):
    """What was waited for did not come in time."""


def within(seconds: float, work: Callable[[], T]) -> T:
    """Return what *work* does, or raise what it raises, unless it takes longer than *seconds*.

    It can't be broken off: it goes on in a thread that the end of the process does not wait for.

    Raises:
        DeadlineError: if it takes longer.
    """
    answer: Future[T] = Future()

    def run() -> None:
        try:
            answer.set_result(work())
        except BaseException as error:  # noqa: BLE001  # raised where it is waited for
            answer.set_exception(error)

    Thread(target=run, name="restore-ready-call", daemon=True).start()
    wait([answer], seconds)
    if not answer.done():
        msg = f"no whole answer came within {seconds:g} seconds"
        raise DeadlineError(msg)
    return answer.result()
