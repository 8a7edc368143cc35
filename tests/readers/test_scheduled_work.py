"""Scheduled work on file systems is found in every language, and counts where a plan covers the same file system."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.terraform_blocks import block, estate

from restore_ready import (
    Estate,
    Fail,
    Pass,
    Ref,
    Requirements,
    ScheduledWork,
    Str,
    Text,
    Unknown,
    Unresolved,
    Verdict,
    scan,
)
from restore_ready.readers._scheduled_work import delayed, of_seconds
from restore_ready.readers.cloudformation import read_template

HOME = Ref("aws_efs_file_system.home")
FILE_SYSTEM = block("aws_efs_file_system.home")
POINT = block("aws_efs_access_point.home", file_system_id=Ref("aws_efs_file_system.home"))
MOUNT = [{"arn": Ref("aws_efs_access_point.home", "arn"), "local_mount_path": "/mnt/home"}]
FUNCTION = block("aws_lambda_function.report", timeout=61, file_system_config=MOUNT)
TO_FUNCTION = [{"arn": Ref("aws_lambda_function.report", "arn")}]
NIGHTLY = "cron(30 22 * * ? *)"


def schedule(**values: object) -> object:
    given = {"name": "nightly", "schedule_expression": NIGHTLY, "target": TO_FUNCTION}
    return block("aws_scheduler_schedule.nightly", **{**given, **values})


def found(*blocks: object) -> tuple[ScheduledWork, ...]:
    return estate(FILE_SYSTEM, POINT, *blocks).scheduled_work  # type: ignore[arg-type]


def test_a_function_that_mounts_the_file_system_through_an_access_point_works_on_it() -> None:
    (one,) = found(FUNCTION, schedule(schedule_expression_timezone="Asia/Tokyo"))

    assert (one.address, one.name) == ("aws_scheduler_schedule.nightly", "nightly")
    assert (one.schedule, one.time_zone) == (NIGHTLY, "Asia/Tokyo")
    assert (one.file_systems, one.lasts) == ((HOME,), 2)


def test_a_function_that_only_names_the_file_system_works_on_it_too() -> None:
    environment = [{"variables": {"FILE_SYSTEM": Ref("aws_efs_file_system.home", "id")}}]
    (one,) = found(block("aws_lambda_function.report", environment=environment), schedule())

    assert (one.file_systems, one.lasts) == ((HOME,), 1)


def test_an_input_that_names_the_file_system_is_enough() -> None:
    text = Text(('{"from": "', Ref("aws_efs_file_system.home", "arn"), '"}'))
    (one,) = found(schedule(target=[{"arn": "arn:aws:states:x:1:stateMachine:m", "input": text}]))

    assert (one.file_systems, one.lasts) == ((HOME,), None)


def test_an_alias_leads_to_its_function() -> None:
    alias = block("aws_lambda_alias.live", function_name=Ref("aws_lambda_function.report", "function_name"))
    (one,) = found(FUNCTION, alias, schedule(target=[{"arn": Ref("aws_lambda_alias.live", "arn")}]))

    assert one.lasts == 2


def test_ids_and_arns_written_out_are_understood() -> None:
    point = block("aws_efs_access_point.x", id="fsap-1", arn="arn:aws:e:r:1:access-point/fsap-1", file_system_id="fs-9")
    function = block("aws_lambda_function.report", file_system_config=[{"arn": "arn:aws:e:r:1:access-point/fsap-1"}])
    volume = [{"name": "v", "efs_volume_configuration": [{"file_system_id": "fs-0123abcd"}]}]
    task = block("aws_ecs_task_definition.t", volume=volume)
    targets = [{"arn": "cluster", "ecs_parameters": [{"task_definition_arn": Ref(task.address, "arn")}]}]
    (through,) = found(point, function, schedule())
    (direct,) = found(task, schedule(target=targets))

    assert through.file_systems == ("fs-9",)
    assert (direct.file_systems, direct.lasts) == (("fs-0123abcd",), None)


def test_an_event_rule_works_through_its_targets_by_reference_and_by_name() -> None:
    rule = block("aws_cloudwatch_event_rule.nightly", name="nightly", schedule_expression=NIGHTLY)
    arn = Ref("aws_lambda_function.report", "arn")
    by_reference = block("aws_cloudwatch_event_target.a", rule=Ref(rule.address, "name"), arn=arn)
    by_name = block("aws_cloudwatch_event_target.a", rule="nightly", arn=arn)
    another = block("aws_cloudwatch_event_target.a", rule="weekly", arn=arn)

    assert [one.time_zone for one in found(FUNCTION, rule, by_reference)] == ["UTC"]
    assert [one.file_systems for one in found(FUNCTION, rule, by_name)] == [(HOME,)]
    assert found(FUNCTION, rule, another) == ()


@pytest.mark.parametrize("values", [{"is_enabled": False}, {"state": "DISABLED"}, {"schedule_expression": None}])
def test_an_event_rule_that_is_off_or_has_no_schedule_counts_for_nothing(values: dict[str, object]) -> None:
    given = {"name": "nightly", "schedule_expression": NIGHTLY, **values}
    rule = block("aws_cloudwatch_event_rule.nightly", **{key: one for key, one in given.items() if one is not None})
    target = block("aws_cloudwatch_event_target.a", rule="nightly", arn=Ref("aws_lambda_function.report", "arn"))

    assert found(FUNCTION, rule, target) == ()


def test_a_state_that_is_not_known_leaves_the_schedule_open() -> None:
    (one,) = found(FUNCTION, schedule(state=Unresolved("var.state has no value")))

    assert isinstance(one.schedule, Unresolved)


def test_a_flexible_start_counts_as_part_of_the_work() -> None:
    window = [{"mode": "FLEXIBLE", "maximum_window_in_minutes": 30}]
    (one,) = found(FUNCTION, schedule(flexible_time_window=window))

    assert one.lasts == 32
    assert delayed(None, 30, 60) == 90
    assert delayed(5, None, 60) == 5
    assert isinstance(delayed(5, Unresolved("?"), 60), Unresolved)


def test_a_timeout_left_out_is_the_service_s_and_one_not_known_stays_open() -> None:
    (by_default,) = found(block("aws_lambda_function.report", file_system_config=MOUNT), schedule())

    assert (by_default.lasts, of_seconds(3), of_seconds(900), of_seconds(901)) == (1, 1, 15, 16)
    assert isinstance(of_seconds(Unresolved("?")), Unresolved)


def test_work_on_nothing_in_particular_is_no_batch() -> None:
    assert found(block("aws_lambda_function.report", timeout=3), schedule()) == ()


TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Home: {Type: AWS::EFS::FileSystem}
  Point: {Type: AWS::EFS::AccessPoint, Properties: {FileSystemId: !Ref Home}}
  Plan:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: p
        BackupPlanRule:
          - {RuleName: r, TargetBackupVault: v, ScheduleExpression: "cron(0 22 * * ? *)",
             StartWindowMinutes: 60, CompletionWindowMinutes: 180}
  Selection:
    Type: AWS::Backup::BackupSelection
    Properties:
      BackupPlanId: !Ref Plan
      BackupSelection: {SelectionName: s, IamRoleArn: r, Resources: [SELECTED]}
"""
SAM = """
  Report:
    Type: AWS::Serverless::Function
    Properties:
      Timeout: 600
      FileSystemConfigs: [{Arn: !GetAtt Point.Arn, LocalMountPath: /mnt/home}]
      Events:
        Nightly: EVENT
        Request: {Type: Api, Properties: {Path: /, Method: get}}
  Trigger:
    Type: AWS::Events::Rule
    Properties: {EventPattern: {source: [aws.s3]}, Targets: [{Id: a, Arn: !GetAtt Report.Arn}]}
"""


