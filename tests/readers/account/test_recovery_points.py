"""An account is read from its recovery points too: what they are of, where it is, and what else is on record of it."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
from tests.support.account_surroundings import ACCOUNT, REGION
from tests.support.accounts import NOW, facts_of

from restore_ready import Estate, Fact, Reading, Status, Unresolved
from restore_ready.model import Known, Loss
from restore_ready.readers.account import read_account

OTHER = "eu-central-1"
DENIED = "AccessDeniedException"


def arn(name: str, region: str = REGION, account: str = ACCOUNT) -> str:
    return f"arn:aws:elasticfilesystem:{region}:{account}:file-system/{name}"


def vault(name: str = "efs", region: str = REGION) -> dict[str, Any]:
    return {"fact": "vaults", "region": region, "data": {"BackupVaultList": [{"BackupVaultName": name}]}}


def point(of: str, name: str = "1", **more: object) -> dict[str, Any]:
    made = {"RecoveryPointArn": f"arn:aws:backup:::recovery-point:{name}", "ResourceArn": of, "BackupVaultName": "efs"}
    return {**made, "Status": "COMPLETED", "CreationDate": "2026-11-20T02:00:00Z", **more}


def points(*entries: dict[str, Any], region: str = REGION) -> dict[str, Any]:
    about = {"BackupVaultName": "efs"}
    return {"fact": "vault_recovery_points", "region": region, "params": about, "data": {"RecoveryPoints": [*entries]}}


def file_systems(*names: str, region: str = REGION, **more: object) -> dict[str, Any]:
    entries = [{"FileSystemId": name, "CreationTime": "2026-01-05T00:00:00Z", **more} for name in names]
    return {"fact": "file_systems", "region": region, "data": {"FileSystems": entries}}


def refused(fact: str, **more: object) -> dict[str, Any]:
    return {"fact": fact, "unknown": DENIED, **more}


def read(*facts: dict[str, Any]) -> Reading:
    return read_account(facts_of({"facts": facts}), NOW)


def estate(*facts: dict[str, Any], region: str = REGION) -> Estate:
    (found,) = [one for one in read(*facts).estates if one.root.endswith(region)]
    return found


def lost(*facts: dict[str, Any], region: str = REGION) -> dict[str, Loss]:
    found = estate(*facts, region=region).lost_file_systems
    return {one.address: one.lost.loss for one in found if one.lost is not None}


class TestLostFileSystems:
    def test_one_that_exists_is_not_lost(self) -> None:
        assert lost(file_systems("fs-1"), vault(), points(point(arn("fs-1")))) == {}

    def test_one_that_is_not_listed_is_deleted(self) -> None:
        assert lost(file_systems("fs-2"), vault(), points(point(arn("fs-1")))) == {arn("fs-1"): Loss.DELETED}

    def test_one_that_is_being_deleted_is_lost_already(self) -> None:
        going = file_systems("fs-1", LifeCycleState="deleting")
        assert lost(going, vault(), points(point(arn("fs-1")))) == {arn("fs-1"): Loss.DELETED}

    def test_one_of_another_account_may_exist(self) -> None:
        of = arn("fs-1", account="444455556666")
        assert lost(vault(), points(point(of))) == {of: Loss.FOREIGN}

    def test_one_of_a_region_that_was_not_asked_may_exist(self) -> None:
        of = arn("fs-1", OTHER)
        assert lost(vault(), points(point(of))) == {of: Loss.NOT_ASKED}

    def test_one_of_another_region_that_has_it_exists(self) -> None:
        of = arn("fs-1", OTHER)
        assert lost(vault(), points(point(of)), file_systems("fs-1", region=OTHER)) == {}

    def test_one_of_another_region_that_has_it_no_more_is_deleted(self) -> None:
        of = arn("fs-1", OTHER)
        assert lost(vault(), points(point(of)), file_systems("fs-2", region=OTHER)) == {of: Loss.DELETED}

    @pytest.mark.parametrize("down", ["file_systems", "vaults"])
    def test_one_of_a_region_that_is_down_is_found_by_its_copies(self, down: str) -> None:
        of = arn("fs-1", OTHER)
        there = [refused(down, region=OTHER)]
        there += [file_systems("fs-1", region=OTHER)] if down == "vaults" else []
        assert lost(vault(), points(point(of)), *there) == {of: Loss.UNREADABLE}

    def test_it_is_called_as_its_newest_recovery_point_calls_it(self) -> None:
        older = point(arn("fs-1"), "1", ResourceName="wiki", CreationDate="2026-11-19T02:00:00Z")
        newer = point(arn("fs-1"), "2", ResourceName="wiki-old")
        (found,) = estate(vault(), points(older, newer)).lost_file_systems
        assert found.name == "wiki-old"

    def test_where_recovery_points_are_hidden_protected_resources_name_it(self) -> None:
        listed = {"fact": "protected_resources", "data": {"Results": [{"ResourceArn": arn("fs-1")}]}}
        hidden = refused("vault_recovery_points", params={"BackupVaultName": "efs"})
        found = estate(vault(), hidden, listed)
        assert [one.address for one in found.lost_file_systems] == [arn("fs-1")]
        assert isinstance(found.histories[0].recovery_points, Unresolved)

    def test_what_has_no_recovery_points_any_more_is_forgotten(self) -> None:
        listed = {"fact": "protected_resources", "data": {"Results": [{"ResourceArn": arn("fs-1")}]}}
        assert lost(vault(), points(), listed) == {}

    def test_what_a_restore_test_left_and_aws_removed_is_forgotten(self) -> None:
        assert lost(vault(), points(point(arn("fs-1"), ResourceName="awsbackup-restore-test-1"))) == {}


class TestHistories:
    def test_a_recovery_point_says_all_that_aws_says(self) -> None:
        more: dict[str, Any] = {
            "CompletionDate": "2026-11-20T02:40:00Z",
            "CalculatedLifecycle": {"DeleteAt": "2026-12-25T02:00:00Z", "MoveToColdStorageAt": "2026-11-27T02:00:00Z"},
            "BackupSizeInBytes": 5,
            "EncryptionKeyArn": "key",
            "SourceBackupVaultArn": "from",
        }
        (found,) = estate(vault(), points(point(arn("fs-1"), **more))).contents
        assert not isinstance(found.points, Unresolved)
        (one,) = found.points
        assert one.completed == datetime(2026, 11, 20, 2, 40, tzinfo=timezone.utc)
        assert one.expires == datetime(2026, 12, 25, 2, tzinfo=timezone.utc)
        assert one.cold == datetime(2026, 11, 27, 2, tzinfo=timezone.utc)
        assert (one.size, one.key, one.source_vault, one.resource) == (5, "key", "from", arn("fs-1"))

    def test_copies_in_other_regions_are_known_of_a_file_system(self) -> None:
        of = arn("fs-1")
        (found,) = estate(file_systems("fs-1"), vault(region=OTHER), points(point(of), region=OTHER)).histories
        assert [one.resource for one in found.elsewhere] == [of]

    def test_one_vault_that_can_not_be_read_leaves_all_recovery_points_open(self) -> None:
        both = {"BackupVaultList": [{"BackupVaultName": "efs"}, {"BackupVaultName": "more"}]}
        hidden = refused("vault_recovery_points", params={"BackupVaultName": "more"})
        facts = file_systems("fs-1"), {"fact": "vaults", "data": both}, points(point(arn("fs-1"))), hidden
        (found,) = estate(*facts).histories
        assert isinstance(found.recovery_points, Unresolved)

    def test_a_restore_is_of_the_file_system_that_it_names(self) -> None:
        job = {"RestoreJobId": "1", "Status": "COMPLETED", "CreationDate": "2026-11-20T03:00:00Z"}
        named = {**job, "RecoveryPointArn": "gone", "SourceResourceArn": arn("fs-1")}
        (found,) = estate(file_systems("fs-1"), {"fact": "restore_jobs", "data": {"RestoreJobs": [named]}}).histories
        assert not isinstance(found.restore_jobs, Unresolved)
        assert ([one.id for one in found.restore_jobs], found.astray) == (["1"], ())

    def test_a_restore_is_of_the_file_system_that_lists_it(self) -> None:
        job = {"RestoreJobId": "1", "Status": "COMPLETED", "CreationDate": "2026-11-20T03:00:00Z"}
        jobs = {"fact": "restore_jobs", "data": {"RestoreJobs": [job]}}
        own = {"fact": "file_system_restores", "params": {"ResourceArn": arn("fs-1")}, "data": {"RestoreJobs": [job]}}
        (found,) = estate(file_systems("fs-1"), jobs, own).histories
        assert not isinstance(found.restore_jobs, Unresolved)
        assert ([one.id for one in found.restore_jobs], found.astray) == (["1"], ())

    def test_recovery_points_in_a_vault_that_another_account_shares_are_known(self) -> None:
        shared = "arn:aws:backup:eu-west-1:444455556666:backup-vault:efs"
        listed = {"BackupVaultName": "efs", "BackupVaultArn": shared}
        about = {"BackupVaultName": "efs", "BackupVaultAccountId": "444455556666"}
        inside = {"RecoveryPoints": [point(arn("fs-1"))]}
        facts = [
            {"fact": "shared_vaults", "data": {"BackupVaultList": [listed]}},
            {"fact": "shared_recovery_points", "params": about, "data": inside},
        ]
        found = estate(file_systems("fs-1"), vault(), *facts)
        (history,) = found.histories
        assert not isinstance(history.recovery_points, Unresolved)
        assert [one.vault_arn for one in history.recovery_points] == [shared]
        assert [one.points for one in found.contents] == [()]


class TestOldSnapshots:
    """They have the recovery points of each file system, and nothing of what is asked since."""

    def test_the_recovery_points_of_file_systems_are_read(self) -> None:
        old = [
            Fact(
                "recovery_points",
                ACCOUNT,
                REGION,
                Status.OK,
                {"ResourceArn": arn("fs-1")},
                {"RecoveryPoints": [point("")]},
            )
        ]
        asked = [one for one in facts_of({"facts": [file_systems("fs-1"), vault()]}) if one.id not in NEW]
        (found,) = read_account([*asked, *old], NOW).estates
        (history,) = found.histories
        assert not isinstance(history.recovery_points, Unresolved)
        assert [one.vault for one in history.recovery_points] == ["efs"]
        assert isinstance(history.copy_jobs, Unresolved)
        assert isinstance(found.contents[0].points, Unresolved)
        assert found.lost_file_systems == ()

    def test_what_was_not_asked_then_is_no_gap(self) -> None:
        asked = [one for one in facts_of({"facts": [file_systems("fs-1"), vault()]}) if one.id not in NEW]
        reading = read_account(asked, NOW)
        assert (reading.gaps, reading.estates[0].gaps) == ((), ())


NEW = {"copy_jobs", "key", "lifecycle", "mount_target_groups", "protected_resources", "replications"}
NEW |= {"vault_recovery_points", "global_settings", "shared_vaults"}


class TestWhatARestoredFileSystemLacks:
    def test_its_settings_are_kept(self) -> None:
        entry: dict[str, Any] = {
            "PerformanceMode": "maxIO",
            "ThroughputMode": "provisioned",
            "ProvisionedThroughputInMibps": 256.0,
        }
        protected: dict[str, Any] = {"FileSystemProtection": {"ReplicationOverwriteProtection": "ENABLED"}}
        moves = {"fact": "lifecycle", "params": {"FileSystemId": "fs-1"}}
        moves["data"] = {"LifecyclePolicies": [{"TransitionToIA": "AFTER_30_DAYS"}]}
        copied = {"SourceFileSystemId": "fs-1", "Destinations": [{"FileSystemId": "fs-2", "Region": OTHER}]}
        replicated = {"fact": "replications", "data": {"Replications": [copied]}}
        (found,) = estate(file_systems("fs-1", **entry, **protected), moves, replicated).file_systems
        assert found.settings is not None
        assert (found.settings.performance, found.settings.provisioned) == ("maxIO", 256.0)
        assert found.settings.lifecycle == (("TransitionToIA", "AFTER_30_DAYS"),)
        assert found.settings.overwrite_protection is True
        assert not isinstance(found.settings.replicas, Unresolved)
        assert [(one.file_system, one.region) for one in found.settings.replicas] == [("fs-2", OTHER)]

    def test_what_could_not_be_read_is_not_known(self) -> None:
        facts = file_systems("fs-1"), refused("lifecycle", params={"FileSystemId": "fs-1"}), refused("replications")
        (found,) = estate(*facts).file_systems
        assert found.settings is not None
        told = (found.settings.lifecycle, found.settings.replicas, found.settings.performance)
        assert all(isinstance(one, Unresolved) for one in told)

    def test_mount_targets_have_their_address_and_security_groups(self) -> None:
        target = {"MountTargetId": "fsmt-1", "SubnetId": "subnet-1", "IpAddress": "10.0.0.4"}
        mounted = {"fact": "mount_targets", "params": {"FileSystemId": "fs-1"}, "data": {"MountTargets": [target]}}
        groups = {
            "fact": "mount_target_groups",
            "params": {"MountTargetId": "fsmt-1"},
            "data": {"SecurityGroups": ["sg-1"]},
        }
        (found,) = estate(file_systems("fs-1"), mounted, groups).mount_targets
        assert (found.ip, found.security_groups) == ("10.0.0.4", ("sg-1",))


def test_what_restore_tests_left_is_no_file_system() -> None:
    tags: dict[str, Any] = {"Tags": [{"Key": "awsbackup-restore-test", "Value": "plan"}]}
    found = estate(file_systems("fs-1", **tags))
    assert (found.file_systems, found.leftovers) == ((), (arn("fs-1"),))


@pytest.mark.parametrize(
    ("state", "usable"),
    [("Enabled", True), ("Updating", True), ("Disabled", False), ("PendingDeletion", False), ("PendingImport", False)],
)
def test_the_state_of_a_key_says_whether_it_can_be_used(state: str, usable: bool) -> None:  # noqa: FBT001  # a case
    about = {"KeyId": "arn:aws:kms:eu-west-1:111122223333:key/1"}
    policy = {"fact": "key_policy", "params": about, "data": {"Policy": {"Statement": []}}}
    told = {"fact": "key", "params": about, "data": {"KeyMetadata": {"KeyState": state, "KeyManager": "CUSTOMER"}}}
    (found,) = estate(file_systems("fs-1"), policy, told).keys
    assert (found.enabled, found.state) == (usable, state)


@pytest.mark.parametrize(
    ("told", "parents", "expected"),
    [
        ("true", "unknown", True),
        ("false", "root", False),
        ("false", "none", False),
        ("false", "unknown", Unresolved("AWS calls it off, and its management account decides it")),
    ],
)
def test_that_copies_to_other_accounts_are_off_only_the_management_account_knows(
    told: str, parents: str, expected: Known[bool]
) -> None:
    settings = {"fact": "global_settings", "data": {"GlobalSettings": {"isCrossAccountBackupEnabled": told}}}
    known = {
        "root": [
            {
                "fact": "organization_parents",
                "params": {"ChildId": ACCOUNT},
                "data": {"Parents": [{"Id": "r", "Type": "ROOT"}]},
            }
        ],
        "unknown": [refused("organization_parents", params={"ChildId": ACCOUNT})],
        "none": [],
    }
    (found,) = estate(file_systems("fs-1"), settings, *known[parents]).global_settings
    assert found.cross_account == expected
