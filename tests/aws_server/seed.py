"""Accounts as audits find them: one with one of each fault, and a healthy one."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from tests.aws_server.server import ACCOUNT, AwsServer

HEALTHY = "444455556666"
"""The account in which nothing is wrong."""
SECOND_REGION = "eu-west-1"
AUTOMATIC_VAULT = "aws/efs/automatic-backup-vault"
RESTORES = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores"
BACKUPS = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"
TEBIBYTE = 2**40
NO_CODE = b"def handler(event, context): pass"


def policy(*statements: Mapping[str, Any]) -> str:
    """Return a policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def statement(effect: str, actions: str | list[str], **more: Any) -> dict[str, Any]:  # noqa: ANN401  # JSON
    """Return a statement, about every resource unless *more* says otherwise."""
    return {"Effect": effect, "Action": actions, "Resource": "*"} | more


def trust(service: str) -> str:
    """Return the trust policy of a role that *service* assumes."""
    return policy({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": f"{service}.amazonaws.com"}})


def nobody(*actions: str) -> str:
    """Return a vault's policy that denies *actions* to everyone."""
    return policy(statement("Deny", list(actions), Principal={"AWS": "*"}))


def ago(**time: float) -> datetime:
    """Return the moment that was *time*, as timedelta takes it, ago."""
    return datetime.now(timezone.utc).replace(microsecond=0) - timedelta(**time)


class Account:
    """An account being filled; `made` names the ARNs of what it got, `plan_ids` the ids of plans that jobs name."""

    def __init__(self, server: AwsServer, account: str, region: str = "us-east-1") -> None:
        """Fill *account* in *region*."""
        self.server = server
        self.account = account
        self.region = region
        self.backup, self.efs, self.iam = (
            server.client(service, account, region) for service in ("backup", "efs", "iam")
        )
        self.made: dict[str, str] = {}
        self.plan_ids: dict[str, str] = {}

    def file_system(self, name: str, **given: Any) -> str:  # noqa: ANN401  # the API's parameters
        """Make a file system and return its ARN."""
        tags = [{"Key": "Name", "Value": name}, *given.pop("Tags", [])]
        made = self.efs.create_file_system(CreationToken=name, Tags=tags, Encrypted=True, **given)
        self.made[name] = made["FileSystemArn"]
        return str(made["FileSystemArn"])

    def vault(self, name: str, document: str | None = None, *, heard: bool = True, **given: Any) -> str:  # noqa: ANN401  # the API's parameters
        """Make a vault and return its ARN."""
        made = self.backup.create_backup_vault(BackupVaultName=name, **given)
        if document is not None:
            self.backup.put_backup_vault_access_policy(BackupVaultName=name, Policy=document)
        if heard:
            self.backup.put_backup_vault_notifications(
                BackupVaultName=name,
                SNSTopicArn=f"arn:aws:sns:{self.region}:{self.account}:backup",
                BackupVaultEvents=["BACKUP_JOB_COMPLETED", "COPY_JOB_FAILED", "RESTORE_JOB_COMPLETED"],
            )
        self.made[name] = made["BackupVaultArn"]
        return str(made["BackupVaultArn"])

    def plan(self, name: str, vault: str, role: str, *resources: str, tag: str | None = None, **rule: Any) -> str:  # noqa: ANN401  # the API's parameters
        """Make a plan with one rule and a selection, by *resources* or by the *tag* ``backup``; return its id."""
        sane = {"ScheduleExpression": "cron(0 22 * * ? *)", "StartWindowMinutes": 60, "CompletionWindowMinutes": 180}
        sane |= {"Lifecycle": {"DeleteAfterDays": 35}}
        given = {key: value for key, value in (sane | rule).items() if value is not None}
        document = {
            "BackupPlanName": name,
            "Rules": [{"RuleName": name, "TargetBackupVaultName": vault, **given}],
        }
        made = self.backup.create_backup_plan(BackupPlan=document)
        selection: dict[str, Any] = {"SelectionName": name, "IamRoleArn": role, "Resources": list(resources)}
        if tag is not None:
            condition = {"ConditionType": "STRINGEQUALS", "ConditionKey": "backup", "ConditionValue": tag}
            selection["ListOfTags"] = [condition]
        self.backup.create_backup_selection(BackupPlanId=made["BackupPlanId"], BackupSelection=selection)
        self.made[name] = made["BackupPlanArn"]
        return str(made["BackupPlanId"])

    def function(self, name: str, role: str, access_point: str, timeout: int) -> str:
        """Make a function that mounts an access point, of so many seconds at most, and return its ARN."""
        made = self.server.client("lambda", self.account, self.region).create_function(
            FunctionName=name,
            Role=role,
            Runtime="python3.12",
            Handler="index.handler",
            Timeout=timeout,
            Code={"ZipFile": NO_CODE},
            FileSystemConfigs=[{"Arn": access_point, "LocalMountPath": "/mnt/home"}],
        )
        self.made[name] = made["FunctionArn"]
        return str(made["FunctionArn"])

    def role(self, name: str, service: str, *managed: str, inline: str | None = None) -> str:
        """Make a role that *service* assumes and return its ARN."""
        made = self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust(service))["Role"]["Arn"]
        for arn in managed:
            self.iam.attach_role_policy(RoleName=name, PolicyArn=arn)
        if inline is not None:
            self.iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=inline)
        self.made[name] = made
        return str(made)

    def user(self, name: str, document: str) -> str:
        """Make a user with an inline policy and return its ARN."""
        made = self.iam.create_user(UserName=name)["User"]["Arn"]
        self.iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=document)
        self.made[name] = made
        return str(made)

    def restore_test(self, name: str, role: str, *resources: str) -> None:
        """Make a restore testing plan, weekly, over all vaults."""
        points = {
            "Algorithm": "LATEST_WITHIN_WINDOW",
            "RecoveryPointTypes": ["SNAPSHOT"],
            "IncludeVaults": ["*"],
            "SelectionWindowDays": 30,
        }
        plan = {"RestoreTestingPlanName": name, "ScheduleExpression": "cron(0 1 ? * 1 *)"}
        made = self.backup.create_restore_testing_plan(RestoreTestingPlan=plan | {"RecoveryPointSelection": points})
        selection = {
            "RestoreTestingSelectionName": name,
            "ProtectedResourceType": "EFS",
            "IamRoleArn": role,
            "ProtectedResourceArns": list(resources),
        }
        self.backup.create_restore_testing_selection(RestoreTestingPlanName=name, RestoreTestingSelection=selection)
        self.made[name] = made["RestoreTestingPlanArn"]

    def seeded(self, kind: str, **given: Any) -> dict[str, Any]:  # noqa: ANN401  # a job's members
        """Put a job or a recovery point."""
        return self.server.seed(kind, given, self.account, self.region)


