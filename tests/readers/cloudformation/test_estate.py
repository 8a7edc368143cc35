"""Templates give file systems, plans, selections and vaults, with CloudFormation's own defaults."""

from __future__ import annotations

from pathlib import Path

import pytest

from restore_ready import Copy, Estate, PlanRule, PolicyDocument, Ref, Source, TagCondition, Text, Unresolved
from restore_ready.readers.cloudformation import estate_from_resources, read_template, read_template_text

OPEN = "Parameters: {Open: {Type: String}}\n"


def estate(text: str) -> Estate:
    (found,) = read_template_text(text, Path("t.yaml")).estates
    return found


def file_system(properties: str) -> Estate:
    return estate(f"{OPEN}Resources: {{Files: {{Type: AWS::EFS::FileSystem, Properties: {properties}}}}}")


def the_rule(properties: str) -> PlanRule:
    plan = f"{{BackupPlan: {{BackupPlanName: p, BackupPlanRule: [{properties}]}}}}"
    (found,) = estate(f"{OPEN}Resources: {{P: {{Type: AWS::Backup::BackupPlan, Properties: {plan}}}}}").plans
    assert isinstance(found.rules, tuple)
    return found.rules[0]


@pytest.mark.parametrize(
    ("properties", "enabled", "stated"),
    [
        ("{}", False, False),
        ("{AvailabilityZoneName: eu-west-1a}", True, False),
        ("{AvailabilityZoneName: !Select [0, !GetAZs '']}", True, False),
        ("{AvailabilityZoneName: !Ref Open}", True, False),
        ("{AvailabilityZoneName: !Ref AWS::NoValue}", False, False),
        ("{BackupPolicy: {Status: ENABLED}}", True, True),
        ("{BackupPolicy: {Status: DISABLED}}", False, True),
        ("{AvailabilityZoneName: a, BackupPolicy: {Status: DISABLED}}", False, True),
        ("{BackupPolicy: {Status: !Ref Open}}", Unresolved("parameter Open has no default"), True),
        ("{BackupPolicy: !Ref Open}", Unresolved("parameter Open has no default"), True),
        ("{BackupPolicy: {Status: yes}}", Unresolved("Status is neither ENABLED nor DISABLED"), True),
        ("{BackupPolicy: {}}", Unresolved("Status is missing"), True),
        ("{BackupPolicy: [ENABLED]}", Unresolved("BackupPolicy is not an object"), True),
    ],
)
def test_automatic_backups_follow_the_policy_or_the_storage_class(
    properties: str, enabled: object, *, stated: bool
) -> None:
    (found,) = file_system(properties).automatic_backups
    assert (found.enabled, found.stated) == (enabled, stated)
    assert (found.address, found.file_system) == ("Files", Ref("Files", "Ref"))


@pytest.mark.parametrize(
    ("tags", "meant"),
    [
        (
            "[{Key: a, Value: b}, {Key: c, Value: !Ref Open}]",
            {"a": "b", "c": Unresolved("parameter Open has no default")},
        ),
        ("[{Key: a, Value: 5}]", {"a": "5"}),
        ("[{Key: !Ref Open, Value: b}]", Unresolved("not all tag keys are known")),
        ("!Ref Open", Unresolved("parameter Open has no default")),
        ("!Ref AWS::NoValue", {}),
    ],
)
def test_tags_are_known_only_when_all_keys_are(tags: str, meant: object) -> None:
    assert file_system(f"{{FileSystemTags: {tags}}}").file_systems[0].tags == meant


def test_a_file_system_knows_where_it_stands_and_what_it_is_called() -> None:
    found = estate("Resources:\n  Files:\n    Type: AWS::EFS::FileSystem\n").file_systems[0]
    assert (found.address, found.arn, found.one_zone) == ("Files", Ref("Files", "Arn"), False)
    assert (found.place.file, found.place.line, found.place.end_line) == ("t.yaml", 2, 3)


