"""Which file systems a backup selection covers.

A selection covers what its resources or its tags choose, if all its conditions hold, minus its not_resources
(https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources-json.html). One that AWS refuses covers
nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.coverage._arn_values import IDS, is_arn_of
from restore_ready.coverage._refusals import chooses_nothing, nothing_given, refusals
from restore_ready.iam import arn_fields, arn_matches, matches
from restore_ready.index import EstateIndex
from restore_ready.model import (
    THIS_ACCOUNT,
    THIS_REGION,
    ExternalSelection,
    FileSystem,
    Gap,
    Known,
    Ref,
    Requirements,
    Selection,
    Str,
    TagCondition,
    Text,
    Truth,
    Unresolved,
    all_true,
    any_true,
    is_external,
    negate,
    same_name,
    same_place,
    show,
    unresolved_reason,
)
from restore_ready.model._why_open import ATTACHED, MADE, OTHER_CONFIGURATION

_REGION, _ACCOUNT = 3, 4
"""Where an ARN has its Region and its account."""

_THIS: Final = frozenset({THIS_REGION, THIS_ACCOUNT})


class Covered(Struct, frozen=True):
    """The selection that covers a file system."""

    by: Selection


def coverage(file_system: FileSystem, estate: EstateIndex) -> Covered | Unresolved | None:
    """Return a selection of *estate* that covers *file_system*, ``None`` if there is none, or why it can't be told."""
    undecided: Unresolved | None = None
    for selection in candidates(file_system, estate):
        answer = covers(selection, file_system)
        if answer is True and selection.organization:
            answer = Unresolved(f"it covers the file system {ATTACHED.words}")
        if answer is True:
            return Covered(selection)
        if isinstance(answer, Unresolved):
            undecided = undecided if undecided is not None else Unresolved(f"{selection.address}: {answer.why}")
    return undecided if undecided is not None else _out_of_sight(file_system, estate)


def candidates(file_system: FileSystem, estate: EstateIndex) -> Iterable[Selection]:
    """Return every selection of *estate* that may cover *file_system*."""
    return estate.selections_about.about(file_system)


def hidden_in(file_system: FileSystem, estate: EstateIndex) -> Gap | None:
    """Return what could not be read and may back up *file_system*, which is handed to it, or any."""
    return estate.hiding or estate.handed_to.get(file_system.address)


def _out_of_sight(file_system: FileSystem, estate: EstateIndex) -> Unresolved | None:
    if gap := hidden_in(file_system, estate):
        return Unresolved(f"{gap.address} may hold the backup plan: {gap.why}")
    for selection in estate.elsewhere:
        if covers(selection, file_system) is not False:
            return Unresolved(
                f"{OTHER_CONFIGURATION.said(what='it', chooser=selection.address, file=selection.place.file)}"
            )
    return None


def covers(selection: Selection, file_system: FileSystem) -> Truth:
    """Return whether *selection* covers *file_system*: a plan acts in its own Region and account only.

    An Organizations policy makes plans in the accounts that it is attached to.
    """
    near = _in_regions(selection, file_system) if selection.organization else _is_near(selection, file_system)
    return False if near is False else all_true([_would_cover(selection, file_system), near])


def _is_near(selection: Selection, file_system: FileSystem) -> Truth:
    return same_place(selection.aws_place, file_system.aws_place)


def _in_regions(selection: Selection, file_system: FileSystem) -> Truth:
    """Return whether an Organizations policy makes its plan in the Region of *file_system* too."""
    if isinstance(selection.regions, Unresolved) or not selection.regions:
        return True
    named = [region for region in selection.regions if isinstance(region, str)]
    apart = [same_name(region, file_system.aws_place.region) is False for region in named]
    return not (all(apart) and len(named) == len(selection.regions))


