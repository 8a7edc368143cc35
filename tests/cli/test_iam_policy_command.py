"""The policy that is printed is the fact plan's, alone and in roles that Terraform and CloudFormation take."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.aws_server.terraform import MIRROR, unavailable
from tests.support.command import run as run_command
from tests.support.command import run_process
from tests.support.hosts import run_cfn_lint
from tests.support.paths import ROOT

from restore_ready import Fail, scan
from restore_ready.live._iam_policy import ROLE_NAME, cloudformation_text, json_text, policy_document, terraform_text
from restore_ready.live._plan import actions

PROBE = """
import json, sys
from restore_ready.cli import main
try:
    main(["iam-policy", *sys.argv[1:]])
except SystemExit as end:
    sys.stderr.write(json.dumps([end.code, sorted({name.partition(".")[0] for name in sys.modules})]))
"""


def run(*arguments: str) -> tuple[int, str, set[str]]:
    """Return the exit code, what is printed and what is imported."""
    done = run_process(ROOT, *arguments, code=PROBE)
    code, modules = json.loads(done.err.splitlines()[-1])
    return code, done.out, set(modules)


def test_the_policy_has_the_actions_of_the_plan() -> None:
    code, text, modules = run()
    (statement,) = json.loads(text)["Statement"]
    assert code == 0
    assert statement["Action"] == list(actions())
    assert (statement["Effect"], statement["Resource"]) == ("Allow", "*")
    assert modules.isdisjoint({"boto3", "botocore"})


def test_it_fits_into_a_managed_policy() -> None:
    assert len(json.dumps(policy_document(), separators=(",", ":"))) < 6144


@pytest.mark.parametrize(("form", "text"), [("terraform", terraform_text()), ("cloudformation", cloudformation_text())])
def test_the_roles_are_printed_too(form: str, text: str) -> None:
    code, printed, _ = run("-o", form)
    assert (code, printed) == (0, f"{text}\n")
    assert all(f"{action}" in text for action in actions())
    assert "@" not in text


def test_whoever_starts_the_audit_of_an_organization_has_a_policy_of_its_own() -> None:
    code, text, modules = run("--org", "--role-name", "team/rr")
    own, listing, entering = json.loads(text)["Statement"]
    assert code == 0
    assert own == policy_document()["Statement"][0]
    assert all(one.startswith("organizations:List") for one in listing["Action"])
    assert (entering["Action"], entering["Resource"]) == (["sts:AssumeRole"], "arn:aws:iam::*:role/team/rr")
    assert modules.isdisjoint({"boto3", "botocore"})


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--role-name", "x"), "add --org"),
        (("--org", "-o", "terraform"), "take out -o terraform"),
        (("--org", "--role-name", "a b"), "'a b' is no role's name"),
    ],
)
def test_options_that_do_not_fit_are_told(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    done = run_command(tmp_path, "iam-policy", *arguments)
    assert done.code == 2
    assert said in done.err


def test_another_form_is_a_usage_error(tmp_path: Path) -> None:
    done = run_process(tmp_path, "iam-policy", "-o", "xml")
    assert done.code == 2
    assert "'xml' is not one of" in done.err


def test_the_pack_finds_nothing_in_its_own_roles(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(terraform_text())
    (tmp_path / "template.yaml").write_text(cloudformation_text())
    assert "restore" not in ROLE_NAME
    assert [one for one in scan([tmp_path]).judgements if isinstance(one.verdict, Fail)] == []


class Tagged(yaml.SafeLoader):
    """Reads CloudFormation's short forms as plain values."""


def plain(loader: yaml.SafeLoader, _: str, node: yaml.Node) -> Any:  # noqa: ANN401  # YAML
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    return loader.construct_sequence(node, deep=True) if isinstance(node, yaml.SequenceNode) else None


Tagged.add_multi_constructor("!", plain)


def test_the_template_grants_the_policy() -> None:
    template = yaml.load(cloudformation_text(), Loader=Tagged)  # noqa: S506  # a safe loader
    (policy,) = template["Resources"]["AuditRole"]["Properties"]["Policies"]
    assert policy["PolicyDocument"] == policy_document()
    assert json.loads(json_text()) == policy_document()


@pytest.mark.thorough
@pytest.mark.xdist_group("hosts")  # cfn-lint runs in forks of the process that all hosts share
def test_cfn_lint_finds_nothing_in_the_template(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(cloudformation_text())
    done = run_cfn_lint("template.yaml", folder=tmp_path)
    assert (done.exit_code, done.output) == (0, "")


@pytest.mark.skipif(unavailable() is not None, reason=f"terraform validate was not run: {unavailable()}")
def test_terraform_takes_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(terraform_text() + "\n")
    config = tmp_path / "terraformrc"
    config.write_text(
        f'provider_installation {{\n  filesystem_mirror {{\n    path = "{os.environ[MIRROR]}"\n  }}\n}}\n'
    )
    environment = os.environ | {"TF_CLI_CONFIG_FILE": str(config)}
    for arguments in (["fmt", "-check"], ["init", "-input=false"], ["validate"]):
        done = subprocess.run(  # the tool that is asked for
            ["terraform", *arguments],  # noqa: S607  # on PATH
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, done.stdout + done.stderr
