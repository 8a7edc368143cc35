"""Templates are read with their lines, and bad input gives a clear error."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pytest

from restore_ready import UnreadableError
from restore_ready.readers.cloudformation import is_template, load_template, load_text, looks_like_template

HERE = Path("t.yaml")

YAML = """\
# a comment
AWSTemplateFormatVersion: 2010-09-09
Resources:
  Files:
    Type: AWS::EFS::FileSystem
    Metadata:
      note: |
        two
        lines


  # about the vault
  Vault:
    Type: AWS::Backup::BackupVault
    Properties: {BackupVaultName: daily,
                 Tags: [a]}
Outputs: {}
"""


def value(written: str) -> object:
    """Decode one YAML value."""
    return load_text(f"Resources: {{A: {{Type: X}}}}\nValue: {written}\n", HERE).tree["Value"]


def reason(text: str) -> str:
    with pytest.raises(UnreadableError) as caught:
        load_text(text, HERE)
    return str(caught.value)


def test_yaml_resources_know_their_first_and_last_line() -> None:
    places = load_text(YAML, HERE).places
    assert (places["Files"].line, places["Files"].end_line) == (4, 9)
    assert (places["Vault"].line, places["Vault"].end_line) == (13, 16)
    assert places["Vault"].file == "t.yaml"


def test_json_resources_know_their_first_and_last_line() -> None:
    text = json.dumps({"Parameters": {}, "Resources": {"A": {"Type": "X", "P": [1]}, "B": {"Type": "Y"}}}, indent=2)
    places = load_text(text, HERE).places
    assert (places["A"].line, places["A"].end_line) == (4, 9)
    assert (places["B"].line, places["B"].end_line) == (10, 12)


def test_minified_json_stands_on_line_one() -> None:
    places = load_text('{"Resources":{"A":{"Type":"X"},"B":{"Type":"Y"}}}', HERE).places
    assert {(place.line, place.end_line) for place in places.values()} == {(1, 1)}


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + YAML.replace("\n", "\r\n").encode())
    template = load_template(file)
    assert (template.places["Files"].line, template.places["Files"].end_line) == (4, 9)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("!Ref A", {"Ref": "A"}),
        ("!Ref 1", {"Ref": "1"}),
        ("!Condition A", {"Condition": "A"}),
        ("!GetAtt A.Arn", {"Fn::GetAtt": "A.Arn"}),
        ("!Sub 'x ${A}'", {"Fn::Sub": "x ${A}"}),
        ("!If [A, 1, !Ref B]", {"Fn::If": ["A", 1, {"Ref": "B"}]}),
        ("!Transform {Name: X}", {"Fn::Transform": {"Name": "X"}}),
        ("!!Ref A", {"Fn::!!Ref": "A"}),
        ("!!str 5", "5"),
        ("2012-10-17", "2012-10-17"),
        ("012345678901", "012345678901"),
        ("123456789012", 123456789012),
        ("1.10", "1.10"),
        ("-5", -5),
        ("yes", True),
        ("'yes'", "yes"),
        ("OFF", False),
        ("~", None),
        ("", None),
        ("{<<: {a: 1, b: 2}, b: 3}", {"a": 1, "b": 3}),
        ("{<<: [{a: 1}, {a: 2, b: 2}]}", {"a": 1, "b": 2}),
        ("{a: 1, a: 2}", {"a": {"Fn::Twice": "a"}}),
        ("[&x {a: 1}, *x]", [{"a": 1}, {"a": 1}]),
    ],
)
def test_yaml_values_are_decoded_as_cloudformation_means_them(written: str, meant: object) -> None:
    assert value(written) == meant


def test_json_keeps_fractions_as_written_and_numbers_as_numbers() -> None:
    tree = load_text('{"Resources": {"A": {"Type": "X", "P": [1, 1.50, true, null, "é\\ud83d\\ude00"]}}}', HERE).tree
    assert tree["Resources"] == {"A": {"Type": "X", "P": [1, "1.50", True, None, "é😀"]}}


def test_yaml_in_braces_with_a_comment_and_a_trailing_comma_is_read() -> None:
    assert load_text("{Resources: {A: {Type: X,},}, # why not\n}", HERE).places["A"].line == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "t.yaml: is empty"),
        ("# nothing\n", "t.yaml: is empty"),
        ("a: b: c", "t.yaml:1: is not valid YAML"),
        ("a: 1\n\tb: 2", "t.yaml:2: is not valid YAML"),
        ("[", "is not valid YAML"),
        ("Resources: \x00", "t.yaml: is not valid YAML"),
        ('{\n"a": "}', "t.yaml:2: is not valid JSON"),
        ('{"a": 1} x', "t.yaml:1: is not valid JSON"),
        ('{"a": ' + "9" * 5000 + "}", "is not valid JSON"),
        ("hello", "is no CloudFormation template"),
        ("[1, 2]", "is no CloudFormation template"),
        ("{}", "is no CloudFormation template"),
        ("Resources: [a]", "is no CloudFormation template"),
        ("Resources: {A: {Kind: x}}", "is no CloudFormation template"),
        ("a: 1\n---\nb: 2", "t.yaml:2: holds more than one YAML document"),
        ("? [a]\n: b", "t.yaml:1: has a mapping key that is not text"),
        ("a: *b", "t.yaml:1: alias *b stands for nothing"),
        ("a: &a [*a]", "t.yaml:1: alias *a stands for nothing, or for what contains it"),
        ("[" * 5000, "t.yaml:1: is nested more than 100 levels deep"),
        ("a: " + "{a: " * 150 + "1" + "}" * 150, "is nested more than 100 levels deep"),
        ('{"a":' * 150 + "1" + "}" * 150, "t.yaml: is nested more than 100 levels deep"),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "t.yaml: is nested more than 100 levels deep"),
    ],
)
def test_bad_text_gives_a_clear_reason_and_line(text: str, why: str) -> None:
    assert why in reason(text)


def test_an_alias_bomb_is_refused() -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 60))
    assert "stands for more than 1000000 values once its aliases are followed" in reason(bomb)


def test_aliases_that_nest_ever_deeper_are_refused() -> None:
    tower = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, 300))
    assert "is nested more than 100 levels deep" in reason(tower)


def test_a_binary_file_is_not_text(tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    file.write_bytes(bytes(range(256)))
    with pytest.raises(UnreadableError, match="is not text in UTF-8"):
        load_template(file)


def test_a_missing_file_and_a_folder_give_the_systems_reason(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="can't be read: No such file"):
        load_template(tmp_path / "none.yaml")
    with pytest.raises(UnreadableError, match="is a folder"):
        load_template(tmp_path)


def test_a_file_of_50_mb_is_refused_without_being_read(tmp_path: Path) -> None:
    file = tmp_path / "t.json"
    with file.open("wb") as out:
        out.truncate(50 * 1024 * 1024)
    tracemalloc.start()
    with pytest.raises(UnreadableError, match="is larger than 5 MB"):
        load_template(file)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 1024 * 1024


def test_templates_are_told_from_other_files() -> None:
    assert is_template({"Resources": {"A": {"Type": "AWS::EFS::FileSystem"}}})
    assert is_template({"Resources": {"Fn::ForEach::A": []}})
    assert not is_template({"Resources": {"A": {"type": "x"}}})
    assert not is_template({"kind": "Pod"})
    assert not is_template(["Resources"])
    assert looks_like_template(YAML)
    assert not looks_like_template("Resources: {A: {Type: Pod}}")
