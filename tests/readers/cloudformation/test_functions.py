"""Every intrinsic function gives a value, or says why it can't."""

from __future__ import annotations

from pathlib import Path

import pytest

from restore_ready import Ref, Text, Unresolved
from restore_ready.readers.cloudformation import load_text, resolve

TEMPLATE = """\
Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
Parameters:
  Name: {{Type: String, Default: daily}}
  Window: {{Type: Number, Default: 480}}
  Flag: {{Type: String, Default: true}}
  Names: {{Type: CommaDelimitedList, Default: "a, b,c"}}
  Open: {{Type: String}}
  Stored: {{Type: 'AWS::SSM::Parameter::Value<String>', Default: /path}}
  Empty: {{Type: String, Default: ""}}
Mappings:
  Windows:
    dev: {{start: 60, list: [x, y]}}
    prod: {{start: 90, list: [x, y]}}
Conditions:
  Yes_: !Equals [!Ref Name, daily]
  No_: !Not [!Condition Yes_]
Resources:
  Vault: {{Type: AWS::Backup::BackupVault}}
  Nested: {{Type: AWS::CloudFormation::Stack}}
  Job: {{Type: AWS::Serverless::Function, Properties: {{Handler: a.b}}}}
  Subject:
    Type: AWS::Backup::BackupPlan
    Properties:
      Value: {value}
"""


def resolved(value: str) -> object:
    (scenario,) = resolve(load_text(TEMPLATE.format(value=value), Path("t.yaml")))
    return next(one for one in scenario.resources if one.name == "Subject").properties.get("Value", "absent")


