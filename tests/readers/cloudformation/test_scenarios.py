"""Open conditions give one scenario for each way they can fall, consistently combined and named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from restore_ready import Gap
from restore_ready.readers.cloudformation import Scenario, load_text, resolve

OPEN = "Parameters: {Env: {Type: String}, Other: {Type: String}}\n"
PLAN = "Type: AWS::Backup::BackupPlan"


def scenarios(text: str, **parameters: str) -> list[Scenario]:
    return resolve(load_text(text, Path("t.yaml")), parameters)


def assumed(text: str, **parameters: str) -> list[tuple[str, list[str]]]:
    """Give each scenario's assumption and the resources in it."""
    return [(one.assuming, [resource.name for resource in one.resources]) for one in scenarios(text, **parameters)]


def the_gap(text: str) -> Gap:
    (scenario,) = scenarios(text)
    (gap,) = scenario.gaps
    return gap


def test_without_open_conditions_there_is_one_scenario_that_assumes_nothing() -> None:
    text = f"""
Parameters: {{Env: {{Type: String, Default: dev}}}}
Conditions: {{IsProd: !Equals [!Ref Env, prod]}}
Resources:
  A: {{{PLAN}, Condition: IsProd}}
  B: {{{PLAN}}}
"""
    assert assumed(text) == [("", ["B"])]
    assert assumed(text, Env="prod") == [("", ["A", "B"])]


def test_conditions_that_negate_each_other_move_together() -> None:
    text = f"""{OPEN}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsNotProd: !Not [!Condition IsProd]
Resources:
  A: {{{PLAN}, Condition: IsProd}}
  B: {{{PLAN}, Condition: IsNotProd}}
"""
    assert assumed(text) == [("IsProd is true", ["A"]), ("IsProd is false", ["B"])]


def test_values_of_one_parameter_exclude_each_other() -> None:
    text = f"""{OPEN}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsTest: !Equals [test, !Ref Env]
Resources:
  A: {{{PLAN}, Condition: IsProd}}
  B: {{{PLAN}, Condition: IsTest}}
"""
    assert assumed(text) == [
        ("IsProd is true and IsTest is false", ["A"]),
        ("IsProd is false and IsTest is true", ["B"]),
        ("IsProd is false and IsTest is false", []),
    ]


def test_independent_conditions_combine_and_or_and_and_are_evaluated() -> None:
    text = f"""{OPEN}
Conditions:
  One: !Equals [!Ref Env, a]
  Two: !Equals [!Ref Other, b]
  Both: !And [!Condition One, !Condition Two]
  Any: !Or [!Condition One, !Equals [!Ref Other, b]]
Resources:
  B: {{{PLAN}, Condition: Both}}
  O: {{{PLAN}, Condition: Any}}
"""
    assert assumed(text) == [
        ("Both is true and Any is true", ["B", "O"]),
        ("Both is false and Any is true", ["O"]),
        ("Both is false and Any is false", []),
    ]


def test_conditions_of_resources_that_are_not_read_open_nothing() -> None:
    text = f"""{OPEN}
Conditions: {{IsProd: !Equals [!Ref Env, prod]}}
Resources:
  Bucket: {{Type: AWS::S3::Bucket, Condition: IsProd}}
  A: {{{PLAN}}}
"""
    assert assumed(text) == [("", ["A"])]


def test_allowed_values_give_one_scenario_each_where_the_value_is_used() -> None:
    text = f"""
Parameters:
  Window: {{Type: Number, AllowedValues: [60, 480]}}
  Unused: {{Type: String, AllowedValues: [a, b]}}
Resources:
  A: {{{PLAN}, Properties: {{W: !Ref Window}}}}
"""
    found = scenarios(text)
    assert [one.assuming for one in found] == ["Window is 60", "Window is 480"]
    assert [one.resources[0].properties["W"] for one in found] == ["60", "480"]


def test_allowed_values_that_only_decide_a_condition_come_down_to_its_two_outcomes() -> None:
    text = f"""
Parameters: {{Env: {{Type: String, AllowedValues: [dev, test, stage, prod]}}}}
Conditions: {{IsProd: !Equals [!Ref Env, prod]}}
Resources:
  A: {{{PLAN}, Properties: {{W: !If [IsProd, 60, 480]}}}}
"""
    found = scenarios(text)
    assert [one.assuming for one in found] == ["IsProd is false", "IsProd is true"]
    assert [one.resources[0].properties["W"] for one in found] == [480, 60]


def test_an_open_parameter_that_is_compared_has_the_compared_value_in_that_scenario() -> None:
    text = f"""{OPEN}
Conditions: {{IsProd: !Equals [!Ref Env, prod]}}
Resources:
  A: {{{PLAN}, Condition: IsProd, Properties: {{N: !Sub 'plan-${{Env}}'}}}}
"""
    found = scenarios(text)
    assert [one.assuming for one in found] == [
        "IsProd is true and Env is prod",
        "IsProd is false and Env is something else",
    ]
    assert found[0].resources[0].properties == {"N": "plan-prod"}