def faulty(server: AwsServer, account: str = ACCOUNT) -> dict[str, str]:
    """Fill *account* with one of each fault; return the ARNs of what it got, by name."""
    one = Account(server, account)
    backup_role = one.role("AWSBackup-efs", "backup", BACKUPS, RESTORES)
    faulty_backups(one, backup_role)
    faulty_vaults(one, backup_role)
    faulty_identities(one)
    faulty_resource_policies(one, backup_role)
    faulty_procedure(one, backup_role)
    faulty_evidence(one, backup_role)
    opted_out(Account(server, account, SECOND_REGION), backup_role)
    return one.made


def faulty_backups(one: Account, role: str) -> None:
    """Put faults of coverage and timing: relied on, uncovered, wide, sparse, too short, too slow, badly trusted."""
    one.file_system("relied-on-automatic", Backup=True)
    one.file_system("uncovered")
    one.vault("efs", heard=False)
    wide = one.file_system("wide")
    one.plan("wide-windows", "efs", role, wide, StartWindowMinutes=None, CompletionWindowMinutes=None)
    one.plan("weekly", "efs", role, one.file_system("sparse"), ScheduleExpression="cron(0 22 ? * SUN *)")
    one.vault("locked")
    one.backup.put_backup_vault_lock_configuration(BackupVaultName="locked", MinRetentionDays=365)
    one.plan("shorter-than-the-lock", "locked", role, one.file_system("locked-away"))
    big = one.file_system("big")
    one.seeded("file_system_size", FileSystemId=big, Bytes=6 * TEBIBYTE)
    one.plan("too-short-for-its-size", "efs", role, big, CompletionWindowMinutes=120)
    one.plan_ids["started-late"] = one.plan("started-late", "efs", role, one.file_system("late"))
    stranger = one.role("backups-for-lambda", "lambda", BACKUPS)
    one.plan("role-that-backup-cannot-assume", "efs", stranger, one.file_system("unassumed"))


