"""Whom a vault's access policy lets start a restore by itself, without an identity policy.

Within one account an Allow of the resource's policy is as good as one of the identity's (IAM User Guide, "Policy
evaluation logic"). AWS Backup does not say that it holds for vaults: so it is open, neither yes nor no.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from restore_ready.access._constants import START_RESTORE
from restore_ready.access._decisions import may_start
from restore_ready.iam import Denied, covers_action
from restore_ready.index import EstateIndex
from restore_ready.model import (
    Policy,
    PolicyDocument,
    Principal,
    Ref,
    Statement,
    Str,
    Unresolved,
    VaultPolicy,
)

_ROOT: Final = ":root"


class VaultGrants:
    """The vault policies of an estate that may let somebody in, by those whom they name."""

    def __init__(self, estate: EstateIndex) -> None:
        """Sort the vault policies of *estate*."""
        self._estate = estate
        self._naming: dict[str, list[VaultPolicy]] = {}
        self._vague: list[VaultPolicy] = []
        for policy in estate.vault_policies:
            for value in _whom(policy):
                if isinstance(value, str) and value != "*":
                    self._naming.setdefault(value, []).append(policy)
                elif isinstance(value, Ref):
                    self._naming.setdefault(value.target, []).append(policy)
                else:
                    self._vague.append(policy)

    def may_let_in(self, principal: Principal) -> bool:
        """Return whether one of them may let *principal* start a restore by itself."""
        named = {principal.address, principal.arn if isinstance(principal.arn, str) else principal.address}
        policies = [policy for name in named for policy in self._naming.get(name, ())]
        return bool(granted_by_vault(principal, (*policies, *self._vague), self._estate))


def granted_by_vault(principal: Principal, policies: Iterable[VaultPolicy], estate: EstateIndex) -> str:
    """Return why a principal whose own policies grant no restore may be let in by one of *policies*; empty if not."""
    for policy in policies:
        if not any(True for _ in _whom(policy)):
            continue
        as_resource_policy = Policy(policy.address, policy.place, policy.address, policy.document)
        if not isinstance(may_start(principal, estate, as_resource_policy).outcome, Denied):
            return (
                f"{_OWN}, but the vault policy {policy.address} may let it in, and whether that is enough is not known"
            )
    return ""


_OWN: Final = "no policy of its own grants it"


def _whom(policy: VaultPolicy) -> Iterator[Str]:
    """Yield whom a vault's policy may let start a restore; whole accounts leave that to identity policies."""
    for entry in policy.document.statements if isinstance(policy.document, PolicyDocument) else ():
        if isinstance(entry, Unresolved):
            yield entry
        elif entry.effect != "Deny" and covers_action(entry, START_RESTORE) is not False:
            yield from _principals(entry)


def _principals(statement: Statement) -> Iterator[Str]:
    if statement.not_principals or isinstance(statement.principals, Unresolved):
        yield Unresolved("whom it lets in is not known")
        return
    for entry in statement.principals or ():
        value = entry.value
        whole = isinstance(value, str) and (value.endswith(_ROOT) or value.isdigit())
        if entry.kind in ("AWS", "*") and not whole:
            yield value