def template(folder: Path, more: str, selected: str = "!GetAtt Home.Arn") -> Path:
    path = folder / "template.yaml"
    path.write_text(TEMPLATE.replace("SELECTED", selected) + more)
    return path


def one_estate(path: Path) -> Estate:
    (only,) = read_template(path, {}).estates
    return only


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("{Type: Schedule, Properties: {Schedule: 'cron(5 22 * * ? *)'}}", [("cron(5 22 * * ? *)", "UTC")]),
        (
            "{Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 day), ScheduleExpressionTimezone: Asia/Tokyo}}",
            [("rate(1 day)", "Asia/Tokyo")],
        ),
        ("{Type: Schedule, Properties: {Schedule: rate(1 day), Enabled: false}}", []),
        ("{Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 day), State: DISABLED}}", []),
    ],
)
def test_the_events_of_a_sam_function_are_schedules(
    event: str, expected: list[tuple[Str, Str]], tmp_path: Path
) -> None:
    schedules = one_estate(template(tmp_path, SAM.replace("EVENT", event))).scheduled_work

    assert [(one.schedule, one.time_zone) for one in schedules] == expected
    assert all((one.address, one.file_systems, one.lasts) == ("Report", (Ref("Home"),), 10) for one in schedules)


def judged(path: Path) -> Verdict:
    done = scan([path], requirements=Requirements(time_zone="Asia/Tokyo"))
    return next(one.verdict for one in done.judgements if one.rule.code == "RR203")


