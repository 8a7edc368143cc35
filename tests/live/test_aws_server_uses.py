"""What stands on the AWS server: deploys, Terraform, seeds, recordings."""

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from tests.aws_server import seed, stories, terraform
from tests.aws_server.deploy import deploy
from tests.aws_server.replay import Player, loaded, replaying, save
from tests.aws_server.server import ACCOUNT, AwsServer
from tests.aws_server.surroundings import surround

pytestmark = pytest.mark.thorough

FIXTURES = stories.FIXTURES


class TestCloudFormation:
    def test_the_founding_story_is_all_there(self, aws: AwsServer) -> None:
        made = deploy(aws, FIXTURES / "stories/founding/template.yaml")
        backup = aws.client("backup")
        assert made["Home"].startswith("fs-")
        names = {plan["BackupPlanName"] for plan in backup.list_backup_plans()["BackupPlansList"]}
        assert names == {"nightly", "aws/efs/automatic-backup-plan"}
        assert "StartRestoreJob" in backup.get_backup_vault_access_policy(BackupVaultName="efs")["Policy"]
        selections = backup.list_backup_selections(BackupPlanId=made["Nightly"])["BackupSelectionsList"]
        assert selections[0]["IamRoleArn"] == f"arn:aws:iam::{ACCOUNT}:role/AWSBackup-efs"
        groups = aws.client("iam").get_account_authorization_details()["GroupDetailList"]
        assert [group["GroupName"] for group in groups] == ["backup-operators"]

    def test_what_the_services_refuse_fails_the_stack(self, aws: AwsServer) -> None:
        with pytest.raises(ClientError, match="Start window must be at least 60 minutes"):
            deploy(aws, FIXTURES / "RR204/fail_start_window_too_short/template.yaml")

    def test_a_type_that_nobody_makes_is_no_silent_gap(self, aws: AwsServer, tmp_path: Path) -> None:
        template = tmp_path / "template.yaml"
        template.write_text("Resources:\n  Audit: {Type: AWS::Backup::Framework}\n")
        with pytest.raises(AssertionError, match="not made: Audit"):
            deploy(aws, template)


TYPES = """
Resources:
  Key: {Type: AWS::KMS::Key, Properties: {KeyPolicy: {Version: "2012-10-17", Statement: [
    {Effect: Allow, Principal: {AWS: "*"}, Action: "kms:*", Resource: "*"}]}}}
  Vault:
    Type: AWS::Backup::BackupVault
    Properties:
      BackupVaultName: kept
      EncryptionKeyArn: !GetAtt Key.Arn
      LockConfiguration: {MinRetentionDays: "7"}
      Notifications: {SNSTopicArn: !Ref Topic, BackupVaultEvents: [BACKUP_JOB_FAILED]}
  Topic: {Type: AWS::SNS::Topic}
  Home: {Type: AWS::EFS::FileSystem, Properties: {FileSystemPolicy: {Version: "2012-10-17", Statement: []}}}
  Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Subnet: {Type: AWS::EC2::Subnet, Properties: {CidrBlock: 10.0.0.0/24, VpcId: !Ref Network}}
  Target:
    Type: AWS::EFS::MountTarget
    Properties: {FileSystemId: !Ref Home, SubnetId: !Ref Subnet, SecurityGroups: []}
  Test:
    Type: AWS::Backup::RestoreTestingPlan
    Properties:
      RestoreTestingPlanName: weekly
      ScheduleExpression: cron(0 1 ? * 1 *)
      RecoveryPointSelection: {Algorithm: LATEST_WITHIN_WINDOW, RecoveryPointTypes: [SNAPSHOT], IncludeVaults: ["*"]}
  Tested:
    Type: AWS::Backup::RestoreTestingSelection
    Properties:
      RestoreTestingPlanName: !Ref Test
      RestoreTestingSelectionName: efs
      ProtectedResourceType: EFS
      IamRoleArn: !GetAtt Role.Arn
      ProtectedResourceArns: [!GetAtt Home.Arn]
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [
        {Effect: Allow, Principal: {Service: backup.amazonaws.com}, Action: "sts:AssumeRole"}]}
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores"]
  Ops: {Type: AWS::IAM::User}
  Group: {Type: AWS::IAM::Group}
  Addition: {Type: AWS::IAM::UserToGroupAddition, Properties: {GroupName: !Ref Group, Users: [!Ref Ops]}}
"""


