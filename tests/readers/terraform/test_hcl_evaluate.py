"""What blocks come out of real folders."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from tests.support.files import write

from restore_ready import Ref, Text, Unresolved
from restore_ready.model import Partial
from restore_ready.readers.terraform import Evaluation, VariableValues, evaluate_root
from restore_ready.readers.terraform._block import Block


def read(folder: Path, text: str) -> Evaluation:
    return evaluate_root(write(folder, {"main.tf": text}))


def one(found: Evaluation, address: str) -> Block:
    [block] = [block for block in found.blocks if block.address == address]
    return block


def rules(found: Evaluation, address: str) -> list[Any]:
    listed = one(found, address).values["rule"]
    assert isinstance(listed, list)
    return listed


def addresses(found: Evaluation) -> list[str]:
    return sorted(block.address for block in found.blocks)


def test_blocks_have_addresses_places_and_nested_blocks_as_lists(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
resource "aws_backup_plan" "p" {
  name = "p"
  rule {
    rule_name         = "r"
    target_vault_name = aws_backup_vault.v.name
    lifecycle {
      delete_after = 35
    }
  }
  lifecycle {
    prevent_destroy = true
  }
}
resource "aws_backup_vault" "v" {
  name = "vault"
}
""",
    )
    plan = one(found, "aws_backup_plan.p")
    assert plan.mode == "managed"
    assert plan.values == {
        "name": "p",
        "rule": [{"rule_name": "r", "target_vault_name": "vault", "lifecycle": [{"delete_after": 35}]}],
    }
    assert (plan.place.file, plan.place.line, plan.place.end_line) == (str(tmp_path / "main.tf"), 2, 14)
    assert [place.line for place in plan.block_places["rule"]] == [4]
    assert found.gaps == ()


def test_references_become_addresses_also_within_lists_and_text(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
resource "aws_efs_file_system" "each" {
  for_each = toset(["a", "b"])
}
resource "aws_backup_vault" "v" {
  name_prefix = "x"
}
resource "aws_backup_selection" "s" {
  plan_id      = aws_backup_plan.p.id
  name         = aws_backup_vault.v.name
  iam_role_arn = "${aws_iam_role.r.arn}/x"
  resources    = [for one in aws_efs_file_system.each : one.arn]
}
resource "aws_backup_plan" "p" {}
resource "aws_iam_role" "r" {
  assume_role_policy = data.aws_iam_policy_document.d.json
}
data "aws_iam_policy_document" "d" {
  statement {
    actions = ["sts:AssumeRole"]
  }
  statement {
    actions = ["sts:TagSession"]
  }
}
""",
    )
    selection = one(found, "aws_backup_selection.s").values
    assert selection["plan_id"] == Ref("aws_backup_plan.p", "id")
    assert selection["name"] == Ref("aws_backup_vault.v", "name")
    assert selection["iam_role_arn"] == Text((Ref("aws_iam_role.r", "arn"), "/x"))
    assert selection["resources"] == [Ref(f'aws_efs_file_system.each["{key}"]', "arn") for key in "ab"]
    assert one(found, "aws_iam_role.r").values["assume_role_policy"] == Ref("data.aws_iam_policy_document.d", "json")
    document = one(found, "data.aws_iam_policy_document.d")
    assert document.mode == "data"
    assert document.values["statement"] == [{"actions": ["sts:AssumeRole"]}, {"actions": ["sts:TagSession"]}]


def test_variables_locals_count_and_dynamic_blocks_are_evaluated(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
variable "rules" {
  default = [{ name = "a", start = 60 }, { name = "b" }]
}
locals {
  days = 5 * 7
}
resource "aws_efs_file_system" "two" {
  count = 2
}
resource "aws_efs_file_system" "none" {
  count = 0
}
resource "aws_backup_plan" "p" {
  dynamic "rule" {
    for_each = var.rules
    content {
      rule_name    = rule.value.name
      start_window = lookup(rule.value, "start", null)
      lifecycle {
        delete_after = local.days
      }
    }
  }
}
""",
    )
    assert addresses(found) == ["aws_backup_plan.p", "aws_efs_file_system.two[0]", "aws_efs_file_system.two[1]"]
    assert one(found, "aws_backup_plan.p").values["rule"] == [
        {"rule_name": "a", "start_window": 60, "lifecycle": [{"delete_after": 35}]},
        {"rule_name": "b", "lifecycle": [{"delete_after": 35}]},
    ]