def _would_cover(selection: Selection, file_system: FileSystem) -> Truth:
    """Return whether *selection* covers *file_system* where both are in the same place."""
    return all_true(
        [
            not any(refusals(selection)),
            selection.there,
            _chosen(selection, file_system),
            _meets_conditions(selection, file_system),
            negate(names_one_of(selection.not_resources, file_system)),
        ]
    )


def chosen_from_afar(file_system: FileSystem, estate: EstateIndex) -> Selection | None:
    """Return a selection that would cover *file_system* if its plan were in the same Region and account."""
    for selection in candidates(file_system, estate):
        if selection.organization or same_place(selection.aws_place, file_system.aws_place) is not False:
            continue
        if _would_cover(selection, replace(file_system, aws_place=selection.aws_place)) is True:
            return selection
    return None


def _meets_conditions(selection: Selection, file_system: FileSystem) -> Truth:
    crowded = selection.crowded
    if isinstance(selection.conditions, Unresolved) or isinstance(crowded, Unresolved) or crowded == ():
        return meets_all(selection.conditions, file_system)
    doubtful = tuple(condition for condition in selection.conditions if f"string_{condition.operator}" in crowded)
    others = tuple(condition for condition in selection.conditions if condition not in doubtful)
    kept: Truth = True
    if meets_all(doubtful, file_system) is not True:
        kept = Unresolved(f"Terraform's provider keeps one of its condition blocks with {crowded[0]}")
    return all_true([meets_all(others, file_system), kept])


def covered_elsewhere(file_system: FileSystem, requirements: Requirements) -> Truth:
    """Return whether one of the requirements' external selections covers *file_system*.

    Whoever writes a Region or account there means this one.
    """
    return any_true(_covers_externally(selection, file_system) for selection in requirements.external_selections)


def _covers_externally(selection: ExternalSelection, file_system: FileSystem) -> Truth:
    tags = [TagCondition("like", key, value) for key, value in selection.tags.items()]
    by_tags = all_true(_holds(tag, file_system) for tag in tags) if tags else False
    arn = full_arn(file_system)
    named = (arn_matches(pattern, arn, file_system.address) for pattern in selection.resources)
    return any_true([by_tags, *named])


def chooses_widely(selection: Selection) -> bool:
    """Return whether *selection* can reach resources declared elsewhere: by tag or wildcard, or by what is unknown."""
    if selection.tags != () or isinstance(selection.resources, Unresolved):
        return True
    return not selection.resources or any({"*", "?"} & set(_literal(value)) for value in selection.resources)


def may_choose_others(selection: Selection) -> bool:
    """Return whether *selection* may choose what another configuration declares: widely, or by what is handed over."""
    if chooses_widely(selection) or isinstance(selection.resources, Unresolved):
        return True
    last = (value.parts[-1] if isinstance(value, Text) else value for value in selection.resources)
    return any(isinstance(named, Unresolved) or (isinstance(named, Ref) and is_external(named)) for named in last)


def _literal(value: Str) -> str:
    parts = value.parts if isinstance(value, Text) else (value,)
    return "".join(part for part in parts if isinstance(part, str))


def _chosen(selection: Selection, file_system: FileSystem) -> Truth:
    if chooses_nothing(selection):
        return Unresolved(nothing_given(selection)) if selection.emptied else True
    return any_true([names_one_of(selection.resources, file_system), _any_tag(selection.tags, file_system)])


def names_one_of(patterns: Known[tuple[Str, ...]], file_system: FileSystem) -> Truth:
    """Return whether one of some ARNs, wildcards or references means *file_system*."""
    if isinstance(patterns, Unresolved):
        return patterns
    arn = full_arn(file_system)
    return any_true(_names(pattern, arn, file_system) for pattern in patterns)