def test_what_may_cover_the_same_file_system_is_unknown_and_what_does_fails(tmp_path: Path) -> None:
    more = SAM.replace("EVENT", "{Type: Schedule, Properties: {Schedule: 'cron(5 22 * * ? *)'}}")
    fails = judged(template(tmp_path, more))
    unknown = judged(template(tmp_path, more, "!ImportValue Files"))
    elsewhere = judged(template(tmp_path, more, "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1"))

    assert isinstance(fails, Fail)
    assert "a job runs into Report cron(5 22 * * ? *) UTC, up to 10 min: " in fails.message
    assert "may start 07:00\N{EN DASH}08:00 Asia/Tokyo and run until 11:00" in fails.message
    assert isinstance(unknown, Unknown)
    assert not isinstance(elsewhere, Fail)


@pytest.mark.parametrize(
    ("event", "verdict"),
    [
        ("cron(0 3 * * ? *)", Pass),
        ("cron(0/5 * * * ? *)", Pass),
        ("cron(0 * * * ? *)", Pass),
        ("rate(10 minutes)", Pass),
        ("at(2026-01-01T22:00:00)", Pass),
        ("rate(1 day)", Unknown),
        ("cron(bad)", Unknown),
        ("cron(0/5 20-23 * * ? *)", Fail),
    ],
)
def test_work_counts_when_a_plan_could_avoid_it(event: str, verdict: type[Verdict], tmp_path: Path) -> None:
    more = SAM.replace("EVENT", f"{{Type: Schedule, Properties: {{Schedule: '{event}'}}}}")

    assert isinstance(judged(template(tmp_path, more)), verdict)


def test_the_cloud_control_provider_is_read_as_cloudformation() -> None:
    point = block("awscc_efs_access_point.home", file_system_id=Ref("aws_efs_file_system.home", "id"))
    configs = [{"arn": Ref("awscc_efs_access_point.home", "arn"), "local_mount_path": "/mnt/home"}]
    function = block("awscc_lambda_function.report", file_system_configs=configs)
    target = {"arn": Ref("awscc_lambda_function.report", "arn"), "role_arn": "r"}
    nightly = block("awscc_scheduler_schedule.nightly", schedule_expression=NIGHTLY, target=target)
    (one,) = found(point, function, nightly)

    assert (one.address, one.schedule, one.file_systems) == ("awscc_scheduler_schedule.nightly", NIGHTLY, (HOME,))


def test_a_tree_of_any_depth_is_looked_through() -> None:
    deep: object = Ref("aws_efs_file_system.home")
    for _ in range(5000):
        deep = [deep]
    (one,) = found(block("aws_lambda_function.report", environment=deep), schedule())

    assert one.file_systems == (HOME,)
