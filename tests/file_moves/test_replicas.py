"""Which file systems are replicas, and what is aimed at them."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from tests.support.terraform_blocks import block, estate

from restore_ready import (
    AwsPlace,
    Estate,
    Fail,
    FileSystem,
    Known,
    Mount,
    Mover,
    MoverKind,
    Pass,
    Place,
    Ref,
    Replica,
    Replication,
    Requirements,
    RestoreTestSelection,
    Severity,
    Source,
    Str,
    Unknown,
    Unresolved,
    Verdict,
    all_rules,
)
from restore_ready.catalog._judged_estate import JudgedEstate

AT = Place("main.tf", 1)
OPEN = Unresolved("var.x has no value")
ARN = "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1"
IRELAND = AwsPlace("eu-west-1", "111122223333")
FILES = FileSystem("files", AT, Ref("files", "arn"), {}, aws_place=IRELAND)
COPY = FileSystem("copy", AT, Ref("copy", "arn"), {}, aws_place=IRELAND)
REQUIREMENTS = Requirements()


def replicating(*replicas: Replica, maybe: tuple[str, ...] = ()) -> Replication:
    return Replication("replication", AT, Ref("files"), replicas, maybe)


def judged(within: Estate) -> Verdict | None:
    rule = next(rule for rule in all_rules() if rule.code == "RR506")
    index = JudgedEstate.under(within, REQUIREMENTS)
    verdicts = [rule(subject, index, REQUIREMENTS) for subject in rule.subjects(index, REQUIREMENTS)]
    return verdicts[0] if verdicts else None


def moving(*mounts: Mount, replication: Replication, kind: MoverKind = MoverKind.TASK) -> Estate:
    mover = Mover("mover", AT, kind, "restore-mover", mounts)
    return Estate(Source.TERRAFORM, ".", file_systems=(FILES, COPY), replications=(replication,), movers=(mover,))


@pytest.mark.parametrize(
    ("replica", "mounted", "expected"),
    [
        (Replica(Ref("copy")), Ref("copy"), Fail),
        (Replica(Ref("copy")), Ref("files"), Pass),
        (Replica("fs-1"), "fs-1", Fail),
        (Replica("fs-1"), ARN, Fail),
        (Replica("fs-2"), ARN, Pass),
        (Replica(), Ref("replication", "destination.0.file_system_id"), Fail),
        (Replica(), Ref("copy"), Pass),
        (Replica(OPEN), Ref("copy"), Unknown),
        (Replica(OPEN, "eu-west-1"), Ref("copy"), Unknown),
        (Replica(OPEN, "us-east-1"), Ref("copy"), Pass),
        (Replica(OPEN), Ref("files"), Pass),
        (Replica(Ref("copy")), OPEN, Unknown),
    ],
)
def test_a_mover_that_writes_to_a_replica_fails(replica: Replica, mounted: Str, expected: type) -> None:
    assert isinstance(judged(moving(Mount(mounted), replication=replicating(replica))), expected)


@pytest.mark.parametrize(("read_only", "expected"), [(False, Fail), (True, Pass), (OPEN, Unknown)])
def test_what_is_only_read_from_may_be_a_replica(read_only: Known[bool], expected: type) -> None:
    source = Mount(Ref("copy"), read_only=read_only, root="/aws-backup-restore_1")
    within = moving(source, Mount(Ref("files")), replication=replicating(Replica(Ref("copy"))))
    assert isinstance(judged(within), expected)


def test_a_replication_that_may_not_exist_leaves_it_open() -> None:
    replication = replicating(Replica(Ref("copy")), maybe=("var.x",))
    assert isinstance(judged(moving(Mount(Ref("copy")), replication=replication)), Unknown)
    unread = replace(replication, replicas=OPEN, maybe=())
    assert isinstance(judged(moving(Mount(Ref("copy")), replication=unread)), Unknown)


def test_without_replicas_nothing_is_judged() -> None:
    within = moving(Mount(Ref("copy")), replication=replicating())
    assert judged(replace(within, replications=())) is None
    live = replace(within, replications=(), file_systems=(FILES, replace(COPY, replicating=True)))
    assert isinstance(judged(live), Fail)


@pytest.mark.parametrize(
    ("resources", "expected"),
    [((Ref("copy", "arn"),), Fail), ((Ref("files", "arn"),), Pass), (("*",), Pass), ((), Pass), (OPEN, Unknown)],
)
def test_a_test_that_names_a_replica_is_a_warning(resources: Known[tuple[Str, ...]], expected: type) -> None:
    test = RestoreTestSelection("test", AT, "role", "EFS", resources=resources)
    within = replace(moving(replication=replicating(Replica(Ref("copy")))), restore_tests=(test,))
    found = judged(within)
    assert isinstance(found, expected)
    assert not isinstance(found, Fail) or found.severity is Severity.WARNING


def test_a_replication_is_read() -> None:
    found = estate(
        block(
            "aws_efs_replication_configuration.r",
            source_file_system_id=Ref("aws_efs_file_system.a"),
            destination=[{"file_system_id": Ref("aws_efs_file_system.b"), "region": "eu-west-1"}],
        ),
        block(
            "awscc_efs_file_system.c",
            replication_configuration={"destinations": [{"file_system_id": "fs-1", "region": "us-east-1"}]},
        ),
    )
    assert [(one.address, one.source, one.replicas) for one in found.replications] == [
        (
            "aws_efs_replication_configuration.r",
            Ref("aws_efs_file_system.a"),
            (Replica(Ref("aws_efs_file_system.b"), "eu-west-1"),),
        ),
        ("awscc_efs_file_system.c", Ref("awscc_efs_file_system.c", "Ref"), (Replica("fs-1", "us-east-1"),)),
    ]
