"""Carries out the resources that own all attachments of one kind: what they don't list is removed.

The provider compares what is attached with the list, attaches managed policies that are missing and removes the rest,
inline policies likewise but that it has no document to make a missing one of (terraform-provider-aws,
``internal/service/iam/role_policy_attachments_exclusive.go`` and ``role_policies_exclusive.go``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.iam import matches
from restore_ready.model import (
    Known,
    Places,
    Policy,
    PrincipalKind,
    Ref,
    Str,
    Text,
    Truth,
    Unresolved,
    any_true,
    doubt,
    unresolved_reason,
)
from restore_ready.readers._drafts import Draft, Holding
from restore_ready.readers.terraform._addresses import module_of
from restore_ready.readers.terraform._attributes import required_text, texts
from restore_ready.readers.terraform._block import Block
from restore_ready.readers.terraform._customer_policies import Policies
from restore_ready.readers.terraform._principals import Directory

_KINDS: Final = (
    (PrincipalKind.ROLE, "role_name"),
    (PrincipalKind.USER, "user_name"),
    (PrincipalKind.GROUP, "group_name"),
)


class _ExclusiveType(Struct, frozen=True):
    """One of the six types: whose attachments it owns, and of which kind."""

    kind: PrincipalKind
    holder: str
    managed: bool

    @property
    def listed(self) -> str:
        """The attribute that lists what stays."""
        return "policy_arns" if self.managed else "policy_names"


_TYPES: Final = {
    f"aws_iam_{kind.value}_{what}_exclusive": _ExclusiveType(kind, holder, what == "policy_attachments")
    for kind, holder in _KINDS
    for what in ("policies", "policy_attachments")
}


class ExclusiveLists:
    """Carries them out on the principals of an estate, once every other attachment has been."""

    def __init__(self, directory: Directory, policies: Policies) -> None:
        """Take the principals and what can be attached to them."""
        self._directory = directory
        self._policies = policies

    def enforce(self, block: Block) -> None:
        """Carry *block* out, if it is of one of the six types."""
        owning = _TYPES.get(block.type)
        if owning is None:
            return
        who = required_text(block.values, owning.holder)
        found = self._directory.find(owning.kind, who, block)
        if not found and isinstance(who, (Unresolved, Text)):
            self._enforce_perhaps(owning, who, block)
            return
        for draft in found or [self._directory.out_of_sight(owning.kind, who, block)]:
            self._enforce_on(draft, owning, block, doubt(block, draft.maybe))

    def _enforce_perhaps(self, owning: _ExclusiveType, who: Str, block: Block) -> None:
        """Open what the block may own: whose list it is, is not known, and it may be anyone's of its module."""
        why = f"{block.address} may list what is attached to it: {unresolved_reason(who)}"
        for draft in self._directory.in_module(owning.kind, module_of(block.address)):
            if matches(who, draft.principal.name) is not False:
                self._enforce_on(draft, owning, block, why)

    def _enforce_on(self, draft: Draft, owning: _ExclusiveType, block: Block, uncertain: str) -> None:
        listed = texts(block.values, owning.listed)
        if owning.managed:
            self._own_managed(draft, listed, block, uncertain)
        else:
            draft.holdings = [*_kept_by_name(draft.holdings, listed, block.address, uncertain)]
            draft.possible = draft.possible if uncertain else [entry for entry in draft.possible if entry.managed]

    def _own_managed(self, draft: Draft, listed: Known[tuple[Str, ...]], block: Block, uncertain: str) -> None:
        inline = [holding for holding in draft.holdings if not holding.managed]
        before = [holding for holding in draft.holdings if holding.managed]
        if isinstance(listed, Unresolved):
            why = f"what {block.address} attaches to it is not known: {listed.why}"
            draft.possible.append(Holding(Unresolved(why), managed=True))
            draft.holdings = [*inline, *(_opened(holding, why) for holding in before)]
            return
        wanted = [self._policies.named(arn, draft.holder) for arn in listed]
        if not uncertain:
            draft.holdings = [*inline, *(Holding(policy, managed=True) for policy in wanted)]
            draft.possible = [entry for entry in draft.possible if not entry.managed]
            return
        listed_ones, held = [*map(_bare, wanted)], [_bare(holding.policy) for holding in before]
        stay = [
            holding if bare in listed_ones else _opened(holding, uncertain)
            for holding, bare in zip(before, held, strict=True)
        ]
        added = (Holding(policy, managed=True, uncertain=uncertain) for policy in wanted if _bare(policy) not in held)
        draft.holdings = [*inline, *stay, *added]


def _bare(policy: Policy | Unresolved) -> Policy | Unresolved:
    """Return a policy without where it is written, which for one of AWS's is where it is attached."""
    return policy if isinstance(policy, Unresolved) else replace(policy, places=Places())


def _kept_by_name(
    holdings: Iterable[Holding], listed: Known[tuple[Str, ...]], address: str, uncertain: str
) -> Iterator[Holding]:
    """Yield the holdings without the inline policies that the list does not name."""
    for holding in holdings:
        kept: Truth = True if holding.managed else _is_listed(holding.policy, listed)
        if isinstance(kept, Unresolved):
            yield _opened(holding, f"whether {address} lists it is not known: {kept.why}")
        elif kept:
            yield holding
        elif uncertain:
            yield _opened(holding, uncertain)


def _is_listed(policy: Policy | Unresolved, listed: Known[tuple[Str, ...]]) -> Truth:
    if isinstance(listed, Unresolved):
        return listed
    if not listed:
        return False
    if isinstance(policy, Unresolved):
        return policy
    return any_true(_is_name(entry, policy) for entry in listed)


def _is_name(entry: Str, policy: Policy) -> Truth:
    if isinstance(entry, str) and isinstance(policy.name, str):
        return entry == policy.name
    if isinstance(entry, Ref):
        return entry.target == policy.address
    return Unresolved(unresolved_reason(entry) or unresolved_reason(policy.name))


def _opened(holding: Holding, why: str) -> Holding:
    return holding if holding.uncertain else replace(holding, uncertain=why)