def test_null_is_absent_and_unknown_is_unresolved(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
variable "unset" {}
variable "empty" {
  default = null
}
resource "aws_backup_plan" "p" {
  a = null
  b = var.empty
  c = var.unset
  d = var.unset == "prod" ? 60 : null
  e = try(var.empty.x, null)
  f = lookup({ start = 480 }, "start", null)
  rule { schedule = var.empty }
}
""",
    )
    values = one(found, "aws_backup_plan.p").values
    assert {key for key, value in values.items() if isinstance(value, Unresolved)} == {"c", "d"}
    assert {key for key in "abef" if key in values} == {"f"}
    assert values["f"] == 480
    assert values["rule"] == [{}]
    assert values["c"] == Unresolved("var.unset has no value (main.tf:2)")


def test_what_is_dropped_for_an_unknown_collection_is_told(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
variable "unset" {}
resource "aws_efs_file_system" "many" {
  for_each   = var.unset
  kms_key_id = each.value
}
resource "aws_efs_file_system" "alike" {
  for_each       = var.unset
  creation_token = each.key
}
resource "aws_efs_file_system" "none" {
  for_each = {}
}
module "backups" {
  source   = "./m"
  for_each = var.unset
}
resource "aws_backup_plan" "all" {
  dynamic "rule" {
    for_each = var.unset
    content {
      rule_name = rule.value
    }
  }
  dynamic "other" {
    for_each = []
    content {}
  }
}
resource "aws_backup_plan" "some" {
  rule {
    rule_name = "static"
  }
  dynamic "rule" {
    for_each = [var.unset]
    content { rule_name = rule.value }
  }
}
""",
    )
    gaps = {gap.address: gap for gap in found.gaps}
    assert set(gaps) == {"aws_efs_file_system.many", "module.backups"}
    assert isinstance(one(found, 'aws_efs_file_system.many["?"]').maybe[0], str)
    assert gaps["aws_efs_file_system.many"].place.line == 3
    assert "(var.unset has no value)" in gaps["aws_efs_file_system.many"].why
    assert not gaps["aws_efs_file_system.many"].hides_backups
    assert gaps["module.backups"].hides_backups
    assert isinstance(rules(found, "aws_backup_plan.all")[0], Unresolved)
    assert "other" not in one(found, "aws_backup_plan.all").values
    static, unread = rules(found, "aws_backup_plan.some")
    assert static == {"rule_name": "static"}
    assert isinstance(unread["rule_name"], Unresolved)