def _names(pattern: Str, arn: Str, file_system: FileSystem) -> Truth:
    """Return whether *pattern* means *file_system*; a Region or account it writes out may be another than the own."""
    if _holds_id_of_another(pattern, file_system.address):
        return False
    answer = arn_matches(pattern, arn, file_system.address)
    if isinstance(pattern, Ref) and answer is True:
        return is_arn_of(pattern) if pattern.target == file_system.address else True
    if answer is not True or _holds_its_id(pattern, file_system.address):
        return answer
    return _in_its_place(pattern, arn, file_system)


def _in_its_place(pattern: Str, arn: Str, file_system: FileSystem) -> Truth:
    """Return whether the Region and account that *pattern* writes out are those of *file_system*."""
    written, own = arn_fields(pattern), arn_fields(arn)
    for at in (_REGION, _ACCOUNT) if written is not None and own is not None else ():
        name = written[at] if written is not None else ""
        is_literal = isinstance(name, str) and name and not set("*?$") & set(name)
        if is_literal and name not in _THIS and own is not None and own[at] in _THIS:
            return Unresolved(f"whether {file_system.address} is in {name} is not known: {show(pattern)} names it")
    return True


def _holds_its_id(pattern: Str, address: str) -> bool:
    """Return whether *pattern* is written around the id of *address*, and so meant for it."""
    return isinstance(pattern, Text) and any(isinstance(part, Ref) and part.target == address for part in pattern.parts)


def _holds_id_of_another(pattern: Str, address: str) -> bool:
    """Return whether *pattern* ends in the id of another resource of the same estate: no two have the same."""
    last = pattern.parts[-1] if isinstance(pattern, Text) else None
    return isinstance(last, Ref) and last.attribute in IDS and last.target != address and not is_external(last)


def full_arn(file_system: FileSystem) -> Str:
    """Return the ARN of a file system, with its id open where that is known only once it exists."""
    if not isinstance(file_system.arn, Ref):
        return file_system.arn
    prefix = file_system.aws_place.arn("elasticfilesystem", "file-system/")
    return Text((prefix, Unresolved(MADE.said(attribute="the id", what=file_system.address))))


def _any_tag(tags: Known[tuple[TagCondition, ...]], file_system: FileSystem) -> Truth:
    if isinstance(tags, Unresolved):
        return tags
    return any_true(_holds(tag, file_system) for tag in tags)


def meets_all(conditions: Known[tuple[TagCondition, ...]], file_system: FileSystem) -> Truth:
    """Return whether the tags of *file_system* meet all *conditions*."""
    if isinstance(conditions, Unresolved):
        return conditions
    return all_true(_holds(condition, file_system) for condition in conditions)


def _holds(condition: TagCondition, file_system: FileSystem) -> Truth:
    tags = file_system.tags
    if isinstance(tags, Unresolved):
        return Unresolved(f"the tags of {file_system.address} are not known: {tags.why}")
    if not isinstance(condition.key, str):
        return Unresolved(f"a tag key is not known: {unresolved_reason(condition.key)}")
    positive = condition.operator in {"equals", "like"}
    if condition.key not in tags:
        return not positive
    same = _same(condition.value, tags[condition.key], like=condition.operator.endswith("like"))
    return same if positive else negate(same)


def _same(wanted: Str, actual: Str, *, like: bool) -> Truth:
    if like:
        return matches(wanted, actual)
    if isinstance(wanted, str) and isinstance(actual, str):
        return wanted == actual
    return Unresolved(unresolved_reason(wanted) or unresolved_reason(actual))


def pointer_tags(file_system: FileSystem) -> Iterator[str]:
    """Yield the tags of *file_system* that read as if a plan elsewhere chose by them: ``Backup=daily``."""
    if isinstance(file_system.tags, Unresolved):
        return
    for key, value in file_system.tags.items():
        if "backup" in key.lower() and not _says_no(value):
            yield f"{key}={value}" if isinstance(value, str) else key


def _says_no(value: Str) -> bool:
    return isinstance(value, str) and value.lower() in _NO


_NO = frozenset({"", "0", "disabled", "false", "n", "never", "no", "none", "off"})
