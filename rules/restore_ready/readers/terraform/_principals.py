"""Builds roles, users, groups and permission sets, and finds the ones that attachments name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from restore_ready.model import (
    THIS_ACCOUNT,
    Known,
    Policy,
    PolicyDocument,
    Principal,
    PrincipalKind,
    Ref,
    Str,
    Text,
    Unresolved,
    join_text,
    show,
)
from restore_ready.readers.terraform._addresses import module_of
from restore_ready.readers.terraform._attributes import Values, nested, required_text, text, texts
from restore_ready.readers.terraform._block import Block
from restore_ready.readers.terraform._customer_policies import Holder, Policies, arn_of, given_name
from restore_ready.readers.terraform._documents import Documents
from restore_ready.readers.terraform._uncertain import opened_policies

KINDS: Final = {
    "aws_iam_role": PrincipalKind.ROLE,
    "aws_iam_user": PrincipalKind.USER,
    "aws_iam_group": PrincipalKind.GROUP,
    "aws_ssoadmin_permission_set": PrincipalKind.PERMISSION_SET,
}
_ELSEWHERE: Final = "is defined elsewhere: its other policies are not in sight"


class Draft(Struct):
    """A principal while its attachments are being gathered.

    Attributes:
        groups: those a user belongs to.
        known_as: an ARN that attachments use beside its name and its ARN as a principal.
        maybe: what its own existence depends on and is not known.
        uncertain: policies that may not be attached, each with the reason.
    """

    principal: Principal
    policies: list[Policy] = field(default_factory=list)
    unread: list[Unresolved] = field(default_factory=list)
    groups: list[Draft] = field(default_factory=list)
    known_as: Str = ""
    maybe: tuple[str, ...] = ()
    uncertain: list[tuple[Policy, str]] = field(default_factory=list)

    @property
    def holder(self) -> Holder:
        """Where policies without an address of their own are reported."""
        return Holder(self.principal.address, self.principal.place)

    def add(self, policy: Policy | Unresolved, uncertain: str = "") -> None:
        """Attach *policy*, or note that one could not be read; *uncertain* says why it may not be attached."""
        if isinstance(policy, Unresolved):
            self.unread.append(policy)
        elif uncertain:
            self.uncertain.append((policy, uncertain))
        else:
            self.policies.append(policy)

    def bound(self, boundary: Policy | Unresolved) -> None:
        """Set the permissions boundary."""
        self.principal = replace(self.principal, boundary=boundary)

    def finished(self) -> Principal:
        """Return the principal with everything attached, a user's groups included."""
        sources = (self, *self.groups)
        certain = {id(one): one for source in sources for one in (*source.principal.policies, *source.policies)}
        uncertain = {
            id(one): (one, why) for source in sources for one, why in source.uncertain if id(one) not in certain
        }
        policies = opened_policies(tuple(certain.values()), tuple(uncertain.values()))
        unread = dict.fromkeys(one for source in sources for one in (*source.principal.unread, *source.unread))
        return replace(self.principal, policies=tuple(policies), unread=tuple(unread))


