"""Runbooks followed, with faults in between: the vault's Deny stands, or the runbook has said that it does not."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from uuid import uuid4

import pytest
from tests.aws_server.seed import BACKUPS, RESTORES, Account, nobody, policy, statement
from tests.aws_server.server import AwsServer
from tests.support.nights import (
    AROUND,
    CLOSE,
    FIND,
    LIFT,
    NEW,
    RESTORE,
    SAME,
    SETUP,
    START,
    WAIT,
    Night,
    backed_up,
    quick_tools,
    runbook_text,
)

ACCOUNT = "200000000012"
GUARDED = nobody(RESTORE, "backup:DeleteRecoveryPoint")


def fill(server: AwsServer) -> Account:
    """Fill an account with a file system, a plan into a vault that denies restores, and somebody on call."""
    one = Account(server, ACCOUNT)
    role = one.role("AWSBackup-efs", "backup", BACKUPS, RESTORES)
    system = one.file_system("shared")
    one.vault("efs", GUARDED)
    one.plan("daily", "efs", role, system)
    backed_up(one, system, "efs", role)
    passing = {"StringEquals": {"iam:PassedToService": "backup.amazonaws.com"}}
    one.user(
        "oncall",
        policy(statement("Allow", "backup:*"), statement("Allow", "iam:PassRole", Resource=role, Condition=passing)),
    )
    return one


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with the command ``aws``."""
    folder, process = quick_tools(tmp_path_factory.mktemp("tools"))
    yield folder
    process.kill()
    process.wait()


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("homes")


def prepared(aws: AwsServer, homes: Path, tools: Path, *titles: str) -> tuple[Account, Night]:
    """Return an account and a night on which these steps have run: run once, put back from then on."""
    kept = homes / "-".join(titles)

    def carry_out(server: AwsServer) -> tuple[Account, str]:
        one = fill(server)
        kept.mkdir()
        text = runbook_text(server, homes, "shared", ACCOUNT)
        Night(server, kept, text, ACCOUNT, tools).follow(*titles)
        return one, text

    carry_out.__qualname__ = f"nights {'-'.join(titles)}"
    one, text = aws.once(carry_out)
    home = homes / str(uuid4()) / "home dir"
    shutil.copytree(kept, home)
    return one, Night(aws, home, text, ACCOUNT, tools)


@pytest.fixture
def setting(aws_process: AwsServer, homes: Path, tools: Path) -> tuple[Account, Night]:
    return prepared(aws_process, homes, tools, SETUP)


@pytest.fixture
def one(setting: tuple[Account, Night]) -> Account:
    """The account."""
    return setting[0]


@pytest.fixture
def night(setting: tuple[Account, Night]) -> Night:
    """A night on which all is set up."""
    return setting[1]


@pytest.fixture
def lifted(aws_process: AwsServer, homes: Path, tools: Path) -> Night:
    """A night on which the vault stands open."""
    return prepared(aws_process, homes, tools, SETUP, FIND, LIFT)[1]


def test_all_goes_well_and_every_step_has_a_shell_of_its_own(night: Night) -> None:
    before = night.policy("efs")
    night.follow(FIND, LIFT)
    assert not night.denies("efs")
    assert night.policy("efs")["Statement"][0]["Action"] == ["backup:DeleteRecoveryPoint"]
    night.follow(SAME, START)
    said = night.follow(WAIT)
    assert "Closed: the policy of vault efs is back as it was." in said
    assert night.policy("efs") == before


@pytest.mark.thorough
def test_a_new_shell_at_each_step_and_the_next_day(night: Night) -> None:
    before = night.policy("efs")
    night.follow(FIND, LIFT)
    saved = night.folder() / "vaults/efs/before.json"
    first = saved.read_text()
    said = night.follow(SETUP, FIND, LIFT)
    assert "stands open already" in said
    assert "MIND: vault efs stands OPEN" in said
    assert saved.read_text() == first
    code, said = night.run(CLOSE, under="sh")
    assert (code, "back as it was" in said) == (0, True)
    assert night.policy("efs") == before
    assert "as it was before" in night.follow(CLOSE)


