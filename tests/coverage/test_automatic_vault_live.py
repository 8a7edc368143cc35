"""RR101 says that the vault of automatic backups denies restores only where it does."""

from __future__ import annotations

import json

import pytest
from tests.support.accounts import read_story

from restore_ready import Fail, Requirements, RequirementsFile, all_rules, judge

NAME = "aws/efs/automatic-backup-vault"
ABOUT = f"params: {{BackupVaultName: {NAME}}}"
STORY = f"""
now: 2026-11-20T06:00:00Z
facts:
  - fact: file_systems
    data:
      FileSystems:
        - FileSystemArn: arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-home
          FileSystemId: fs-home
  - {{fact: backup_policy, params: {{FileSystemId: fs-home}}, data: {{BackupPolicy: {{Status: ENABLED}}}}}}
  - fact: vaults
    data:
      BackupVaultList:
        - BackupVaultArn: arn:aws:backup:eu-west-1:111122223333:backup-vault:{NAME}
          BackupVaultName: {NAME}
"""
DENIES = f"the vault {NAME} denies backup:StartRestoreJob even to administrators"
OPEN = f"whether the vault {NAME} denies backup:StartRestoreJob is not known"


def said(policy: str) -> str:
    """Return what RR101 says of an account where *policy* is the fact about that vault's policy."""
    found = judge(read_story(STORY + policy), all_rules(), RequirementsFile(Requirements()))
    (verdict,) = (one.verdict for one in found if one.rule.code == "RR101")
    assert isinstance(verdict, Fail)
    return verdict.message


def denying(action: str) -> str:
    statement = {"Effect": "Deny", "Action": action, "Resource": "*", "Principal": "*"}
    return f"  - {{fact: vault_policy, {ABOUT}, data: {{Policy: {json.dumps({'Statement': [statement]})}}}}}\n"


@pytest.mark.parametrize(
    ("policy", "denies", "is_open"),
    [
        (denying("backup:StartRestoreJob"), True, False),
        (denying("backup:DeleteRecoveryPoint"), False, False),
        ("", False, False),
        (f"  - {{fact: vault_policy, {ABOUT}, unknown: AccessDeniedException}}\n", False, True),
    ],
    ids=["denied", "lifted", "no policy", "not known"],
)
def test_it_says_what_the_policy_does(policy: str, *, denies: bool, is_open: bool) -> None:
    message = said(policy)
    assert (DENIES in message, OPEN in message) == (denies, is_open)
    assert "may take 7 days" in message
