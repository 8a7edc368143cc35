"""The server that stands for AWS in tests answers as AWS does, and fails on request."""

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.aws_server.server import ACCOUNT, AwsServer
from tests.support.aws_answers import NOTHING, code_of

VAULT = "aws/efs/automatic-backup-vault"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/backup"


def make_plan(backup: Any, name: str = "daily", **rule: Any) -> str:  # noqa: ANN401  # a client and the API's parameters
    if not backup.list_backup_vaults()["BackupVaultList"]:
        backup.create_backup_vault(BackupVaultName="main")
    rules = [{"RuleName": "daily", "TargetBackupVaultName": "main", **rule}]
    made = backup.create_backup_plan(BackupPlan={"BackupPlanName": name, "Rules": rules})
    return str(made["BackupPlanId"])


class TestAutomaticBackups:
    def test_switching_them_on_makes_what_aws_makes(self, aws: AwsServer) -> None:
        efs, backup = aws.client("efs"), aws.client("backup")
        system = efs.create_file_system(CreationToken="a", Backup=True)

        assert efs.describe_backup_policy(FileSystemId=system["FileSystemId"])["BackupPolicy"]["Status"] == "ENABLED"
        tags = efs.describe_file_systems()["FileSystems"][0]["Tags"]
        assert {"Key": "aws:elasticfilesystem:default-backup", "Value": "enabled"} in tags
        listed = backup.list_backup_plans()["BackupPlansList"]
        assert [plan["BackupPlanName"] for plan in listed] == ["aws/efs/automatic-backup-plan"]
        plan = backup.get_backup_plan(BackupPlanId=listed[0]["BackupPlanId"])["BackupPlan"]
        rule = plan["Rules"][0]
        assert (rule["StartWindowMinutes"], rule["CompletionWindowMinutes"]) == (480, 10080)
        assert rule["Lifecycle"] == {"DeleteAfterDays": 35}
        selections = backup.list_backup_selections(BackupPlanId=listed[0]["BackupPlanId"])["BackupSelectionsList"]
        chosen = backup.get_backup_selection(
            BackupPlanId=listed[0]["BackupPlanId"], SelectionId=selections[0]["SelectionId"]
        )
        assert chosen["BackupSelection"]["ListOfTags"][0]["ConditionKey"] == "aws:elasticfilesystem:default-backup"
        policy = json.loads(backup.get_backup_vault_access_policy(BackupVaultName=VAULT)["Policy"])
        assert "backup:StartRestoreJob" in policy["Statement"][0]["Action"]
        assert backup.describe_backup_vault(BackupVaultName=VAULT)["BackupVaultName"] == VAULT

    @pytest.mark.parametrize(
        ("given", "status"),
        [
            ({}, "PolicyNotFound"),
            ({"Backup": False}, "PolicyNotFound"),
            ({"Backup": True}, "ENABLED"),
            ({"AvailabilityZoneName": "us-east-1a"}, "ENABLED"),
            ({"AvailabilityZoneName": "us-east-1a", "Backup": False}, "PolicyNotFound"),
        ],
    )
    def test_they_are_on_where_aws_has_them_on(self, aws: AwsServer, given: dict[str, Any], status: str) -> None:
        efs = aws.client("efs")
        system = efs.create_file_system(CreationToken="a", **given)["FileSystemId"]
        try:
            found = efs.describe_backup_policy(FileSystemId=system)["BackupPolicy"]["Status"]
        except ClientError as missing:
            found = missing.response["Error"]["Code"]
        assert found == status

    def test_switching_them_off_takes_the_tag_away(self, aws: AwsServer) -> None:
        efs = aws.client("efs")
        system = efs.create_file_system(CreationToken="a", Backup=True)["FileSystemId"]
        efs.put_backup_policy(FileSystemId=system, BackupPolicy={"Status": "DISABLED"})
        assert efs.describe_backup_policy(FileSystemId=system)["BackupPolicy"]["Status"] == "DISABLED"
        assert efs.describe_file_systems()["FileSystems"][0]["Tags"] == []

    def test_their_vault_denies_a_restore_until_its_policy_is_replaced(self, aws: AwsServer) -> None:
        backup = aws.client("backup")
        system = aws.client("efs").create_file_system(CreationToken="a", Backup=True)["FileSystemArn"]
        point = aws.seed("recovery_point", {"ResourceArn": system, "BackupVaultName": VAULT})["RecoveryPointArn"]
        wanted = {"RecoveryPointArn": point, "Metadata": {}, "IamRoleArn": ROLE}
        assert code_of(backup.start_restore_job, **wanted) == ("AccessDeniedException", 403)
        assert code_of(backup.delete_backup_vault_access_policy, BackupVaultName=VAULT)[0] == "AccessDeniedException"
        policy = {"Version": "2012-10-17", "Statement": []}
        backup.put_backup_vault_access_policy(BackupVaultName=VAULT, Policy=json.dumps(policy))
        assert backup.start_restore_job(**wanted)["RestoreJobId"]

    def test_no_plan_can_aim_at_their_vault(self, aws: AwsServer) -> None:
        aws.client("efs").create_file_system(CreationToken="a", Backup=True)
        with pytest.raises(ClientError, match="AccessDeniedException"):
            make_plan(aws.client("backup"), TargetBackupVaultName=VAULT)