@pytest.mark.thorough
def test_another_account_or_region_is_not_touched(night: Night, one: Account) -> None:
    other = Account(one.server, "200000000099")
    other.vault("efs", GUARDED)
    abroad = Account(one.server, ACCOUNT, "eu-west-1")
    abroad.vault("efs", GUARDED)
    code, said = night.run(SETUP, account=other.account)
    assert code == 1
    assert "STOP: these credentials are of account 200000000099, this runbook is for 200000000012" in said
    assert "your shell says eu-west-1" in night.run(SETUP, region="eu-west-1")[1]
    night.follow(FIND)
    for step in (LIFT, CLOSE):
        code, said = night.run(step, account=other.account)
        assert (code, "STOP: these credentials are of account" in said) == (1, True)
    assert night.run(LIFT, region="eu-west-1")[0] == 0
    assert not night.denies("efs")
    for place in (other, abroad):
        client = place.backup.get_backup_vault_access_policy(BackupVaultName="efs")
        assert client["Policy"] == GUARDED


@pytest.mark.thorough
def test_a_step_that_has_not_run_stops_the_next(night: Night) -> None:
    shutil.rmtree(night.folder())
    for step in (FIND, LIFT, START, CLOSE):
        code, said = night.run(step)
        assert (code, 'STOP: run "Set up" first' in said) == (1, True)
    night.follow(SETUP)
    for step in (LIFT, SAME, START, WAIT, AROUND):
        code, said = night.run(step)
        assert (code, "has not run to its end" in said) == (1, True)
    assert night.denies("efs")
    assert "Vault efs denies restores. Nothing was lifted here" in night.follow(CLOSE)


@pytest.mark.thorough
def test_no_recovery_point_from_before_the_damage(night: Night) -> None:
    night.good_at = "2020-01-01T00:00:00+09:00"
    code, said = night.run(FIND)
    assert (code, "STOP: no recovery point of" in said) == (1, True)
    assert night.run(LIFT)[0] == 1
    night.good_at = "yesterday"
    assert "GOOD_AT is no time with an offset" in night.run(FIND)[1]
    assert night.denies("efs")


@pytest.mark.thorough
def test_a_backup_that_was_running_when_the_damage_came_is_not_taken(night: Night, one: Account) -> None:
    newer = backed_up(one, one.made["shared"], "efs", one.made["AWSBackup-efs"], hours=2)
    stamps = one.backup.describe_recovery_point(BackupVaultName="efs", RecoveryPointArn=newer)
    begun, finished = stamps["CreationDate"].timestamp(), stamps["CompletionDate"].timestamp()
    for moment, taken in (((begun + finished) / 2, False), (finished + 60, True)):
        night.good_at = local_time(moment)
        assert (f"Chosen: {newer}" in night.follow(FIND)) is taken


def local_time(moment: float) -> str:
    zone = timezone(timedelta(hours=9))
    return datetime.fromtimestamp(moment, zone).isoformat(timespec="seconds")


@pytest.mark.thorough
def test_of_two_vaults_that_deny_the_one_with_the_point_is_lifted_and_each_is_closed(
    night: Night, one: Account, tmp_path: Path
) -> None:
    one.vault("second", GUARDED)
    newer = backed_up(one, one.made["shared"], "second", one.made["AWSBackup-efs"], hours=3)
    night.text = runbook_text(one.server, tmp_path, "shared", ACCOUNT)
    night.follow(SETUP)
    assert f"Chosen: {newer}" in night.follow(FIND)
    night.follow(LIFT)
    assert (night.denies("efs"), night.denies("second")) == (True, False)
    night.good_at = local_time((datetime.now(timezone.utc) - timedelta(hours=4)).timestamp())
    said = night.follow(FIND, LIFT)
    assert "vault second stands OPEN" in said
    assert not night.denies("efs")
    said = night.follow(CLOSE)
    assert said.count("back as it was") == 2
    assert night.denies("efs")
    assert night.denies("second")


REFUSALS = {
    "Insufficient privileges to perform this action.": "Run step 2, then this step",
    "User: x is not authorized to perform: iam:PassRole": "you may not pass the role",
    "User: x is not authorized to perform: backup:StartRestoreJob": "your own policies lack",
    "ExpiredToken: it is expired": "log in again",
}
"""What AWS says, and what the runbook says to that."""


