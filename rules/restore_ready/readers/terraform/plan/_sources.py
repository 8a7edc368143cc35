"""What a value that is known only after apply is made from, as far as a plan tells.

A plan lists what an expression refers to, not how: ``references`` in
https://developer.hashicorp.com/terraform/internals/json-format#expression-representation. ``[a.arn, b.arn]`` and
``slice([a.arn, b.arn], 0, 1)`` are the same there, and so are ``values(f)[*].arn`` and
``[for k, v in f : v.arn if k == "x"]``. What holds all the same:

- An unknown value comes from something unknown. If that is one attribute of one resource, it is that one.
- A list of as many unknown elements as its expression names unknown attributes has each of them.
- A list of which not even the length is told has each of several only where nothing can choose between them: each is
  written out, exists exactly once, and nothing known at plan time takes part. Else it may be any of them: open.

Two things are taken for granted. What has to be an id, an ARN or the name of something, or a policy, is that as it is
given, not a text around it. And a list holds no literals beside references, which a plan leaves out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.model._why_open import AFTER_APPLY, DEPLOYED, MIXED_IN_PLAN
from restore_ready.readers.terraform.language import Ref

_MOST_NAMED = 4


class Sources(Struct, frozen=True):
    """What a value is made from.

    Attributes:
        unknown: attributes that are known only after apply.
        settled: attributes, and known texts of data sources, that are in a list beside the unknown ones.
        is_choice: whether it may be some of the unknown ones only.
        is_more: whether a list may hold known texts as well.
        opaque: reasons why it may be made from anything.
    """

    unknown: tuple[Ref, ...] = ()
    settled: tuple[Ref | str, ...] = ()
    is_choice: bool = False
    is_more: bool = False
    opaque: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether all of it is known at plan time and may choose between others."""
        return not (self.unknown or self.settled or self.opaque)

    @property
    def are_known(self) -> bool:
        """Whether nothing unknown takes part."""
        return not self.unknown and not self.opaque

    @property
    def only(self) -> Ref | None:
        """The attribute that the value certainly comes from, if it is one."""
        return self.unknown[0] if len(self.unknown) == 1 and not self.opaque else None

    def elements(self, count: int) -> Sequence[Ref | None]:
        """Return what *count* unknown elements of a list are, ``None`` for one that is not told."""
        return self.unknown if len(self.unknown) == count and not self.opaque else [None] * count

    def members(self) -> tuple[Ref | str, ...] | None:
        """Return what a list holds of which no element is told; ``None`` where that is open."""
        is_open = self.opaque or self.is_choice or not self.unknown
        return None if is_open else (*self.unknown, *self.settled)

    def why(self) -> str:
        """Say why the value is not known."""
        if self.opaque:
            return self.opaque[0]
        if len(self.unknown) == 1:
            return DEPLOYED.said(what=self.unknown[0])
        named = ", ".join(map(str, (*self.unknown, *self.settled)[:_MOST_NAMED]))
        return f"{MIXED_IN_PLAN.words} how it is made: from {named}" if named else AFTER_APPLY.words


def of_known(value: object) -> Sources:
    """Return what a known value adds."""
    return Sources(is_more=isinstance(value, (str, list, dict)))


def opaque(why: str) -> Sources:
    """Return what is not told, with the reason."""
    return Sources(opaque=(why,))


def instances(parts: Sequence[Sources]) -> Sources:
    """Return what is made from several instances of one thing, all or some of them."""
    found = _union(parts)
    return replace(found, is_choice=found.is_choice or len(parts) > 1)


def together(parts: Sequence[tuple[Sources, bool]]) -> Sources:
    """Return what one expression is made from: what it refers to, each with whether that exists exactly once."""
    found = _union(part for part, _ in parts)
    not_known = [(part, is_single) for part, is_single in parts if not part.is_known]
    is_doubtful = len(not_known) < len(parts) or not all(is_single for _, is_single in not_known)
    if is_doubtful and found.settled:
        found = replace(found, settled=(), is_more=True)
    is_list = any(len(part.unknown) > 1 for part, _ in not_known)
    return replace(found, is_choice=found.is_choice or (len(found.unknown) > 1 and (is_doubtful or is_list)))


def _union(parts: Iterable[Sources]) -> Sources:
    found = list(parts)
    return Sources(
        tuple(dict.fromkeys(ref for part in found for ref in part.unknown)),
        tuple(dict.fromkeys(text for part in found for text in part.settled)),
        any(part.is_choice for part in found),
        any(part.is_more for part in found),
        tuple(dict.fromkeys(why for part in found for why in part.opaque)),
    )
