"""Builds plans and selections from the backup policies of AWS Organizations, whichever reader found them.

Syntax: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_backup_syntax.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.iam import read_json
from restore_ready.model import (
    Known,
    Plan,
    PlanRule,
    Ref,
    Selection,
    Str,
    TagCondition,
    Text,
    Unresolved,
    join_text,
    unresolved_reason,
)
from restore_ready.model._why_open import INHERITED
from restore_ready.readers._backup_tables import PLAN_RULE, SELECTION
from restore_ready.readers._fields import Dialect, Entry
from restore_ready.readers._inheritance import Tree, effective, node_of
from restore_ready.readers._organization_tables import OrganizationsPolicy
from restore_ready.readers.terraform._attributes import as_text, number, required_text, text, texts

BACKUP_POLICY: Final = "BACKUP_POLICY"
"""The type of policy that is read here; service control policies and others are not."""

_TARGETS: Final = frozenset({"target_backup_vault_name", "target_logically_air_gapped_backup_vault_arn"})
_MOST_RULES: Final = 100
"""Rules of a plan that are passed down to other policies; AWS Backup takes ten."""

_INHERITED: Final = Unresolved(f"it is not given, {INHERITED.said(what='it')}")
_NO_RULES: Final = Unresolved(f"none are given, {INHERITED.said(what='they')}")

Object: TypeAlias = Mapping[str, object]


class _Backup(Struct, frozen=True):
    """A backup policy whose content has been decoded: its plans, by name."""

    policy: OrganizationsPolicy
    plans: Known[Mapping[object, object]]


def plans_and_selections(
    policies: Sequence[OrganizationsPolicy], parents: Mapping[str, Str]
) -> tuple[tuple[Plan, ...], tuple[Selection, ...]]:
    """Return what the backup policies among *policies* say.

    Args:
        policies: of any type.
        parents: units and accounts, by address, to what they are in.

    Returns:
        a plan for each plan of each policy, all at the policy's address, and their selections. A plan that a policy
        above it names too, is what both come to together; else each policy is taken by itself.
    """
    backups = {policy.address: found for policy in policies if (found := _decoded(policy)) is not None}
    attached: dict[str, list[str]] = {}
    for backup in backups.values():
        for node in filter(None, map(node_of, backup.policy.targets)):
            attached.setdefault(node, []).append(backup.policy.address)
    inheritance = _Inheritance(backups, Tree(attached, parents))
    parts = [part for backup in backups.values() for part in _parts(backup, inheritance)]
    plans = tuple(part for part in parts if isinstance(part, Plan))
    return plans, tuple(part for part in parts if isinstance(part, Selection))


class _Inheritance:
    """Tells what a policy inherits; what comes down one line of policies is put together once."""

    def __init__(self, backups: Mapping[str, _Backup], tree: Tree) -> None:
        self._backups = backups
        self._tree = tree
        self._inherited: dict[tuple[tuple[str, ...], object], object] = {}

    def lines(self, policy: OrganizationsPolicy) -> Iterable[tuple[str, ...]]:
        """Return the policies above each target of *policy*, the uppermost first; different ones once."""
        return dict.fromkeys(self._tree.above(node_of(target)) for target in policy.targets or ("",))

    def merged(self, name: object, own: object, line: tuple[str, ...]) -> object:
        """Return what the plan called *name* comes to on top of those of that name in the policies of *line*."""
        if (line, name) not in self._inherited:
            self._inherited[line, name] = self._put_together(name, line)
        inherited = self._inherited[line, name]
        return inherited if isinstance(inherited, Unresolved) else effective(own, inherited)

    def _put_together(self, name: object, line: tuple[str, ...]) -> object:
        inherited: object = None
        for plans in (self._backups[address].plans for address in line):
            if not isinstance(plans, Unresolved) and name in plans:
                inherited = effective(plans[name], inherited)
        rules = inherited.get("rules") if isinstance(inherited, Mapping) else None
        too_many = isinstance(rules, Mapping) and len(rules) > _MOST_RULES
        return Unresolved("it inherits more rules than are read") if too_many else inherited


def _decoded(policy: OrganizationsPolicy) -> _Backup | None:
    """Decode a policy; ``None`` if it is none about backups."""
    if isinstance(policy.kind, str) and policy.kind != BACKUP_POLICY:
        return None
    content = read_json(policy.content) if isinstance(policy.content, (str, Text)) else policy.content
    plans = content.get("plans") if isinstance(content, Mapping) else None
    if isinstance(plans, Mapping):
        return _Backup(policy, plans)
    if isinstance(content, Mapping) and plans is None:
        return None
    if not isinstance(policy.kind, str):
        return _Backup(policy, Unresolved(f"its type is not known: {unresolved_reason(policy.kind)}"))
    return _Backup(policy, _why(content if plans is None else plans))


def _why(value: object) -> Unresolved:
    if isinstance(value, (Unresolved, Ref, Text)):
        return Unresolved(unresolved_reason(value))
    return Unresolved("it is not known" if value is None else "it is not a JSON object")


def _parts(backup: _Backup, inheritance: _Inheritance) -> Iterator[Plan | Selection]:
    policy = backup.policy
    if isinstance(backup.plans, Unresolved):
        why = Unresolved(f"the content of the policy could not be read: {backup.plans.why}")
        yield Plan(policy.address, policy.place, policy.name, why, aws_place=policy.aws_place)
        yield _open_selection(policy, why)
        return
    for line in inheritance.lines(policy):
        for name, own in backup.plans.items():
            if not (isinstance(name, str) and name.startswith("@@")):
                yield from _plan(policy, name, inheritance.merged(name, own, line))


def _plan(policy: OrganizationsPolicy, name: object, body: object) -> Iterator[Plan | Selection]:
    title = as_text(name, "the plan's name")
    if not isinstance(body, Mapping):
        yield Plan(policy.address, policy.place, title, _why(body), aws_place=policy.aws_place)
        yield _open_selection(policy, _why(body))
        return
    rules = body.get("rules")
    found: Known[tuple[PlanRule, ...]] = _NO_RULES if rules in (None, {}) else _why(rules)
    if isinstance(rules, Mapping) and rules:
        found = tuple(_rule(policy, title, key, values) for key, values in rules.items())
    yield Plan(policy.address, policy.place, title, found, aws_place=policy.aws_place)
    regions = texts(body, "regions")
    yield from (replace(selection, regions=regions) for selection in _selections(policy, body.get("selections")))


def _rule(policy: OrganizationsPolicy, plan: Str, key: object, values: object) -> PlanRule:
    """Return a rule; one that names no vault only adds to a rule of a policy that it inherits from."""
    name = join_text((plan, "/", as_text(key, "the rule's name")))
    whole = isinstance(values, Mapping) and not _TARGETS.isdisjoint(values)
    return PLAN_RULE.read(_entry(policy, values, _ORGANIZATIONS if whole else _PART), name=name)


def _open_selection(policy: OrganizationsPolicy, why: Unresolved) -> Selection:
    return SELECTION.read(_entry(policy, why, _ORGANIZATIONS), plan=Ref(policy.address), organization=True)


def _selections(policy: OrganizationsPolicy, groups: object) -> Iterator[Selection]:
    if groups is None:
        return
    if not isinstance(groups, Mapping):
        yield _open_selection(policy, _why(groups))
        return
    for kind in ("tags", "resources"):
        named = groups.get(kind, {})
        for body in named.values() if isinstance(named, Mapping) else (named,):
            if isinstance(body, Mapping):
                yield _selection(policy, kind, body)
            else:
                yield _open_selection(policy, _why(body))


def _selection(policy: OrganizationsPolicy, kind: str, body: Object) -> Selection:
    by_type = kind == "resources"
    return SELECTION.read(
        _entry(policy, body, _ORGANIZATIONS),
        plan=Ref(policy.address),
        resources=_given(body, "resource_types") if by_type else (),
        tags=() if by_type else _tags(body),
        organization=True,
    )


def _entry(policy: OrganizationsPolicy, values: object, dialect: Dialect) -> Entry:
    """Return a part of a policy as field tables read it."""
    known = Entry(dialect, {}, policy.address, policy.place, aws_place=policy.aws_place)
    return known.inner(values if isinstance(values, Mapping) else _why(values))


def _given(body: Object, name: str) -> Known[tuple[Str, ...]]:
    """Return a list that must not be empty, which would choose everything."""
    found = texts(body, name)
    return Unresolved(f"{name} is not given") if found == () else found


def _tags(body: Object) -> Known[tuple[TagCondition, ...]]:
    """Return the tests of ``tag_key`` for each ``tag_value``, any of which selects."""
    values = _given(body, "tag_value")
    key = required_text(body, "tag_key")
    return values if isinstance(values, Unresolved) else tuple(TagCondition("equals", key, value) for value in values)


def _block(entry: Entry, name: str) -> Entry | None:
    value = entry.values.get(name)
    return None if value is None else entry.inner(value if isinstance(value, Mapping) else _why(value))


def _blocks(entry: Entry, name: str) -> Known[tuple[Entry, ...]]:
    """Return what is listed under keys of one's own choice; defaults apply in it, for it is not inherited in parts."""
    value = entry.values.get(name, {})
    if not isinstance(value, Mapping):
        return _why(value)
    whole = replace(entry, dialect=_ORGANIZATIONS)
    return tuple(
        whole.inner(inner if isinstance(inner, Mapping) else _why(inner), key=as_text(key, f"a key of {name}"))
        for key, inner in value.items()
    )


def _document(_values: Object, _name: str) -> None:
    """Return ``None``: nothing in a backup policy is a policy document."""


_ORGANIZATIONS: Final = Dialect(
    "organizations", text, number, texts, _block, _blocks, _document, text, missing="is not given"
)
_PART: Final = replace(_ORGANIZATIONS, otherwise=_INHERITED)
"""Reads what may be inherited from a policy that is not in sight."""
