"""What is made of values and resources that are known only once they exist."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.files import write

from restore_ready import Fail, Ref, Requirements, RequirementsFile, Text, Unresolved, all_rules, judge, scan
from restore_ready.model import show
from restore_ready.readers.terraform import Evaluation, evaluate_root, read_root
from restore_ready.readers.terraform._block import Block

OPERATOR = """
variable "on" {}
variable "names" {}
resource "random_id" "s" {
  byte_length = 4
}
resource "aws_iam_role" "op" {
  name               = "op-${random_id.s.hex}"
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = "*" }] })
}
"""
START = 'jsonencode({ Statement = [{ Effect = "Allow", Action = "backup:StartRestoreJob", Resource = "*" }] })'
PASSING = 'jsonencode({ Statement = [{ Effect = "Allow", Action = "iam:PassRole", Resource = "*" }] })'
BOTH = (
    'jsonencode({ Statement = [{ Effect = "Allow", Action = ["backup:StartRestoreJob", "iam:PassRole"], '
    'Resource = "*" }] })'
)
PLAN = """
variable "on" {}
variable "names" {}
resource "aws_backup_plan" "p" {
  name = "p"
  rule {
    rule_name         = "r"
    target_vault_name = "v"
  }
}
"""


def evaluated(folder: Path, text: str, **modules: str) -> Evaluation:
    return evaluate_root(write(folder, {"main.tf": text, **{f"{name}/main.tf": one for name, one in modules.items()}}))


def verdicts(folder: Path, code: str, text: str, **modules: str) -> dict[str, str]:
    write(folder, {"main.tf": text, **{f"{name}/main.tf": one for name, one in modules.items()}})
    rules = [rule for rule in all_rules() if rule.code == code]
    judged = judge(read_root(folder), rules, RequirementsFile(Requirements()))
    return {one.address: type(one.verdict).__name__ for one in judged}


def one(found: Evaluation, address: str) -> Block:
    [block] = [block for block in found.blocks if block.address == address]
    return block


def inline(name: str, policy: str, head: str = "", role: str = "aws_iam_role.op.name") -> str:
    return f'resource "aws_iam_role_policy" "{name}" {{\n{head}\nrole = {role}\npolicy = {policy}\n}}\n'


def selection(target: str, head: str = "") -> str:
    return f"""
resource "aws_backup_selection" "s" {{
  {head}
  name         = "s"
  plan_id      = aws_backup_plan.p.id
  iam_role_arn = "arn:aws:iam::111122223333:role/x"
  resources    = [{target}]
}}
"""


def test_what_a_provider_generates_is_open_wherever_it_is_used(tmp_path: Path) -> None:
    found = evaluated(tmp_path, OPERATOR + 'resource "aws_backup_vault" "v" {\n  name = random_id.s.hex\n}\n')
    name = one(found, "aws_iam_role.op").values["name"]
    assert isinstance(name, Text)
    assert name.parts[0] == "op-"
    assert isinstance(name.parts[1], Unresolved)
    assert isinstance(one(found, "aws_backup_vault.v").values["name"], Unresolved)


def test_an_id_of_that_form_that_is_written_in_a_file_stays(tmp_path: Path) -> None:
    written = "3c5cd1b0-5d0a-4f6f-8a6b-6f8f3a3c2a11"
    write(tmp_path, {"terraform.tfvars": f'on = "{written}"\n'})
    text = f'variable "on" {{}}\nresource "aws_backup_selection" "s" {{\n  plan_id = var.on\n  name = "{written}"\n}}\n'
    assert one(evaluated(tmp_path, text), "aws_backup_selection.s").values == {"plan_id": written, "name": written}


def test_policies_join_the_role_whose_name_ends_in_something_generated(tmp_path: Path) -> None:
    text = OPERATOR + inline("start", START, role="aws_iam_role.op.id") + inline("pass", PASSING)
    assert verdicts(tmp_path, "RR401", text) == {"aws_iam_role_policy.start": "Pass"}
    assert one(evaluate_root(tmp_path), "aws_iam_role_policy.pass").values["role"] == Ref("aws_iam_role.op", "name")


def test_lists_of_roles_join_too(tmp_path: Path) -> None:
    text = OPERATOR + inline("start", START)
    text += f'resource "aws_iam_policy" "pass" {{\n  name = "p"\n  policy = {PASSING}\n}}\n'
    text += 'resource "aws_iam_policy_attachment" "a" {\n  name = "a"\n  policy_arn = aws_iam_policy.pass.arn\n'
    assert verdicts(tmp_path, "RR401", text + "  roles = [aws_iam_role.op.name]\n}\n") == {
        "aws_iam_role_policy.start": "Pass"
    }


def test_each_instance_joins_the_role_with_its_key(tmp_path: Path) -> None:
    text = """