class Directory:
    """The principals of one estate, found by reference or by name."""

    def __init__(self, drafts: Iterable[Draft], data_roles: Iterable[Block], documents: Documents) -> None:
        """Take the principals in sight, and the ``data.aws_iam_role`` blocks that name others."""
        self._drafts = list(drafts)
        self._data = {block.address: block for block in data_roles}
        self._documents = documents
        self._by_address = {draft.principal.address: draft for draft in self._drafts}
        self._by_name: dict[tuple[PrincipalKind, Str], list[Draft]] = {}
        self._ghosts: dict[tuple[PrincipalKind, Str], Draft] = {}
        for draft in self._drafts:
            for name in {draft.principal.name, draft.principal.arn, draft.known_as} - {""}:
                self._by_name.setdefault((draft.principal.kind, name), []).append(draft)

    def __iter__(self) -> Iterator[Draft]:
        """Give every principal, those out of sight last."""
        return iter((*self._drafts, *self._ghosts.values()))

    def find(self, kind: PrincipalKind, value: Str, module: str) -> list[Draft]:
        """Return the principals of *kind* that *value* means: a reference, a name, an ARN or a data source of it.

        Of several with the same name, those of the *module* that asks are meant, else all; but none where only a part
        of the name is known, which may be different for each.
        """
        if isinstance(value, Ref) and value.target in self._by_address:
            return [self._by_address[value.target]]
        if isinstance(value, Ref) and value.target in self._data:
            name = text(self._data[value.target].values, "name")
        else:
            name = value
        found = [] if name is None or isinstance(name, Unresolved) else self._by_name.get((kind, name), [])
        meant = [one for one in found if module_of(one.principal.address) == module] or found
        return [] if isinstance(name, Text) and len(meant) > 1 else meant

    def in_module(self, kind: PrincipalKind, module: str | None) -> Iterator[Draft]:
        """Give the principals of *kind* in sight, of one module instance or, for ``None``, of all."""
        for draft in self._drafts:
            if draft.principal.kind is kind and module in {None, module_of(draft.principal.address)}:
                yield draft

    def out_of_sight(self, kind: PrincipalKind, value: Str, attachment: Block) -> Draft:
        """Return the principal that *value* names but this estate doesn't declare.

        It stands at its data source if it has one, else at the first resource that attaches something to it.
        """
        block = self._data.get(value.target, attachment) if isinstance(value, Ref) else attachment
        known = Ref(attachment.address) if isinstance(value, Unresolved) else value
        if (kind, known) not in self._ghosts:
            self._ghosts[kind, known] = Draft(self._ghost(kind, value, block))
        return self._ghosts[kind, known]

    def _ghost(self, kind: PrincipalKind, value: Str, block: Block) -> Principal:
        looked_up = block.address in self._data
        name = given_name(block.values) if looked_up else value
        trust: Known[PolicyDocument] | None = None
        if kind is PrincipalKind.ROLE:
            trust = Unresolved(f"{show(name)} is defined elsewhere: its trust policy is not in sight")
        if looked_up and "assume_role_policy" in block.values:
            trust = self._documents.read(block.values["assume_role_policy"])
        unread = (Unresolved(f"{show(name)} {_ELSEWHERE}"),)
        arn = arn_of("role", block.values) if looked_up and "arn" in block.values else _arn_elsewhere(kind, value)
        return Principal(block.address, block.place, kind, name, arn, unread=unread, trust=trust)


def _arn_elsewhere(kind: PrincipalKind, value: Str) -> Str:
    if isinstance(value, Ref):
        return Ref(value.target, "arn")
    path = Unresolved("its path is not known")
    return join_text((f"arn:aws:iam::{THIS_ACCOUNT}:{kind.value}/", path, value))


def draft(block: Block, policies: Policies, documents: Documents) -> Draft:
    """Build the principal that *block* declares, with the policies written in the block itself."""
    kind, values = KINDS[block.type], block.values
    holder = Holder(block.address, block.place)
    boundary = text(values, "permissions_boundary")
    principal = Principal(
        address=block.address,
        place=block.place,
        kind=kind,
        name=required_text(values, "name") if kind is PrincipalKind.PERMISSION_SET else given_name(values),
        arn=_permission_set_role(values) if kind is PrincipalKind.PERMISSION_SET else arn_of(kind.value, values),
        trust=documents.read(values.get("assume_role_policy")) if kind is PrincipalKind.ROLE else None,
        boundary=None if boundary is None or boundary == "" else policies.named(boundary, holder),
    )
    found = Draft(principal, known_as=_literal_arn(values), maybe=block.maybe)
    for policy in (*_inline(block, documents), *_managed(block, policies, holder)):
        found.add(policy)
    return found


def _literal_arn(values: Values) -> str:
    arn = values.get("arn")
    return arn if isinstance(arn, str) else ""


def _permission_set_role(values: Values) -> Str:
    """Return the ARN of the role that Identity Center makes of a permission set in each account."""
    folder = f"arn:aws:iam::{THIS_ACCOUNT}:role/aws-reserved/sso.amazonaws.com/"
    region, suffix = Unresolved("the Region of Identity Center is not known"), Unresolved("AWS generates the suffix")
    return join_text((folder, region, "AWSReservedSSO_", required_text(values, "name"), "_", suffix))


def _inline(block: Block, documents: Documents) -> Iterator[Policy | Unresolved]:
    """Read the ``inline_policy`` blocks of a role; an empty one only removes policies."""
    blocks = nested(block.values, "inline_policy")
    if isinstance(blocks, Unresolved):
        yield Unresolved(f"its inline policies can't be read: {blocks.why}")
        return
    for values in blocks:
        if "policy" in values:
            document = documents.read(values["policy"])
            yield Policy(block.address, block.place, required_text(values, "name"), document, own_address=False)


def _managed(block: Block, policies: Policies, holder: Holder) -> Iterator[Policy | Unresolved]:
    arns = texts(block.values, "managed_policy_arns")
    if isinstance(arns, Unresolved):
        yield Unresolved(f"its managed policies can't be read: {arns.why}")
        return
    yield from (policies.named(arn, holder) for arn in arns)
