"""Files are read below the repository and in the modules that are called; nothing from elsewhere reaches a report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.terraform._written import by_address, evaluated, values, written

from restore_ready.readers.terraform.configuration import Evaluation, read_root
from restore_ready.readers.terraform.language import Unknown

MARK = "from-elsewhere"
VAULT = 'resource "aws_backup_vault" "v" {{ name = {} }}\n'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a secret, and a repository in it."""
    return written(
        tmp_path,
        {
            ".aws/credentials": MARK,
            "secret.tf": f'variable "a" {{ default = "{MARK}" }}\noutput "s" {{ value = "{MARK}" }}',
            "repo/.git/config": MARK,
            "repo/.git/hooks/x.tf": f'output "s" {{ value = "{MARK}" }}',
            "repo/shared/in.txt": "inside",
            "repo/live/main.tf": "",
        },
    )


def is_closed(evaluation: Evaluation) -> bool:
    return MARK not in repr(evaluation)


@pytest.mark.parametrize(
    "expression",
    [
        'file("../../.aws/credentials")',
        'file("~/.aws/credentials")',
        'file("${path.module}/../../.aws/credentials")',
        'file("link")',
        'file("folder/credentials")',
        'file("../.git/config")',
        'file("../.git/../.git/config")',
        'templatefile("link", {})',
        'filebase64("link")',
        'file(abspath("../../.aws/credentials"))',
        'join(",", [for f in fileset("../..", "**") : try(file("../../${f}"), "")])',
        'join(",", [for f in fileset("folder", "**") : file("folder/${f}")])',
    ],
)
def test_what_lies_outside_stays_there(home: Path, expression: str) -> None:
    live = home / "repo" / "live"
    (live / "link").symlink_to(home / ".aws" / "credentials")
    (live / "folder").symlink_to(home / ".aws")
    evaluation = evaluated(live, VAULT.format(expression))
    assert is_closed(evaluation)
    assert len(evaluation.resources) == 1


def test_why_it_stays_there_is_said(home: Path) -> None:
    value = values(evaluated(home / "repo/live", VAULT.format('file("../../.aws/credentials")')).resources[0].body)[
        "name"
    ]
    assert isinstance(value, Unknown)
    assert "lies outside the repository" in value.why


def test_the_repository_is_open(home: Path) -> None:
    evaluation = evaluated(home / "repo" / "live", VAULT.format('file("../shared/in.txt")'))
    assert values(evaluation.resources[0].body)["name"] == "inside"


def test_without_a_repository_the_scanned_folder_is_open(tmp_path: Path) -> None:
    written(tmp_path, {"scan/a/main.tf": VAULT.format('file("../in.txt")'), "scan/in.txt": "inside"})
    value = values(read_root(tmp_path / "scan/a").resources[0].body)["name"]
    assert isinstance(value, Unknown)
    assert values(read_root(tmp_path / "scan/a", scanned=tmp_path / "scan").resources[0].body)["name"] == "inside"


@pytest.mark.parametrize("name", ["link.tf", "override.tf", "terraform.tfvars", "x.tf.json"])
def test_links_that_lead_out_are_not_followed(home: Path, name: str) -> None:
    live = written(home / "repo" / "live", {"main.tf": 'variable "a" { default = 1 }\n' + VAULT.format("1")})
    (live / name).symlink_to(home / "secret.tf")
    evaluation = read_root(live)
    assert is_closed(evaluation)
    assert [(Path(gap.what).name, gap.why, gap.text) for gap in evaluation.gaps] == [
        (name, "the file is a link, and it lies outside the repository", None)
    ]


def test_a_link_within_the_repository_is_followed(home: Path) -> None:
    live = home / "repo" / "live"
    written(home / "repo", {"shared/vault.tf": VAULT.format('"shared"')})
    (live / "link.tf").symlink_to(home / "repo" / "shared" / "vault.tf")
    assert list(by_address(read_root(live))) == ["aws_backup_vault.v"]


def test_modules_behind_a_link_that_leads_out_are_not_read(home: Path) -> None:
    live = home / "repo" / "live"
    (live / "m").symlink_to(home)
    evaluation = evaluated(live, 'module "m" { source = "./m" }\n' + VAULT.format("module.m.s"))
    assert is_closed(evaluation)
    assert [module.why for module in evaluation.modules] == [
        "the module ./m is not read: it lies outside the repository"
    ]


def test_modules_in_git_are_not_read(home: Path) -> None:
    evaluation = evaluated(home / "repo/live", 'module "m" { source = "../.git/hooks" }\n' + VAULT.format("module.m.s"))
    assert is_closed(evaluation)
    assert [module.why for module in evaluation.modules] == ["the module ../.git/hooks is not read: it lies in .git"]


def test_a_listing_of_modules_does_not_lead_out(home: Path) -> None:
    listed = {"Modules": [{"Key": "m", "Source": "x/y/aws", "Dir": "../.."}]}
    live = written(home / "repo/live", {".terraform/modules/modules.json": json.dumps(listed)})
    evaluation = evaluated(live, 'module "m" { source = "x/y/aws" }\n' + VAULT.format("module.m.s"))
    assert is_closed(evaluation)
    assert len(evaluation.modules) == 1


def test_a_module_called_from_beside_the_repository_is_read_but_not_what_it_hides(tmp_path: Path) -> None:
    module = (
        'output "a" { value = file("${path.module}/in.txt") }\noutput "b" { value = file("${path.module}/.env") }\n'
    )
    written(tmp_path, {"common/main.tf": module, "common/in.txt": "inside", "common/.env": MARK, "repo/.git/HEAD": ""})
    call = 'module "m" { source = "../common" }\n'
    main = call + 'resource "aws_backup_vault" "v" {\n  name = module.m.a\n  tags = { b = module.m.b }\n}\n'
    evaluation = evaluated(tmp_path / "repo", main)
    assert values(evaluation.resources[0].body)["name"] == "inside"
    assert is_closed(evaluation)