def test_windows_left_out_are_those_of_aws() -> None:
    rule = the_rule("{RuleName: r, TargetBackupVault: v}")
    assert (rule.start_window, rule.completion_window) == (480, 10080)
    assert not rule.start_window_stated
    assert not rule.completion_window_stated
    assert (rule.schedule, rule.time_zone, rule.delete_after_days, rule.cold_after_days, rule.copies) == (
        None,
        "UTC",
        None,
        None,
        (),
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("60", 60),
        ("'60'", 60),
        ("60.0", 60),
        ("!Ref Open", Unresolved("parameter Open has no default")),
        ("1h", Unresolved("StartWindowMinutes is '1h', which is no whole number")),
        ("60.5", Unresolved("StartWindowMinutes is '60.5', which is no whole number")),
        ("[60]", Unresolved("StartWindowMinutes is not text")),
        ("true", Unresolved("StartWindowMinutes is 'true', which is no whole number")),
    ],
)
def test_numbers_may_be_text_and_nothing_else(written: str, meant: object) -> None:
    rule = the_rule(f"{{StartWindowMinutes: {written}}}")
    assert rule.start_window == meant
    assert rule.start_window_stated


def test_a_rule_is_read_in_full() -> None:
    rule = the_rule(
        "{RuleName: r, TargetBackupVault: !Ref V, ScheduleExpression: 'cron(0 5 * * ? *)', "
        "ScheduleExpressionTimezone: Asia/Tokyo, StartWindowMinutes: 60, CompletionWindowMinutes: 180, "
        "Lifecycle: {DeleteAfterDays: 120, MoveToColdStorageAfterDays: 30}, "
        "CopyActions: [{DestinationBackupVaultArn: 'arn:x', Lifecycle: {DeleteAfterDays: 7}}, !Ref Open]}"
    )
    assert (rule.name, rule.schedule, rule.time_zone) == ("r", "cron(0 5 * * ? *)", "Asia/Tokyo")
    assert (rule.start_window, rule.completion_window) == (60, 180)
    assert (rule.delete_after_days, rule.cold_after_days) == (120, 30)
    unknown = Unresolved("parameter Open has no default")
    assert rule.copies == (Copy("arn:x", 7, None), Copy(unknown, unknown, unknown))


@pytest.mark.parametrize(
    ("vault", "meant"),
    [
        ("TargetBackupVault: daily", "daily"),
        ("TargetBackupVault: !Ref V", Ref("V", "Ref")),
        ("TargetBackupVault: !GetAtt V.BackupVaultName", Ref("V", "BackupVaultName")),
        ("TargetLogicallyAirGappedBackupVaultArn: 'arn:x'", "arn:x"),
        ("RuleName: r", Unresolved("TargetBackupVault is missing")),
    ],
)
def test_a_rule_names_its_vault(vault: str, meant: object) -> None:
    rule = f"{{BackupPlan: {{BackupPlanRule: [{{{vault}}}]}}}}"
    plan = f"{{Type: AWS::Backup::BackupPlan, Properties: {rule}}}"
    text = f"Resources:\n  V: {{Type: AWS::Backup::BackupVault}}\n  P: {plan}"
    rules = estate(text).plans[0].rules
    assert isinstance(rules, tuple)
    assert rules[0].vault == meant


@pytest.mark.parametrize(
    "properties", ["{}", "{BackupPlan: !Ref Open}", "{BackupPlan: {BackupPlanName: p, BackupPlanRule: !Ref Open}}"]
)
def test_rules_that_can_not_be_read_are_unresolved_as_a_whole(properties: str) -> None:
    (plan,) = estate(f"{OPEN}Resources: {{P: {{Type: AWS::Backup::BackupPlan, Properties: {properties}}}}}").plans
    assert isinstance(plan.rules, Unresolved)


