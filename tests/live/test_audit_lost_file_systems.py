"""A file system that is gone, out of reach or of others is found by its recovery points, in every use of an audit."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.aws_server.seed import BACKUPS, RESTORES, Account, ago, policy, statement
from tests.aws_server.server import ACCOUNT, AwsServer
from tests.support.audits import HERE, Audit

pytestmark = pytest.mark.thorough

COPIES_IN = "eu-west-1"
THERE = ("--region", COPIES_IN)
OWNER = "222222222222"


def operator(one: Account) -> None:
    """Put a role that restores and somebody who may pass it."""
    role = one.role("AWSBackup-efs", "backup", BACKUPS, RESTORES)
    passing = {"StringEquals": {"iam:PassedToService": "backup.amazonaws.com"}}
    restore = statement("Allow", "backup:*")
    one.user("restore-op", policy(restore, statement("Allow", "iam:PassRole", Resource=role, Condition=passing)))


def copied(server: AwsServer) -> None:
    """Put a file system with a recovery point and its copy in another Region."""
    one, two = Account(server, ACCOUNT), Account(server, ACCOUNT, COPIES_IN)
    operator(one)
    system = one.file_system("wiki")
    one.vault("efs")
    one.seeded("recovery_point", ResourceArn=system, BackupVaultName="efs", CreationDate=ago(hours=9))
    two.vault("dr")
    two.seeded("recovery_point", ResourceArn=system, BackupVaultName="dr", CreationDate=ago(hours=8))


def deleted(server: AwsServer) -> None:
    copied(server)
    client = server.client("efs", ACCOUNT)
    (system,) = client.describe_file_systems()["FileSystems"]
    client.delete_file_system(FileSystemId=system["FileSystemId"])


def central(server: AwsServer) -> None:
    """Put a recovery point of another account's file system."""
    one = Account(server, ACCOUNT)
    operator(one)
    system = Account(server, OWNER).file_system("wiki")
    one.vault("central")
    one.seeded("recovery_point", ResourceArn=system, BackupVaultName="central", CreationDate=ago(hours=9))


def usable(audit: Audit, *regions: str) -> bool:
    """Tell whether who-can-restore finds somebody and the runbook its file system, by its name."""
    who = audit("--live", *regions, command="who-can-restore")
    book = audit("wiki", "--live", *regions, "-o", "book.md", command="runbook")
    return (who.code, book.code) == (0, 0) and "(wiki): somebody can restore it" in who.out


def test_one_that_was_deleted_is_a_finding_that_says_who_and_until_when(audit: Audit) -> None:
    audit.server.once(deleted)
    (found,) = audit(*HERE).report["findings"]
    assert found["code"] == "RR611"
    assert "restore-op can restore it" in found["message"]
    assert "kept for ever" in found["message"]
    assert usable(audit, *HERE)


def test_of_many_restore_roles_nobody_is_not_said_before_all_were_asked_about(audit: Audit) -> None:
    def many_roles(server: AwsServer) -> None:
        one = Account(server, ACCOUNT)
        for number in range(12):
            one.role(f"AWSBackup-{number:02}", "backup", BACKUPS, RESTORES)
        deleted(server)

    audit.server.once(many_roles)
    message = next(found["message"] for found in audit(*HERE).report["findings"] if found["code"] == "RR611")
    assert "restore-op can restore it" in message
    assert "nobody" not in message


@pytest.mark.parametrize(("fill", "regions", "why"), [(copied, THERE, "was not read"), (central, HERE, OWNER)])
def test_one_that_may_exist_elsewhere_is_not_judged_and_can_be_restored(
    audit: Audit, fill: Callable[[AwsServer], None], regions: tuple[str, ...], why: str
) -> None:
    audit.server.once(fill)
    found = audit(*regions)
    assert found.report["findings"] == []
    (told,) = found.report["not_judged"]
    assert told["code"] == "RR611"
    assert why in told["reason"]
    assert usable(audit, *regions)


def test_one_whose_region_is_down_is_found_by_its_copies(audit: Audit) -> None:
    audit.server.once(copied)
    down = {"kind": "region_disabled", "region": "us-east-1"}
    audit.server.faults({**down, "service": "backup"}, {**down, "service": "efs"})
    found = audit(*HERE, *THERE)
    assert found.code == 3
    assert "could not be read" in found.reasons
    who = audit("--live", *HERE, *THERE, command="who-can-restore")
    assert "(wiki): somebody can restore it" in who.out
    audit("wiki", "--live", *HERE, *THERE, "-o", "book.md", command="runbook")
    assert COPIES_IN in (audit.folder / "book.md").read_text()


def test_one_that_is_there_is_not_lost_where_its_copies_are(audit: Audit) -> None:
    audit.server.once(copied)
    found = audit(*HERE, *THERE)
    told = {one["code"] for one in (*found.report["findings"], *found.report["not_judged"])}
    assert "RR611" not in told


def shared(server: AwsServer) -> None:
    """Put a file system that is gone, whose recovery point lies in a vault that another account shares."""
    one = Account(server, ACCOUNT)
    operator(one)
    one.vault("efs")
    system = one.file_system("wiki")
    Account(server, OWNER).vault("gapped")
    Account(server, OWNER).seeded("recovery_point", ResourceArn=system, BackupVaultName="gapped")
    one.seeded("shared_vault", AccountId=OWNER, BackupVaultName="gapped")
    one.efs.delete_file_system(FileSystemId=system.rpartition("/")[2])


def test_one_in_a_vault_that_another_account_shares_is_found(audit: Audit) -> None:
    audit.server.once(shared)
    (found,) = audit(*HERE).report["findings"]
    assert found["code"] == "RR611"
    assert "perhaps restore-op can restore it" in found["message"]