@pytest.mark.thorough
def test_a_start_that_fails_names_the_next_step(lifted: Night) -> None:
    night = lifted
    night.follow(SAME)
    for message, told in REFUSALS.items():
        code = "ExpiredTokenException" if "Expired" in message else "AccessDeniedException"
        refused = {"kind": "error", "operation": "StartRestoreJob", "code": code, "message": message, "status": 403}
        night.server.faults(refused)
        left, said = night.run(START)
        assert (left, "STOP: the restore was not started." in said) == (1, True)
        assert told in said
        assert "MIND: vault efs stands OPEN" in said
    night.server.faults()
    assert night.run(WAIT)[0] == 1
    night.follow(CLOSE)
    assert night.denies("efs")


@pytest.mark.thorough
def test_waiting_ends(lifted: Night) -> None:
    night = lifted
    one = Account(night.server, ACCOUNT)
    night.follow(SAME, START)
    job = (night.folder() / "job").read_text().strip()
    night.server.faults({"kind": "error", "operation": "DescribeRestoreJob", "code": "InternalFailure", "status": 500})
    code, said = night.run(WAIT)
    assert (code, "STOP: AWS did not answer 5 times" in said) == (1, True)
    night.server.faults()
    running = one.seeded("restore_job", RecoveryPointArn="arn:x", Status="RUNNING", PercentDone="7.00%")
    (night.folder() / "job").write_text(running["RestoreJobId"])
    code, said = night.run(WAIT)
    assert (code, "STOP: not finished after 7 minutes" in said) == (1, True)
    failed = one.seeded("restore_job", RecoveryPointArn="arn:x", Status="FAILED", StatusMessage="no key")
    (night.folder() / "job").write_text(failed["RestoreJobId"])
    code, said = night.run(WAIT)
    assert (code, "no key" in said, "ended as FAILED" in said) == (1, True, True)
    assert "MIND: vault efs stands OPEN" in said
    (night.folder() / "job").write_text(job)
    assert "back as it was" in night.follow(WAIT)


@pytest.mark.thorough
def test_killed_half_way(night: Night) -> None:
    before = night.policy("efs")
    night.follow(FIND)
    night.server.faults({"kind": "slow", "operation": "PutBackupVaultAccessPolicy", "seconds": 2})
    night.kill(LIFT, when="vaults/efs/open")
    night.server.faults()
    code, said = night.run(WAIT)
    assert (code, "MIND: vault efs may stand OPEN" in said) == (1, True)
    time.sleep(2)  # what was sent before the kill arrives
    night.follow(LIFT, SAME)
    night.server.faults({"kind": "slow", "operation": "StartRestoreJob", "seconds": 2})
    night.kill(START, when="job.part")
    night.server.faults()
    code, said = night.run(WAIT)
    assert (code, "MIND: vault efs stands OPEN" in said) == (1, True)
    night.follow(CLOSE)
    assert night.policy("efs") == before


@pytest.mark.thorough
def test_a_policy_that_cannot_be_read_or_replaced_stays(night: Night) -> None:
    night.follow(FIND)
    for operation in ("GetBackupVaultAccessPolicy", "PutBackupVaultAccessPolicy"):
        refused = {"kind": "error", "operation": operation, "code": "AccessDeniedException", "message": "no"}
        night.server.faults(refused)
        code, said = night.run(LIFT)
        assert (code, "STOP:" in said, "OPEN" in said) == (1, True, False)
        night.server.faults()
        assert night.denies("efs")
    night.follow(LIFT)
    night.server.faults({"kind": "error", "operation": "PutBackupVaultAccessPolicy", "code": "X", "message": "no"})
    code, said = night.run(CLOSE)
    assert (code, "NOT CLOSED" in said, "MIND: vault efs stands OPEN" in said) == (1, True, True)
    night.server.faults()
    night.follow(CLOSE)
    assert night.denies("efs")


@pytest.mark.thorough
def test_a_vault_that_was_lifted_on_another_machine(night: Night, tmp_path: Path) -> None:
    before = night.policy("efs")
    night.follow(FIND, LIFT)
    night.home = tmp_path / "another"
    night.home.mkdir()
    night.follow(SETUP)
    code, said = night.run(CLOSE)
    assert (code, "OPEN: vault efs does not deny restores, and no policy of it was saved" in said) == (1, True)
    code, said = night.run(CLOSE, at=1)
    assert (code, "back as it was" in said) == (0, True)
    assert night.policy("efs") == before