class TestAnswersWhereNothingIs:
    def test_default_keys_have_policies(self, aws: AwsServer) -> None:
        backup, efs = aws.client("backup"), aws.client("efs")
        backup.create_backup_vault(BackupVaultName="main")
        system = efs.create_file_system(CreationToken="a", Encrypted=True)
        keys = {"backup": backup.list_backup_vaults()["BackupVaultList"][0]["EncryptionKeyArn"]}
        keys["elasticfilesystem"] = system["KmsKeyId"]
        for service, key in keys.items():
            policy = json.loads(aws.client("kms").get_key_policy(KeyId=key, PolicyName="default")["Policy"])
            via = policy["Statement"][0]["Condition"]["StringEquals"]["kms:ViaService"]
            assert via == f"{service}.us-east-1.amazonaws.com"

    def test_vaults(self, aws: AwsServer) -> None:
        backup = aws.client("backup")
        backup.create_backup_vault(BackupVaultName="main")
        assert code_of(backup.get_backup_vault_notifications, BackupVaultName="main") == ("ERROR_2106", 400)
        assert code_of(backup.describe_backup_vault, BackupVaultName="none") == ("AccessDeniedException", 403)
        with pytest.raises(ClientError, match="has no associated POLICY"):
            backup.get_backup_vault_access_policy(BackupVaultName="main")

    def test_file_systems(self, aws: AwsServer) -> None:
        efs = aws.client("efs")
        system = efs.create_file_system(CreationToken="a")["FileSystemId"]
        for ask in (efs.describe_backup_policy, efs.describe_file_system_policy):
            assert code_of(ask, FileSystemId=system) == ("PolicyNotFound", 404)
        assert code_of(efs.describe_replication_configurations, FileSystemId=system)[0] == "ReplicationNotFound"
        assert efs.describe_replication_configurations()["Replications"] == []