def why(value: str) -> str:
    found = resolved(value)
    assert isinstance(found, Unresolved), found
    return found.why


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("!Ref Name", "daily"),
        ("!Ref Window", "480"),
        ("!Ref Flag", "true"),
        ("!Ref Names", ["a", "b", "c"]),
        ("!Ref Empty", ""),
        ("!Ref Vault", Ref("Vault", "Ref")),
        ("!Ref AWS::AccountId", "this-account"),
        ("!Ref AWS::Region", "this-region"),
        ("!Ref AWS::Partition", "aws"),
        ("!Ref AWS::URLSuffix", "amazonaws.com"),
        ("!Ref AWS::NoValue", "absent"),
        ("[1, !Ref AWS::NoValue, 2]", [1, 2]),
        ("{a: !Ref AWS::NoValue, b: 1}", {"b": 1}),
        ("!GetAtt Vault.BackupVaultArn", Ref("Vault", "BackupVaultArn")),
        ("!GetAtt [Vault, A.B]", Ref("Vault", "A.B")),
        ("!GetAtt [Vault, A, B]", Ref("Vault", "A.B")),
        ("!GetAtt JobRole.Arn", Ref("Job", "Arn")),
        ("!Sub plain", "plain"),
        ("!Sub '${Name}-${Window}'", "daily-480"),
        ("!Sub '${!aws:username}/${ Name }'", "${aws:username}/daily"),
        ("!Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/x'", "arn:aws:iam::this-account:role/x"),
        ("!Sub ['${A}-${Name}', {A: !Ref Window, Name: own}]", "480-own"),
        ("!Sub '${Vault}/x'", Text((Ref("Vault", "Ref"), "/x"))),
        ("!Sub '${Vault.BackupVaultArn}/x'", Text((Ref("Vault", "BackupVaultArn"), "/x"))),
        ("!Sub 'open ${'", "open ${"),
        ("!Join [':', [a, !Ref Name, 1, true]]", "a:daily:1:true"),
        ("!Join ['', !Ref Names]", "abc"),
        ("!Join [',', []]", ""),
        ("!Join ['/', [a, !Ref Vault]]", Text(("a/", Ref("Vault", "Ref")))),
        ("!Select [1, !Ref Names]", "b"),
        ("!Select ['0', [x, y]]", "x"),
        ("!Split [',', 'a,b']", ["a", "b"]),
        ("!Select [1, !Split ['-', !Sub '${Name}-x']]", "x"),
        ("!FindInMap [Windows, dev, start]", 60),
        ("!FindInMap [Windows, !Ref Open, list]", ["x", "y"]),
        ("!FindInMap [Windows, test, start, {DefaultValue: !Ref Window}]", "480"),
        ("!FindInMap [None, test, start, {DefaultValue: 5}]", 5),
        ("!If [Yes_, 1, 2]", 1),
        ("!If [No_, 1, !Ref Name]", "daily"),
        ("!If [No_, 1, !Ref AWS::NoValue]", "absent"),
        ("{Fn::ToJsonString: {a: !Ref Name}}", {"a": "daily"}),
        ("{Fn::Length: !Ref Names}", 3),
        ("{Ref: Name, Other: 1}", {"Ref": "Name", "Other": 1}),
    ],
)
def test_functions_give_values(written: str, meant: object) -> None:
    assert resolved(written) == meant


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("!Ref Open", "parameter Open has no default"),
        ("!Ref Stored", "parameter Stored is read from Parameter Store"),
        ("!Ref Nowhere", "Nowhere is neither a parameter nor a resource"),
        ("!Ref [a]", "Ref is not written as CloudFormation expects it"),
        ("!Ref AWS::StackName", "AWS::StackName is known only once deployed"),
        ("!GetAtt Nested.Outputs.Arn", "Outputs.Arn of Nested is known only once deployed"),
        ("!GetAtt {a: 1}", "Fn::GetAtt is not written"),
        ("!Sub '${Names}'", "Names in Fn::Sub is not text"),
        ("!Sub '${Nowhere.Arn}'", "Nowhere is neither"),
        ("!Sub [a, b, c]", "Fn::Sub is not written"),
        ("!Join [a]", "Fn::Join is not written"),
        ("!Join [',', !Ref Open]", "Fn::Join: parameter Open has no default"),
        ("!Join ['', [[a]]]", "an item of Fn::Join is not text"),
        ("!Select [9, !Ref Names]", "Fn::Select has no item 9"),
        ("!Select [-1, !Ref Names]", "Fn::Select has no item -1"),
        ("!Select [0, !GetAZs '']", "Fn::Select: Fn::GetAZs is known only once deployed"),
        ("!Split ['', abc]", "Fn::Split is not written"),
        ("!Split ['/', !Ref AWS::StackId]", "Fn::Split: AWS::StackId is known only once deployed"),
        ("!FindInMap [Windows, !Ref Open, start]", "depends on an open key: parameter Open has no default"),
        ("!FindInMap [Windows, !Ref AWS::Region, start]", "depends on the Region"),
        ("!FindInMap [Windows, test, start]", "finds nothing"),
        ("!FindInMap [a]", "Fn::FindInMap is not written"),
        ("!If [Yes_]", "Fn::If is not written"),
        ("!Base64 x", "Fn::Base64 is known only once deployed"),
        ("!Cidr [a, 1, 2]", "Fn::Cidr is known only once deployed"),
        ("!ImportValue shared-arn", "shared-arn is imported from another stack"),
        ("!ImportValue {'Fn::Sub': '${Open}-arn'}", "a value is imported from another stack"),
        ("{Fn::Transform: {Name: X}}", "what Fn::Transform gives is known only once deployed"),
        ("{Fn::Transform: {Name: X}, a: 1}", "what Fn::Transform adds beside other keys"),
        ("!Nonsense 1", "Fn::Nonsense is no function that CloudFormation knows"),
        ("!!Ref Name", "Fn::!!Ref is no function"),
        ("{Fn::Length: x}", "Fn::Length is not written"),
        ("'{{resolve:ssm:/a/b}}'", "{{resolve:ssm:/a/b}} is read at deployment"),
        ("!Sub '{{resolve:ssm:${Name}}}'", "{{resolve:ssm:daily}} is read at deployment"),
    ],
)
def test_what_can_not_be_resolved_says_why(written: str, reason: str) -> None:
    assert reason in why(written)


def test_a_dynamic_reference_leaves_the_text_around_it_known() -> None:
    found = resolved("'arn:{{resolve:ssm:a}}:x'")
    assert isinstance(found, Text)
    assert (found.parts[0], found.parts[2]) == ("arn:", ":x")


def test_given_parameters_go_before_defaults_and_strange_ones_are_passed_over() -> None:
    template = load_text(TEMPLATE.format(value="!Sub '${Name}-${Open}'"), Path("t.yaml"))
    (scenario,) = resolve(template, {"Open": "x", "Name": "y", "Other": "z"})
    assert scenario.resources[-1].properties == {"Value": "y-x"}


def test_functions_that_multiply_their_text_are_stopped_and_reported() -> None:
    bomb = "x"
    for _ in range(25):
        bomb = f"!Sub ['${{a}}${{a}}${{a}}', {{a: {bomb}}}]"
    (scenario,) = resolve(load_text(TEMPLATE.format(value="BOMB").replace("BOMB", bomb), Path("t.yaml")))
    assert scenario.resources[-1].properties["Value"] == Unresolved(
        "the template's functions expand to more text than is read",
    )
    assert [gap.hides_backups for gap in scenario.gaps] == [True]
