"""Who can restore what in an account: certain only where there is something to restore."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.aws_server import seed
from tests.aws_server.seed import AUTOMATIC_VAULT, BACKUPS, RESTORES, Account, ago, nobody, policy, statement
from tests.aws_server.server import AwsServer
from tests.support.audits import HERE, Audit

pytestmark = pytest.mark.thorough

ACCOUNT = "123123123123"
TO_BACKUP = {"StringEquals": {"iam:PassedToService": "backup.amazonaws.com"}}


def operator(one: Account, role: str, name: str = "restore-op") -> None:
    passing = statement("Allow", "iam:PassRole", Resource=role, Condition=TO_BACKUP)
    one.user(name, policy(statement("Allow", "backup:*"), passing))


def backed_up(server: AwsServer, *managed: str, **vault: Any) -> tuple[Account, str, str]:  # noqa: ANN401  # the API's parameters
    """Make a file system with a plan into the vault ``efs``, a role and somebody who passes it; without a point."""
    one = Account(server, ACCOUNT)
    role = one.role("AWSBackup-efs", "backup", *(managed or (BACKUPS, RESTORES)))
    system = one.file_system("shared")
    one.vault("efs", **vault)
    one.plan("daily", "efs", role, system)
    operator(one, role)
    return one, system, role


def point(one: Account, system: str, status: str = "COMPLETED", vault: str = "efs", **more: Any) -> None:  # noqa: ANN401  # as above
    one.seeded(
        "recovery_point", ResourceArn=system, BackupVaultName=vault, Status=status, CreationDate=ago(hours=5), **more
    )


def sound(server: AwsServer) -> None:
    one, system, _ = backed_up(server)
    point(one, system)
    point(one, system, "EXPIRED")


def of_no_use(server: AwsServer) -> None:
    one, system, _ = backed_up(server)
    for status in ("EXPIRED", "PARTIAL", "STOPPED", "DELETING"):
        point(one, system, status)


def without_points(server: AwsServer) -> None:
    backed_up(server)


def only_automatic(server: AwsServer) -> None:
    one = Account(server, ACCOUNT)
    system = one.file_system("shared", Backup=True)
    point(one, system, vault=AUTOMATIC_VAULT)
    operator(one, one.role("AWSBackup-efs", "backup", BACKUPS, RESTORES))
    one.user("auditor", policy(statement("Allow", "backup:List*")))


def sealed(server: AwsServer) -> None:
    lift = ("backup:PutBackupVaultAccessPolicy", "backup:DeleteBackupVaultAccessPolicy")
    one, system, _ = backed_up(server)
    one.backup.put_backup_vault_access_policy(BackupVaultName="efs", Policy=nobody("backup:StartRestoreJob", *lift))
    point(one, system)


def denied_by_the_file_system(server: AwsServer) -> None:
    one, system, _ = backed_up(server)
    document = nobody("elasticfilesystem:Restore")
    one.efs.put_file_system_policy(FileSystemId=system.rpartition("/")[2], Policy=document)
    point(one, system)


def key_to_be_deleted(server: AwsServer) -> None:
    kms = server.client("kms", ACCOUNT)
    key = kms.create_key()["KeyMetadata"]
    one, system, _ = backed_up(server, EncryptionKeyArn=key["Arn"])
    point(one, system)
    kms.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=7)


def bounded(server: AwsServer) -> None:
    one, system, _ = backed_up(server)
    document = policy(statement("Allow", ["s3:*", "backup:*"]))
    made = one.iam.create_policy(PolicyName="workloads", PolicyDocument=document)["Policy"]["Arn"]
    one.iam.put_role_permissions_boundary(RoleName="AWSBackup-efs", PermissionsBoundary=made)
    point(one, system)


def backs_up_only(server: AwsServer) -> None:
    one, system, _ = backed_up(server, BACKUPS)
    point(one, system)


def no_such_role(server: AwsServer) -> None:
    one, system, _ = backed_up(server)
    point(one, system)
    for arn in (BACKUPS, RESTORES):
        one.iam.detach_role_policy(RoleName="AWSBackup-efs", PolicyArn=arn)
    one.iam.delete_role(RoleName="AWSBackup-efs")


def no_such_vault(server: AwsServer) -> None:
    one, _, _ = backed_up(server)
    one.backup.delete_backup_vault(BackupVaultName="efs")


def nobody_at_all(server: AwsServer) -> None:
    one, system, _ = backed_up(server)
    point(one, system)
    one.iam.delete_user_policy(UserName="restore-op", PolicyName="own")
    one.iam.delete_user(UserName="restore-op")


def another_role_serves(server: AwsServer) -> None:
    """The roles called so can't restore, but one that AWS Backup can assume and nobody would look for."""
    one, system, _ = backed_up(server, BACKUPS)
    point(one, system)
    one.role("workhorse", "backup", "arn:aws:iam::aws:policy/AdministratorAccess")
    one.user("admin", policy(statement("Allow", "*")))