def test_a_merge_with_an_unknown_part_is_known_as_far_as_that_cannot_override(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
variable "unset" {}
variable "known" {
  default = { backup = "daily" }
}
resource "aws_efs_file_system" "a" {
  tags = merge({ Name = "a" }, var.unset)
}
resource "aws_efs_file_system" "b" {
  tags = merge({ Name = "b" }, var.known)
}
resource "aws_efs_file_system" "c" {
  tags = merge({ Name = "c" }, var.unset, { stage = "prod" })
}
""",
    )
    open_part = Unresolved("var.unset has no value (main.tf:2)")
    assert one(found, "aws_efs_file_system.a").values["tags"] == Partial({"Name": open_part}, open_part)
    tags = one(found, "aws_efs_file_system.c").values["tags"]
    assert tags == Partial({"Name": open_part, "stage": "prod"}, open_part)
    assert isinstance(tags, Partial)
    assert tags.get("backup") == open_part
    assert one(found, "aws_efs_file_system.b").values["tags"] == {"Name": "b", "backup": "daily"}


def test_the_known_parts_of_local_values_and_module_arguments_reach_attributes(tmp_path: Path) -> None:
    module = """
variable "tags" {}
variable "more" {}
variable "policy" {
  type = string
}
resource "aws_efs_file_system" "this" {
  tags = var.tags
}
resource "aws_efs_file_system" "more" {
  tags = var.more
}
resource "aws_iam_policy" "this" {
  policy = var.policy
}
"""
    write(tmp_path, {"m/main.tf": module})
    found = read(
        tmp_path,
        """
variable "unset" {}
locals {
  tags   = { backup = "daily", stage = var.unset }
  merged = merge({ backup = "daily" }, var.unset)
}
module "m" {
  source = "./m"
  tags   = local.tags
  more   = local.merged
  policy = jsonencode({ Statement = { Action = "backup:*", Resource = var.unset } })
}
""",
    )
    open_part = Unresolved("var.unset has no value (main.tf:2)")
    tags = one(found, "module.m.aws_efs_file_system.this").values["tags"]
    assert tags == {"backup": "daily", "stage": open_part}
    assert one(found, "module.m.aws_efs_file_system.more").values["tags"] == Partial({"backup": open_part}, open_part)
    policy = one(found, "module.m.aws_iam_policy.this").values["policy"]
    assert policy == {"Statement": {"Action": "backup:*", "Resource": open_part}}


def test_a_module_argument_that_is_unknown_is_not_taken_for_null(tmp_path: Path) -> None:
    module = """
variable "start" {
  default = null
}
variable "rules" {
  default = []
}
variable "tags" {
  default = {}
}
variable "given" {
  default = null
}
resource "aws_backup_plan" "p" {
  plain  = var.start
  chosen = coalesce(var.start, 60)
  tags   = merge({ Name = "x" }, var.tags)
  given  = var.given
  dynamic "rule" {
    for_each = var.rules
    content {
      start_window      = lookup(rule.value, "start", null)
      completion_window = lookup(rule.value, "complete", null)
    }
  }
}
"""
    write(tmp_path, {"m/main.tf": module})
    found = read(
        tmp_path,
        """
variable "unset" {}
module "open" {
  source = "./m"
  start  = var.unset
  tags   = var.unset
  given  = null
  rules  = [{ start = var.unset, complete = 120 }]
}
module "default" {
  source = "./m"
  tags   = { a = "b" }
  rules  = [{ complete = 120 }]
}
""",
    )
    opened = one(found, "module.open.aws_backup_plan.p").values
    assert {key for key, value in opened.items() if isinstance(value, Unresolved)} == {"plain", "chosen"}
    open_part = Unresolved("var.unset has no value (main.tf:2)")
    assert opened["tags"] == Partial({"Name": open_part}, open_part)
    assert "given" not in opened
    [rule] = rules(found, "module.open.aws_backup_plan.p")
    assert isinstance(rule["start_window"], Unresolved)
    assert rule["completion_window"] == 120
    assert one(found, "module.default.aws_backup_plan.p").values == {
        "chosen": 60,
        "tags": {"Name": "x", "a": "b"},
        "rule": [{"completion_window": 120}],
    }


def test_a_policy_with_unknown_parts_stays_readable(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
variable "unset" {}
data "aws_caller_identity" "me" {}
data "aws_region" "here" {}
data "aws_partition" "p" {
  count = 1
}
resource "aws_iam_policy" "json" {
  policy = jsonencode({
    Statement = [{
      Effect   = "Allow"
      Action   = ["iam:PassRole", var.unset]
      Resource = "arn:${data.aws_partition.p[0].partition}:iam::${data.aws_caller_identity.me.account_id}:role/r"
    }]
  })
}
resource "aws_iam_policy" "heredoc" {
  policy = <<-EOT
    {"Resource": "${data.aws_region.here.name}:${data.aws_caller_identity.me.account_id}:${var.unset}/$${aws:username}"}
  EOT
}
""",
    )
    policy = one(found, "aws_iam_policy.json").values["policy"]
    assert policy == {
        "Statement": [
            {
                "Effect": "Allow",
                "Action": ["iam:PassRole", Unresolved("var.unset has no value (main.tf:2)")],
                "Resource": "arn:aws:iam::this-account:role/r",
            }
        ]
    }
    assert one(found, "aws_iam_policy.heredoc").values["policy"] == Text(
        (
            '{"Resource": "this-region:this-account:',
            Unresolved("var.unset has no value (main.tf:2)"),
            '/${aws:username}"}\n',
        )
    )


