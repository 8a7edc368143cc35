"""What a story names but leaves to others: a plan, a vault or a policy made elsewhere.

A real account would have them; without them AWS refuses the story's own resources.
"""

import json
import re
from pathlib import Path

from tests.aws_server.server import AwsServer

AUTOMATIC_VAULT = "aws/efs/automatic-backup-vault"
PLAN = re.compile(r'^\s*(?:plan_id\s*=\s*"|BackupPlanId:\s+)([0-9a-f-]{36})\b', re.MULTILINE)
VAULT = re.compile(r'^\s*backup_vault_name\s*=\s*"([\w/-]+)"', re.MULTILINE)
DECLARED_VAULT = re.compile(r'^resource "aws_backup_vault" "\w+" \{[^}]*?^\s*name\s*=\s*"([\w-]+)"', re.MULTILINE)
POLICY = re.compile(r"iam::(?:\d{12}|\$\{AWS::AccountId\}):policy/([\w-]+)")
HARMLESS = {"Effect": "Allow", "Action": "sts:GetCallerIdentity", "Resource": "*"}


def surround(server: AwsServer, story: Path) -> None:
    """Make what the files of *story*, a folder or a template, name without declaring it."""
    files = [story] if story.is_file() else sorted(story.rglob("*.tf"))
    text = "\n".join(file.read_text() for file in files)
    for plan in set(PLAN.findall(text)):
        server.seed("backup_plan", {"BackupPlanId": plan})
    for vault in set(VAULT.findall(text)) - set(DECLARED_VAULT.findall(text)):
        if vault == AUTOMATIC_VAULT:
            server.seed("automatic_backups", {})
        else:
            server.client("backup").create_backup_vault(BackupVaultName=vault)
    for policy in set(POLICY.findall(text)):
        if f'"{policy}"' not in text and f"ManagedPolicyName: {policy}" not in text:
            document = json.dumps({"Version": "2012-10-17", "Statement": [HARMLESS]})
            server.client("iam").create_policy(PolicyName=policy, PolicyDocument=document)