def test_one_rule_of_two_that_can_not_be_read_stays_in_its_place() -> None:
    rule = the_rule("!Ref Open, {RuleName: r}")
    assert isinstance(rule.start_window, Unresolved)
    assert isinstance(rule.vault, Unresolved)


def test_a_selection_is_read_in_full() -> None:
    text = """
Resources:
  Files: {Type: AWS::EFS::FileSystem}
  Plan: {Type: AWS::Backup::BackupPlan}
  Role: {Type: AWS::IAM::Role}
  Chosen:
    Type: AWS::Backup::BackupSelection
    Properties:
      BackupPlanId: !Ref Plan
      BackupSelection:
        SelectionName: s
        IamRoleArn: !GetAtt Role.Arn
        Resources: [!GetAtt Files.Arn, 'arn:aws:elasticfilesystem:*:*:file-system/*']
        NotResources: !Sub 'arn:aws:ec2:${AWS::Region}:*:*'
        ListOfTags: [{ConditionType: STRINGEQUALS, ConditionKey: backup, ConditionValue: daily}]
        Conditions:
          StringEquals: [{ConditionKey: aws:ResourceTag/env, ConditionValue: prod}]
          StringNotLike: [{ConditionKey: !Sub 'aws:ResourceTag/${AWS::StackName}', ConditionValue: 'x*'}]
"""
    (chosen,) = estate(text).selections
    assert (chosen.plan, chosen.role) == (Ref("Plan", "Ref"), Ref("Role", "Arn"))
    assert chosen.resources == (Ref("Files", "Arn"), "arn:aws:elasticfilesystem:*:*:file-system/*")
    assert chosen.not_resources == ("arn:aws:ec2:this-region:*:*",)
    assert chosen.tags == (TagCondition("equals", "backup", "daily"),)
    stack = Unresolved("AWS::StackName is known only once deployed")
    assert chosen.conditions == (TagCondition("equals", "env", "prod"), TagCondition("not_like", stack, "x*"))


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ("!Ref Open", "resources"),
        ("{Resources: !Ref Open}", "resources"),
        ("{ListOfTags: !Ref Open}", "tags"),
        ("{ListOfTags: [{ConditionType: !Ref Open, ConditionKey: a, ConditionValue: b}]}", "tags"),
        ("{Conditions: {Unheard: []}}", "conditions"),
        ("{Conditions: !Ref Open}", "conditions"),
        ("{Conditions: {StringLike: !Ref Open}}", "conditions"),
    ],
)
def test_parts_of_a_selection_that_can_not_be_read_are_unresolved(body: str, field: str) -> None:
    properties = f"{{BackupPlanId: p, BackupSelection: {body}}}"
    text = f"{OPEN}Resources: {{S: {{Type: AWS::Backup::BackupSelection, Properties: {properties}}}}}"
    assert isinstance(getattr(estate(text).selections[0], field), Unresolved)


@pytest.mark.parametrize(("kind", "operator"), [("STRINGLIKE", "STRINGLIKE"), ("StringEquals", "equals")])
def test_the_type_of_a_tag_test_is_told(kind: str, operator: str) -> None:
    tags = f"[{{ConditionType: {kind}, ConditionKey: a, ConditionValue: b}}]"
    properties = f"{{BackupPlanId: p, BackupSelection: {{ListOfTags: {tags}}}}}"
    (found,) = estate(f"Resources: {{S: {{Type: AWS::Backup::BackupSelection, Properties: {properties}}}}}").selections
    assert found.tags == (TagCondition(operator, "a", "b"),)


def test_a_selected_resource_that_is_open_stays_one_open_item() -> None:
    properties = "{BackupPlanId: p, BackupSelection: {Resources: [!Ref Open], ListOfTags: [!Ref Open]}}"
    text = f"{OPEN}Resources: {{S: {{Type: AWS::Backup::BackupSelection, Properties: {properties}}}}}"
    (found,) = estate(text).selections
    unknown = Unresolved("parameter Open has no default")
    assert (found.resources, found.tags) == ((unknown,), (TagCondition("equals", unknown, unknown),))


