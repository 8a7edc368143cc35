"""Principals while their policies are being gathered."""

from __future__ import annotations

from msgspec import Struct, field
from msgspec.structs import replace

from restore_ready.model import Place, Policy, Principal, Str, Unresolved
from restore_ready.readers._uncertain_policies import opened_policies


class Holder(Struct, frozen=True):
    """The resource at which a policy without an address of its own is reported."""

    address: str
    place: Place


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

    def finished(self) -> Principal:
        """Return the principal with everything attached, a user's groups included."""
        sources = (self, *self.groups)
        certain = {
            id(policy): policy for source in sources for policy in (*source.principal.policies, *source.policies)
        }
        uncertain = {
            id(policy): (policy, why)
            for source in sources
            for policy, why in source.uncertain
            if id(policy) not in certain
        }
        policies = opened_policies(tuple(certain.values()), tuple(uncertain.values()))
        unread = dict.fromkeys(why for source in sources for why in (*source.principal.unread, *source.unread))
        return replace(self.principal, policies=tuple(policies), unread=tuple(unread))