@pytest.mark.thorough
def test_a_file_system_that_is_gone_comes_back_with_what_it_had(night: Night, one: Account) -> None:
    system = one.made["shared"].rpartition("/")[2]
    subnet, group = "subnet-0aaaaaaaaaaaaaaaa", "sg-0aaaaaaaaaaaaaaaa"
    network = {"VpcId": "vpc-0aaaaaaaaaaaaaaaa", "SubnetIds": [subnet], "SecurityGroupIds": [group]}
    one.server.seed("network", network, ACCOUNT)
    one.efs.create_mount_target(FileSystemId=system, SubnetId=subnet, SecurityGroups=[group])
    directory = {"Path": "/app", "CreationInfo": {"OwnerUid": 7, "OwnerGid": 7, "Permissions": "700"}}
    point = one.efs.create_access_point(ClientToken="a", FileSystemId=system, RootDirectory=directory)
    one.efs.put_backup_policy(FileSystemId=system, BackupPolicy={"Status": "ENABLED"})
    guard = policy(statement("Deny", "elasticfilesystem:ClientMount", Principal="*", Resource=one.made["shared"]))
    one.efs.put_file_system_policy(FileSystemId=system, Policy=guard)
    one.efs.put_lifecycle_configuration(FileSystemId=system, LifecyclePolicies=[{"TransitionToIA": "AFTER_30_DAYS"}])
    one.function("restore-mover", one.role("mover", "lambda"), point["AccessPointArn"], 900)
    night.text = runbook_text(one.server, night.home.parent, "shared", ACCOUNT)
    for target in one.efs.describe_mount_targets(FileSystemId=system)["MountTargets"]:
        one.efs.delete_mount_target(MountTargetId=target["MountTargetId"])
    one.efs.delete_access_point(AccessPointId=point["AccessPointId"])
    one.efs.delete_file_system(FileSystemId=system)

    said = night.follow(SETUP, FIND, LIFT, NEW, START, WAIT, AROUND, "With Lambda function")

    new = (night.folder() / "restored").read_text().strip()
    assert new != system
    assert "NOT" not in said.replace("FileSystemNotFound", "")
    assert one.efs.describe_backup_policy(FileSystemId=new)["BackupPolicy"]["Status"] == "ENABLED"
    assert new in one.efs.describe_file_system_policy(FileSystemId=new)["Policy"]
    (target,) = one.efs.describe_mount_targets(FileSystemId=new)["MountTargets"]
    groups = one.efs.describe_mount_target_security_groups(MountTargetId=target["MountTargetId"])
    assert (target["SubnetId"], groups["SecurityGroups"]) == (subnet, [group])
    (made,) = one.efs.describe_access_points(FileSystemId=new)["AccessPoints"]
    assert made["RootDirectory"] == directory
    lifecycle = one.efs.describe_lifecycle_configuration(FileSystemId=new)["LifecyclePolicies"]
    assert lifecycle == [{"TransitionToIA": "AFTER_30_DAYS"}]
    mover = one.server.client("lambda", ACCOUNT).get_function_configuration(FunctionName="restore-mover")
    assert [mount["Arn"] for mount in mover["FileSystemConfigs"]] == [made["AccessPointArn"]]
    back = Night(one.server, night.home, night.text.replace("point_mover ", "point_mover_back "), ACCOUNT, night.tools)
    assert point["AccessPointArn"] in back.follow("With Lambda function")
    assert night.denies("efs")
    assert "there already: access point" in night.follow(AROUND)
    assert night.run(AROUND, at=1)[0] == 0
    plan = one.backup.list_backup_plans()["BackupPlansList"][0]["BackupPlanId"]
    selections = one.backup.list_backup_selections(BackupPlanId=plan)["BackupSelectionsList"]
    assert f"restored-{new}" in {selection["SelectionName"] for selection in selections}


@pytest.mark.thorough
def test_what_is_not_known_of_the_old_one_is_on_and_said(night: Night, one: Account) -> None:
    one.efs.delete_file_system(FileSystemId=one.made["shared"].rpartition("/")[2])
    night.text = runbook_text(one.server, night.home.parent, one.made["shared"], ACCOUNT)
    assert SAME not in night.text
    night.follow(SETUP, FIND, LIFT, NEW, START, WAIT)
    code, said = night.run(AROUND)
    assert (code, "STOP: not all that the old one had was made" in said) == (1, True)
    assert "NOT KNOWN of the old one, so not made: mount targets and their security groups" in said
    new = (night.folder() / "restored").read_text().strip()
    assert one.efs.describe_backup_policy(FileSystemId=new)["BackupPolicy"]["Status"] == "ENABLED"
    assert night.denies("efs")


