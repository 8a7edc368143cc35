"""Who can restore a file system, and what stops the others first: in process, and as people run the command."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.support.command import Done, run_process
from tests.support.command import run as run_command
from tests.support.stories import FIXTURES, LANGUAGES, SOURCE_LANGUAGES
from tests.support.terraform_blocks import OPERATOR, RESTORES, TRUST, block, estate, role

from restore_ready import Estate, Ref, Requirements, Unresolved
from restore_ready.access._pass_role_names import passable_name
from restore_ready.readers.terraform._block import Block
from restore_ready.reports._who_can_restore import who_can_restore
from restore_ready.scanning._sources import read_estates
from restore_ready.who_can_restore._chain import Chain, FileSystemChains
from restore_ready.who_can_restore._paths import chains
from restore_ready.who_can_restore._steps import Step

STORIES = FIXTURES / "stories"
BROKEN = {
    "vault": Step.VAULT,
    "pass_role": Step.PASS_ROLE,
    "service": Step.PASS_ROLE,
    "name": Step.PASS_ROLE,
    "trust": Step.TRUST,
    "permissions": Step.PERMISSIONS,
    "key": Step.KEY,
    "boundary": Step.PASS_ROLE,
    "scp": Step.START,
}
PEOPLE = {
    "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}},
    ]
}
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
DENIED = {"Statement": [{"Effect": "Deny", "Action": "backup:StartRestoreJob", "Resource": "*", "Principal": "*"}]}


def only_answer(found: Estate, requirements: Requirements | None = None) -> FileSystemChains:
    (answer,) = chains(found, requirements or Requirements())
    return answer


def only_chain(found: Estate, requirements: Requirements | None = None) -> Chain:
    (chain,) = only_answer(found, requirements).chains
    return chain


def stack(*blocks: Block, vaults: Sequence[str] = ("efs",)) -> Estate:
    """Return a file system that is backed up to *vaults*, and *blocks*."""
    rules = [{"rule_name": name, "target_vault_name": Ref(f"aws_backup_vault.{name}", "name")} for name in vaults]
    return estate(
        block("aws_efs_file_system.home"),
        block("aws_backup_plan.daily", name="daily", rule=rules),
        block(
            "aws_backup_selection.home",
            name="home",
            plan_id=Ref("aws_backup_plan.daily"),
            iam_role_arn="arn:aws:iam::111122223333:role/backup",
            resources=[Ref("aws_efs_file_system.home", "arn")],
        ),
        *(block(f"aws_backup_vault.{name}", name=name) for name in vaults),
        *blocks,
    )


def denying(vault: str) -> Block:
    return block(f"aws_backup_vault_policy.{vault}", backup_vault_name=Ref(f"aws_backup_vault.{vault}"), policy=DENIED)


def restore_role(name: str = "AWSBackup-efs-restore") -> Block:
    return block("aws_iam_role.restore", name=name, assume_role_policy=TRUST, managed_policy_arns=[RESTORES])


def person(name: str = "on-call", *policies: str) -> Block:
    return block("aws_iam_role.people", name=name, assume_role_policy=PEOPLE, managed_policy_arns=list(policies))


@pytest.mark.parametrize("file", [file for file, language in LANGUAGES.items() if language in SOURCE_LANGUAGES])
@pytest.mark.parametrize("step", BROKEN)
def test_the_first_block_is_the_link_that_is_broken(step: str, file: str) -> None:
    who = who_can_restore(read_estates([STORIES / f"chain_broken_at_{step}" / file]))

    (entry,) = who.file_systems
    (chain,) = entry.found.chains
    assert chain.first_block is not None
    assert (chain.first_block.step, chain.first_block.holds) == (BROKEN[step], False)
    assert [one.step for one in chain.steps if one.holds is not True] == [BROKEN[step]]
    assert chain.first_block.why
    assert entry.found.somebody_can is False


@pytest.mark.parametrize("file", [file for file, language in LANGUAGES.items() if language in SOURCE_LANGUAGES])
def test_the_intact_chain_holds(file: str) -> None:
    who = who_can_restore(read_estates([STORIES / "chain_intact" / file]))

    (entry,) = who.file_systems
    (chain,) = entry.found.chains
    assert chain.can_restore is True
    assert chain.first_block is None
    assert (chain.principal.label, chain.vault) == ("on-call", "efs")
    assert chain.role is not None
    assert chain.role.label == "AWSBackup-efs-restore"
    assert who.not_read == ()


def test_operator_access_does_not_pass_a_role_called_otherwise_and_a_name_that_would_do_is_told() -> None:
    chain = only_chain(stack(restore_role("efs-restore"), person("on-call", OPERATOR)))

    assert chain.first_block is not None
    assert chain.first_block.step is Step.PASS_ROLE
    assert "*AwsBackup*" in chain.first_block.why
    assert "*AWSBackup*" in chain.first_block.why
    assert chain.first_block.by is not None
    assert chain.suggestion == "AWSBackup-efs-restore"
    assert only_chain(stack(restore_role(chain.suggestion), person("on-call", OPERATOR))).can_restore is True


def test_no_name_is_suggested_that_the_policy_does_not_pass() -> None:
    grant = {
        "Statement": [
            {"Effect": "Allow", "Action": "backup:StartRestoreJob", "Resource": "*"},
            {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::111122223333:role/other"},
        ]
    }
    own = block("aws_iam_role_policy.people", role=Ref("aws_iam_role.people"), policy=grant)
    chain = only_chain(stack(restore_role("efs-restore"), person("on-call"), own))

    assert chain.first_block is not None
    assert chain.first_block.step is Step.PASS_ROLE
    assert chain.suggestion == ""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("efs-restore", "AWSBackup-efs-restore"),
        ("MyAWSBackupRole", "MyAWSBackupRole"),
        ("r" * 64, "AWSBackup-" + "r" * 54),
    ],
)
def test_a_passable_name_has_the_mark_and_is_no_longer_than_iam_takes(name: str, expected: str) -> None:
    assert passable_name(name) == expected


def test_an_administrator_is_asked_about_though_no_policy_names_a_restore() -> None:
    assert only_chain(stack(restore_role(), person("admin", ADMINISTRATOR))).can_restore is True


def test_whoever_may_do_something_else_is_not_asked_about() -> None:
    found = only_answer(stack(restore_role(), person("reader", "arn:aws:iam::aws:policy/ReadOnlyAccess")))

    assert found.chains == ()
    assert isinstance(found.somebody_can, Unresolved)


def test_whoever_is_called_an_operator_is_asked_about_though_nothing_is_granted() -> None:
    chain = only_chain(stack(restore_role(), person("restore-team")))

    assert chain.can_restore is False
    assert chain.first_block is not None
    assert chain.first_block.step is Step.START


def test_another_vault_that_lets_restores_through_is_enough() -> None:
    blocks = (restore_role(), person("admin", ADMINISTRATOR), denying("efs"))
    chain = only_chain(stack(*blocks, vaults=("efs", "second")))

    assert chain.can_restore is True
    assert chain.vault == "second"
    assert only_chain(stack(*blocks)).can_restore is False


def test_the_default_service_role_is_known_where_somebody_may_pass_it_by_its_full_arn() -> None:
    named = "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole"
    start = {"Effect": "Allow", "Action": "backup:StartRestoreJob", "Resource": "*"}

    def answer(arn: str) -> object:
        passing = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": arn}
        policy = block("aws_iam_role_policy.p", role="on-call", name="p", policy={"Statement": [start, passing]})
        return only_chain(stack(person(), policy)).can_restore

    assert answer(named) is True
    assert isinstance(answer(named.replace("service-role/", "")), Unresolved)


def test_a_file_system_policy_that_denies_restores_breaks_the_chain() -> None:
    denied = {"Statement": [{"Effect": "Deny", "Action": "elasticfilesystem:*", "Resource": "*", "Principal": "*"}]}
    policy = block("aws_efs_file_system_policy.p", file_system_id=Ref("aws_efs_file_system.home"), policy=denied)
    chain = only_chain(stack(restore_role(), person("admin", ADMINISTRATOR), policy))

    assert chain.can_restore is False
    assert chain.first_block is not None
    assert chain.first_block.step is Step.PERMISSIONS
    assert chain.first_block.by is not None
    assert chain.first_block.by.policy == "aws_efs_file_system_policy.p"


def test_a_service_control_policy_that_denies_the_restore_role_breaks_the_chain() -> None:
    denied = {"Statement": [{"Effect": "Deny", "Action": "elasticfilesystem:Restore", "Resource": "*"}]}
    guardrail = (
        block("aws_organizations_policy.g", name="g", type="SERVICE_CONTROL_POLICY", content=denied),
        block(
            "aws_organizations_policy_attachment.g",
            policy_id=Ref("aws_organizations_policy.g"),
            target_id="this-account",
        ),
    )
    chain = only_chain(stack(restore_role(), person("admin", ADMINISTRATOR), *guardrail))

    assert chain.can_restore is False
    assert chain.first_block is not None
    assert chain.first_block.step is Step.PERMISSIONS


def test_a_vault_for_copies_only_does_not_count() -> None:
    blocks = (restore_role(), person("admin", ADMINISTRATOR), denying("efs"))
    found = only_answer(stack(*blocks, vaults=("efs", "efs-dr")), Requirements(copy_only=("*-dr",)))

    assert [one.name for one in found.vaults] == ["efs"]
    assert found.somebody_can is False


def test_the_vault_of_automatic_backups_denies_everyone() -> None:
    found = estate(
        block("aws_efs_file_system.home"),
        block(
            "aws_efs_backup_policy.home",
            file_system_id=Ref("aws_efs_file_system.home"),
            backup_policy=[{"status": "ENABLED"}],
        ),
        restore_role(),
        person("admin", ADMINISTRATOR),
    )
    chain = only_chain(found)

    assert chain.vault == "aws/efs/automatic-backup-vault"
    assert chain.first_block is not None
    assert chain.first_block.step is Step.VAULT


def test_without_a_backup_in_sight_it_is_open() -> None:
    found = estate(block("aws_efs_file_system.home"), restore_role(), person("admin", ADMINISTRATOR))
    chain = only_chain(found)

    assert isinstance(chain.can_restore, Unresolved)
    assert chain.first_block is not None
    assert chain.first_block.step is Step.VAULT


def test_where_a_vault_is_out_of_sight_it_is_open_even_if_another_denies_everyone() -> None:
    open_plan = block("aws_backup_plan.other", name="other", rule=Unresolved("var.rules has no value"))
    selection = block(
        "aws_backup_selection.other",
        name="other",
        plan_id=Ref("aws_backup_plan.other"),
        iam_role_arn="arn:aws:iam::111122223333:role/backup",
        resources=["*"],
    )
    blocks = (restore_role(), person("admin", ADMINISTRATOR), denying("efs"))
    found = only_answer(stack(*blocks, open_plan, selection))

    assert "var.rules has no value" in found.hidden
    assert isinstance(found.chains[0].can_restore, Unresolved)
    assert isinstance(found.somebody_can, Unresolved)


def test_without_a_restore_role_in_sight_it_is_open() -> None:
    chain = only_chain(stack(person("admin", ADMINISTRATOR)))

    assert isinstance(chain.can_restore, Unresolved)
    assert chain.role is None
    assert [one.step for one in chain.steps if one.holds is True] == [Step.START, Step.VAULT, Step.PASS_ROLE]


def test_a_group_is_left_to_its_users() -> None:
    group = block("aws_iam_group.ops", name="ops")
    attached = block("aws_iam_group_policy_attachment.ops", group=Ref("aws_iam_group.ops"), policy_arn=ADMINISTRATOR)
    user = block("aws_iam_user.sato", name="sato")
    inside = block(
        "aws_iam_user_group_membership.sato", user=Ref("aws_iam_user.sato"), groups=[Ref("aws_iam_group.ops", "name")]
    )
    assert only_chain(stack(restore_role(), group, attached)).principal.label == "ops"
    assert only_chain(stack(restore_role(), group, attached, user, inside)).principal.label == "sato"


def test_among_very_many_roles_the_ones_not_tried_leave_it_open() -> None:
    grant = {"Statement": [{"Effect": "Allow", "Action": ["backup:*", "iam:PassRole"], "Resource": "*"}]}
    own = block("aws_iam_role_policy.people", role=Ref("aws_iam_role.people"), policy=grant)
    limit = {"Statement": [{"Effect": "Deny", "Action": "iam:PassRole", "Resource": "arn:aws:iam::*:role/r*"}]}
    limited = block("aws_iam_role_policy.limit", role=Ref("aws_iam_role.people"), policy=limit)
    roles = [role(f"r{number}", managed_policy_arns=[RESTORES]) for number in range(60)]
    chain = only_chain(stack(*roles, person(), own, limited))

    assert isinstance(chain.can_restore, Unresolved)


def run(folder: Path, *arguments: str) -> Done:
    return run_command(folder, "who-can-restore", *arguments)


def story(name: str, file: str = "main.tf") -> str:
    return str(STORIES / name / file)


def test_json_has_the_keys_of_the_contract(tmp_path: Path) -> None:
    done = run_process(tmp_path, "who-can-restore", story("chain_broken_at_name"), "-o", "json")

    assert (done.code, done.err) == (1, "")
    document: dict[str, Any] = json.loads(done.out)
    assert set(document) == {"version", "file_systems", "not_read"}
    (home,) = document["file_systems"]
    assert {"address", "file", "line", "vaults", "principals"} <= set(home)
    assert (home["address"], home["vaults"], home["line"]) == ("aws_efs_file_system.home", ["efs"], 4)
    (person,) = home["principals"]
    assert (person["address"], person["name"], person["kind"]) == ("aws_iam_role.on_call", "on-call", "role")
    assert (person["role"], person["can_restore"]) == ("aws_iam_role.restore", False)
    assert (person["blocked_by"], person["suggestion"]) == ("PassRole", "AWSBackup-efs-restore")
    assert [one["link"] for one in person["links"]] == [step.value for step in Step if step is not Step.POINT]
    statement = person["links"][2]["statement"]
    assert (Path(statement.pop("file")).name, statement.pop("line")) == ("main.tf", 114)
    assert statement == {
        "policy": "aws_iam_role_policy.on_call",
        "sid": "1",
        "kind": "identity policy",
    }
    why = "the access policy of vault efs does not deny it"
    assert person["links"][1] == {"link": "vault policy", "holds": True, "why": why, "statement": None}
    assert (home["somebody_can"], home["recovery_points"], home["denying_vaults"]) == (False, None, [])


def test_text_shows_a_table_and_the_first_block(tmp_path: Path) -> None:
    done = run(tmp_path, story("chain_broken_at_scp"))

    assert done.code == 1
    assert "aws_efs_file_system.home: nobody here can restore it" in done.out
    assert "│on-call (role) │   ✗   │   ✓   │     ✓     │" in done.out
    told = " ".join(done.out.split())
    assert "on-call (role) is stopped by StartRestoreJob: statement 0 of service control policy guardrail" in told
    assert re.search(r"\[aws_organizations_policy.guardrail, statement 0, \S*/main.tf:135\]", told)


def test_text_keeps_to_ascii_where_the_terminal_does(tmp_path: Path) -> None:
    environment = {"PYTHONIOENCODING": "ascii"}
    done = run_process(tmp_path, "who-can-restore", story("chain_broken_at_scp"), environment=environment)

    assert done.out.isascii()
    assert "|on-call (role) |  NO   |  yes  |" in done.out


def test_everybody_can_restore_gives_exit_code_0(tmp_path: Path) -> None:
    done = run(tmp_path, story("chain_intact", "template.yaml"), "-q")

    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [f"{STORIES}/chain_intact/template.yaml:3 Home: somebody can restore it"]


def test_what_is_open_gives_exit_code_3(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('resource "aws_efs_file_system" "home" {\n}\n')
    done = run(tmp_path)

    assert done.code == 3
    assert "nobody who may start a restore is in sight" in done.out


def test_no_file_system_is_said_on_standard_error(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('resource "aws_backup_vault" "v" {\n  name = "v"\n}\n')
    done = run(tmp_path)

    assert (done.code, done.out) == (0, "")
    assert "no EFS file system in ." in done.err


def test_nothing_to_read_is_said_on_standard_error(tmp_path: Path) -> None:
    done = run(tmp_path)

    assert (done.code, done.out) == (0, "")
    assert "nothing to read in ." in done.err


def test_what_can_not_be_read_gives_exit_code_3_and_is_listed(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text("{")
    done = run(tmp_path, "plan.json", "-o", "json")

    assert done.code == 3
    (gap,) = json.loads(done.out)["not_read"]
    assert (gap["file"], gap["line"]) == ("plan.json", 1)


def test_wrong_usage_gives_exit_code_2(tmp_path: Path) -> None:
    done = run(tmp_path, "-o", "sarif")

    assert done.code == 2
    assert "no such format 'sarif'" in done.err


def test_requirements_and_variables_are_taken_as_by_scan(tmp_path: Path) -> None:
    (tmp_path / "requirements.yaml").write_text('version: 1\nrestore:\n  operators: ["nobody-*"]\n')
    (tmp_path / "main.tf").write_text(
        'variable "name" {\n  type = string\n}\n'
        'resource "aws_efs_file_system" "home" {\n}\n'
        'resource "aws_iam_user" "one" {\n  name = var.name\n}\n'
    )
    (tmp_path / "set.tfvars").write_text('name = "nobody-else"\n')
    (tmp_path / "other.tfvars").write_text('name = "somebody"\n')

    def named(*arguments: str) -> list[str]:
        done = run(tmp_path, "-o", "json", "--requirements", "requirements.yaml", *arguments)
        return [one["name"] for one in json.loads(done.out)["file_systems"][0]["principals"]]

    assert named("--var-file", "set.tfvars") == ["nobody-else"]
    assert named("--var-file", "other.tfvars") == []


def test_a_report_goes_to_a_file(tmp_path: Path) -> None:
    done = run(tmp_path, story("chain_intact"), "-o", "json=who.json", "-o", "text")

    assert "somebody can restore it" in done.out
    assert json.loads((tmp_path / "who.json").read_text())["file_systems"][0]["principals"][0]["can_restore"] is True
