"""What the variables of a root module are set to."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.terraform._written import vault, written

from restore_ready.readers.terraform.configuration import read_root
from restore_ready.readers.terraform.language import Unknown

MAIN = """
variable "a" { default = "default" }
variable "s" {
  type    = string
  default = "s"
}
variable "n" {
  type    = number
  default = 1
}
variable "l" {
  type    = list(string)
  default = []
}
variable "o" {
  type = object({ days = optional(number, 35), name = string })
  default = { name = "x" }
}
resource "aws_backup_vault" "v" {
  name = var.a
  tags = { s = var.s, n = var.n, l = var.l, o = var.o }
}
"""


def name(
    folder: Path, files: dict[str, str], *arguments: str | Path, environment: dict[str, str] | None = None
) -> object:
    written(folder, {"main.tf": MAIN, **files})
    return vault(read_root(folder, arguments=arguments, environment=environment))["name"]


def test_variable_files_are_loaded_in_terraforms_order(tmp_path: Path) -> None:
    files = {"terraform.tfvars": 'a = "1"'}
    assert name(tmp_path, files) == "1"
    files["terraform.tfvars.json"] = '{"a": "2"}'
    assert name(tmp_path, files) == "2"
    files["a.auto.tfvars"] = 'a = "3"'
    assert name(tmp_path, files) == "3"
    files["b.auto.tfvars.json"] = '{"a": "4"}'
    assert name(tmp_path, files) == "4"
    files["c.auto.tfvars"] = 'a = "5"'
    assert name(tmp_path, files) == "5"
    files |= {"other.tfvars": 'a = "no"', "terraform.tfvars~": 'a = "no"'}
    assert name(tmp_path, files) == "5"


def test_arguments_win_in_their_order(tmp_path: Path) -> None:
    files = {"terraform.tfvars": 'a = "file"', "x.tfvars": 'a = "named"'}
    named = tmp_path / "x.tfvars"
    assert name(tmp_path, files, named) == "named"
    assert name(tmp_path, files, named, "a=text") == "text"
    assert name(tmp_path, files, "a=text", named) == "named"
    assert name(tmp_path, files, "a=", environment={"TF_VAR_a": "env"}) == ""


def test_the_environment_counts_only_where_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_VAR_a", "process")
    assert name(tmp_path, {}) == "default"
    assert name(tmp_path, {}, environment={"TF_VAR_a": "asked", "TF_VAR_none": "x", "a": "no"}) == "asked"
    assert name(tmp_path, {"terraform.tfvars": 'a = "file"'}, environment={"TF_VAR_a": "asked"}) == "file"


def test_text_is_taken_as_it_is_or_as_an_expression_by_the_type(tmp_path: Path) -> None:
    written(tmp_path, {"main.tf": MAIN})
    arguments = ["a=[1]", 's="quoted"', "n=5", 'l=["x", "y"]', 'o={name = "z"}']
    found = vault(read_root(tmp_path, arguments=arguments))
    assert found["name"] == "[1]"
    assert found["tags"] == {"s": '"quoted"', "n": 5, "l": ["x", "y"], "o": {"days": 35, "name": "z"}}


def test_a_value_of_the_wrong_type_is_unknown_with_its_reason(tmp_path: Path) -> None:
    written(tmp_path, {"main.tf": MAIN})
    found = vault(read_root(tmp_path, arguments=["n=many"]))
    assert isinstance(found["tags"]["n"], Unknown)
    assert found["tags"]["n"].why.startswith("var.n: a number is required")


def test_a_variable_without_value_says_so_and_where(tmp_path: Path) -> None:
    written(
        tmp_path,
        {
            "main.tf": MAIN,
            "variables.tf": '\n\nvariable "bucket" {}\n',
            "x.tf": 'resource "aws_backup_vault" "w" { name = var.bucket }',
        },
    )
    value = vault(read_root(tmp_path), "aws_backup_vault.w")["name"]
    assert isinstance(value, Unknown)
    assert value.why == "var.bucket has no value"
    assert str(value.span) == f"{tmp_path}/variables.tf:3"


def test_a_variable_file_may_refer_to_nothing(tmp_path: Path) -> None:
    value = name(tmp_path, {"terraform.tfvars": "a = var.s"})
    assert isinstance(value, Unknown)


def test_what_nobody_declared_is_passed_over(tmp_path: Path) -> None:
    written(tmp_path, {"main.tf": MAIN, "terraform.tfvars": 'b = "x"'})
    assert read_root(tmp_path, arguments=["c=1"]).gaps == ()


def test_what_a_broken_variable_file_may_set_is_unknown(tmp_path: Path) -> None:
    written(tmp_path, {"main.tf": MAIN, "terraform.tfvars": 'a = {"\nn = 2\n'})
    evaluation = read_root(tmp_path)
    found = vault(evaluation)
    assert isinstance(found["name"], Unknown)
    assert isinstance(found["tags"]["n"], Unknown)
    assert found["tags"]["l"] == []
    assert "terraform.tfvars" in found["name"].why
    assert [gap.what for gap in evaluation.gaps] == [f"{tmp_path}/terraform.tfvars"]


def test_a_missing_variable_file_hides_all_variables(tmp_path: Path) -> None:
    written(tmp_path, {"main.tf": MAIN})
    evaluation = read_root(tmp_path, arguments=[tmp_path / "none.tfvars"])
    assert isinstance(vault(evaluation)["name"], Unknown)
    assert [gap.why for gap in evaluation.gaps] == ["there is no such file"]


def test_an_argument_without_value_is_told(tmp_path: Path) -> None:
    written(tmp_path, {"main.tf": MAIN})
    assert [gap.why for gap in read_root(tmp_path, arguments=["a"]).gaps] == ["it is not of the form name=value"]


def test_a_null_takes_the_default_where_the_variable_is_not_nullable(tmp_path: Path) -> None:
    main = """
    variable "a" {
      default  = "default"
      nullable = false
    }
    variable "b" { default = "default" }
    resource "aws_backup_vault" "v" {
      name        = var.a
      kms_key_arn = var.b
    }
    """
    written(tmp_path, {"main.tf": main, "terraform.tfvars": "a = null\nb = null"})
    assert vault(read_root(tmp_path)) == {"name": "default", "kms_key_arn": None}
