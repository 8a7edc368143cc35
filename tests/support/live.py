"""An account that holds something of everything that an audit asks for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
import botocore.session
import pytest
from tests.aws_server.seed import HEALTHY, Account, policy, statement
from tests.aws_server.server import REGION, AwsServer

from restore_ready import Fact, Status
from restore_ready.live._collect import Scope, collect
from restore_ready.live._pace import Counts, Pacer
from restore_ready.live._plan import actions
from restore_ready.readers.account import read_account

SECRET = "AKIAIOSFODNN7EXAMPLE-hunter2"  # noqa: S105  # planted to be looked for
AUDITOR = "rr-audit"
SHARING = "555566667777"
"""An account that shares a vault with the filled one."""
ONE_REGION = Scope(regions=(REGION,))


def _unasked() -> set[str]:
    """Return the facts that boto3 makes unneeded where it is new enough: restore jobs then name their file systems."""
    model = botocore.session.get_session().get_service_model("backup").operation_model("ListRestoreJobs")
    named = "SourceResourceArn" in model.output_shape.members["RestoreJobs"].member.members
    return {"file_system_restores"} if named else set()


UNASKED = _unasked()


class Unhurried(Pacer):
    """Paces nothing: tests of what is asked don't wait for how often."""

    def take(self, *_: object) -> float:
        return 0.0


@dataclass(frozen=True)
class Filled:
    """A filled account at a server."""

    server: AwsServer
    account: str

    def session(self) -> boto3.Session:
        return self.server.session(self.account)

    def facts(self, scope: Scope = ONE_REGION, session: boto3.Session | None = None, **more: Any) -> list[Fact]:  # noqa: ANN401  # collect's own
        more.setdefault("pacer", Unhurried())
        return list(collect(session or self.session(), scope, **more))

    def counted(self, scope: Scope = ONE_REGION) -> Counts:
        counts = Counts()
        self.facts(scope, counts=counts)
        return counts

    def may_only(self, allowed: Iterable[str]) -> boto3.Session:
        """Return a session of the audit role, which may do what is *allowed* and nothing else."""
        document = policy(statement("Allow", list(allowed)))
        self.server.client("iam", self.account).put_role_policy(
            RoleName=AUDITOR, PolicyName="audit", PolicyDocument=document
        )
        role = f"arn:aws:iam::{self.account}:role/{AUDITOR}"
        return self.server.assume(role, account=self.account)


def filled(server: AwsServer, account: str = HEALTHY) -> Filled:
    """Fill *account*, with secrets in all places where people leave them."""
    server.client("organizations", account).create_organization(FeatureSet="ALL")
    one = Account(server, account)
    key = server.client("kms", account).create_key()["KeyMetadata"]["Arn"]
    backup_role = one.role("AWSBackup-efs", "backup")
    system = one.file_system("home", KmsKeyId=key)
    one.vault("efs", policy(statement("Deny", "backup:DeleteRecoveryPoint", Principal="*")), EncryptionKeyArn=key)
    one.plan("nightly", "efs", backup_role, system)
    one.restore_test("weekly", backup_role, system)
    one.user("operator", policy(statement("Allow", "backup:StartRestoreJob")))
    job = one.seeded("backup_job", ResourceArn=system, BackupVaultName="efs", IamRoleArn=backup_role)
    one.seeded("restore_job", RecoveryPointArn=job["RecoveryPointArn"])
    copied = f"arn:aws:backup:{one.region}:{account}:backup-vault:efs"
    one.seeded("copy_job", ResourceArn=system, SourceBackupVaultArn=copied, DestinationBackupVaultArn=copied)
    mounted(one, system)
    Account(server, SHARING).vault("shared")
    one.seeded("shared_vault", AccountId=SHARING, BackupVaultName="shared")
    workers(one, backup_role)
    one.role(AUDITOR, "backup")
    trusted = policy({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": account}})
    one.iam.update_assume_role_policy(RoleName=AUDITOR, PolicyDocument=trusted)
    server.enforce(f"arn:aws:iam::{account}:role/{AUDITOR}")
    return Filled(server, account)


@contextmanager
def at(server: AwsServer) -> Iterator[None]:
    """Let this process take *server* for AWS, as AWS_ENDPOINT_URL lets every program."""
    with pytest.MonkeyPatch.context() as changed:
        for name, value in server.environment(HEALTHY).items():
            changed.setenv(name, value)
        yield


def mounted(one: Account, system: str) -> None:
    """Put a mount target with a security group."""
    subnet, group = "subnet-0aaaaaaaaaaaaaaaa", "sg-0aaaaaaaaaaaaaaaa"
    network = {"VpcId": "vpc-0aaaaaaaaaaaaaaaa", "SubnetIds": [subnet], "SecurityGroupIds": [group]}
    one.seeded("network", **network)
    one.efs.create_mount_target(FileSystemId=system.rpartition("/")[2], SubnetId=subnet, SecurityGroups=[group])


def workers(one: Account, role: str) -> None:
    """Put a function with a schedule and an event rule that start it."""
    client = one.server.client("lambda", one.account, one.region)
    arn = client.create_function(
        FunctionName="restore-mover",
        Role=role,
        Runtime="python3.12",
        Handler="index.handler",
        Code={"ZipFile": b"pass"},
        Environment={"Variables": {"TOKEN": SECRET}},
    )["FunctionArn"]
    told = json.dumps({"password": SECRET})
    one.server.client("scheduler", one.account, one.region).create_schedule(
        Name="batch",
        ScheduleExpression="cron(30 1 * * ? *)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": arn, "RoleArn": role, "Input": told},
    )
    events = one.server.client("events", one.account, one.region)
    events.put_rule(Name="nightly", ScheduleExpression="rate(1 day)")
    events.put_targets(Rule="nightly", Targets=[{"Id": "mover", "Arn": arn, "Input": told}])


def everything_but(*without: str) -> list[str]:
    """Return the audit's actions without some."""
    return [action for action in actions() if action not in without]


def by_status(facts: Iterable[Fact], status: Status) -> list[Fact]:
    """Return the facts that ended so."""
    return [fact for fact in facts if fact.status is status]


def unknown(facts: Iterable[Fact]) -> Mapping[str, str]:
    """Return the ids of unknown facts with their codes."""
    return {fact.id: fact.code for fact in by_status(facts, Status.UNKNOWN)}


def unread(facts: Iterable[Fact]) -> Mapping[str, str]:
    """Return the Regions that an audit reports as ones that could not be read, with the reason."""
    told = {gap.address.partition("/")[2]: gap.why for gap in read_account(facts).gaps}
    return {region: why for region, why in told.items() if why.startswith("the Region could not be read")}