NOBODY: dict[Callable[[AwsServer], None], tuple[str, str]] = {
    of_no_use: ("recovery point", "nothing to restore: its recovery points are all of no use: 1 DELETING, 1 EXPIRED"),
    without_points: ("recovery point", "nothing to restore: it has no recovery point"),
    only_automatic: ("vault policy", "denies it"),
    sealed: ("vault policy", "denies it"),
    denied_by_the_file_system: ("role permissions", "the file system's own policy denies elasticfilesystem:Restore"),
    key_to_be_deleted: ("key", "is disabled or waits to be deleted"),
    bounded: ("role permissions", "permissions boundary workloads does not allow it"),
    backs_up_only: ("role permissions", "AWSBackup-efs lacks elasticfilesystem:Restore"),
    no_such_role: ("role trust", "no such role in this account"),
}
"""Accounts in which nobody can restore, with the first link that breaks and what is said of it."""


def who(audit: Audit, fill: Callable[[AwsServer], None]) -> tuple[int, dict[str, Any]]:
    """Return the exit code and the one file system of the account that *fill* fills."""
    audit.server.once(fill)
    found = audit("--live", *HERE, "-o", "json", account=ACCOUNT, command="who-can-restore")
    (system,) = json.loads(found.out)["file_systems"]
    return found.code, system


@pytest.mark.parametrize("fill", NOBODY, ids=lambda fill: fill.__name__)
def test_nobody_can_restore_what_can_not_be_restored(audit: Audit, fill: Callable[[AwsServer], None]) -> None:
    link, why = NOBODY[fill]
    code, system = who(audit, fill)
    assert (code, system["somebody_can"]) == (1, False)
    (person,) = system["principals"]
    assert (person["name"], person["can_restore"], person["blocked_by"]) == ("restore-op", False, link)
    assert why in next(one["why"] for one in person["links"] if one["link"] == link)


def test_what_there_is_to_restore_is_told(audit: Audit) -> None:
    code, system = who(audit, sound)
    assert (code, system["somebody_can"], system["vaults"]) == (0, True, ["efs"])
    assert (system["recovery_points"]["restorable"], system["recovery_points"]["not_restorable"]) == (1, {"EXPIRED": 1})
    told = audit("--live", *HERE, account=ACCOUNT, command="who-can-restore").out
    assert "recovery points in: efs (1, the newest of " in told
    assert "can't be restored: 1 EXPIRED" in told


def test_only_automatic_backups_and_who_may_lift_their_deny_are_told(audit: Audit) -> None:
    _, system = who(audit, only_automatic)
    assert system["why"].startswith("there is nothing but automatic backups, and the policy of their vault denies")
    (vault,) = system["denying_vaults"]
    assert (vault["vault"], vault["for_everyone"]) == (AUTOMATIC_VAULT, True)
    lifted = [(one["name"], one["actions"], one["certain"]) for one in vault["lifted_by"]]
    assert lifted == [("restore-op", ["backup:PutBackupVaultAccessPolicy"], True)]
    told = audit("--live", *HERE, account=ACCOUNT, command="who-can-restore").out
    assert "denies restores to everyone: it may be lifted by restore-op (user)" in " ".join(told.split())


def test_a_deny_that_nobody_may_lift_is_told(audit: Audit) -> None:
    _, system = who(audit, sealed)
    assert system["denying_vaults"][0]["lifted_by"] == []
    told = " ".join(audit("--live", *HERE, account=ACCOUNT, command="who-can-restore").out.split())
    assert "vault efs denies restores to everyone: no user or role in this account may lift that" in told


def test_a_missing_role_is_named_and_every_link_has_its_reason(audit: Audit) -> None:
    _, system = who(audit, no_such_role)
    links = {one["link"]: one for one in system["principals"][0]["links"]}
    assert links["role trust"]["why"] == "no such role in this account: none lets backup.amazonaws.com assume it"
    assert [links[name]["holds"] for name in ("recovery point", "vault policy")] == [True, True]
    assert "in this configuration" not in json.dumps(system)


def test_a_missing_vault_is_named(audit: Audit) -> None:
    code, system = who(audit, no_such_vault)
    links = {one["link"]: one for one in system["principals"][0]["links"]}
    assert (code, links["vault policy"]["holds"]) == (1, False)
    assert links["vault policy"]["why"] == "no such vault in this account in us-east-1: efs"


def test_what_somebody_else_has_to_do_is_told(audit: Audit) -> None:
    def start_only(server: AwsServer) -> None:
        one, system, role = backed_up(server)
        point(one, system)
        passing = statement("Allow", "iam:PassRole", Resource=role, Condition=TO_BACKUP)
        document = policy(statement("Allow", "backup:StartRestoreJob"), passing)
        one.iam.put_user_policy(UserName="restore-op", PolicyName="own", PolicyDocument=document)

    audit.server.reset()
    start_only(audit.server)
    told = audit("--live", *HERE, account=ACCOUNT, command="who-can-restore")
    assert told.code == 0
    needs = "find the recovery point, read the recovery point's metadata, follow the job"
    lacking = f"somebody else has to {needs}: it may not (RR408)"
    assert lacking in " ".join(told.out.split())