@pytest.mark.parametrize(
    "condition",
    [
        "!Equals [!Ref AWS::Region, eu-west-1]",
        "!Equals [!Ref Env, !Ref Other]",
        "!Equals [!Select [0, !Split [',', !Ref Env]], x]",
        "!Equals [!Sub '${AWS::Region}-x', y]",
        "!Equals [a]",
        "!Unheard [a]",
        "!Condition Undeclared",
        "!Condition C",
        "[1]",
        "5",
    ],
)
def test_conditions_that_can_not_be_decided_are_tried_both_ways(condition: str) -> None:
    text = f"{OPEN}\nConditions: {{C: {condition}}}\nResources: {{A: {{{PLAN}, Condition: C}}}}\n"
    assert assumed(text) == [("C is true", ["A"]), ("C is false", [])]


def test_a_condition_that_is_used_and_not_declared_is_tried_both_ways() -> None:
    text = f"Resources: {{A: {{{PLAN}, Condition: Nowhere}}}}\n"
    assert [one for one, _ in assumed(text)] == ["Nowhere is true", "Nowhere is false"]


def test_the_partition_is_known() -> None:
    text = f"""
Conditions: {{China: !Equals [!Ref AWS::Partition, aws-cn]}}
Resources: {{A: {{{PLAN}, Condition: China}}, B: {{{PLAN}}}}}
"""
    assert assumed(text) == [("", ["B"])]


def test_a_long_chain_of_conditions_is_followed() -> None:
    chain = "".join(f"  C{i}: !Not [!Condition C{i + 1}]\n" for i in range(1001))
    text = f"Conditions:\n{chain}  C1001: !Equals [a, a]\nResources: {{A: {{{PLAN}, Condition: C0}}, B: {{{PLAN}}}}}"
    assert assumed(text) == [("", ["B"])]


def test_too_many_open_conditions_are_judged_in_part_and_reported() -> None:
    names = [f"P{i}" for i in range(12)]
    text = "Parameters:\n" + "".join(f"  {name}: {{Type: String}}\n" for name in names)
    text += "Conditions:\n" + "".join(f"  C{name}: !Equals [!Ref {name}, x]\n" for name in names)
    text += "Resources:\n" + "".join(f"  R{name}: {{{PLAN}, Condition: C{name}}}\n" for name in names)
    found = scenarios(text)
    assert len(found) == 64
    assert "64 of their combinations are judged, not all" in found[0].gaps[0].why


def test_loops_make_resources_that_stand_where_they_are_written_in_the_loop() -> None:
    text = """
Transform: AWS::LanguageExtensions
Parameters: {Names: {Type: CommaDelimitedList, Default: "a-1,b"}}
Resources:
  Fn::ForEach::Vaults:
    - Name
    - !Ref Names
    - Vault&{Name}:
        Type: AWS::Backup::BackupVault
        Properties:
          BackupVaultName: !Sub "v-${Name}"
          Text: x-${Name}
          Name: !Ref Name
"""
    (scenario,) = scenarios(text)
    assert [(one.name, dict(one.properties)) for one in scenario.resources] == [
        ("Vaulta1", {"BackupVaultName": "v-a-1", "Text": "x-a-1", "Name": "a-1"}),
        ("Vaultb", {"BackupVaultName": "v-b", "Text": "x-b", "Name": "b"}),
    ]
    assert {(one.place.line, one.place.end_line) for one in scenario.resources} == {(8, 13)}


def test_loops_in_json_make_resources_that_stand_where_they_are_written_in_the_loop() -> None:
    vault = {"Type": "AWS::Backup::BackupVault"}
    inner = ["Y", ["1", "2"], {"Vault${X}${Y}": vault}]
    outer = ["X", ["a", "b"], {"First${X}": vault, "Fn::ForEach::Inner": inner, "Last${X}": vault}]
    text = json.dumps({"Resources": {"Fn::ForEach::Outer": outer, "Alone": vault}}, indent=1)
    lines = text.split("\n")

    (scenario,) = scenarios(text)
    found = {one.name: lines[one.place.line - 1].strip(' ":{') for one in scenario.resources}
    assert found == {
        **{f"First{x}": "First${X}" for x in "ab"},
        **{f"Vault{x}{y}": "Vault${X}${Y}" for x in "ab" for y in "12"},
        **{f"Last{x}": "Last${X}" for x in "ab"},
        "Alone": "Alone",
    }