def test_a_comparison_with_the_account_is_no_confident_answer(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
data "aws_caller_identity" "me" {}
resource "aws_backup_plan" "p" {
  rule {
    start_window = data.aws_caller_identity.me.account_id == "123456789012" ? 60 : 480
  }
}
""",
    )
    [rule] = rules(found, "aws_backup_plan.p")
    assert isinstance(rule["start_window"], Unresolved)


def test_fully_known_policies_stay_the_text_they_are(tmp_path: Path) -> None:
    found = read(tmp_path, 'resource "aws_iam_policy" "p" {\n  policy = jsonencode({ Statement = [] })\n}\n')
    assert one(found, "aws_iam_policy.p").values["policy"] == '{"Statement":[]}'


def test_variable_files_are_read_in_terraforms_order(tmp_path: Path) -> None:
    write(
        tmp_path / "root",
        {
            "main.tf": "".join(f'variable "{one}" {{}}\n' for one in "abcd")
            + 'resource "aws_efs_file_system" "x" {\n  tags = { a = var.a, b = var.b, c = var.c, d = var.d }\n}\n',
            "terraform.tfvars": 'a = "terraform"\nb = "terraform"\nc = "terraform"\n',
            "x.auto.tfvars": 'b = "auto"\nc = "auto"\n',
            "y.auto.tfvars.json": '{"c": "json"}',
            "unused.tfvars": 'a = "unused"\n',
        },
    )
    write(tmp_path, {"given.tfvars": 'd = "given"\n'})
    found = evaluate_root(tmp_path / "root", values=VariableValues(files=(tmp_path / "given.tfvars",)))
    tags = one(found, "aws_efs_file_system.x").values["tags"]
    assert tags == {"a": "terraform", "b": "auto", "c": "json", "d": "given"}


def test_a_value_that_a_variable_file_breaks_off_is_open_and_the_rest_read(tmp_path: Path) -> None:
    write(tmp_path, {"terraform.tfvars": "a = \n", "b.auto.tfvars": 'b = "B"\n'})
    text = 'variable "a" {}\nvariable "b" {}\n'
    found = read(tmp_path, text + 'resource "aws_backup_vault" "v" {\n  name = var.b\n  kms_key_arn = var.a\n}\n')
    values = one(found, "aws_backup_vault.v").values
    assert values["name"] == "B"
    assert isinstance(values["kms_key_arn"], Unresolved)
    assert values["kms_key_arn"].why.endswith("(terraform.tfvars:1)")


def test_local_modules_are_evaluated_for_each_call_wherever_they_are(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "modules/efs/main.tf": """
variable "name" {}
data "aws_caller_identity" "me" {}
resource "aws_efs_file_system" "this" {
  tags = { Name = var.name, note = file("${path.module}/note.txt"), account = data.aws_caller_identity.me.account_id }
}
output "arn" {
  value = aws_efs_file_system.this.arn
}
""",
            "modules/efs/note.txt": "hello",
            "live/main.tf": """
module "efs" {
  source   = "../modules/efs"
  for_each = toset(["a", "b.c"])
  name     = each.key
}
resource "aws_backup_selection" "s" {
  resources = [module.efs["a"].arn]
}
""",
        },
    )
    found = evaluate_root(tmp_path / "live")
    block = one(found, 'module.efs["b.c"].aws_efs_file_system.this')
    assert block.values["tags"] == {"Name": "b.c", "note": "hello", "account": "this-account"}
    assert block.place.file == str(tmp_path / "modules" / "efs" / "main.tf")
    assert one(found, "aws_backup_selection.s").values["resources"] == [
        Ref('module.efs["a"].aws_efs_file_system.this', "arn")
    ]
    assert found.gaps == ()


def test_an_absent_module_is_a_block_and_a_gap(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
module "vaults" {
  source     = "terraform-aws-modules/backup/aws"
  version    = "1.0.0"
  plan_name  = "p"
}
module "lb" {
  source  = "terraform-aws-modules/alb/aws"
  efs_arn = aws_efs_file_system.a.arn
}
module "gone" {
  source = "./nowhere"
}
resource "aws_efs_file_system" "a" {
  creation_token = module.vaults.token
}
""",
    )
    call = one(found, "module.vaults")
    assert (call.type, call.mode) == ("module", "module")
    assert call.values == {"source": "terraform-aws-modules/backup/aws", "plan_name": "p"}
    assert {gap.address: gap.hides_backups for gap in found.gaps} == {
        "module.vaults": True,
        "module.lb": False,
        "module.gone": False,
    }
    assert one(found, "aws_efs_file_system.a").values["creation_token"] == Ref("module.vaults", "token")


def test_installed_modules_are_read(tmp_path: Path) -> None:
    modules = {"Modules": [{"Key": "efs", "Source": "x/efs/aws", "Dir": ".terraform/modules/efs"}]}
    modules["Modules"][0]["Source"] = "registry.terraform.io/x/efs/aws"
    write(
        tmp_path,
        {
            ".terraform/modules/modules.json": json.dumps(modules),
            ".terraform/modules/efs/main.tf": 'resource "aws_efs_file_system" "this" {}\n',
        },
    )
    found = read(tmp_path, 'module "efs" {\n  source = "x/efs/aws"\n}\n')
    assert addresses(found) == ["module.efs.aws_efs_file_system.this"]
    assert found.gaps == ()


def test_json_and_tofu_configuration_is_read(tmp_path: Path) -> None:
    backup = {"file_system_id": "${aws_efs_file_system.a.id}", "backup_policy": {"status": "ENABLED"}}
    write(
        tmp_path,
        {
            "a.tf.json": json.dumps({"resource": {"aws_efs_backup_policy": {"b": backup}}}),
            "b.tofu": 'resource "aws_efs_file_system" "a" {}\n',
        },
    )
    found = evaluate_root(tmp_path)
    policy = one(found, "aws_efs_backup_policy.b")
    assert policy.values["file_system_id"] == Ref("aws_efs_file_system.a", "id")
    assert policy.values["backup_policy"] == [{"status": "ENABLED"}]
    assert one(found, "aws_efs_file_system.a").place.file == str(tmp_path / "b.tofu")


