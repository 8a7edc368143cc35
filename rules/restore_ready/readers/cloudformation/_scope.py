"""What the names in a template stand for, and how texts are put together from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec import Struct, field

from restore_ready.model import THIS_ACCOUNT, THIS_REGION, Ref, Str, Text, Unresolved, join_text
from restore_ready.model._why_open import READ_AT_DEPLOYMENT, STACK_DEPLOYED
from restore_ready.readers.cloudformation._types import is_opaque

MAX_TEXT: Final = 10_000_000
"""Most characters and list items that the functions of one template may produce together."""

TOO_MUCH: Final = Unresolved("the template's functions expand to more text than is read")


class NoValue:
    """What ``AWS::NoValue`` gives: the property or list item that holds it is removed."""


NO_VALUE: Final = NoValue()

_DYNAMIC: Final = "{{resolve:"
_SAM_FUNCTION: Final = "AWS::Serverless::Function"
_PSEUDO: Final[dict[str, object]] = {
    "AWS::AccountId": THIS_ACCOUNT,
    "AWS::Region": THIS_REGION,
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::NoValue": NO_VALUE,
    "AWS::StackName": Unresolved(STACK_DEPLOYED.said(what="AWS::StackName")),
    "AWS::StackId": Unresolved(STACK_DEPLOYED.said(what="AWS::StackId")),
    "AWS::NotificationARNs": Unresolved(STACK_DEPLOYED.said(what="AWS::NotificationARNs")),
}


class Budget(Struct):
    """How much text the functions of one template may still produce."""

    left: int = MAX_TEXT

    def take(self, amount: int) -> bool:
        """Use some of it up; false when it does not suffice."""
        self.left -= amount
        return self.left >= 0


class Scope(Struct, frozen=True):
    """What names in a template stand for, under one assumption about what it leaves open.

    Attributes:
        parameters: names to text, list of text, or `Unresolved`.
        mappings: the ``Mappings`` section.
        types: logical ids to resource types.
        conditions: names to whether they hold.
        budget: shared by every scope of a template.
    """

    parameters: Mapping[str, object]
    mappings: Mapping[str, object]
    types: Mapping[str, str]
    conditions: Mapping[str, bool]
    budget: Budget = field(default_factory=Budget)

    def named(self, name: str) -> object:
        """Return what ``!Ref`` of a name stands for."""
        if name in self.parameters:
            value = self.parameters[name]
            return value if self.budget.take(size_of(value)) else TOO_MUCH
        return _PSEUDO[name] if name in _PSEUDO else self.resource(name, "Ref")

    def resource(self, name: str, attribute: str) -> Ref | Unresolved:
        """Return the reference to a resource, or to the function whose role SAM generates."""
        kind = self.types.get(name)
        if kind is not None and is_opaque(kind):
            return Unresolved(STACK_DEPLOYED.said(what=f"{attribute} of {name}"))
        if kind is not None:
            return Ref(name, attribute)
        owner = name.removesuffix("Role")
        if owner != name and self.types.get(owner) == _SAM_FUNCTION:
            return Ref(owner, attribute)
        return Unresolved(f"{name} is neither a parameter nor a resource of the template")


def text_of(value: object, what: str = "a value") -> Str:
    """Return a resolved value as the text that CloudFormation makes of it."""
    if isinstance(value, (str, Text, Ref, Unresolved)):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return Unresolved(f"{what} is not text")


def joined(parts: Iterable[Str], scope: Scope) -> Str:
    """Join texts unless that would exceed the budget."""
    pieces = list(parts)
    if not scope.budget.take(sum(map(size_of, pieces))):
        return TOO_MUCH
    whole = join_text(pieces)
    if isinstance(whole, Text) and any(isinstance(part, str) and _DYNAMIC in part for part in whole.parts):
        return Unresolved(READ_AT_DEPLOYMENT.said(what="a dynamic reference"))
    return literal(whole) if isinstance(whole, str) else whole


def literal(text: str) -> Str:
    """Return literal text, in which ``{{resolve:…}}`` may stand."""
    return join_text(_dynamic(text)) if _DYNAMIC in text else text


def _dynamic(text: str) -> Iterator[str | Unresolved]:
    at = 0
    while (start := text.find(_DYNAMIC, at)) >= 0 and (end := text.find("}}", start)) >= 0:
        yield text[at:start]
        yield Unresolved(READ_AT_DEPLOYMENT.said(what=text[start : end + 2]))
        at = end + 2
    yield text[at:]


def size_of(value: object) -> int:
    """Return how much of the budget a value takes: characters, or items of a list."""
    if isinstance(value, (str, list)):
        return len(value) + 1
    if isinstance(value, Text):
        return sum(map(size_of, value.parts))
    return 1
