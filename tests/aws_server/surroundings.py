"""What a story names but leaves to others: a plan, a vault, a network, a role or a policy made elsewhere.

A real account would have them; without them AWS refuses the story's own resources, or they would be of no use.
"""

import json
import re
from pathlib import Path

from tests.aws_server.server import ACCOUNT, REGION, AwsServer

AUTOMATIC_VAULT = "aws/efs/automatic-backup-vault"
DEFAULT_VAULT = "Default"
EVENTS = ["BACKUP_JOB_COMPLETED", "RESTORE_JOB_COMPLETED"]
DEFAULT_ROLE = "AWSBackupDefaultServiceRole"
PLAN = re.compile(r'^\s*(?:plan_id\s*=\s*"|BackupPlanId:\s+)([0-9a-f-]{36})\b', re.MULTILINE)
VAULT = re.compile(
    r"""^\s*(?:-\s)?(?:(?:backup|target)_vault_name\s*=\s*|TargetBackupVault:\s+)"?([\w/-]+)"?\s*(?:#.*)?$""",
    re.MULTILINE,
)
DECLARED_VAULT = re.compile(
    r'^(?:resource "aws_backup_vault" "\w+" \{[^}]*?^\s*name\s*=\s*"|\s*BackupVaultName:\s+)([\w-]+)', re.MULTILINE
)
POLICY = re.compile(r"iam::(?:\d{12}|\$\{AWS::AccountId\}):policy/([\w-]+)")
TEST_PLAN = re.compile(r'^\s*(?:restore_testing_plan_name\s*=\s*"|RestoreTestingPlanName:\s+)(\w+)', re.MULTILINE)
DECLARED_TEST_PLAN = re.compile(r'"aws_backup_restore_testing_plan"|AWS::Backup::RestoreTestingPlan\b')
SUBNET = re.compile(r"\bsubnet-[0-9a-f]{17}\b")
VPC = re.compile(r"\bvpc-[0-9a-f]{17}\b")
GROUP = re.compile(r"\bsg-[0-9a-f]{17}\b")
HARMLESS = {"Effect": "Allow", "Action": "sts:GetCallerIdentity", "Resource": "*"}
TRUST = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "backup.amazonaws.com"}}
SERVICE_ROLE = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyFor"
TEST_PLAN_ELSEWHERE = {
    "ScheduleExpression": "cron(0 16 1 * ? *)",
    "RecoveryPointSelection": {
        "Algorithm": "LATEST_WITHIN_WINDOW",
        "IncludeVaults": ["*"],
        "RecoveryPointTypes": ["SNAPSHOT"],
    },
}


def surround(server: AwsServer, story: Path) -> None:
    """Make what the files of *story*, a folder or a template, name without declaring it."""
    files = [story] if story.is_file() else sorted(story.rglob("*.tf"))
    text = "\n".join(file.read_text() for file in files)
    for plan in set(PLAN.findall(text)):
        server.seed("backup_plan", {"BackupPlanId": plan})
    vaults(server, text)
    identities(server, text)
    named = [sorted(set(pattern.findall(text))) for pattern in (VPC, SUBNET, GROUP)]
    if any(named):
        vpc = (named[0] or ["vpc-00000000000000000"])[0]
        server.seed("network", {"VpcId": vpc, "SubnetIds": named[1], "SecurityGroupIds": named[2]})
    if not DECLARED_TEST_PLAN.search(text):
        for name in set(TEST_PLAN.findall(text)):
            plan = {"RestoreTestingPlanName": name} | TEST_PLAN_ELSEWHERE
            server.client("backup").create_restore_testing_plan(RestoreTestingPlan=plan)


def vaults(server: AwsServer, text: str) -> None:
    """Make the vault that every account has that uses AWS Backup, and those that *text* names; somebody hears them."""
    backup = server.client("backup")
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:on-call"
    for vault in {DEFAULT_VAULT, *VAULT.findall(text)} - set(DECLARED_VAULT.findall(text)):
        if vault == AUTOMATIC_VAULT:
            server.seed("automatic_backups", {})
        else:
            backup.create_backup_vault(BackupVaultName=vault)
            backup.put_backup_vault_notifications(BackupVaultName=vault, SNSTopicArn=topic, BackupVaultEvents=EVENTS)


def identities(server: AwsServer, text: str) -> None:
    """Make the role that AWS Backup makes on first use, and the policies that *text* names, if it does."""
    iam = server.client("iam")
    if DEFAULT_ROLE in text:
        trust = json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
        iam.create_role(Path="/service-role/", RoleName=DEFAULT_ROLE, AssumeRolePolicyDocument=trust)
        for purpose in ("Backup", "Restores"):
            iam.attach_role_policy(RoleName=DEFAULT_ROLE, PolicyArn=SERVICE_ROLE + purpose)
    for policy in set(POLICY.findall(text)):
        if f'"{policy}"' not in text and f"ManagedPolicyName: {policy}" not in text:
            document = json.dumps({"Version": "2012-10-17", "Statement": [HARMLESS]})
            iam.create_policy(PolicyName=policy, PolicyDocument=document)
