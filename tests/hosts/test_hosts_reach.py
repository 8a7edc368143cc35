"""Checkov and cfn-lint show what lands where the host has no such resource, or calls it otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.support import files
from tests.support.host_cases import HOST_CASES
from tests.support.hosts import Record, run_cfn_lint, run_checkov
from tests.support.landing import astray

from restore_ready import Fail, Judgement, Unknown, scan
from restore_ready.requirements._file import Excepted

pytestmark = pytest.mark.xdist_group("hosts")  # one process forks them all

OPEN_INSTANCES = ("[0]", '["?"]')
"""How we call an instance whose count or key is not known; Checkov gives it no index."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return files.write(tmp_path_factory.mktemp("reach"), HOST_CASES).resolve()


@pytest.fixture(scope="module")
def judgements(project: Path) -> Sequence[Judgement]:
    done = scan([project])
    assert done.crashes == ()
    return done.judgements


@pytest.fixture(scope="module")
def records(project: Path) -> Sequence[Record]:
    """What Checkov shows in a strict run, in which an Unknown fails, and what a comment skips."""
    what = ["-d", ".", "--framework", "terraform", "cloudformation", "--check", "RR*", "-o", "json"]
    done = run_checkov(*what, folder=project, environment={"RESTORE_READY_STRICT": "1"})
    return [*done.records(), *done.records("skipped")]


def told(one: Judgement, project: Path) -> tuple[str, str, str, int]:
    file = Path(one.place.file).resolve().relative_to(project).as_posix()
    return one.rule.code, file, without_open_instances(one.address), one.place.line


def shown(one: Record) -> tuple[str, str, str, int]:
    address = one.resource.rpartition(".")[2] if one.framework == "cloudformation" else one.resource
    return one.code, one.file.lstrip("/"), without_open_instances(address), one.lines[0]


def without_open_instances(address: str) -> str:
    for index in OPEN_INSTANCES:
        address = address.replace(index, "")
    return address


def failing(judgements: Sequence[Judgement]) -> list[Judgement]:
    return [one for one in judgements if isinstance(one.verdict, (Fail, Unknown, Excepted))]


def test_every_verdict_lands_on_a_type_that_its_rule_names(judgements: Sequence[Judgement]) -> None:
    assert astray(judgements) == set()


def test_checkov_shows_all_that_the_scan_does(
    project: Path, judgements: Sequence[Judgement], records: Sequence[Record]
) -> None:
    assert sorted({shown(one) for one in records}) == sorted({told(one, project) for one in failing(judgements)})


def test_a_role_of_no_use_is_shown_on_the_organizations_policy(records: Sequence[Record]) -> None:
    found = {one.resource for one in records if one.code == "RR107" and one.file.startswith("/organization")}

    assert found == {
        "aws_organizations_policy.daily",
        "awscc_organizations_policy.daily",
        "AWS::Organizations::Policy.Daily",
    }


def test_what_a_loop_makes_is_shown_where_the_loop_has_it(records: Sequence[Record]) -> None:
    lines = HOST_CASES["loops/template.yaml"].split("\n")
    own = [one for one in records if one.file.startswith("/loops")]
    found = {(one.resource, lines[one.lines[0] - 1].split(":")[0].strip(" -")) for one in own}
    skipped = [one.resource for one in own if one.state == "skipped"]

    assert found >= {
        *((f"AWS::Backup::BackupPlan.Plan{name}", "Plan${Name}") for name in ("Wide", "Wider")),
        *((f"AWS::EFS::FileSystem.Store{name}", "Store${Env}${Name}") for name in ("DevA", "DevB", "ProdA", "ProdB")),
    }
    assert skipped == ["AWS::Backup::BackupPlan.PlanWide", "AWS::Backup::BackupPlan.PlanWider"]


def test_an_instance_is_not_blamed_for_its_sibling(records: Sequence[Record]) -> None:
    found = [one.resource for one in records if one.code == "RR607"]

    assert found == ['aws_kms_key.each["off"]']


def test_cfn_lint_shows_the_same_lines(project: Path) -> None:
    """It sees one template at a time, so each is scanned alone."""
    templates = [name for name in HOST_CASES if name.endswith(".yaml")]
    loading = ["--append-rules=restore_ready.cfn_lint", "-c", "I", "-f", "json"]
    matches = run_cfn_lint(*loading, "--", *templates, folder=project).matches()
    found = {
        (match["Filename"], match["Location"]["Start"]["LineNumber"], match["Rule"]["Id"][1:])
        for match in matches
        if "RR" in match["Rule"]["Id"]
    }
    alone = [one for name in templates for one in scan([project / name]).judgements if isinstance(one.verdict, Fail)]

    assert {match for match in found if match[2] != "RR001"} == {
        (file, line, code) for code, file, _, line in (told(one, project) for one in alone)
    }