def faulty_vaults(one: Account, role: str) -> None:
    """Put faults of vaults: denying restores, unrepairable, copies into or out of what refuses them."""
    one.vault("denies-restore", nobody("backup:StartRestoreJob"))
    one.vault("sealed", nobody("backup:PutBackupVaultAccessPolicy", "backup:DeleteBackupVaultAccessPolicy"))
    automatic = f"arn:aws:backup:{one.region}:{one.account}:backup-vault:{AUTOMATIC_VAULT}"
    copies = [{"DestinationBackupVaultArn": automatic}]
    one.plan("copies-into-automatic-vault", "sealed", role, one.file_system("copied-badly"), CopyActions=copies)
    one.vault("denies-copies", nobody("backup:StartCopyJob"))
    copies = [{"DestinationBackupVaultArn": one.vault("copies")}]
    one.plan("copies-out-of-denying-vault", "denies-copies", role, one.file_system("uncopied"), CopyActions=copies)


def faulty_identities(one: Account) -> None:
    """Put faults of identities: no PassRole, to the wrong service, taken away, a hole; roles that can't restore."""
    start, passing = "backup:StartRestoreJob", "iam:PassRole"
    to_lambda = {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}
    one.user("operator-without-pass-role", policy(statement("Allow", start)))
    one.user(
        "operator-passing-to-lambda",
        policy(statement("Allow", start), statement("Allow", passing, Condition=to_lambda)),
    )
    one.user("operator-denied", policy(statement("Allow", [start, passing]), statement("Deny", "backup:StartRestore*")))
    one.user("operator-passing-anything", policy(statement("Allow", [start, passing])))
    to_backup = {"StringEquals": {"iam:PassedToService": "backup.amazonaws.com"}}
    on_vaults = statement("Allow", start, Resource="arn:aws:backup:*:*:backup-vault:*")
    one.user("operator-on-vaults", policy(on_vaults, statement("Allow", passing, Condition=to_backup)))
    one.role("restore-for-lambda", "lambda", RESTORES)
    one.role("restore-without-permissions", "backup", inline=policy(statement("Allow", "elasticfilesystem:Restore")))
    kms = one.server.client("kms", one.account, one.region)
    shut = policy(statement("Allow", "kms:*", Principal={"AWS": f"arn:aws:iam::{one.account}:user/key-keeper"}))
    key = kms.create_key(Policy=shut, BypassPolicyLockoutSafetyCheck=True)["KeyMetadata"]["Arn"]
    one.vault("encrypted-for-others", EncryptionKeyArn=key)
    one.made["key-for-others"] = one.made["key-unfit-for-backups"] = key


def faulty_resource_policies(one: Account, role: str) -> None:
    """Put a file system that denies its backups, and one that is backed up with a key for others."""
    guarded = one.file_system("guarded")
    one.efs.put_file_system_policy(
        FileSystemId=guarded.rpartition("/")[2], Policy=nobody("elasticfilesystem:Backup", "elasticfilesystem:Restore")
    )
    one.plan("into-the-vault-of-others", "encrypted-for-others", role, guarded)


def faulty_procedure(one: Account, role: str) -> None:
    """Put faults of the procedure: a mover that can't finish or see the files, work in the way, a test in vain."""
    system = one.made["wide"]
    point = one.efs.create_access_point(
        ClientToken="narrow",
        FileSystemId=system.rpartition("/")[2],
        PosixUser={"Uid": 1000, "Gid": 1000},
        RootDirectory={"Path": "/exports"},
    )["AccessPointArn"]
    one.function("restore-mover", role, point, 30)
    report = one.function("nightly-report", role, point, 900)
    one.server.client("scheduler", one.account, one.region).create_schedule(
        Name="nightly-report",
        ScheduleExpression="cron(30 22 * * ? *)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": report, "RoleArn": role},
    )
    one.restore_test("tests_with_a_useless_role", one.made["restore-without-permissions"], system)


