"""Builds roles, users, groups and permission sets, and finds the ones that attachments name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec.structs import replace

from restore_ready.model import (
    AwsPlace,
    Known,
    PlaceName,
    PolicyDocument,
    Principal,
    PrincipalKind,
    Ref,
    Str,
    Text,
    Unresolved,
    join_text,
    same_account_of,
    show,
)
from restore_ready.model._why_open import ELSEWHERE
from restore_ready.readers._drafts import Draft, Holder
from restore_ready.readers._fields import Dialect, Entry
from restore_ready.readers._iam_tables import arn_of, declared_principal, given_name, inline_policies, own_arn
from restore_ready.readers._kinds import document, known_text
from restore_ready.readers.terraform._addresses import module_of
from restore_ready.readers.terraform._attributes import text, texts
from restore_ready.readers.terraform._block import Block
from restore_ready.readers.terraform._customer_policies import Policies
from restore_ready.readers.terraform._dialect import entry_of

_REST: Final = "its other policies are not in sight"


class Directory:
    """The principals of one estate, found by reference or by name."""

    def __init__(self, drafts: Iterable[Draft], data_roles: Iterable[Block], dialect: Dialect) -> None:
        """Take the principals in sight, and the ``data.aws_iam_role`` blocks that name others."""
        self._drafts = list(drafts)
        self._data = {block.address: block for block in data_roles}
        self._dialect = dialect
        self._by_address = {draft.principal.address: draft for draft in self._drafts}
        self._by_name: dict[tuple[PrincipalKind, Str], list[Draft]] = {}
        self._ghosts: dict[tuple[PrincipalKind, Str, PlaceName], Draft] = {}
        for draft in self._drafts:
            for name in {draft.principal.name, draft.principal.arn, draft.known_as} - {""}:
                self._by_name.setdefault((draft.principal.kind, name), []).append(draft)

    def __iter__(self) -> Iterator[Draft]:
        """Return every principal, those out of sight last."""
        return iter((*self._drafts, *self._ghosts.values()))

    def find(self, kind: PrincipalKind, value: Str, asking: Block) -> list[Draft]:
        """Return the principals of *kind* that *value* means: a reference, a name, an ARN or a data source of it.

        Names mean those of the account of the block that is *asking*. Of several with the same name, those of its
        module are meant, else all; but none where only a part of the name is known, which may be different for each.
        """
        if isinstance(value, Ref) and value.target in self._by_address:
            return [self._by_address[value.target]]
        if isinstance(value, Ref) and value.target in self._data:
            name = text(self._data[value.target].values, "name")
        else:
            name = value
        every = [] if name is None or isinstance(name, Unresolved) else self._by_name.get((kind, name), [])
        at, module = asking.aws_place, module_of(asking.address)
        found = [draft for draft in every if same_account_of(draft.principal.aws_place, at) is not False]
        meant = [draft for draft in found if module_of(draft.principal.address) == module] or found
        return [] if isinstance(name, Text) and len(meant) > 1 else meant

    def in_module(self, kind: PrincipalKind, module: str | None) -> Iterator[Draft]:
        """Yield the principals of *kind* in sight, of one module instance or, for ``None``, of all."""
        for draft in self._drafts:
            if draft.principal.kind is kind and module in {None, module_of(draft.principal.address)}:
                yield draft

    def out_of_sight(self, kind: PrincipalKind, value: Str, attachment: Block) -> Draft:
        """Return the principal that *value* names but this estate doesn't declare.

        It stands at its data source if it has one, else at the first resource that attaches something to it.
        """
        block = self._data.get(value.target, attachment) if isinstance(value, Ref) else attachment
        known = Ref(attachment.address) if isinstance(value, Unresolved) else value
        key = kind, known, block.aws_place.account
        if key not in self._ghosts:
            self._ghosts[key] = Draft(self._ghost(kind, value, block))
        return self._ghosts[key]

    def _ghost(self, kind: PrincipalKind, value: Str, block: Block) -> Principal:
        entry = entry_of(block, self._dialect)
        looked_up = block.address in self._data
        name = given_name(entry, "name") if looked_up else value
        trust: Known[PolicyDocument] | None = None
        if kind is PrincipalKind.ROLE:
            trust = Unresolved(f"{ELSEWHERE.said(what=show(name))}: its trust policy is not in sight")
        if looked_up and "assume_role_policy" in block.values:
            trust = document(entry, "assume_role_policy")
        unread = (Unresolved(f"{ELSEWHERE.said(what=show(name))}: {_REST}"),)
        place = block.aws_place
        is_stated = looked_up and "arn" in block.values
        arn = own_arn(entry, "role", name) if is_stated else _arn_elsewhere(kind, value, place)
        return Principal(block.address, block.place, kind, name, arn, unread=unread, trust=trust, aws_place=place)


def _arn_elsewhere(kind: PrincipalKind, value: Str, place: AwsPlace) -> Str:
    if isinstance(value, Ref):
        return Ref(value.target, "arn")
    return arn_of(kind.value, join_text(("/", Unresolved("its path is not known"))), value, place)


def draft(block: Block, entry: Entry, policies: Policies) -> Draft | None:
    """Return the principal that *block* declares, with the policies written in the block; ``None`` for other blocks."""
    declared = declared_principal(entry)
    if declared is None:
        return None
    boundary = text(block.values, "permissions_boundary")
    if boundary is not None and boundary != "":
        declared = replace(declared, boundary=policies.named(boundary, _holder(block, "permissions_boundary")))
    found = Draft(declared, known_as=known_text(entry, "arn") or "", maybe=block.maybe)
    for policy in inline_policies(entry, "inline_policy", "its inline policies can't be read: "):
        found.add(policy)
    arns = texts(block.values, "managed_policy_arns")
    if isinstance(arns, Unresolved):
        found.add(Unresolved(f"its managed policies can't be read: {arns.why}"), managed=True)
    else:
        for arn in arns:
            found.add(policies.named(arn, _holder(block, "managed_policy_arns")), managed=True)
    return found


def _holder(block: Block, name: str) -> Holder:
    """Return *block* as holder of what its argument *name* attaches."""
    return Holder(block.address, block.place, block.marks.focus(name))
