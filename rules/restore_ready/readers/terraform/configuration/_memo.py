"""Named values, each evaluated once."""

from __future__ import annotations

from collections.abc import Callable

from restore_ready.readers.terraform.configuration._bounds import Steps
from restore_ready.readers.terraform.configuration._shared import measured
from restore_ready.readers.terraform.language import EvalError, TooMuchError, Unknown, Value
from restore_ready.readers.terraform.syntax import Span


class Memo:
    """The values of names, or why they have none."""

    def __init__(self, steps: Steps) -> None:
        """Take the steps that each value gets some of."""
        self._steps = steps
        self._done: dict[str, Value | EvalError] = {}

    def value(self, what: str, span: Span | None, make: Callable[[], Value]) -> Value:
        """Return what *make* returns, evaluated once; while it is, *what* depends on itself.

        Raises:
            EvalError: if *make* does.
        """
        if what not in self._done:
            self._done[what] = Unknown(f"{what} depends on itself", span)
            self._done[what] = self._steps.share(lambda: _outcome(what, span, make))
        found = self._done[what]
        if isinstance(found, EvalError):
            raise found
        return found


def _outcome(what: str, span: Span | None, make: Callable[[], Value]) -> Value | EvalError:
    try:
        return measured(make())
    except EvalError as error:
        return error
    except TooMuchError:
        return Unknown(f"{what} is too large or takes too much to evaluate", span)