def test_vaults_and_their_policies_are_read() -> None:
    text = """
Resources:
  Plain: {Type: AWS::Backup::BackupVault, Properties: {BackupVaultName: daily}}
  Gapped: {Type: AWS::Backup::LogicallyAirGappedBackupVault, Properties: {BackupVaultName: !Sub '${AWS::StackName}-g'}}
  Denying:
    Type: AWS::Backup::BackupVault
    Properties:
      BackupVaultName: denying
      AccessPolicy:
        Version: "2012-10-17"
        Statement: {Effect: Deny, Principal: "*", Action: backup:StartRestoreJob, Resource: "*"}
  Text:
    Type: AWS::Backup::BackupVault
    Properties:
      BackupVaultName: text
      AccessPolicy: !Sub '{"Statement": [{"Effect": "Deny", "Action": "${AWS::Region}"}]}'
"""
    found = estate(text)
    assert [one.name for one in found.vaults if isinstance(one.name, str)] == ["daily", "denying", "text"]
    assert isinstance(found.vaults[1].name, Text)
    denying, written = found.vault_policies
    assert (denying.address, denying.vault, denying.place.line) == ("Denying", Ref("Denying", "Ref"), 5)
    assert isinstance(denying.document, PolicyDocument)
    assert isinstance(written.document, PolicyDocument)


def test_restore_tests_are_read() -> None:
    properties = "{IamRoleArn: !GetAtt R.Arn, ProtectedResourceType: EFS}"
    text = f"""
Resources:
  R: {{Type: AWS::IAM::Role}}
  T: {{Type: AWS::Backup::RestoreTestingSelection, Properties: {properties}}}
"""
    (found,) = estate(text).restore_tests
    assert (found.role, found.resource_type) == (Ref("R", "Arn"), "EFS")


@pytest.mark.parametrize(
    ("resource", "is_gap"),
    [
        ("BackupStack: {Type: AWS::CloudFormation::Stack}", True),
        ("Child: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ./backup.yaml}}", True),
        ("Child: {Type: AWS::CloudFormation::Stack, Properties: {Parameters: {BackupPlan: x}}}", True),
        ("Child: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ./vpc.yaml}}", False),
        ("M: {Type: Company::Backup::Vault::MODULE}", True),
        ("M: {Type: Company::Net::Vpc::MODULE, Properties: {BackupVault: x}}", True),
        ("M: {Type: Company::Net::Vpc::MODULE}", False),
        ("C: {Type: Custom::BackupOptIn}", True),
        ("C: {Type: Custom::Certificate, Properties: {BackupName: x}}", False),
    ],
)
def test_nested_stacks_and_modules_that_speak_of_backups_are_gaps(resource: str, *, is_gap: bool) -> None:
    gaps = estate(f"Resources: {{{resource}}}").gaps
    assert [gap.hides_backups for gap in gaps] == ([True] if is_gap else [])


def test_a_reading_has_one_estate_for_each_scenario(tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    file.write_text("""
Parameters: {Env: {Type: String}}
Conditions: {IsProd: !Equals [!Ref Env, prod]}
Resources: {Files: {Type: AWS::EFS::FileSystem, Condition: IsProd}}
""")
    estates = read_template(file).estates
    assert [(one.source, one.root, one.assuming, len(one.file_systems)) for one in estates] == [
        (Source.CLOUDFORMATION, str(file), "IsProd is true", 1),
        (Source.CLOUDFORMATION, str(file), "IsProd is false", 0),
    ]
    assert len(read_template(file, {"Env": "prod"}).estates) == 1


def test_no_resources_give_an_empty_estate() -> None:
    assert estate_from_resources([], source=Source.TERRAFORM, root="x") == Estate(Source.TERRAFORM, "x")