def test_where_nobody_may_start_a_restore_nobody_can(audit: Audit) -> None:
    code, system = who(audit, nobody_at_all)
    assert (code, system["principals"], system["somebody_can"]) == (1, [], False)
    assert system["why"] == "no user, group or role in this account may start a restore"


def test_whom_a_vault_s_policy_lets_in_by_itself_is_open(audit: Audit) -> None:
    audit.server.reset()
    one, system, role = backed_up(audit.server)
    point(one, system)
    passing = statement("Allow", "iam:PassRole", Resource=role, Condition=TO_BACKUP)
    guest = one.user("guest", policy(passing))
    one.iam.delete_user_policy(UserName="restore-op", PolicyName="own")
    document = policy(statement("Allow", "backup:StartRestoreJob", Principal={"AWS": guest}))
    one.backup.put_backup_vault_access_policy(BackupVaultName="efs", Policy=document)
    found = audit("--live", *HERE, "-o", "json", account=ACCOUNT, command="who-can-restore")
    (found_system,) = json.loads(found.out)["file_systems"]
    answers = {person["name"]: person["can_restore"] for person in found_system["principals"]}
    assert (found.code, answers) == (3, {"guest": None, "restore-op": False})


def test_another_key_may_do_where_that_of_the_file_system_is_disabled(audit: Audit) -> None:
    audit.server.reset()
    kms = audit.server.client("kms", ACCOUNT)
    key = kms.create_key()["KeyMetadata"]
    one = Account(audit.server, ACCOUNT)
    role = one.role("AWSBackup-efs", "backup", BACKUPS, RESTORES)
    system = one.file_system("shared", KmsKeyId=key["Arn"])
    one.vault("efs")
    point(one, system)
    operator(one, role)
    kms.disable_key(KeyId=key["KeyId"])
    found = audit("--live", *HERE, "-o", "json", account=ACCOUNT, command="who-can-restore")
    (found_system,) = json.loads(found.out)["file_systems"]
    (person,) = found_system["principals"]
    assert (found.code, person["blocked_by"]) == (3, "key")
    assert "needs another key" in person["links"][-1]["why"]


def test_any_role_that_aws_backup_can_assume_may_serve(audit: Audit) -> None:
    code, system = who(audit, another_role_serves)
    assert code == 0
    found = {one["name"]: one for one in system["principals"]}
    assert found["admin"]["role"].endswith(":role/workhorse")
    assert found["restore-op"]["can_restore"] is False


def test_recovery_points_that_are_not_known_leave_it_open(audit: Audit) -> None:
    audit.server.once(sound)
    audit.server.faults({"kind": "deny", "operation": "ListRecoveryPointsByBackupVault"})
    found = audit("--live", *HERE, "-o", "json", account=ACCOUNT, command="who-can-restore")
    (system,) = json.loads(found.out)["file_systems"]
    assert (found.code, system["somebody_can"]) == (3, None)
    assert system["why"].startswith("its recovery points are not known")
    assert system["recovery_points"]["restorable"] is None


def test_who_else_may_restore_is_open_where_policies_could_not_be_read(audit: Audit) -> None:
    audit.server.once(nobody_at_all)
    audit.server.faults({"kind": "deny", "operation": "GetAccountAuthorizationDetails"})
    found = audit("--live", *HERE, "-o", "json", account=ACCOUNT, command="who-can-restore")
    (system,) = json.loads(found.out)["file_systems"]
    assert (found.code, system["somebody_can"]) == (3, None)


def test_copies_in_another_region_leave_open_what_is_gone_here(audit: Audit) -> None:
    def copied(server: AwsServer) -> None:
        one, system, _ = backed_up(server)
        point(one, system, "EXPIRED")
        away = Account(server, ACCOUNT, seed.SECOND_REGION)
        away.vault("dr")
        point(away, system, vault="dr")

    audit.server.reset()
    copied(audit.server)
    both = (*HERE, "--region", seed.SECOND_REGION)
    found = audit("--live", *both, "-o", "json", account=ACCOUNT, command="who-can-restore")
    (system,) = json.loads(found.out)["file_systems"]
    assert (found.code, system["somebody_can"]) == (3, None)
    (copy,) = system["copies_elsewhere"]
    assert copy.endswith(":backup-vault:dr")
    told = audit("--live", *both, account=ACCOUNT, command="who-can-restore").out
    assert "copies in other Regions, to be restored there: arn:aws:backup:eu-west-1:" in " ".join(told.split())