variable "on" {}
resource "aws_iam_role" "op" {
  for_each = toset(["a", "b.c"])
  name     = var.on ? each.key : "x"
}
resource "aws_iam_role_policy" "each" {
  for_each = toset(["a", "b.c"])
  role     = aws_iam_role.op[each.key].name
}
resource "aws_iam_role_policy" "one" {
  role = aws_iam_role.op["b.c"].name
}
resource "aws_iam_role_policy" "either" {
  role = var.on ? aws_iam_role.op["a"].name : "x"
}
"""
    found = evaluated(tmp_path, text)
    for key in ("a", "b.c"):
        role = Ref(f'aws_iam_role.op["{key}"]', "name")
        assert one(found, f'aws_iam_role_policy.each["{key}"]').values["role"] == role
    assert one(found, "aws_iam_role_policy.one").values["role"] == Ref('aws_iam_role.op["b.c"]', "name")
    assert isinstance(one(found, "aws_iam_role_policy.either").values["role"], Unresolved)


def test_a_policy_whose_count_is_unknown_proves_nothing_about_others(tmp_path: Path) -> None:
    maybe = "count = var.on ? 1 : 0"
    text = OPERATOR + inline("start", START) + inline("pass", PASSING, maybe)
    assert verdicts(tmp_path, "RR401", text) == {"aws_iam_role_policy.start": "Unknown"}


@pytest.mark.parametrize(("policy", "expected"), [(START, "Fail"), (BOTH, "Pass")])
def test_a_grant_whose_count_is_unknown_is_judged_as_if_it_exists(tmp_path: Path, policy: str, expected: str) -> None:
    text = OPERATOR + inline("start", policy, "count = var.on ? 1 : 0")
    assert verdicts(tmp_path, "RR401", text) == {"aws_iam_role_policy.start[0]": expected}


def test_policies_with_the_same_condition_exist_together(tmp_path: Path) -> None:
    maybe = "count = var.on ? 1 : 0"
    role = OPERATOR.replace("  name               =", f"  {maybe}\n  name =")
    role += inline("start", START, maybe, "aws_iam_role.op[0].name") + inline(
        "pass", PASSING, maybe, "aws_iam_role.op[0].name"
    )
    assert verdicts(tmp_path, "RR401", role) == {"aws_iam_role_policy.start[0]": "Pass"}


def test_what_a_module_with_an_unknown_count_says_of_others_is_open(tmp_path: Path) -> None:
    module = f'variable "role" {{}}\n{inline("pass", PASSING, role="var.role")}'
    call = 'module "m" {\n  count = var.on ? 1 : 0\n  source = "./m"\n  role = aws_iam_role.op.id\n}\n'
    text = OPERATOR + inline("start", START) + call
    assert verdicts(tmp_path, "RR401", text, m=module) == {"aws_iam_role_policy.start": "Unknown"}


def test_within_a_module_with_an_unknown_count_all_exists_together(tmp_path: Path) -> None:
    module = (
        OPERATOR.replace('variable "on" {}\nvariable "names" {}', "") + inline("start", START) + inline("p", PASSING)
    )
    text = 'variable "on" {}\nmodule "m" {\n  count = var.on ? 1 : 0\n  source = "./m"\n}\n'
    assert verdicts(tmp_path, "RR401", text, m=module) == {"module.m[0].aws_iam_role_policy.start": "Pass"}


def test_a_missing_policy_leaves_open_only_the_role_that_it_names(tmp_path: Path) -> None:
    other = (
        OPERATOR.partition('resource "random_id"')[2].partition('resource "aws_iam_role"')[2].replace('"op"', '"b"', 1)
    )
    text = (
        OPERATOR
        + f'resource "aws_iam_role"{other}'
        + inline("start", START)
        + inline("pass", PASSING, "for_each = var.names")
    )
    text += inline("b", START, role="aws_iam_role.b.name")
    assert verdicts(tmp_path, "RR401", text) == {
        "aws_iam_role_policy.start": "Unknown",
        "aws_iam_role_policy.b": "Fail",
    }


def test_a_missing_policy_of_a_role_that_is_missing_too_leaves_no_other_role_open(tmp_path: Path) -> None:
    text = OPERATOR + inline("start", START)
    text += 'resource "aws_iam_role" "other" {\n  for_each = var.names\n}\n'
    text += inline("pass", PASSING, "for_each = var.names", "aws_iam_role.other[each.key].name")
    assert verdicts(tmp_path, "RR401", text) == {"aws_iam_role_policy.start": "Fail"}


def test_a_block_whose_count_depends_on_an_open_argument_says_so(tmp_path: Path) -> None:
    module = 'variable "on" {}\n' + inline("pass", PASSING, 'count = var.on == "a" ? 1 : 0', '"x"')
    found = evaluated(tmp_path, 'variable "on" {}\nmodule "m" {\n  source = "./m"\n  on = var.on\n}\n', m=module)
    assert found.gaps == ()
    assert one(found, "module.m.aws_iam_role_policy.pass[0]").maybe == ("var.on has no value (main.tf:1)",)


def test_a_policy_left_out_for_such_an_argument_leaves_its_role_open(tmp_path: Path) -> None:
    module = OPERATOR.replace('variable "names" {}', "") + inline("start", START)
    module += inline("pass", PASSING, 'count = var.on == "a" ? 1 : 0')
    text = 'variable "on" {}\nmodule "m" {\n  source = "./m"\n  on = var.on\n}\n'
    assert verdicts(tmp_path, "RR401", text, m=module) == {"module.m.aws_iam_role_policy.start": "Unknown"}


def test_a_count_that_is_known_leaves_nothing_open(tmp_path: Path) -> None:
    module = 'variable "n" {}\nresource "aws_efs_file_system" "f" {\n  count = length(var.n)\n}\n'
    text = 'variable "x" {}\nmodule "m" {\n  source = "./m"\n  n = ["a-${var.x}", "b"]\n}\n'
    found = evaluated(tmp_path, text, m=module)
    assert [(block.address, block.maybe) for block in found.blocks] == [
        ("module.m.aws_efs_file_system.f[0]", ()),
        ("module.m.aws_efs_file_system.f[1]", ()),
    ]
    assert found.gaps == ()


@pytest.mark.parametrize("head", ["count = var.on ? 1 : 0", "for_each = var.names"])
def test_a_selection_that_may_not_exist_covers_nothing_for_certain(tmp_path: Path, head: str) -> None:
    text = PLAN + 'resource "aws_efs_file_system" "f" {}\n' + selection("aws_efs_file_system.f.arn", head)
    assert verdicts(tmp_path, "RR102", text) == {"aws_efs_file_system.f": "Unknown"}


def test_a_selection_that_may_not_exist_says_nothing_of_what_it_does_not_choose(tmp_path: Path) -> None:
    text = PLAN + 'resource "aws_efs_file_system" "f" {}\nresource "aws_efs_file_system" "g" {}\n'
    text += selection("aws_efs_file_system.f.arn", "count = var.on ? 1 : 0")
    assert verdicts(tmp_path, "RR102", text)["aws_efs_file_system.g"] == "Fail"


def test_a_selection_that_exists_with_its_file_system_covers_it(tmp_path: Path) -> None:
    maybe = "count = var.on ? 1 : 0"
    text = PLAN + f'resource "aws_efs_file_system" "f" {{\n  {maybe}\n}}\n'
    text += selection("aws_efs_file_system.f[0].arn", maybe)
    assert verdicts(tmp_path, "RR102", text) == {"aws_efs_file_system.f[0]": "Pass"}


@pytest.mark.parametrize(
    ("zone", "status", "head", "expected"),
    [
        ("", "ENABLED", "count = var.on ? 1 : 0", "Unknown"),
        ("", "DISABLED", "count = var.on ? 1 : 0", "Fail"),
        ('availability_zone_name = "eu-west-1a"', "DISABLED", "count = var.on ? 1 : 0", "Unknown"),
        ('availability_zone_name = "eu-west-1a"', "ENABLED", "count = var.on ? 1 : 0", "Pass"),
        ('availability_zone_name = "eu-west-1a"', "DISABLED", "for_each = var.names", "Unknown"),
    ],
)
def test_a_backup_policy_that_may_not_exist(tmp_path: Path, zone: str, status: str, head: str, expected: str) -> None:
    text = PLAN + f'resource "aws_efs_file_system" "f" {{\n  {zone}\n}}\n'
    text += f'resource "aws_efs_backup_policy" "f" {{\n  {head}\n  file_system_id = aws_efs_file_system.f.id\n'
    text += f'  backup_policy {{\n    status = "{status}"\n  }}\n}}\n'
    assert verdicts(tmp_path, "RR102", text) == {"aws_efs_file_system.f": expected}


@pytest.mark.parametrize("argument", ["file_system_id = aws_efs_file_system.f.id", 'creation_token = "token"'])
def test_a_data_source_that_looks_up_a_file_system_of_the_same_root_means_it(tmp_path: Path, argument: str) -> None:
    text = PLAN + 'resource "aws_efs_file_system" "f" {\n  creation_token = "token"\n}\n'
    text += 'resource "aws_efs_file_system" "g" {}\n'
    text += f'data "aws_efs_file_system" "f" {{\n  {argument}\n}}\n' + selection("data.aws_efs_file_system.f.arn")
    assert verdicts(tmp_path, "RR102", text) == {"aws_efs_file_system.f": "Pass", "aws_efs_file_system.g": "Fail"}


@pytest.mark.parametrize("name", ["aws_iam_role.op.name", "aws_iam_role.op.id"])
def test_a_data_source_that_looks_up_a_role_of_the_same_root_means_it(tmp_path: Path, name: str) -> None:
    text = OPERATOR + inline("start", START) + f'data "aws_iam_role" "op" {{\n  name = {name}\n}}\n'
    text += inline("pass", PASSING, role="data.aws_iam_role.op.name")
    assert verdicts(tmp_path, "RR401", text) == {"aws_iam_role_policy.start": "Pass"}


def rules_of(folder: Path, argument: str, value: str) -> dict[str, object]:
    module = f"""