def faulty_evidence(one: Account, role: str) -> None:
    """Put faulty evidence: an old point, jobs that failed or ran late, old and failed restores, points locked away."""
    where = {"ResourceArn": one.made["wide"], "BackupVaultName": "efs", "IamRoleArn": role}
    old = one.seeded("backup_job", **where, CreationDate=ago(days=9), CompletionDate=ago(days=9, hours=-6))
    for state in ("EXPIRED", "FAILED", "ABORTED", "PARTIAL"):
        one.seeded("backup_job", **where, State=state, CreationDate=ago(days=3), CompletionDate=ago(days=2, hours=12))
    slow = {"CreationDate": ago(days=200), "CompletionDate": ago(days=199)}
    one.seeded("restore_job", RecoveryPointArn=old["RecoveryPointArn"], **slow)
    planned = {"CreatedBy": {"BackupPlanId": one.plan_ids["started-late"]}, "CreationDate": ago(hours=9)}
    late = {"ResourceArn": one.made["late"], "BackupVaultName": "efs", "IamRoleArn": role, **planned}
    one.seeded("backup_job", **late, InitiationDate=ago(hours=4), CompletionDate=ago(hours=3))
    sealed = {"ResourceArn": one.made["sparse"], "BackupVaultName": "denies-restore", "IamRoleArn": role}
    point = one.seeded("backup_job", **sealed, CreationDate=ago(hours=3))["RecoveryPointArn"]
    one.seeded("restore_job", RecoveryPointArn=point, Status="FAILED", CreationDate=ago(hours=2))
    faulty_points(one)


def faulty_points(one: Account) -> None:
    """Put a failed copy, a point that AWS can't delete, one of a file system that is gone, and a disabled key."""
    automatic = f"arn:aws:backup:{one.region}:{one.account}:backup-vault:{AUTOMATIC_VAULT}"
    copied = {"SourceBackupVaultArn": one.made["sealed"], "DestinationBackupVaultArn": automatic}
    one.seeded("copy_job", ResourceArn=one.made["copied-badly"], State="FAILED", **copied)
    expired = {"Status": "EXPIRED", "CreationDate": ago(days=60)}
    one.seeded("recovery_point", ResourceArn=one.made["wide"], BackupVaultName="copies", **expired)
    lost = one.file_system("lost")
    one.seeded("recovery_point", ResourceArn=lost, BackupVaultName="copies", CreationDate=ago(days=2))
    one.efs.delete_file_system(FileSystemId=lost.rpartition("/")[2])
    kms = one.server.client("kms", one.account, one.region)
    key = kms.create_key()["KeyMetadata"]
    one.made["disabled-key"] = key["Arn"]
    one.vault("under-disabled-key", EncryptionKeyArn=key["Arn"])
    kms.disable_key(KeyId=key["KeyId"])


def opted_out(one: Account, role: str) -> None:
    """Put a Region that relies on a selection by tag without EFS's opt-in."""
    one.file_system("tagged", Tags=[{"Key": "backup", "Value": "daily"}])
    one.vault("efs")
    one.plan("by-tag", "efs", role, tag="daily")
    one.backup.update_region_settings(ResourceTypeOptInPreference={"EFS": False})


def healthy(server: AwsServer, account: str = HEALTHY) -> dict[str, str]:
    """Fill *account* with a file system that is backed up, tested and can be restored; return ARNs by name."""
    one = Account(server, account)
    role = one.role("AWSBackup-efs", "backup", BACKUPS, RESTORES)
    system = one.file_system("home")
    one.vault("efs")
    one.plan("nightly", "efs", role, system)
    to_backup = {"StringEquals": {"iam:PassedToService": "backup.amazonaws.com"}}
    one.user(
        "restore-operator",
        policy(
            statement("Allow", ["backup:StartRestoreJob", "backup:Describe*", "backup:List*", "backup:Get*"]),
            statement("Allow", "iam:PassRole", Resource=role, Condition=to_backup),
        ),
    )
    one.restore_test("weekly", role, system)
    last_night = ago(hours=10)
    plan = {"BackupPlanId": one.backup.list_backup_plans()["BackupPlansList"][0]["BackupPlanId"]}
    for night in range(3):
        begun = last_night - timedelta(days=night)
        done = one.seeded(
            "backup_job",
            ResourceArn=system,
            BackupVaultName="efs",
            IamRoleArn=role,
            CreatedBy=plan,
            CreationDate=begun,
            CompletionDate=begun + timedelta(minutes=40),
        )
    one.seeded(
        "restore_job",
        RecoveryPointArn=done["RecoveryPointArn"],
        CreatedBy={"RestoreTestingPlanArn": one.made["weekly"]},
        CreationDate=ago(days=2),
        CompletionDate=ago(days=2, hours=-1),
    )
    return one.made
