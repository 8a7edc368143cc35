"""What the policy of a file system takes from AWS Backup: backups of the file system, or restores into it.

``elasticfilesystem:Backup`` and ``elasticfilesystem:Restore`` may be denied in the file system's own policy
(https://docs.aws.amazon.com/efs/latest/ug/awsbackup.html).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.access._constants import BACK_UP, RESTORE
from restore_ready.access._decisions import EVERYTHING
from restore_ready.access._default_role import automatic_role, role_in_use
from restore_ready.access._role_permissions import as_resource_policy, request_of
from restore_ready.coverage._automatic import has_automatic_backups
from restore_ready.coverage._plans_and_file_systems import selecting
from restore_ready.iam import Denied, Identity, Undecided, covers_action, denies_everyone, evaluate
from restore_ready.index import EstateIndex
from restore_ready.model import (
    FileSystem,
    FileSystemPolicy,
    ListedKind,
    PolicyDocument,
    Principal,
    Statement,
    Truth,
    Unresolved,
)

_EVERYBODY: Final = "everyone"
_MOST_ROLES: Final = 10
"""Restore roles that each policy is asked about: more would take time that grows with the square of the estate."""


class Refusal(Struct, frozen=True):
    """An action that the policy denies.

    Attributes:
        to: ``everyone``, or the roles that it is denied to.
        statement: Sid, or else index from 0, of the statement that denies it.
        used_by: the address of the selection whose role that is; empty where it is none's.
    """

    action: str
    to: str
    statement: str
    used_by: str = ""


class _RoleUse(Struct, frozen=True):
    """A role that backs a file system up, certainly or perhaps, and the selection that names it."""

    role: Principal
    in_use: Truth
    selection: str = ""


class GuardedFileSystem(Struct, frozen=True):
    """A file system with its policy.

    Attributes:
        document: what the policy says.
    """

    file_system: FileSystem
    policy: FileSystemPolicy
    document: PolicyDocument

    def refusals(self, estate: EstateIndex, restore_roles: Sequence[Principal]) -> Iterator[Refusal | Unresolved]:
        """Yield what the policy denies for certain, and why it may deny more.

        Args:
            estate: whose selections back the file system up.
            restore_roles: the roles that restores are meant to run with; one that may restore is enough.
        """
        uses = tuple(_backup_uses(self.file_system, estate))
        yield from self._by_everyone(BACK_UP, self._of_backups(uses), in_use=bool(uses))
        if estate.hiding is not None and self._denies_some(BACK_UP):
            yield Unresolved(f"whom it denies {BACK_UP} of is not known: {estate.hiding.address}: {estate.hiding.why}")
        hidden = estate.not_listed(ListedKind.ROLE)
        if hidden is None or not self._denies_some(RESTORE):
            yield from self._by_everyone(RESTORE, self._of_restores(restore_roles), in_use=bool(restore_roles))
        else:
            unseen = Unresolved(f"whether a role that it does not deny {RESTORE} restores is not known: {hidden.why}")
            yield from self._by_everyone(RESTORE, [unseen], in_use=True)

    def _by_everyone(
        self, action: str, to_roles: Iterable[Refusal | Unresolved], *, in_use: bool
    ) -> Iterator[Refusal | Unresolved]:
        """Yield whether *action* is denied to everyone, else what is denied to the roles in use, if there are any."""
        arn, address = request_of(action, self.file_system).resource, self.file_system.address
        found = denies_everyone(self.document, action, arn, address)
        if found.answer is True:
            yield Refusal(action, _EVERYBODY, found.statement)
        elif in_use:
            yield from to_roles
        elif isinstance(found.answer, Unresolved):
            yield Unresolved(f"whether it denies {action} to everyone is not known: {found.answer.why}")

    def _of_backups(self, uses: Iterable[_RoleUse]) -> Iterator[Refusal | Unresolved]:
        """Yield what keeps a role from backing up; each one in use does work that the others don't."""
        for use in uses:
            denied = self.denies(use.role, BACK_UP)
            if isinstance(denied, Refusal) and isinstance(use.in_use, Unresolved):
                yield Unresolved(f"it denies {BACK_UP} to {denied.to} of {use.selection}: {use.in_use.why}")
            elif isinstance(denied, Refusal):
                yield replace(denied, used_by=use.selection)
            elif denied is not None:
                yield denied

    def _of_restores(self, restore_roles: Sequence[Principal]) -> Iterator[Refusal | Unresolved]:
        """Yield what keeps all restore roles from restoring into the file system."""
        answers = [self.denies(role, RESTORE) for role in islice(restore_roles, _MOST_ROLES)]
        if any(answer is None for answer in answers):
            return
        doubts = [answer for answer in answers if isinstance(answer, Unresolved)]
        denied = [answer for answer in answers if isinstance(answer, Refusal)]
        if len(restore_roles) > _MOST_ROLES:
            doubts.append(Unresolved(f"whether it denies {RESTORE} was looked at for {_MOST_ROLES} roles only"))
        yield doubts[0] if doubts else replace(denied[0], to=", ".join(refusal.to for refusal in denied))

    def _denies_some(self, action: str) -> bool:
        """Return whether some statement may deny *action*, to whomever."""
        entries = (entry for entry in self.document.statements if isinstance(entry, Statement))
        return any(entry.effect == "Deny" and covers_action(entry, action) is not False for entry in entries)

    def denies(self, role: Principal, action: str) -> Refusal | Unresolved | None:
        """Return how it denies *action* to *role*, as if all else allowed it; ``None`` if it certainly does not."""
        boundary = None if role.boundary is None else EVERYTHING
        mightiest = Identity.of(replace(role, policies=(EVERYTHING,), unread=(), boundary=boundary))
        request, resource_policy = request_of(action, self.file_system), as_resource_policy(self.policy)
        outcome = evaluate(mightiest, request, resource_policy=resource_policy).outcome
        if isinstance(outcome, Undecided):
            return Unresolved(f"whether it denies {action} to {role.label} is not known: {outcome.why}")
        if isinstance(outcome, Denied) and outcome.by is not None:
            return Refusal(action, role.label, outcome.by.statement)
        return None


def _backup_uses(file_system: FileSystem, estate: EstateIndex) -> Iterator[_RoleUse]:
    for selection, answer in selecting(file_system, estate):
        role = role_in_use(selection.role, selection.aws_place.account, estate)
        if role is not None:
            yield _RoleUse(role, answer, selection.address)
    automatic = has_automatic_backups(file_system, estate)
    if automatic is not False:
        yield _RoleUse(automatic_role(), automatic)
