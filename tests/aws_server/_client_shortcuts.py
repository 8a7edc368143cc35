"""What botocore works out anew for each client, worked out once: the audits of the tests make thousands of clients."""

import functools
import inspect
from collections.abc import Callable
from typing import Any


@functools.cache
def takes_any_name(function: Callable[..., Any]) -> bool:
    """Return whether *function* takes keyword arguments of any name."""
    return inspect.getfullargspec(function).varkw is not None


def accepts_kwargs(handler: Callable[..., Any]) -> bool:
    """Return what botocore's own function does; methods are told by their function, so that no object is kept."""
    return takes_any_name(getattr(handler, "__func__", handler))


@functools.cache
def quicken() -> None:
    """Let botocore remember, for all sessions of this process, which handlers take what and what events are called."""
    from botocore import hooks  # noqa: PLC0415  # tests that ask no server need none of it

    aliaser = hooks.EventAliaser
    original, names = aliaser._alias_event_name, {}  # noqa: SLF001  # what is remembered

    def remembered(self: Any, name: str) -> str:  # noqa: ANN401  # botocore has no types
        if name not in names:
            names[name] = str(original(self, name))
        return names[name]

    aliaser._alias_event_name = remembered  # noqa: SLF001  # as above
    hooks.accepts_kwargs = accepts_kwargs
