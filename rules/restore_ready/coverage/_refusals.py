"""Why AWS refuses a backup selection, and what in it selects nothing.

That a selection needs resources or tags, and that the keys of its conditions begin with ``aws:ResourceTag/``, is how
AWS answers (https://github.com/hashicorp/terraform-provider-aws/issues/24235), whatever API_BackupSelection.html says.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from restore_ready.coverage._arn_values import doubtful, no_arn
from restore_ready.index import EstateIndex
from restore_ready.model import Known, Ref, Selection, Str, TagCondition, Unresolved, show
from restore_ready.model._why_open import NOTHING_GIVEN

PREFIX: Final = "aws:ResourceTag/"
_MOST_WILDCARDS: Final = 30
_LISTS: Final = (("resources", "Resources"), ("not_resources", "NotResources"))


class Refusal(Struct, frozen=True):
    """Why AWS refuses a selection, and the field of the record that is wrong."""

    field: str
    why: str


def refusals(selection: Selection) -> Iterator[Refusal]:
    """Yield why AWS certainly refuses *selection*; nothing for one that it has accepted already."""
    if selection.accepted:
        return
    if chooses_nothing(selection) and not selection.emptied:
        said = "it names neither resources nor tags (ListOfTags), and conditions alone choose nothing: AWS refuses it"
        yield Refusal("conditions", said)
    yield from _refused_tests(selection)
    if not selection.organization:
        yield from _too_many(selection)


def chooses_nothing(selection: Selection) -> bool:
    """Return whether *selection* names neither resources nor tags, with what is given in the source."""
    return selection.resources == () and selection.tags == ()


def nothing_given(selection: Selection) -> str:
    """Return why it is not known what *selection* chooses, where it is made from what gives nothing."""
    return NOTHING_GIVEN.said(what=", ".join(selection.emptied))


def _refused_tests(selection: Selection) -> Iterator[Refusal]:
    for condition in _known(selection.conditions):
        if condition.prefixed is False:
            said = f'its condition key "{show(condition.key)}" does not begin with {PREFIX}: AWS refuses it'
            yield Refusal("conditions", said)
    for tag in _known(selection.tags):
        if tag.operator != "equals":
            yield Refusal("tags", f"it tests a tag by {tag.operator}, and AWS takes STRINGEQUALS only")


def _too_many(selection: Selection) -> Iterator[Refusal]:
    for attribute, name in _LISTS:
        count = sum("*" in show(value) for value in _texts(selection, attribute))
        if count > _MOST_WILDCARDS:
            yield Refusal(attribute, f"its {name} have {count} entries with wildcards: AWS takes {_MOST_WILDCARDS}")


def misfits(selection: Selection, estate: EstateIndex) -> Refusal | None:
    """Return the entries of *selection* that certainly are no ARNs; ``None`` where there are none."""
    found: dict[str, str] = {}
    for attribute, _ in _LISTS:
        for value in _texts(selection, attribute):
            known = isinstance(value, Ref) and value.target in estate.file_systems_by_address
            if written := no_arn(value, known=known):
                found.setdefault(written, attribute)
    if not found:
        return None
    return Refusal(next(iter(found.values())), f"it names what is no ARN and selects nothing: {', '.join(found)}")


def open_parts(selection: Selection) -> Iterator[str]:
    """Yield why it is not known whether AWS takes all of *selection*."""
    if chooses_nothing(selection) and selection.emptied:
        yield nothing_given(selection)
    unknown: dict[str, list[str]] = {}
    for attribute, name in (*_LISTS, ("tags", "tags"), ("conditions", "conditions")):
        found = getattr(selection, attribute)
        if isinstance(found, Unresolved):
            unknown.setdefault(found.why, []).append(name)
    yield from (f"its {', '.join(names)} are not known: {why}" for why, names in unknown.items())
    for attribute, name in _LISTS:
        yield from (
            f"one of its {name} is not known: {why}"
            for value in _texts(selection, attribute)
            if (why := doubtful(value))
        )
    for condition in _known(selection.conditions):
        if isinstance(condition.prefixed, Unresolved):
            yield f"whether a condition key begins with {PREFIX} is not known: {condition.prefixed.why}"


def _known(tests: Known[tuple[TagCondition, ...]]) -> tuple[TagCondition, ...]:
    return () if isinstance(tests, Unresolved) else tests


def _texts(selection: Selection, attribute: str) -> tuple[Str, ...]:
    found: Known[tuple[Str, ...]] = getattr(selection, attribute)
    return () if isinstance(found, Unresolved) else found