def test_every_type_that_moto_drops_is_made(aws: AwsServer, tmp_path: Path) -> None:
    template = tmp_path / "template.yaml"
    template.write_text(TYPES)
    made = deploy(aws, template)
    backup, details = aws.client("backup"), aws.client("iam").get_account_authorization_details()
    vault = backup.describe_backup_vault(BackupVaultName="kept")
    assert vault["EncryptionKeyArn"].endswith(made["Key"])
    assert vault["MinRetentionDays"] == 7
    tested = backup.get_restore_testing_selection(RestoreTestingPlanName="weekly", RestoreTestingSelectionName="efs")
    assert tested["RestoreTestingSelection"]["ProtectedResourceArns"][0].endswith(made["Home"])
    assert details["UserDetailList"][0]["GroupList"] == [made["Group"]]
    assert details["RoleDetailList"][0]["AttachedManagedPolicies"]
    targets = aws.client("efs").describe_mount_targets(FileSystemId=made["Home"])["MountTargets"]
    assert targets[0]["SubnetId"] == made["Subnet"]


@pytest.mark.slow
@pytest.mark.parametrize("story", ["founding", "corrected"])
def test_terraform_applies_the_stories(aws: AwsServer, story: str) -> None:
    reason = terraform.unavailable()
    if reason:
        pytest.skip(f"NOT PROVED: terraform apply against the AWS server: {reason}")
    terraform.apply(FIXTURES / "stories" / story, aws)
    plans = aws.client("backup").list_backup_plans()["BackupPlansList"]
    assert "nightly" in {plan["BackupPlanName"] for plan in plans}
    automatic = "aws/efs/automatic-backup-plan" in {plan["BackupPlanName"] for plan in plans}
    assert automatic == (story == "founding")


class TestSeeds:
    def test_the_faulty_account_holds_its_faults(self, aws: AwsServer) -> None:
        made = seed.faulty(aws)
        assert made["relied-on-automatic"].startswith(f"arn:aws:elasticfilesystem:us-east-1:{ACCOUNT}:")
        states = {job["State"] for job in aws.client("backup").list_backup_jobs()["BackupJobs"]}
        assert states == {"COMPLETED", "EXPIRED", "FAILED", "ABORTED", "PARTIAL"}
        settings = aws.client("backup", region=seed.SECOND_REGION).describe_region_settings()
        assert not settings["ResourceTypeOptInPreference"]["EFS"]

    def test_the_healthy_account_has_backups_and_a_rehearsal(self, aws: AwsServer) -> None:
        made = seed.healthy(aws)
        backup = aws.client("backup", seed.HEALTHY)
        assert len(backup.list_recovery_points_by_resource(ResourceArn=made["home"])["RecoveryPoints"]) == 3
        jobs = backup.list_restore_jobs(ByRestoreTestingPlanArn=made["weekly"])["RestoreJobs"]
        assert jobs[0]["CreatedBy"] == {"RestoreTestingPlanArn": made["weekly"]}


def client_at(endpoint: str, account: str) -> Any:  # noqa: ANN401  # boto3 makes its clients at run time
    session = boto3.Session(f"AKIA{account}TEST", "made-up", region_name="us-east-1")
    config = Config(retries={"total_max_attempts": 1}, max_pool_connections=16)
    return session.client("backup", endpoint_url=endpoint, config=config)


