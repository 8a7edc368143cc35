"""The parts of a resource know where they are written, and where their values are given."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.files import write

from restore_ready import Fail, scan
from restore_ready.catalog._finder import all_rules
from restore_ready.model import Focus, Place

RULE = """
  rule {
    rule_name         = "r"
    target_vault_name = "Default"
    start_window      = WINDOW
  }
"""
MODULE = {
    "m/main.tf": 'variable "window" { default = 480 }\nvariable "rules" { default = [{ start = 480 }] }\n'
    'resource "aws_backup_plan" "p" {\n  name = "p"' + RULE.replace("WINDOW", "var.window") + "}\n"
}
CALL = 'module "m" {\n  source = "./m"\nARGUMENT}\n'
WITHIN = "m/main.tf:8:5-35"


AUTOMATIC = """\
resource "aws_efs_backup_policy" "p" {
  file_system_id = "fs-1"
  backup_policy {
    status = "ENABLED"
  }
}
"""
POLICY = """\
resource "aws_backup_vault_policy" "p" {
  backup_vault_name = "v"
  policy = jsonencode({
    Statement = [{ Effect = "Deny", Principal = "*", Action = "backup:*", Resource = "*" }]
  })
}
"""


def shown(place: Place, folder: Path) -> str:
    return f"{Path(place.file).relative_to(folder)}:{place.line}:{place.column}-{place.end_column}"


def focus_of(folder: Path, files: dict[str, str], code: str = "RR201") -> tuple[str, str]:
    """Return where the part is written that the only finding is about, and where its value is given."""
    rules = [rule for rule in all_rules() if rule.code == code]
    verdicts = (judgement.verdict for judgement in scan([write(folder, files)], rules=rules).judgements)
    (fail,) = (verdict for verdict in verdicts if isinstance(verdict, Fail))
    assert isinstance(fail.focus, Focus)
    given = fail.focus.given
    return shown(fail.focus.place, folder), "" if given is None else shown(given, folder)


def plan(window: str, more: str = "") -> dict[str, str]:
    return {"main.tf": 'resource "aws_backup_plan" "p" {\n  name = "p"' + RULE.replace("WINDOW", window) + "}\n" + more}


def plan_with(attribute: str) -> str:
    return plan("60")["main.tf"].replace("start_window      = 60", attribute)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (plan("480"), ("main.tf:6:5-28", "")),
        (plan("60 * 8"), ("main.tf:6:5-31", "")),
        (plan("local.start", "locals {\n  start = 480\n}\n"), ("main.tf:6:5-36", "main.tf:10:11-14")),
        (plan("local.w.start", "locals {\n  w = { start = 480 }\n}\n"), ("main.tf:6:5-38", "main.tf:10:17-20")),
        (
            plan("var.w", 'variable "w" {}\n') | {"terraform.tfvars": "w = 480\n"},
            ("main.tf:6:5-30", "terraform.tfvars:1:5-8"),
        ),
        ({**MODULE, "main.tf": CALL.replace("ARGUMENT", "  window = 481\n")}, (WITHIN, "main.tf:3:12-15")),
        ({**MODULE, "main.tf": CALL.replace("ARGUMENT", "")}, (WITHIN, "m/main.tf:1:31-34")),
        ({**plan("60"), "override.tf": plan("480")["main.tf"]}, ("override.tf:6:5-28", "")),
    ],
)
def test_an_attribute_and_its_value(tmp_path: Path, files: dict[str, str], expected: tuple[str, str]) -> None:
    assert focus_of(tmp_path, files) == expected


def test_dynamic_content_is_where_it_is_written(tmp_path: Path) -> None:
    rule = RULE.replace("rule {", 'dynamic "rule" {\n    for_each = [60, 480]\n    content {').replace("}", "}\n  }")
    text = 'resource "aws_backup_plan" "p" {\n  name = "p"' + rule.replace("WINDOW", "rule.value") + "}\n"
    assert focus_of(tmp_path, {"main.tf": text}) == ("main.tf:8:5-35", "main.tf:4:21-24")


IN_MODULE = {
    "m/main.tf": 'variable "all" { default = [] }\nresource "aws_backup_plan" "p" {\n  name = "p"\n  dynamic "rule" {\n'
    "    for_each = OVER\n    content {\n      rule_name         = rule.key\n      target_vault_name = VAULT\n"
    "      start_window      = VALUE\n    }\n  }\n}\n"
}


def repeated(over: str, value: str, argument: str) -> dict[str, str]:
    """Write a module that repeats its rule, called with a bad argument in line 3."""
    module = IN_MODULE["m/main.tf"].replace("OVER", over).replace("VALUE", value).replace("VAULT", '"Default"')
    return {"m/main.tf": module, "main.tf": CALL.replace("ARGUMENT", f"  all = {argument}\n")}


@pytest.mark.parametrize(
    ("over", "value", "argument", "given"),
    [
        ("var.all", "rule.value", "[60, 480]", "14-17"),
        ("var.all", "rule.value.start", "[{ start = 60 }, { start = 480 }]", "36-39"),
        ("var.all", "rule.value.start", "{ a = { start = 480 }, b = { start = 60 } }", "25-28"),
        ("toset(var.all)", "rule.value", '["60", "480"]', "16-21"),
        ("var.all", 'rule.value["start"]', "[{ start = 480 }]", "20-23"),
        ("var.all", "try(rule.value.start, 60)", "[{ start = 480 }]", "20-23"),
        ("var.all", 'lookup(rule.value, "start", 60)', "[{ start = 480 }]", "20-23"),
        ("[1]", "var.all[0].start", "[{ start = 480 }]", "20-23"),
        ("{ a = 1 }", "var.all[rule.key]", "{ a = 480 }", "15-18"),
        ("var.all", "rule.value.start", "concat([{ start = 480 }])", "9-34"),
        ("[1]", "var.all[length([1])]", "[60, 480]", "9-18"),
    ],
)
def test_dynamic_content_in_a_module_has_its_value_from_the_call(
    tmp_path: Path, over: str, value: str, argument: str, given: str
) -> None:
    place, told = focus_of(tmp_path, repeated(over, value, argument))
    assert place.startswith("m/main.tf:9:7-")
    assert told == f"main.tf:3:{given}"


@pytest.mark.parametrize(
    ("value", "argument"),
    [("try(rule.value.stop, 480)", "[{ start = 60 }]"), ('lookup(rule.value, "stop", 480)', "[{ start = 60 }]")],
)
def test_what_a_call_does_not_give_is_told_at_the_module_alone(tmp_path: Path, value: str, argument: str) -> None:
    assert focus_of(tmp_path, repeated("var.all", value, argument))[1] == ""


def test_a_module_or_resource_for_each_has_its_value_from_the_element(tmp_path: Path) -> None:
    call = CALL.replace("ARGUMENT", "  for_each = { a = 60, b = 480 }\n  window = each.value\n")
    assert focus_of(tmp_path, {**MODULE, "main.tf": call}) == (WITHIN, "main.tf:3:28-31")


@pytest.mark.parametrize(("steps", "given"), [(20, "main.tf:30:9-12"), (200, "")])
def test_a_long_chain_of_names_is_followed_so_far(tmp_path: Path, steps: int, given: str) -> None:
    chain = "".join(f"  l{step} = local.l{step + 1}\n" for step in range(steps))
    files = plan("local.l0", f"locals {{\n{chain}  l{steps} = 480\n}}\n")
    assert focus_of(tmp_path, files)[1] == given


def test_what_is_left_out_would_stand_in_its_block(tmp_path: Path) -> None:
    text = plan("60")["main.tf"].replace("    start_window      = 60\n", "    completion_window = 99999\n")
    assert focus_of(tmp_path, {"main.tf": text}, "RR202")[0] == "main.tf:6:5-30"
    short = text.replace("    completion_window = 99999\n", "") + "\n"
    requirements = "version: 1\nbackup:\n  complete_within: 2h\n"
    assert focus_of(tmp_path, {"main.tf": short, "restore-ready.yaml": requirements}, "RR202")[0] == "main.tf:3:0-0"


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("RR101", AUTOMATIC, "main.tf:4:5-23"),
        ("RR103", plan_with("lifecycle {\n      delete_after = 3\n    }"), "main.tf:7:7-23"),
        ("RR204", plan_with('schedule = "cron(0 5 * * * *)"'), "main.tf:6:5-35"),
        ("RR204", plan("30")["main.tf"], "main.tf:6:5-27"),
        ("RR301", POLICY, "main.tf:4:54-73"),
    ],
)
def test_fields_of_any_depth(tmp_path: Path, code: str, text: str, expected: str) -> None:
    requirements = "version: 1\nbackup:\n  keep_at_least: 30d\n"
    assert focus_of(tmp_path, {"main.tf": text, "restore-ready.yaml": requirements}, code)[0] == expected
