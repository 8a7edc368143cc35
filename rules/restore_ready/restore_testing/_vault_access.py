"""Whether the policies of the vaults that restore tests take recovery points from let them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from restore_ready.access._constants import START_RESTORE
from restore_ready.iam import EVERY_RECOVERY_POINT, Request, denies_everyone, statement_applies
from restore_ready.index import EstateIndex
from restore_ready.model import (
    THIS_ACCOUNT,
    FileSystem,
    Focus,
    Known,
    PolicyDocument,
    Ref,
    RestoreTestPlan,
    Str,
    Text,
    Truth,
    Unresolved,
    VaultPolicy,
    doubt,
    statement_focus,
)
from restore_ready.restore_testing._selections import takes_from
from restore_ready.restore_testing._settings import Fault, Finding
from restore_ready.vaults._destinations import destinations

TESTER: Final = "AWSServiceRoleForBackupRestoreTesting"
"""The service-linked role as which AWS Backup starts restore tests."""

_TESTER_ARN: Final = f"arn:aws:iam::{THIS_ACCOUNT}:role/aws-service-role/restore-testing.backup.amazonaws.com/{TESTER}"
_CALL: Final = Request(
    START_RESTORE,
    EVERY_RECOVERY_POINT,
    context={
        "aws:principalaccount": (THIS_ACCOUNT,),
        "aws:principalarn": (_TESTER_ARN,),
        "aws:principalisawsservice": ("false",),
        "aws:securetransport": ("true",),
    },
)


def denied_by_vault(plan: RestoreTestPlan, restored: Iterable[FileSystem], estate: EstateIndex) -> Iterator[Finding]:
    """Yield the faults of a plan that takes recovery points from a vault whose policy denies the restore to tests.

    AWS Backup starts them as its service-linked role. AWS documents no exemption of that from a vault's policy.
    """
    for vault in _tested_vaults(plan, restored, estate):
        for policy in estate.policies_of_vaults.of(vault):
            denied, statement = _denied(policy.document)
            if isinstance(denied, Unresolved):
                yield Unresolved(f"whether {policy.address} denies {START_RESTORE} to tests is not known: {denied.why}")
            elif denied and (why := doubt(policy)):
                yield Unresolved(f"statement {statement} of {policy.address} may deny {START_RESTORE} to tests: {why}")
            elif denied:
                yield Fault(
                    f"statement {statement} of {policy.address} denies {START_RESTORE} to tests too, which "
                    f"AWS Backup starts as {TESTER}: they can be expected to fail",
                    fix=f"Exempt it by ArnNotLike on aws:PrincipalArn: {_TESTER_ARN.replace(THIS_ACCOUNT, '*')}",
                    focus=_denied_at(policy, statement),
                )


def _denied_at(policy: VaultPolicy, statement: str) -> Focus | None:
    document = policy.document
    return statement_focus(policy.places, document, statement) if isinstance(document, PolicyDocument) else None


def denies_tests(vault: str, estate: EstateIndex) -> bool:
    """Return whether the policy of a vault, given by what identifies it, certainly denies the restore to tests."""
    policies = estate.policies_of_vaults.of(vault)
    return any(_denied(policy.document)[0] is True and not doubt(policy) for policy in policies)


def _tested_vaults(plan: RestoreTestPlan, restored: Iterable[FileSystem], estate: EstateIndex) -> list[str]:
    """Return the vaults that *plan* names one by one, and those where it finds the backups of file systems."""
    named = plan.include_vaults if isinstance(plan.include_vaults, tuple) else ()
    vaults, listed = estate.vault_keys, (_vault_in(entry) for entry in named if not _is_pattern(entry))
    keys = [vaults.key(entry, plan.aws_place, here=True) for entry in listed]
    for file_system in restored:
        keys += [laid.vault for laid in destinations(file_system, estate).certain if not laid.is_copy]
    known = dict.fromkeys(key for key in keys if isinstance(key, str))
    return [key for key in known if takes_from(plan, key, estate) is True]


def _vault_in(entry: Str) -> Str:
    last = entry.parts[-1] if isinstance(entry, Text) else entry
    return last if isinstance(last, Ref) else entry


def _is_pattern(entry: Str) -> bool:
    return isinstance(entry, str) and ("*" in entry or "?" in entry)


def _denied(document: Known[PolicyDocument]) -> tuple[Truth, str]:
    """Return whether a vault's policy denies the start of a restore to restore tests, and by which statement."""
    if isinstance(document, Unresolved):
        return document, ""
    everyone = denies_everyone(document, START_RESTORE)
    if everyone.answer is not False:
        return everyone.answer, everyone.statement
    unknown: Unresolved | None = None
    for entry in document.statements:
        if isinstance(entry, Unresolved) or entry.effect != "Deny":
            continue
        answer = statement_applies(entry, _CALL, principal=_TESTER_ARN)
        if answer is True:
            return True, entry.sid or str(entry.index)
        unknown = answer if isinstance(answer, Unresolved) and unknown is None else unknown
    return False if unknown is None else unknown, ""