@pytest.mark.thorough
def test_a_copy_comes_back_from_another_region(night: Night, one: Account) -> None:
    abroad = Account(one.server, ACCOUNT, "eu-west-1")
    abroad.vault("dr")
    backed_up(abroad, one.made["shared"], "dr", one.made["AWSBackup-efs"], hours=30)
    night.text = runbook_text(one.server, night.home.parent, "shared", ACCOUNT, "us-east-1", "eu-west-1")
    night.good_at = local_time((datetime.now(timezone.utc) - timedelta(hours=20)).timestamp())
    night.follow(SETUP)
    assert "look for copies in another Region or account" in night.run(FIND)[1]
    said = night.follow("Copy back from `arn:aws:backup:eu-west-1", LIFT)
    assert "in vault efs" in said
    assert "Restored into" in night.follow(SAME, START, WAIT)
    assert night.denies("efs")


@pytest.mark.thorough
def test_points_in_a_central_account_go_back_to_the_owner(one: Account, tmp_path: Path, tools: Path) -> None:
    central = Account(one.server, "200000000027")
    role = central.role("AWSBackup-central", "backup", BACKUPS, RESTORES)
    central.vault("central", nobody(RESTORE, "backup:StartCopyJob", "backup:DeleteRecoveryPoint"))
    backed_up(central, one.made["shared"], "central", role)
    one.vault("home")
    night = Night(one.server, tmp_path, "", central.account, tools)
    night.text = runbook_text(one.server, tmp_path, one.made["shared"], central.account)
    night.text = night.text.replace("DESTINATION_VAULT='FILL_IN'", "DESTINATION_VAULT='home'")
    before = night.policy("central")
    night.follow(SETUP, FIND)
    night.server.faults({"kind": "error", "operation": "StartCopyJob", "code": "X", "message": "no"})
    code, said = night.run(f"Back to account `{ACCOUNT}`")
    assert (code, "STOP: the copy was not started." in said, "central stands OPEN" in said) == (1, True, True)
    night.server.faults()
    night.follow(LIFT)
    assert night.policy("central")["Statement"][0]["Action"] == ["backup:DeleteRecoveryPoint"]
    night.follow(CLOSE)
    assert night.policy("central") == before
    said = night.follow(f"Back to account `{ACCOUNT}`")
    assert "backup:StartCopyJob is not denied any more" in said
    assert night.policy("central") == before
    held = one.backup.list_recovery_points_by_backup_vault(BackupVaultName="home")["RecoveryPoints"]
    assert [point["ResourceArn"] for point in held] == [one.made["shared"]]
    night.follow(LIFT, NEW, START, WAIT)
    assert night.policy("central") == before


@pytest.mark.thorough
def test_a_policy_that_denies_its_replacement_is_deleted_first(night: Night, one: Account) -> None:
    hard = nobody(RESTORE, "backup:PutBackupVaultAccessPolicy")
    one.backup.put_backup_vault_access_policy(BackupVaultName="efs", Policy=hard)
    night.follow(FIND, LIFT)
    assert not night.denies("efs")
    night.follow(CLOSE)
    assert night.denies("efs")


@pytest.mark.thorough
def test_a_policy_that_denies_its_own_repair_stays_and_a_copy_is_the_way(night: Night, one: Account) -> None:
    locked = nobody(RESTORE, "backup:PutBackupVaultAccessPolicy", "backup:DeleteBackupVaultAccessPolicy")
    one.backup.put_backup_vault_access_policy(BackupVaultName="efs", Policy=locked)
    one.vault("spare")
    night.text = runbook_text(one.server, night.home.parent, "shared", ACCOUNT)
    night.text = night.text.replace("DESTINATION_VAULT='FILL_IN'", "DESTINATION_VAULT='spare'")
    night.follow(SETUP, FIND)
    code, said = night.run(LIFT)
    assert (code, "STOP: the policy of vault efs denies its own repair" in said) == (1, True)
    said = night.follow("Vault `efs`", LIFT, SAME, START, WAIT)
    assert "in vault spare" in said
    assert night.denies("efs")