def test_loops_nest_and_stand_in_properties_and_conditions() -> None:
    text = """
Transform: AWS::LanguageExtensions
Conditions:
  Fn::ForEach::Cs: [X, [a, b], {"Is${X}": !Equals ["${X}", a]}]
Resources:
  Fn::ForEach::Outer:
    - X
    - [a, b]
    - Fn::ForEach::Inner:
        - Y
        - ["1", "2"]
        - "P${X}${Y}":
            Type: AWS::Backup::BackupPlan
            Properties:
              Here: "${X}${Y}"
              Fn::ForEach::Keys: [Z, [k, l], {"${Z}": !If ["Is${X}", !Ref Z, none]}]
"""
    (scenario,) = scenarios(text)
    assert {(one.place.line, one.place.end_line) for one in scenario.resources} == {(12, 16)}
    assert {one.name: dict(one.properties) for one in scenario.resources} == {
        "Pa1": {"Here": "a1", "k": "k", "l": "l"},
        "Pa2": {"Here": "a2", "k": "k", "l": "l"},
        "Pb1": {"Here": "b1", "k": "none", "l": "none"},
        "Pb2": {"Here": "b2", "k": "none", "l": "none"},
    }


@pytest.mark.parametrize(
    ("loop", "why"),
    [
        ("[X, !Ref Env, {'V${X}': {Type: 'AWS::Backup::BackupVault'}}]", "parameter Env has no default"),
        ("[X, [!Ref Env], {'V${X}': {Type: 'AWS::Backup::BackupVault'}}]", "what it loops over is not known"),
        ("[X, 'AWS::Backup::']", "it is not written as CloudFormation expects it"),
    ],
)
def test_a_loop_that_can_not_be_expanded_is_a_gap(loop: str, why: str) -> None:
    gap = the_gap(f"{OPEN}Resources:\n  Fn::ForEach::L: {loop}\n  A: {{{PLAN}}}")
    assert gap.address == "Fn::ForEach::L"
    assert gap.why == f"the loop can't be expanded: {why}"
    assert (gap.place.line, gap.hides_backups) == (3, True)


def test_loops_that_multiply_are_stopped() -> None:
    many = "[" + ", ".join(f"a{i}" for i in range(2000)) + "]"
    inner = f"{{'Fn::ForEach::B': [Y, {many}, {{'V${{X}}${{Y}}': {{Type: 'AWS::Backup::BackupVault'}}}}]}}"
    assert "it makes more than is read" in the_gap(f"Resources: {{'Fn::ForEach::A': [X, {many}, {inner}]}}").why


@pytest.mark.parametrize(
    ("text", "hides"),
    [
        ("Transform: [AWS::LanguageExtensions, Company]\nResources: {A: {Type: X}}", False),
        ("Transform: {Name: AddBackups}\nResources: {A: {Type: X}}", True),
        ("Fn::Transform: {Name: AWS::Include}\nResources: {A: {Type: X}}", False),
        ("Resources:\n  Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://b/backup.yaml}}", True),
        ("Resources: {A: {Type: AWS::Backup::BackupPlan, Properties: !Ref X}}", True),
        ("Resources: {A: {Type: AWS::EFS::FileSystem, Properties: [1]}}", False),
    ],
)
def test_what_may_hide_resources_is_a_gap(text: str, *, hides: bool) -> None:
    assert the_gap(text).hides_backups is hides


@pytest.mark.parametrize(
    ("text", "address", "why"),
    [
        (f"Resources: {{A: {{{PLAN}}}}}\nResources: {{B: {{{PLAN}}}}}", "t.yaml", "Resources is given twice, of which"),
        ('{"Resources": {}, "Resources": {"A": {"Type": "X"}}}', "t.yaml", "Resources is given twice, of which"),
        (f"Resources: {{A: {{{PLAN}}}, A: {{{PLAN}}}}}", "A", "its Properties can't be read"),
        ('{"Resources": {"A": {"Type": "AWS::EFS::FileSystem"}, "A": {"Type": "AWS::EFS::FileSystem"}}}', "A", "its P"),
        (f"Resources: {{A: {{Type: AWS::S3::Bucket, {PLAN}}}}}", "A", "its Type is given twice"),
        ('{"Resources": {"A": {"Type": "X", "Type": "Y"}}}', "A", "its Type is given twice"),
    ],
)
def test_what_is_given_twice_is_told(text: str, address: str, why: str) -> None:
    gap = the_gap(text)
    assert gap.address == address
    assert gap.why.startswith(why)


def test_transforms_by_aws_that_hide_nothing_are_no_gap() -> None:
    (scenario,) = scenarios("Transform: AWS::Serverless-2016-10-31\nResources: {A: {Type: X}}")
    assert scenario.gaps == ()


def test_properties_of_no_value_are_no_properties() -> None:
    (scenario,) = scenarios(f"Resources: {{A: {{{PLAN}, Properties: !Ref AWS::NoValue}}, B: 5, C: {{Type: 5}}}}")
    assert [dict(one.properties) for one in scenario.resources] == [{}]
