"""What the ``iam:PassRole`` statements of a caller name: roles in sight, roles that do not exist, patterns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct

from restore_ready.access._constants import RESTORE
from restore_ready.access._pass_role_reach import reaches
from restore_ready.access._role_permissions import may_do
from restore_ready.access._statements import trusts_backup
from restore_ready.index import EstateIndex, Missing, OutOfSight, account_of_role, arn_account
from restore_ready.model import Known, PlaceName, Principal, Statement, Str, Unresolved, same_name, show
from restore_ready.model._why_open import NOT_HERE

_WILDCARDS: Final = frozenset("*?$")


class PassTarget(Struct, frozen=True):
    """What a PassRole statement names.

    Attributes:
        named: as it is written.
        role: the role, or what is known of it; ``None`` where a pattern is named.
    """

    named: Str
    role: Principal | Missing | Unresolved | OutOfSight | None = None

    @property
    def label(self) -> str:
        """What it is called in messages."""
        return self.role.label if isinstance(self.role, Principal) else show(self.named)

    @property
    def is_any_role(self) -> bool:
        """Whether it takes in every role."""
        return isinstance(self.named, str) and (self.named == "*" or self.named.endswith(":role/*"))

    def foreign_to(self, own: PlaceName) -> str:
        """Return the account of the role if that certainly is another than the caller's, else an empty string."""
        account = account_of_role(self.role) if isinstance(self.role, Principal) else arn_account(self.named)
        return str(account) if account is not None and same_name(account, own) is False else ""


def pass_targets(passing: Iterable[Statement], account: PlaceName, estate: EstateIndex) -> tuple[PassTarget, ...]:
    """Return what the statements *passing* of a caller of *account* name."""
    return tuple(target for statement in passing for target in _targets(statement, account, estate))


def _targets(statement: Statement, account: PlaceName, estate: EstateIndex) -> Iterator[PassTarget]:
    resources: Known[tuple[Str, ...]] = statement.resources
    if isinstance(resources, Unresolved):
        yield PassTarget(resources, resources)
    elif statement.not_resources:
        yield PassTarget("*")
    else:
        for entry in resources:
            is_pattern = isinstance(entry, str) and bool(_WILDCARDS & set(entry))
            yield PassTarget(entry, None if is_pattern else estate.sight.role(entry, account))


def why_unseen(targets: Sequence[PassTarget], estate: EstateIndex, *, patterns_count: bool) -> str:
    """Return why it is not known what one of *targets* means; empty where all is known.

    Args:
        targets: what is named.
        estate: whose roles are known.
        patterns_count: whether a pattern may mean a role that nobody sees.
    """
    hidden = patterns_count and not estate.sight.has_all_roles
    for target in targets:
        if isinstance(target.role, (OutOfSight, Unresolved)):
            return target.role.why
        if target.role is None and hidden:
            reason = estate.sight.hidden_roles
            return f"the role {NOT_HERE.said(what=target.label, here=estate.here)}" if reason is None else reason.why
    return ""


def may_serve(targets: Iterable[PassTarget], passing: Sequence[Statement], estate: EstateIndex) -> Iterator[Principal]:
    """Yield the roles that one of *targets* names, or a pattern takes in, and with which AWS Backup may restore."""
    patterns = False
    for target in targets:
        if isinstance(target.role, Principal) and trusts_backup(target.role) is not False:
            yield target.role
        patterns = patterns or target.role is None
    for role in estate.roles() if patterns else ():
        taken_in = trusts_backup(role) is not False and any(
            reaches(statement, role) is not False for statement in passing
        )
        if taken_in and may_do(role, RESTORE, estate) is not False:
            yield role