class TestRecordings:
    @pytest.fixture
    def recording(self, aws: AwsServer, tmp_path: Path) -> Path:
        backup = aws.client("backup")
        backup.create_backup_vault(BackupVaultName="main")
        aws.settings(recording=True)
        backup.list_backup_vaults()
        backup.list_backup_jobs(ByCreatedAfter="2026-01-01")
        assert save(aws, tmp_path / "recording.json") == 2
        return tmp_path / "recording.json"

    def test_they_play_back_for_every_account_and_day(self, recording: Path) -> None:
        with replaying(recording, latency=0) as endpoint:
            vaults = client_at(endpoint, "210987654321").list_backup_vaults()["BackupVaultList"]
            jobs = client_at(endpoint, ACCOUNT).list_backup_jobs(ByCreatedAfter="2026-02-02")
            with pytest.raises(ClientError, match="NotRecorded"):
                client_at(endpoint, ACCOUNT).list_backup_plans()
        assert vaults[0]["BackupVaultArn"] == "arn:aws:backup:us-east-1:210987654321:backup-vault:main"
        assert jobs["BackupJobs"] == []

    def test_each_answer_takes_its_time_but_not_the_others(self, recording: Path) -> None:
        with replaying(recording, latency=0.2) as endpoint, ThreadPoolExecutor(16) as pool:
            client = client_at(endpoint, ACCOUNT)

            def ended(_: int) -> float:
                client.list_backup_vaults()
                return time.monotonic()

            begun = time.monotonic()
            ends = sorted(pool.map(ended, range(16)))
        assert ends[0] - begun >= 0.2
        assert any(later - earlier < 0.2 for earlier, later in pairwise(ends))

    def test_above_the_rate_calls_are_throttled(self, recording: Path) -> None:
        with replaying(recording, latency=0, rate=5) as endpoint:
            client = client_at(endpoint, ACCOUNT)
            answers = [answer_or_refusal(client) for _ in range(30)]
        refused = [answer for answer in answers if "Error" in answer]
        assert 20 <= len(refused) <= 25
        assert {answer["Error"]["Code"] for answer in refused} == {"ThrottlingException"}

    def test_the_same_part_of_the_calls_fails_each_time(self, recording: Path) -> None:
        player = Player(loaded(recording), failing=0.25)

        def failed() -> list[int]:
            heads = [f"GET /backup-vaults/ HTTP/1.1\r\n{credential(f'{number:012d}')}" for number in range(40)]
            return [number for number, head in enumerate(heads) if b" 403 " in player.answer(head.encode(), b"", 0)]

        assert failed() == failed()
        assert 2 <= len(failed()) <= 20


def credential(account: str) -> str:
    return f"Authorization: AWS4-HMAC-SHA256 Credential=AKIA{account}TEST/20260101/us-east-1/backup/aws4_request"


def answer_or_refusal(client: Any) -> dict[str, Any]:  # noqa: ANN401  # a client
    try:
        return dict(client.list_backup_vaults())
    except ClientError as refused:
        return dict(refused.response)


@pytest.mark.slow
def test_every_template_but_the_listed_ones_can_be_deployed(aws: AwsServer) -> None:
    templates = list(stories.deployable())
    assert len(templates) > 150
    for template in templates:
        aws.reset()
        surround(aws, template)
        assert deploy(aws, template)


@pytest.mark.slow
@pytest.mark.parametrize("story", sorted(stories.NOT_DEPLOYED))
def test_the_listed_ones_are_refused(aws: AwsServer, story: str) -> None:
    with pytest.raises((AssertionError, ClientError)):
        deploy(aws, stories.FIXTURES / story / "template.yaml")


def test_a_story_gets_the_plan_and_the_policy_it_leaves_to_others(aws: AwsServer, tmp_path: Path) -> None:
    plan = "3c5cd1b0-5d0a-4f6f-8a6b-6f8f3a3c2a11"
    (tmp_path / "main.tf").write_text(
        f'plan_id = "{plan}"\nbackup_vault_name = "efs"\npolicy_arn = "arn:aws:iam::{ACCOUNT}:policy/elsewhere"\n'
    )
    surround(aws, tmp_path)
    assert aws.client("backup").get_backup_plan(BackupPlanId=plan)["BackupPlan"]["BackupPlanName"] == "made-elsewhere"
    vaults = aws.client("backup").list_backup_vaults()["BackupVaultList"]
    assert {vault["BackupVaultName"] for vault in vaults} == {"Default", "efs"}
    assert aws.client("iam").list_policies(Scope="Local")["Policies"][0]["PolicyName"] == "elsewhere"