variable "rules" {{
  type = any
}}
resource "aws_backup_plan" "p" {{
  name = "p"
  dynamic "rule" {{
    for_each = var.rules
    content {{
      rule_name         = lookup(rule.value, "rule_name", null)
      target_vault_name = lookup(rule.value, "target_vault_name")
      start_window      = {value}
    }}
  }}
}}
"""
    call = f'variable "v" {{}}\nmodule "m" {{\n  source = "./m"\n  rules = {argument}\n}}\n'
    listed = one(evaluated(folder, call, m=module), "module.m.aws_backup_plan.p").values["rule"]
    assert isinstance(listed, list)
    assert isinstance(listed[0], dict)
    return listed[0]


LOOKUP = 'lookup(rule.value, "start_window", null)'


@pytest.mark.parametrize("value", [LOOKUP, "try(rule.value.start_window, null)"])
def test_a_key_that_an_argument_does_not_have_is_absent_whatever_else_in_it_is_open(tmp_path: Path, value: str) -> None:
    found = rules_of(tmp_path, '[{ rule_name = "r", target_vault_name = var.v }]', value)
    assert "start_window" not in found
    assert isinstance(found["target_vault_name"], Unresolved)


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ('[{ rule_name = "r", start_window = var.v }]', LOOKUP),
        ('[{ rule_name = "r", target_vault_name = var.v }]', "lookup(rule.value, rule.value.target_vault_name, null)"),
    ],
)
def test_a_key_that_may_be_open_stays_so(tmp_path: Path, argument: str, value: str) -> None:
    assert isinstance(rules_of(tmp_path, argument, value).get("start_window"), Unresolved)


def test_a_permission_set_of_awscc_is_read_as_in_a_plan(tmp_path: Path) -> None:
    policy = 'jsonencode({ Statement = [{ Effect = "Allow", Action = "backup:StartRestoreJob", Resource = "*" }] })'
    body = f'  name = "on-call"\n  instance_arn = "arn:aws:sso:::instance/x"\n  inline_policy = {policy}\n'
    (tmp_path / "main.tf").write_text(f'resource "awscc_sso_permission_set" "on_call" {{\n{body}}}\n')

    found = scan([tmp_path]).judgements

    assert [(one.address, type(one.verdict)) for one in found if one.rule.code == "RR401"] == [
        ("awscc_sso_permission_set.on_call", Fail)
    ]


def test_a_string_made_of_an_open_argument_of_a_module_stays_open_in_that_part(tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    (tmp_path / "main.tf").write_text('variable "it" {}\nmodule "m" {\n  source = "./m"\n  it = var.it\n}\n')
    (tmp_path / "m" / "main.tf").write_text(
        'variable "it" {}\n'
        'locals {\n  name = "v-${var.it}"\n}\n'
        'resource "aws_backup_vault" "v" { name = "${local.name}-x" }\n'
        'resource "aws_iam_policy" "p" {\n  policy = jsonencode({\n'
        '    Statement = [{ Action = "iam:PassRole", Resource = "arn:aws:iam::${var.it}:role/r" }]\n  })\n'
        "}\n"
    )
    values = {one.address: one.values for one in evaluate_root(tmp_path).blocks}
    name = values["module.m.aws_backup_vault.v"]["name"]
    policy = values["module.m.aws_iam_policy.p"]["policy"]
    assert isinstance(name, Text)
    assert show(name) == "v-${?}-x"
    assert isinstance(policy, dict)
    assert show(policy["Statement"][0]["Resource"]) == "arn:aws:iam::${?}:role/r"


def test_what_comes_to_nothing_names_what_it_is_made_from(tmp_path: Path) -> None:
    plan = """
