"""What moves restored files is found by its name and mounts, in every language, and its way to the files is judged."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.support.terraform_blocks import block, estate

from restore_ready import (
    Estate,
    Fail,
    Mount,
    Mover,
    MoverKind,
    Pass,
    Place,
    Ref,
    Requirements,
    Text,
    Unknown,
    Unresolved,
    Verdict,
    scan,
)
from restore_ready.catalog._judged_estate import JudgedEstate
from restore_ready.file_moves._movers import movers, movers_of
from restore_ready.index import EstateIndex
from restore_ready.model import Known, Places, settled
from restore_ready.readers._task_volumes import VolumeUse, use_of
from restore_ready.readers.cloudformation import read_template
from restore_ready.readers.terraform._block import Block

FILES = block("aws_efs_file_system.files")
TO_FILES = Ref("aws_efs_file_system.files")
ROOT = {"root_directory": [{"path": "/"}], "posix_user": [{"uid": 0, "gid": 0}]}
POINT = block("aws_efs_access_point.mover", file_system_id=TO_FILES, **ROOT)
TARGET = block("aws_efs_mount_target.files", file_system_id=TO_FILES, subnet_id="subnet-1")
NETWORK = [{"subnet_ids": ["subnet-1"], "security_group_ids": ["sg-1"]}]
OPEN = Unresolved("var.x has no value")
DEFAULTS = Requirements()


def function(name: object = "efs-restore-mover", **values: object) -> Block:
    mount = [{"arn": Ref("aws_efs_access_point.mover", "arn"), "local_mount_path": "/mnt/files"}]
    given = {"function_name": name, "role": "r", "timeout": 900, "file_system_config": mount, "vpc_config": NETWORK}
    return block("aws_lambda_function.x", **{**given, **values})


def judged(*blocks: Block, code: str = "RR503", requirements: Requirements = DEFAULTS) -> Verdict | None:
    """Return the verdict on the only mover of *blocks*."""
    return judged_in(estate(*blocks), code, requirements)


def judged_in(found: Estate, code: str = "RR503", requirements: Requirements = DEFAULTS) -> Verdict | None:
    from restore_ready import all_rules  # noqa: PLC0415  # a rule that can't be imported fails its own tests

    rule = next(one for one in all_rules() if one.code == code)
    judged = JudgedEstate.under(found, requirements)
    verdicts = [rule(mover, judged, requirements) for mover in rule.subjects(judged, requirements)]
    assert len(verdicts) <= 1
    return verdicts[0] if verdicts else None


@pytest.mark.parametrize(
    "name",
    [
        "efs-restore-mover",
        "EFSRestoreMover",
        "move-restored-files",
        "moveRestoredFiles",
        "restore-files",
        "RestoreFile",
        "prod_restore_mv",
        Text((OPEN, "-restore-files")),
    ],
)
def test_what_is_named_for_moving_restored_files_is_a_mover(name: object) -> None:
    found = EstateIndex.of(estate(FILES, POINT, function(name)))

    assert [one.address for one in movers_of(found.file_systems[0], found, DEFAULTS)] == ["aws_lambda_function.x"]


@pytest.mark.parametrize(
    "name",
    [
        "app-restore-point-api",
        "db-restore",
        "efs-restore",
        "restore-files-from-s3",
        "restoreFileAPI",
        "files-api",
        "remove-files",
        "datastore-file-mover",
        OPEN,
    ],
)
def test_what_is_named_for_something_else_is_none(name: object) -> None:
    assert not list(movers(estate(FILES, POINT, function(name)), DEFAULTS))


def test_a_function_without_a_known_name_goes_by_its_resource() -> None:
    named = block('module.a["x"].aws_lambda_function.restore_mover[0]', function_name=OPEN, file_system_config=OPEN)

    assert [one.name for one in movers(estate(FILES, named), DEFAULTS)] == [OPEN]
    assert not list(movers(estate(FILES, named), Requirements(mover=("*aws_lambda*",))))


def test_a_function_that_mounts_nothing_is_a_mover_only_beside_efs() -> None:
    idle = function(file_system_config=[])

    assert not list(movers(estate(idle), DEFAULTS))
    assert isinstance(judged(FILES, idle), Fail)
    assert judged(FILES, idle, code="RR502") is None


def test_a_function_that_mounts_nothing_may_start_what_does() -> None:
    assert isinstance(judged_in(estate(FILES, function(file_system_config=[]), task(name="sync"))), Unknown)


def task(name: str = "efs-restore-mover", **values: object) -> Block:
    containers = '[{"user": "0", "mountPoints": [{"sourceVolume": "files"}]}]'
    volume = [{"name": "files", "efs_volume_configuration": [{"file_system_id": TO_FILES}]}]
    return block(
        "aws_ecs_task_definition.x", **{"family": name, "container_definitions": containers, "volume": volume, **values}
    )


def test_a_sound_function_passes() -> None:
    assert isinstance(judged(FILES, POINT, TARGET, function()), Pass)


@pytest.mark.parametrize(
    ("way", "fault"),
    [
        ({"root_directory": [{"path": "/app"}]}, "shows it /app only"),
        ({"posix_user": [{"uid": 1000}]}, "it works as user 1000"),
        ({"posix_user": [{"uid": "1000"}]}, "it works as user 1000"),
        ({"posix_user": []}, "leaves it Lambda's own user"),
    ],
)
def test_an_access_point_made_for_an_application_is_a_fault(way: dict[str, object], fault: str) -> None:
    point = block("aws_efs_access_point.mover", **{"file_system_id": TO_FILES, **ROOT, **way})
    verdict = judged(FILES, point, TARGET, function())

    assert isinstance(verdict, Fail)
    assert fault in verdict.message


@pytest.mark.parametrize("way", [{"root_directory": OPEN}, {"root_directory": [{"path": OPEN}]}, {"posix_user": OPEN}])
def test_an_access_point_not_fully_known_leaves_it_open(way: dict[str, object]) -> None:
    point = block("aws_efs_access_point.mover", **{"file_system_id": TO_FILES, **ROOT, **way})

    assert isinstance(judged(FILES, point, TARGET, function()), Unknown)


def test_a_fault_is_reported_whatever_else_is_open() -> None:
    point = block("aws_efs_access_point.mover", file_system_id=TO_FILES, root_directory=OPEN, posix_user=[{"uid": 7}])

    assert isinstance(judged(FILES, point, TARGET, function()), Fail)


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ({"vpc_config": []}, Fail),
        ({"vpc_config": [{"subnet_ids": []}]}, Fail),
        ({"vpc_config": OPEN}, Unknown),
        ({"vpc_config": [{"subnet_ids": OPEN}]}, Unknown),
        ({"vpc_config": [{"subnet_ids": ["subnet-2"]}]}, Unknown),
        ({"vpc_config": [{"subnet_ids": [OPEN]}]}, Unknown),
        ({"file_system_config": OPEN}, Unknown),
        ({"file_system_config": [{"arn": "arn:aws:elasticfilesystem:r:1:access-point/fsap-1"}]}, Unknown),
    ],
)
def test_what_a_function_says_of_its_network_and_mount_counts(values: dict[str, object], verdict: type) -> None:
    assert isinstance(judged(FILES, POINT, TARGET, function(**values)), verdict)


def subnet(name: str, zone: object) -> Block:
    return block(f"aws_subnet.{name}", availability_zone=zone)


@pytest.mark.parametrize(
    ("zones", "verdict"),
    [(("us-east-1a", "us-east-1a"), Pass), (("us-east-1a", "us-east-1b"), Fail), (("us-east-1a", OPEN), Unknown)],
)
def test_a_mount_target_in_the_same_zone_is_enough(zones: tuple[object, object], verdict: type) -> None:
    target = block("aws_efs_mount_target.files", file_system_id=TO_FILES, subnet_id=Ref("aws_subnet.a"))
    mover = function(vpc_config=[{"subnet_ids": [Ref("aws_subnet.b")]}])
    subnets = (subnet("a", zones[0]), subnet("b", zones[1]))

    assert isinstance(judged(FILES, POINT, target, *subnets, mover), verdict)


def test_mount_targets_may_be_those_of_a_file_system_out_of_sight() -> None:
    target = block("aws_efs_mount_target.files", file_system_id=Ref("data.aws_efs_file_system.x"), subnet_id="subnet-1")

    assert isinstance(judged(FILES, POINT, target, function()), Unknown)
    assert isinstance(judged(FILES, POINT, function()), Fail)


def test_a_literal_access_point_leads_to_its_file_system() -> None:
    arn = "arn:aws:elasticfilesystem:eu-west-1:111122223333:access-point/fsap-1"
    point = block("aws_efs_access_point.mover", arn=arn, file_system_id="fs-1", **ROOT)
    files = block("aws_efs_file_system.files", arn="arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1")
    target = block("aws_efs_mount_target.files", file_system_id="fs-1", subnet_id="subnet-1")

    assert isinstance(judged(files, point, target, function(file_system_config=[{"arn": arn}])), Pass)


READ_WRITE = {"Effect": "Allow", "Action": ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]}
FULL = {"Effect": "Allow", "Action": "elasticfilesystem:Client*"}
EVERYBODY = {"Principal": "*", "Resource": "*"}


def policy(*statements: dict[str, object], **values: object) -> Block:
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    given = {"file_system_id": TO_FILES, "policy": document}
    return block("aws_efs_file_system_policy.files", **{**given, **values})


ROLE = block("aws_iam_role.mover", name="mover", assume_role_policy={"Statement": []})
IN_SIGHT = Ref("aws_iam_role.mover", "arn")
TLS_ONLY = {
    "Effect": "Deny",
    "Action": "*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    **EVERYBODY,
}
THROUGH = {"Condition": {"StringEquals": {"elasticfilesystem:AccessPointArn": Ref("aws_efs_access_point.mover")}}}
MOUNTED = {"Condition": {"Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}}}


@pytest.mark.parametrize(
    ("statements", "verdict"),
    [
        ([{**FULL, **EVERYBODY}], Pass),
        ([{**FULL, **EVERYBODY}, TLS_ONLY], Pass),
        ([{**FULL, **EVERYBODY, **MOUNTED}], Pass),
        ([{**FULL, **EVERYBODY, **THROUGH}], Pass),
        ([{**READ_WRITE, **EVERYBODY}], Fail),
        ([{**FULL, **EVERYBODY, "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}}], Fail),
        ([{**FULL, **EVERYBODY}, {**FULL, **EVERYBODY, "Effect": "Deny"}], Fail),
    ],
)
def test_under_a_policy_somebody_has_to_grant_root_access(statements: list[dict[str, object]], verdict: type) -> None:
    mover = function(role=IN_SIGHT)

    assert isinstance(judged(FILES, policy(*statements), POINT, TARGET, ROLE, mover), verdict)


def test_a_role_out_of_sight_or_a_policy_not_read_leaves_it_open() -> None:
    app_only = {**FULL, **EVERYBODY, "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}}

    assert isinstance(judged(FILES, policy(app_only), POINT, TARGET, function()), Unknown)
    assert isinstance(judged(FILES, policy(policy=OPEN), POINT, TARGET, ROLE, function(role=IN_SIGHT)), Unknown)
    assert isinstance(judged(FILES, policy(file_system_id=OPEN), POINT, TARGET, function()), Unknown)


@pytest.mark.parametrize(
    ("containers", "verdict"),
    [
        ('[{"user": "root:root", "mountPoints": [{"sourceVolume": "files"}]}]', Pass),
        ('[{"user": "1000", "mountPoints": [{"sourceVolume": "files"}]}]', Fail),
        ('[{"user": "app", "mountPoints": [{"sourceVolume": "files"}]}]', Unknown),
        ('[{"mountPoints": [{"sourceVolume": "files"}]}]', Unknown),
        ('[{"user": "0", "mountPoints": [{"sourceVolume": "files", "readOnly": true}]}]', Fail),
        ("not JSON", Unknown),
        (OPEN, Unknown),
        ('[{"name": "other"}]', None),
    ],
)
def test_a_task_is_judged_by_the_container_that_mounts_the_volume(containers: object, verdict: type | None) -> None:
    found = judged(FILES, TARGET, task(container_definitions=containers))

    assert found is None if verdict is None else isinstance(found, verdict)


def test_a_task_without_a_role_is_anonymous_to_a_policy() -> None:
    assert isinstance(judged(FILES, policy({**FULL, **EVERYBODY}), TARGET, task()), Pass)
    assert isinstance(judged(FILES, policy({**FULL, **EVERYBODY}, TLS_ONLY), TARGET, task()), Fail)


@pytest.mark.parametrize(
    ("containers", "use"),
    [
        ([{"MountPoints": [{"SourceVolume": "v", "ReadOnly": "true"}], "User": 0}], VolumeUse(read_only=True, uid=0)),
        ([{"mountPoints": [{"sourceVolume": "w"}]}], None),
        ([{"mountPoints": None}, {}], None),
        (
            [
                {"user": "5", "mountPoints": [{"sourceVolume": "v"}]},
                {"user": "0", "mountPoints": [{"sourceVolume": "v"}]},
            ],
            VolumeUse(uid=0),
        ),
    ],
)
def test_a_volume_is_used_as_its_containers_say(containers: object, use: VolumeUse | None) -> None:
    assert use_of(containers, "v") == use


@pytest.mark.parametrize(
    "containers", [None, 7, "{}", "[" * 100_000, ["x"], [{"mountPoints": "v"}], [{"mountPoints": [1]}]]
)
def test_container_definitions_that_make_no_sense_are_open(containers: object) -> None:
    use = use_of(containers, "v")

    assert use is not None
    assert isinstance(use.read_only, Unresolved)


def location(name: str, **values: object) -> Block:
    return block(f"aws_datasync_location_efs.{name}", **{"efs_file_system_arn": TO_FILES, **values})


def transfer(name: str = "x") -> Block:
    source, destination = Ref("aws_datasync_location_efs.from", "arn"), Ref("aws_datasync_location_efs.to", "arn")
    return block("aws_datasync_task.x", name=name, source_location_arn=source, destination_location_arn=destination)


def test_a_transfer_out_of_the_restored_directory_is_a_mover() -> None:
    restored = location("from", subdirectory="/aws-backup-restore_2026-09-06T00-03-13-832Z")

    assert isinstance(judged(FILES, TARGET, restored, location("to", subdirectory="/home"), transfer()), Pass)
    assert judged(FILES, TARGET, location("from", subdirectory="/a"), location("to"), transfer()) is None
    assert judged(FILES, TARGET, location("to"), transfer("move-restored-files")) is None


def test_a_transfer_needs_its_roles_to_be_granted_access() -> None:
    restored = location("from", subdirectory="/aws-backup-restore_x", file_system_access_role_arn=IN_SIGHT)
    ends = (restored, location("to", file_system_access_role_arn=IN_SIGHT), transfer())

    assert isinstance(judged(FILES, TARGET, ROLE, policy({**FULL, **EVERYBODY}), *ends), Pass)
    assert isinstance(judged(FILES, TARGET, ROLE, policy({**READ_WRITE, **EVERYBODY}), *ends), Fail)


@pytest.mark.parametrize(
    ("timeout", "requirements", "verdict"),
    [
        (3, DEFAULTS, Fail),
        (59, DEFAULTS, Fail),
        (60, DEFAULTS, Pass),
        (OPEN, DEFAULTS, Unknown),
        (300, Requirements(within=240), Fail),
        (300, Requirements(within=5), Pass),
        (900, Requirements(within=240), Pass),
        (900, Requirements(sizes={"*files": 2 * 10**11}), Pass),
        (600, Requirements(sizes={"*files": 2 * 10**11}), Fail),
        (1700, Requirements(sizes={"*files": 4 * 10**11}), Pass),
        (900, Requirements(sizes={"*files": 2 * 10**12}), Fail),
        (900, Requirements(sizes={"*other": 2 * 10**12}), Pass),
    ],
)
def test_a_time_out_suffices_or_not(timeout: object, requirements: Requirements, verdict: type) -> None:
    found = judged(FILES, POINT, function(timeout=timeout), code="RR502", requirements=requirements)

    assert isinstance(found, verdict)


TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Timeout: 900, VpcConfig: {SubnetIds: [subnet-1], SecurityGroupIds: [sg-1]}}}
Resources:
  Files: {Type: AWS::EFS::FileSystem}
  Door:
    Type: AWS::EFS::AccessPoint
    Properties: {FileSystemId: !Ref Files, RootDirectory: {Path: /}, PosixUser: {Uid: 0, Gid: 0}}
  RestoreMover:
    Type: AWS::Serverless::Function
    Properties:
      FileSystemConfigs:
        - Arn: !Sub arn:aws:elasticfilesystem:${AWS::Region}:${AWS::AccountId}:access-point/${Door}
          LocalMountPath: /mnt/files
"""
TARGETS = "  Target: {Type: AWS::EFS::MountTarget, Properties: {FileSystemId: !Ref Files, SubnetId: subnet-1}}\n"
NESTED = "  Net: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: u, Parameters: {Id: !Ref Files}}}\n"