class TestBackups:
    def test_a_plan_gets_the_defaults_of_the_service(self, aws: AwsServer) -> None:
        backup = aws.client("backup")
        plan = make_plan(backup)
        rule = backup.get_backup_plan(BackupPlanId=plan)["BackupPlan"]["Rules"][0]
        assert (rule["StartWindowMinutes"], rule["CompletionWindowMinutes"]) == (480, 10080)

    @pytest.mark.parametrize(
        "windows", [{"StartWindowMinutes": 59}, {"StartWindowMinutes": 60, "CompletionWindowMinutes": 119}]
    )
    def test_windows_that_aws_refuses_are_refused(self, aws: AwsServer, windows: dict[str, int]) -> None:
        with pytest.raises(ClientError, match="InvalidParameterValueException"):
            make_plan(aws.client("backup"), **windows)

    def test_selections_come_and_go(self, aws: AwsServer) -> None:
        backup = aws.client("backup")
        plan = make_plan(backup)
        selection = {"SelectionName": "all", "IamRoleArn": ROLE, "Resources": ["*"]}
        made = backup.create_backup_selection(BackupPlanId=plan, BackupSelection=selection)["SelectionId"]
        assert code_of(backup.delete_backup_plan, BackupPlanId=plan)[0] == "InvalidRequestException"
        shown = backup.get_backup_selection(BackupPlanId=plan, SelectionId=made)["BackupSelection"]
        assert shown["Resources"] == ["*"]
        backup.delete_backup_selection(BackupPlanId=plan, SelectionId=made)
        assert backup.list_backup_selections(BackupPlanId=plan)["BackupSelectionsList"] == []
        backup.delete_backup_plan(BackupPlanId=plan)
        assert backup.list_backup_plans()["BackupPlansList"] == []

    def test_vaults_keep_policy_notifications_and_lock(self, aws: AwsServer) -> None:
        backup = aws.client("backup")
        backup.create_backup_vault(BackupVaultName="main")
        topic = f"arn:aws:sns:us-east-1:{ACCOUNT}:jobs"
        backup.put_backup_vault_notifications(
            BackupVaultName="main", SNSTopicArn=topic, BackupVaultEvents=["BACKUP_JOB_FAILED"]
        )
        backup.put_backup_vault_lock_configuration(BackupVaultName="main", MinRetentionDays=7, MaxRetentionDays=90)
        assert backup.get_backup_vault_notifications(BackupVaultName="main")["SNSTopicArn"] == topic
        vault = backup.list_backup_vaults()["BackupVaultList"][0]
        assert (vault["Locked"], vault["MinRetentionDays"], vault["MaxRetentionDays"]) == (True, 7, 90)
        assert vault["VaultType"] == "BACKUP_VAULT"

    def test_seeded_jobs_and_points_are_listed_and_filtered(self, aws: AwsServer) -> None:
        backup = aws.client("backup")
        backup.create_backup_vault(BackupVaultName="main")
        system = aws.client("efs").create_file_system(CreationToken="a")["FileSystemArn"]
        old = datetime.now(timezone.utc).replace(microsecond=0) - timedelta(days=3)
        where = {"ResourceArn": system, "BackupVaultName": "main"}
        done = aws.seed("backup_job", {**where, "CreationDate": old})
        aws.seed("backup_job", {**where, "State": "EXPIRED", "StatusMessage": "too late"})
        aws.seed("restore_job", {"RecoveryPointArn": done["RecoveryPointArn"], "Status": "FAILED"})

        assert [job["State"] for job in backup.list_backup_jobs()["BackupJobs"]] == ["EXPIRED", "COMPLETED"]
        assert len(backup.list_backup_jobs(ByState="EXPIRED")["BackupJobs"]) == 1
        yesterday = datetime.now(timezone.utc) - timedelta(days=1)
        assert len(backup.list_backup_jobs(ByCreatedAfter=yesterday)["BackupJobs"]) == 1
        points = backup.list_recovery_points_by_resource(ResourceArn=system)["RecoveryPoints"]
        assert [point["BackupVaultName"] for point in points] == ["main"]
        assert len(backup.list_recovery_points_by_backup_vault(BackupVaultName="main")["RecoveryPoints"]) == 1
        assert backup.list_restore_jobs(ByStatus="FAILED")["RestoreJobs"][0]["RecoveryPointArn"]
        assert backup.list_protected_resources()["Results"][0]["LastBackupTime"] == old

    def test_restore_tests_come_with_what_lists_leave_out(self, aws: AwsServer) -> None:
        backup = aws.client("backup")
        points = {
            "Algorithm": "LATEST_WITHIN_WINDOW",
            "RecoveryPointTypes": ["SNAPSHOT"],
            "IncludeVaults": ["*"],
        }
        plan = {"RestoreTestingPlanName": "weekly", "ScheduleExpression": "cron(0 1 ? * 1 *)"}
        backup.create_restore_testing_plan(RestoreTestingPlan=plan | {"RecoveryPointSelection": points})
        selection = {
            "RestoreTestingSelectionName": "efs",
            "ProtectedResourceType": "EFS",
            "IamRoleArn": ROLE,
            "ProtectedResourceArns": ["*"],
        }
        backup.create_restore_testing_selection(RestoreTestingPlanName="weekly", RestoreTestingSelection=selection)
        shown = backup.get_restore_testing_plan(RestoreTestingPlanName="weekly")["RestoreTestingPlan"]
        assert shown["RecoveryPointSelection"]["IncludeVaults"] == ["*"]
        assert "RecoveryPointSelection" not in backup.list_restore_testing_plans()["RestoreTestingPlans"][0]
        got = backup.get_restore_testing_selection(RestoreTestingPlanName="weekly", RestoreTestingSelectionName="efs")[
            "RestoreTestingSelection"
        ]
        assert got["ProtectedResourceArns"] == ["*"]
        refused = plan | {"RestoreTestingPlanName": "not-hyphens", "RecoveryPointSelection": points}
        assert code_of(backup.create_restore_testing_plan, RestoreTestingPlan=refused)[0] == (
            "InvalidParameterValueException"
        )

    def test_region_settings_change(self, aws: AwsServer) -> None:
        backup = aws.client("backup")
        backup.update_region_settings(ResourceTypeOptInPreference={"EFS": False})
        settings = backup.describe_region_settings()["ResourceTypeOptInPreference"]
        assert (settings["EFS"], settings["EBS"]) == (False, True)
        elsewhere = aws.client("backup", region="eu-west-1")
        assert elsewhere.describe_region_settings()["ResourceTypeOptInPreference"]["EFS"]


def test_a_function_keeps_what_it_mounts(aws: AwsServer) -> None:
    document = json.dumps(NOTHING)
    role = aws.client("iam").create_role(RoleName="mover", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    mount = {"Arn": f"arn:aws:elasticfilesystem:us-east-1:{ACCOUNT}:access-point/fsap-1", "LocalMountPath": "/mnt/a"}
    client = aws.client("lambda")
    client.create_function(
        FunctionName="mover",
        Role=role,
        Runtime="python3.12",
        Handler="m.h",
        Timeout=900,
        Code={"ZipFile": b"made-up"},
        FileSystemConfigs=[mount],
    )
    function = client.list_functions()["Functions"][0]
    assert (function["FileSystemConfigs"], function["Timeout"]) == ([mount], 900)