variable "rules" { default = [] }
variable "arns" { default = [] }
resource "aws_backup_plan" "p" {
  name = "p"
  dynamic "rule" {
    for_each = var.rules
    content { rule_name = rule.value }
  }
}
"""
    (tmp_path / "main.tf").write_text(plan + selection("").replace("[]", "var.arns"))
    (estate,) = read_root(tmp_path).estates
    assert estate.plans[0].rules == Unresolved("var.rules gives none, and AWS refuses a plan without one")
    assert estate.selections[0].emptied == ("var.arns",)


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ("var.on ? 60 : 45", "Pass"),
        ("var.on ? 480 : var.names ? 240 : 120", "Fail"),
        ("var.on ? 480 : 60", "Unknown"),
        ("var.on ? 60 : null", "Unknown"),
        ("var.on ? 60 : var.names", "Unknown"),
    ],
)
def test_a_window_that_is_one_of_several_numbers_is_judged_as_each(tmp_path: Path, window: str, expected: str) -> None:
    text = PLAN.replace('= "v"', f'= "v"\n    start_window = {window}')
    assert verdicts(tmp_path, "RR201", text) == {"aws_backup_plan.p": expected}


@pytest.mark.parametrize(("other", "expected"), [(30, "Pass"), (99_999, "Unknown"), (0, "Unknown")])
def test_so_is_how_long_a_copy_is_kept(tmp_path: Path, other: int, expected: str) -> None:
    lifecycle = f"lifecycle {{\n delete_after = var.on ? 7 : {other}\n }}"
    copy = f'copy_action {{\n destination_vault_arn = "arn:aws:backup:eu-west-1:1:backup-vault:c"\n {lifecycle}\n }}'
    assert verdicts(tmp_path, "RR105", PLAN.replace('= "v"', f'= "v"\n    {copy}')) == {"aws_backup_plan.p": expected}