def test_override_files_change_the_block_they_name(tmp_path: Path) -> None:
    write(tmp_path, {"x_override.tf": 'resource "aws_efs_file_system" "a" {\n  encrypted = false\n}\n'})
    found = read(tmp_path, 'resource "aws_efs_file_system" "a" {\n  encrypted = true\n  creation_token = "t"\n}\n')
    assert one(found, "aws_efs_file_system.a").values == {"encrypted": False, "creation_token": "t"}


def test_default_tags_and_aliases_of_providers_are_given(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
provider "aws" {
  default_tags {
    tags = { backup = "daily" }
  }
}
provider "aws" {
  alias = "osaka"
}
resource "aws_efs_file_system" "a" {
  provider = aws.osaka
}
""",
    )
    providers = [block for block in found.blocks if block.mode == "provider"]
    assert providers[0].values["default_tags"] == [{"tags": {"backup": "daily"}}]
    assert [block.values.get("alias") for block in providers] == [None, "osaka"]
    assert one(found, "aws_efs_file_system.a").values == {"provider": "aws.osaka"}


@pytest.mark.parametrize("folder", [".", "module"])
def test_a_broken_file_is_reported_with_its_line_and_the_rest_read(tmp_path: Path, folder: str) -> None:
    write(tmp_path, {"module/ok.tf": 'resource "aws_efs_file_system" "m" {}\n'})
    write(tmp_path / folder, {"broken.tf": 'resource "aws_backup_plan" "b" {\n  x = \n}\n'})
    found = read(tmp_path, 'resource "aws_efs_file_system" "a" {}\nmodule "m" {\n  source = "./module"\n}\n')
    broken = "aws_backup_plan.b" if folder == "." else "module.m.aws_backup_plan.b"
    assert addresses(found) == sorted(["aws_efs_file_system.a", "module.m.aws_efs_file_system.m", broken])
    values = one(found, broken).values
    assert isinstance(values.get("x"), Unresolved)
    gaps = [(gap.place.file, gap.place.line) for gap in found.gaps]
    assert gaps == [(str(tmp_path / folder / "broken.tf"), 2)] * len(gaps)


def test_a_binary_file_is_left_out_and_reported(tmp_path: Path) -> None:
    (tmp_path / "image.tf").write_bytes(os.urandom(4096) + b"\0")
    found = read(tmp_path, 'resource "aws_efs_file_system" "a" {}\n')
    assert addresses(found) == ["aws_efs_file_system.a"]
    assert [gap.why for gap in found.gaps] == ["the file is binary, not Terraform"]


def test_a_huge_file_is_left_out_and_reported(tmp_path: Path) -> None:
    with (tmp_path / "huge.tf").open("wb") as stream:
        stream.write(b"# x\n" * 20)
        stream.truncate(50_000_000)
    found = read(tmp_path, 'resource "aws_efs_file_system" "a" {}\n')
    assert addresses(found) == ["aws_efs_file_system.a"]
    assert [gap.why for gap in found.gaps] == ["the file is larger than 10 MB"]


def test_an_empty_folder_gives_nothing(tmp_path: Path) -> None:
    assert evaluate_root(tmp_path) == Evaluation((), ())


def test_a_module_that_calls_itself_is_a_gap_and_the_rest_is_read(tmp_path: Path) -> None:
    text = 'module "me" {\n  source = "./"\n}\nresource "aws_efs_file_system" "a" {}\n# backups\n'
    found = read(tmp_path, text)
    assert addresses(found) == ["aws_efs_file_system.a", "module.me"]
    [gap] = found.gaps
    assert "circle" in gap.why
    assert gap.hides_backups


def test_an_evaluation_that_takes_too_long_is_given_up_and_told(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": 'resource "aws_backup_vault" "v" {\n  name = "v"\n}\n'})
    found = evaluate_root(tmp_path, limit_seconds=0)
    assert isinstance(one(found, "aws_backup_vault.v").values["name"], Unresolved)
    [gap] = found.gaps
    assert gap.why == "not all of it was evaluated within the time there was"
    assert gap.hides_backups


def test_a_folder_that_is_not_there_is_a_gap(tmp_path: Path) -> None:
    found = evaluate_root(tmp_path / "nowhere")
    assert found.blocks == ()
    assert found.gaps[0].why == "there is no such folder"
