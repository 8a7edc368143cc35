"""Order and identity of the elements of sets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from restore_ready.readers.terraform.language._unknowns import identical, is_null, is_open
from restore_ready.readers.terraform.language._values import Obj, Seq, Value
from restore_ready.readers.terraform.syntax import Real


def set_of(items: Iterable[Value]) -> Seq:
    """Return a set in Terraform's order; elements that are not known stay at the end, each as it came."""
    known: dict[object, Value] = {}
    others: list[Value] = []
    for item in items:
        if not is_open(item):
            known.setdefault(sort_key(item), item)
        elif not any(identical(item, other) for other in others):
            others.append(item)
    return Seq([*(known[key] for key in sorted(known, key=_rank)), *others], "set")


def sort_key(value: Value) -> tuple[Any, ...]:
    """Return what tells values apart and orders them."""
    if is_null(value):
        return ("~null",)
    if isinstance(value, (bool, int, Real)):
        return ("bool" if isinstance(value, bool) else "number", value)
    if isinstance(value, str):
        return ("string", value.encode("utf-8", "surrogatepass"))
    if isinstance(value, Seq):
        return ("seq", *(sort_key(item) for item in value))
    return (
        ("obj", *((key, sort_key(value[key])) for key in sorted(value)))
        if isinstance(value, Obj)
        else ("open", id(value))
    )


def _rank(key: Any) -> tuple[str, Any]:  # noqa: ANN401  # a key made above
    return (key[0], key[1]) if key[0] in ("bool", "number", "string") else (str(key[0]), repr(key))
