"""Principals while their policies are being gathered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct, field
from msgspec.structs import replace

from restore_ready.model import Focus, Place, Policy, Principal, Str, Unresolved
from restore_ready.readers._uncertain_policies import opened_policies


class Holder(Struct, frozen=True):
    """The resource at which a policy without an address of its own is reported.

    Attributes:
        focus: where the policy is attached.
    """

    address: str
    place: Place
    focus: Focus | None = None


class Holding(Struct, frozen=True):
    """A policy that a principal holds, or why one that it holds could not be read.

    Attributes:
        managed: whether it is a managed policy, attached by its ARN; else it is an inline policy.
        uncertain: why it may not be attached; empty where it is.
    """

    policy: Policy | Unresolved
    managed: bool = False
    uncertain: str = ""


class Draft(Struct):
    """A principal while its attachments are being gathered.

    Attributes:
        possible: reasons why further policies may be its own.
        unread: reasons of another kind why it may hold further policies.
        groups: those a user belongs to.
        known_as: an ARN that attachments use beside its name and its ARN as a principal.
        maybe: what its own existence depends on and is not known.
    """

    principal: Principal
    holdings: list[Holding] = field(default_factory=list)
    possible: list[Holding] = field(default_factory=list)
    unread: list[Unresolved] = field(default_factory=list)
    groups: list[Draft] = field(default_factory=list)
    known_as: Str = ""
    maybe: tuple[str, ...] = ()

    @property
    def holder(self) -> Holder:
        """Where policies without an address of their own are reported."""
        return Holder(self.principal.address, self.principal.place)

    @property
    def holds_any(self) -> bool:
        """Whether some policy is in sight that it holds, or may hold."""
        return bool(self.principal.policies) or any(isinstance(holding.policy, Policy) for holding in self.holdings)

    def add(self, policy: Policy | Unresolved, uncertain: str = "", *, managed: bool = False) -> None:
        """Attach *policy*, or note that one could not be read; *uncertain* says why it may not be attached."""
        self.holdings.append(Holding(policy, managed, uncertain))

    def finished(self) -> Principal:
        """Return the principal with everything attached, a user's groups included."""
        sources = (self, *self.groups)
        held = [*_held(sources)]
        certain = {id(policy): policy for source in sources for policy in source.principal.policies}
        certain |= {id(policy): policy for policy, why in held if not why}
        uncertain = {id(policy): (policy, why) for policy, why in held if why and id(policy) not in certain}
        policies = opened_policies(tuple(certain.values()), tuple(uncertain.values()))
        unread = dict.fromkeys(why for source in sources for why in _reasons(source))
        return replace(self.principal, policies=tuple(policies), unread=tuple(unread))


def _held(sources: Iterable[Draft]) -> Iterator[tuple[Policy, str]]:
    for source in sources:
        for holding in source.holdings:
            if isinstance(holding.policy, Policy):
                yield holding.policy, holding.uncertain


def _reasons(source: Draft) -> Iterator[Unresolved]:
    yield from source.principal.unread
    for holding in (*source.holdings, *source.possible):
        if isinstance(holding.policy, Unresolved):
            yield holding.policy
    yield from source.unread