def read(folder: Path, text: str) -> tuple[Estate, ...]:
    path = folder / "template.yaml"
    path.write_text(text)
    return read_template(path).estates


def test_a_sam_function_takes_its_time_out_and_network_from_the_globals(tmp_path: Path) -> None:
    (found,) = read(tmp_path, TEMPLATE + TARGETS)
    (mover,) = movers(found, DEFAULTS)

    assert (mover.timeout, mover.subnets, mover.role) == (900, ("subnet-1",), Ref("RestoreMover", "Arn"))
    assert isinstance(judged_in(found), Pass)
    assert isinstance(judged_in(found, "RR502"), Pass)


def test_mount_targets_may_be_in_a_nested_stack_that_gets_the_file_system(tmp_path: Path) -> None:
    (without,) = read(tmp_path, TEMPLATE)
    (nested,) = read(tmp_path, TEMPLATE + NESTED)

    assert isinstance(judged_in(without), Fail)
    assert isinstance(judged_in(nested), Unknown)
    assert [gap.handed for gap in nested.gaps] == [("Files",)]


CONDITIONAL = """
Parameters: {PARAMETERS}
Conditions: {CONDITIONS}
Resources:
  Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: []}}}
"""


def test_functions_that_can_be_no_movers_open_no_scenarios(tmp_path: Path) -> None:
    names = [f"C{number}" for number in range(12)]
    text = CONDITIONAL.replace("{PARAMETERS}", "{" + ", ".join(f"P{one}: {{Type: String}}" for one in names) + "}")
    text = text.replace("{CONDITIONS}", "{" + ", ".join(f'{one}: !Equals [!Ref P{one}, "yes"]' for one in names) + "}")
    text += "".join(f"  F{one}: {{Type: AWS::Lambda::Function, Condition: {one}}}\n" for one in names)

    assert [one.gaps for one in read(tmp_path, text)] == [()]


