"""Values that a source may leave open: known, referring to another resource, or unresolved with a reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, Final, NoReturn, ParamSpec, TypeAlias, TypeVar

from msgspec import Struct

from restore_ready.model._why_open import MADE

T = TypeVar("T")
P = ParamSpec("P")

THIS_ACCOUNT: Final = "this-account"
"""Stands in an ARN for the account deployed to (``data.aws_caller_identity``, ``AWS::AccountId``)."""

THIS_REGION: Final = "this-region"
"""Stands in an ARN for the Region deployed to (``data.aws_region``, ``AWS::Region``)."""


class OtherAccount(str):
    """An account id, or the ARN of something, that certainly is not of the account that ``this-account`` means."""

    __slots__ = ()


class Unresolved(Struct, frozen=True):
    """A value the source does not give, and why. It has no truth value, so it can't pass for ``False``."""

    why: str

    def __bool__(self) -> NoReturn:
        """Refuse to be read as a bool.

        Raises:
            TypeError: always.
        """
        msg = f"an unresolved value is neither true nor false: {self.why}"
        raise TypeError(msg)


class OneOf(Unresolved, frozen=True):
    """A number that is one of *options*; which, depends on what is not known."""

    options: tuple[int, ...] = ()


class Handed(Unresolved, frozen=True):
    """A value that another template hands over; not known in the one that takes it, but perhaps to who sees both.

    Attributes:
        value: what it is for who hands it over, where that is who reads this.
        export: the name of the export that it is imported by.
    """

    value: str | Text | Ref | Unresolved = ""
    export: str = ""


class Partial(dict[str, T]):
    """A mapping of which only some keys are known: what stands at any other, if anything, is *why*.

    It has every key, so that nobody takes one for absent. Walking through it gives those known.
    """

    def __init__(self, known: Mapping[str, T], why: Unresolved) -> None:
        """Take what is known, and why there may be more."""
        super().__init__(known)
        self.why = why

    def __contains__(self, key: object) -> bool:
        """Return that there may be anything."""
        return True

    def __eq__(self, other: object) -> bool:
        """Return whether the same is known of both, and the same is why there may be more."""
        return isinstance(other, Partial) and self.why == other.why and super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        """Return the opposite of ``==``."""
        return not self == other

    __hash__ = None  # as of every dict

    def __missing__(self, key: str) -> Unresolved:
        """Return why a value is not known."""
        return self.why

    def get(self, key: str, default: object = None) -> Any:  # noqa: ANN401, ARG002  # `T | Unresolved`, and no default applies
        """Return a value, or why it is not known."""
        return self[key]


def like(mapping: Mapping[str, object], known: Mapping[str, T]) -> Mapping[str, T]:
    """Return *known* as a mapping that is as complete as *mapping* is."""
    return Partial(known, mapping.why) if isinstance(mapping, Partial) else known


class Open(Exception):  # noqa: N818  # no error: the answer "that is not known" on its way to whoever weighs answers
    """Something that is needed to go on is left open by the source; *why* says what, and why."""

    def __init__(self, why: str) -> None:
        """Take the reason."""
        super().__init__(why)
        self.why = why


class Ref(Struct, frozen=True):
    """A reference to a resource of the same estate, by its address, whose value exists only once deployed."""

    target: str
    attribute: str = "id"


class Text(Struct, frozen=True):
    """A string of which only some parts are known. At least one part is not a ``str``."""

    parts: tuple[str | Ref | Unresolved, ...]


def settled(value: T | Unresolved, what: str = "") -> T:
    """Return a value that has to be known from here on.

    Whoever calls a rule makes `Unknown` of the `Open` that leaves it; whoever weighs answers uses `leaves_open`.

    Args:
        value: known or not.
        what: says what is not known, where the reason alone does not.

    Raises:
        Open: if it is not known.
    """
    if isinstance(value, Unresolved):
        raise Open(f"{what}: {value.why}" if what else value.why)
    return value


def leaves_open(answer: Callable[P, T]) -> Callable[P, T | Unresolved]:
    """Return *answer* as a function whose `Open` is an `Unresolved` that it returns, to be weighed like any answer."""

    @wraps(answer)
    def weighed(*args: P.args, **kwargs: P.kwargs) -> T | Unresolved:
        try:
            return answer(*args, **kwargs)
        except Open as left_open:
            return Unresolved(left_open.why)

    return weighed


_EXTERNAL: Final = re.compile(r'(?:module\.[\w-]+(?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])?(?:\.|$))*(?:data\.|$)')


def is_external(reference: Ref) -> bool:
    """Return whether a reference leads to a data source or an unread module: to something that may be anything."""
    return _EXTERNAL.match(reference.target) is not None


Known: TypeAlias = "T | Unresolved"
Str: TypeAlias = "str | Text | Ref | Unresolved"
Truth: TypeAlias = "bool | Unresolved"


def join_text(parts: Iterable[str | Text | Ref | Unresolved]) -> Str:
    """Return *parts* as one string value, as plain as it can be.

    Neighbouring known parts merge; nothing unknown left gives a ``str``; a single part is returned as it is.
    """
    merged: list[str | Ref | Unresolved] = []
    run: list[str] = []
    for part in parts:
        for piece in part.parts if isinstance(part, Text) else (part,):
            if isinstance(piece, str):
                run.append(piece)
                continue
            _end_run(merged, run)
            merged.append(piece)
    _end_run(merged, run)
    if not merged:
        return ""
    return merged[0] if len(merged) == 1 else Text(tuple(merged))


def _end_run(merged: list[str | Ref | Unresolved], run: list[str]) -> None:
    """Put the known pieces gathered so far behind *merged*, as one string."""
    text = "".join(run)
    run.clear()
    if text:
        merged.append(text)


def unresolved_reason(value: Str) -> str:
    """Return why a string value is not fully known; empty when it is."""
    if isinstance(value, Unresolved):
        return value.why
    if isinstance(value, Ref):
        return MADE.said(attribute=value.attribute, what=value.target)
    if isinstance(value, Text):
        return next(filter(None, (unresolved_reason(part) for part in value.parts)), "")
    return ""


def show(value: Str) -> str:
    """Return a string value as people read it, ``${…}`` around what is not known."""
    if isinstance(value, Unresolved):
        return "${?}"
    if isinstance(value, Ref):
        return f"${{{value.target}.{value.attribute}}}"
    if isinstance(value, Text):
        return "".join(show(part) for part in value.parts)
    return value


def any_true(answers: Iterable[Truth]) -> Truth:
    """Return ``True`` if one answer is, ``False`` if all are ``False``, else the first open one."""
    return _first_decisive(answers, decisive=True)


def all_true(answers: Iterable[Truth]) -> Truth:
    """Return ``False`` if one answer is, ``True`` if all are ``True``, else the first open one."""
    return _first_decisive(answers, decisive=False)


def negate(answer: Truth) -> Truth:
    """Return the opposite of a known answer; an open one stays open."""
    return answer if isinstance(answer, Unresolved) else not answer


def _first_decisive(answers: Iterable[Truth], *, decisive: bool) -> Truth:
    undecided: Unresolved | None = None
    for answer in answers:
        if isinstance(answer, Unresolved):
            undecided = answer if undecided is None else undecided
        elif answer is decisive:
            return decisive
    return undecided if undecided is not None else not decisive
