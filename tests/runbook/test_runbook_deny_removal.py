"""The policy that a vault has while a restore is started: restores are open, deletion stays denied."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.runbook_estates import deny

from restore_ready import PolicyDocument, Ref, Statement, Unresolved
from restore_ready.coverage._automatic import VAULT_POLICY
from restore_ready.iam import covers_action, denies_everyone, parse_document
from restore_ready.runbook._deny_removal import DenyRemoval, RemovalMethod, remove_deny

RESTORE = "backup:StartRestoreJob"
GUARDED = ["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"]


def lifted(tree: object) -> DenyRemoval:
    return remove_deny(parse_document(tree))


def replacement(found: DenyRemoval) -> PolicyDocument:
    assert found.policy is not None
    document = parse_document(found.policy)
    assert isinstance(document, PolicyDocument)
    return document


def denies_somebody(document: PolicyDocument, action: str) -> bool:
    found = [one for one in document.statements if isinstance(one, Statement) and one.effect == "Deny"]
    return any(covers_action(one, action) is not False for one in found)


@pytest.mark.parametrize(
    "policy",
    [
        deny(RESTORE, *GUARDED),
        deny("BACKUP:startrestorejob", *GUARDED),
        deny("backup:StartRestore*", *GUARDED),
        deny("backup:*", Resource="arn:aws:backup:*:*:recovery-point:*"),
        deny(RESTORE, *GUARDED, Principal="*"),
        deny(RESTORE, *GUARDED, Principal={"AWS": "this-account"}),
    ],
)
def test_what_is_denied_to_everyone_is_opened_for_restores_only(policy: object) -> None:
    found = lifted(policy)
    assert (found.method, found.for_everyone) == (RemovalMethod.REPLACE, True)
    document = replacement(found)
    assert not denies_somebody(document, RESTORE)
    for action in GUARDED:
        assert denies_everyone(document, action).answer is True, action


def test_the_automatic_vault_keeps_all_else() -> None:
    document = replacement(remove_deny(VAULT_POLICY))
    (statement,) = document.statements
    assert isinstance(statement, Statement)
    (before,) = VAULT_POLICY.statements
    assert isinstance(before, Statement)
    assert isinstance(before.actions, tuple)
    assert statement.actions == tuple(one for one in before.actions if one != RESTORE)
    assert statement.principals == before.principals


def test_not_action_is_written_out() -> None:
    policy = deny()
    (statement,) = policy["Statement"]
    del statement["Action"]
    statement["NotAction"] = ["backup:PutBackupVaultAccessPolicy", "backup:GetBackupVaultAccessPolicy"]
    document = replacement(lifted(policy))
    assert not denies_somebody(document, RESTORE)
    assert not denies_somebody(document, "backup:PutBackupVaultAccessPolicy")
    assert denies_everyone(document, "backup:DeleteRecoveryPoint").answer is True


def test_other_statements_stay_word_for_word() -> None:
    copies = {
        "Sid": "Copies",
        "Effect": "Allow",
        "Principal": "*",
        "Action": ["backup:CopyIntoBackupVault"],
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:PrincipalOrgID": ["o-1"]}},
    }
    policy = deny(RESTORE, *GUARDED)
    policy["Statement"].append(copies)
    found = lifted(policy).policy
    assert found is not None
    assert found["Statement"][1] == copies


def test_an_allow_for_everyone_is_narrowed_to_the_account() -> None:
    policy = deny(RESTORE, *GUARDED)
    policy["Statement"].append({"Effect": "Allow", "Principal": "*", "Action": RESTORE, "Resource": "*"})
    found = lifted(policy).policy
    assert found is not None
    assert found["Statement"][1]["Principal"] == {"AWS": "arn:aws:iam::this-account:root"}


def test_nothing_else_denied_leaves_an_allow_for_the_account() -> None:
    found = lifted(deny(RESTORE)).policy
    assert found is not None
    (statement,) = found["Statement"]
    assert statement["Effect"] == "Allow"
    assert statement["Principal"] == {"AWS": "arn:aws:iam::this-account:root"}


def test_an_exemption_is_told_apart() -> None:
    exempt: dict[str, Any] = {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/restorer"}}
    found = lifted(deny(RESTORE, *GUARDED, Condition=exempt))
    assert (found.method, found.for_everyone) == (RemovalMethod.REPLACE, False)
    assert not denies_somebody(replacement(found), RESTORE)


@pytest.mark.parametrize(
    ("policy", "method"),
    [
        (deny(*GUARDED), RemovalMethod.NOTHING),
        (deny(RESTORE, "backup:PutBackupVaultAccessPolicy"), RemovalMethod.REPLACE_AFTER_DELETING),
        (deny("backup:*"), RemovalMethod.LOCKED),
        (Unresolved("it is in a file"), RemovalMethod.EDIT_LIVE),
        (deny(RESTORE, *GUARDED, Principal={"AWS": Ref("aws_iam_role.r", "arn")}), RemovalMethod.EDIT_LIVE),
        (deny(*GUARDED, RESTORE, Resource=[]), RemovalMethod.REPLACE),
    ],
)
def test_the_way_depends_on_what_the_policy_lets_be_changed(policy: object, method: RemovalMethod) -> None:
    assert lifted(policy).method is method