def test_conditions_in_what_matters_to_no_mover_open_no_scenarios(tmp_path: Path) -> None:
    lines = "".join(f"          V{n}: !If [C{n}, a, b]\n" for n in range(12))
    conditions = "".join(f'  C{n}: !Equals [!Ref P{n}, "yes"]\n' for n in range(12))
    parameters = "".join(f"  P{n}: {{Type: String}}\n" for n in range(12))
    function_text = (
        "  Report:\n    Type: AWS::Lambda::Function\n    Properties:\n      Environment:\n        Variables:\n" + lines
    )
    head = f"Parameters:\n{parameters}Conditions:\n{conditions}"

    assert len(read(tmp_path, head + TEMPLATE.lstrip() + TARGETS + function_text)) == 1


def test_a_fault_under_one_condition_says_so(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(
        TEMPLATE.replace("{Path: /}", "{Path: !If [IsApp, /app, /]}")
        + TARGETS
        + "Parameters: {App: {Type: String}}\nConditions: {IsApp: !Equals [!Ref App, 'yes']}\n"
    )
    verdict = next(one.verdict for one in scan([path]).judgements if one.rule.code == "RR503")

    assert isinstance(verdict, Fail)
    assert verdict.message.startswith("when IsApp is true: ")


def test_the_cloud_control_provider_is_read_as_cloudformation() -> None:
    volume = {"filesystem_id": TO_FILES, "authorization_config": {"iam": "ENABLED"}}
    mover = block(
        "awscc_ecs_task_definition.mover",
        family="efs-restore-mover",
        volumes=[{"name": "files", "efs_volume_configuration": volume}],
        container_definitions=[{"user": "0", "mount_points": [{"source_volume": "files", "read_only": False}]}],
        task_role_arn=IN_SIGHT,
    )
    target = block("awscc_efs_mount_target.files", file_system_id=TO_FILES, subnet_id="subnet-1")
    found = estate(FILES, target, ROLE, policy({**READ_WRITE, **EVERYBODY}), mover)
    (mover,) = found.movers

    assert mover.mounts == (Mount(TO_FILES, uid=0, encrypted=False),)
    assert isinstance(judged_in(found), Fail)


def _without_places(mounts: Known[tuple[Mount, ...]]) -> tuple[Mount, ...]:
    return tuple(replace(mount, places=Places()) for mount in settled(mounts))


def test_a_transfer_and_a_task_are_read_alike_from_a_template(tmp_path: Path) -> None:
    text = """
Resources:
  Files: {Type: AWS::EFS::FileSystem, Properties: {FileSystemPolicy: {Statement: []}}}
  From: {Type: AWS::DataSync::LocationEFS, Properties: {EfsFilesystemArn: !GetAtt Files.Arn, Subdirectory: /a}}
  To: {Type: AWS::DataSync::LocationEFS, Properties: {EfsFilesystemArn: !GetAtt Files.Arn, InTransitEncryption: TLS1_2}}
  Sync:
    Type: AWS::DataSync::Task
    Properties: {SourceLocationArn: !Ref From, DestinationLocationArn: !GetAtt To.LocationArn}
"""
    (found,) = read(tmp_path, text)
    arn = Ref("Files", "Arn")
    source = Mount(arn, root="/a", read_only=True, with_iam=False, uid=0, encrypted=False)
    destination = Mount(arn, with_iam=False, uid=0)

    assert [(one.file_system, one.address) for one in found.file_system_policies] == [(Ref("Files", "Ref"), "Files")]
    assert [(one.kind, _without_places(one.mounts), one.role) for one in found.movers] == [
        (MoverKind.TRANSFER, (source, destination), None)
    ]


COUNTED = """
variable "subnets" { type = list(string) }
variable "on" { type = bool }
resource "aws_efs_file_system" "files" {}
resource "aws_efs_mount_target" "files" {
  EACH
  file_system_id = aws_efs_file_system.files.id
  subnet_id      = "subnet-1"
}
resource "aws_efs_access_point" "mover" {
  file_system_id = aws_efs_file_system.files.id
  root_directory {
    path = "/"
  }
  posix_user {
    uid = 0
    gid = 0
  }
}
resource "aws_lambda_function" "mover" {
  function_name = "efs-restore-mover"
  timeout       = 900
  role          = "r"
  file_system_config {
    arn              = aws_efs_access_point.mover.arn
    local_mount_path = "/mnt/files"
  }
  vpc_config {
    subnet_ids         = ["subnet-1"]
    security_group_ids = ["sg-1"]
  }
}
"""


@pytest.mark.parametrize("each", ["for_each = toset(var.subnets)", "count = var.on ? 1 : 0"])
def test_mount_targets_of_which_the_number_is_not_known_leave_it_open_and_no_gap(each: str, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(COUNTED.replace("EACH", each))
    done = scan([tmp_path])
    verdict = next(one.verdict for one in done.judgements if one.rule.code == "RR503")

    assert isinstance(verdict, Unknown)
    assert "whether aws_efs_mount_target.files" in verdict.why
    assert not done.gaps


def test_many_workers_take_linear_time() -> None:
    place = Place("main.tf", 1, 1)
    point = Mount(access_point=Ref("aws_efs_access_point.mover"))
    many = tuple(Mover(f"f{n}", place, MoverKind.FUNCTION, "restore-files", (point,)) for n in range(20_000))
    found = estate(FILES, POINT, TARGET)
    large = EstateIndex(found.source, found.root, found.file_systems, access_points=found.access_points, movers=many)

    assert len(movers_of(large.file_systems[0], large, DEFAULTS)) == len(many)
