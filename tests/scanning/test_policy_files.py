"""Policies that are JSON files of their own are judged; those that are part of something else are left to that."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.support.files import write

from restore_ready import Fail, scan

RULE = {
    "schedule_expression": {"@@assign": "cron(0 13 * * ? *)"},
    "target_backup_vault_name": {"@@assign": "efs"},
}
BACKUP = {"plans": {"Daily": {"regions": {"@@assign": ["us-east-1"]}, "rules": {"nightly": RULE}}}}
EVERYONE = {"Effect": "Deny", "Principal": "*", "Action": "backup:StartRestoreJob", "Resource": "*"}
RESTORE = {"Effect": "Allow", "Action": "backup:StartRestoreJob", "Resource": "*"}
DELETE = {"Effect": "Deny", "Action": "backup:DeleteRecoveryPoint", "Resource": "*"}
TRUST = {"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole"}
FILES = {"Effect": "Deny", "Principal": "*", "Action": ["elasticfilesystem:*", "backup:*"], "Resource": "*"}
PASS = {
    "Effect": "Allow",
    "Action": ["backup:StartRestoreJob", "iam:PassRole"],
    "Resource": "*",
    "Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
}


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, indent=1)


def failing(folder: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for judgement in scan([folder]).judgements:
        if isinstance(judgement.verdict, Fail):
            found.setdefault(judgement.address, set()).add(judgement.rule.code)
    return found


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (json.dumps(BACKUP), {"RR201", "RR202"}),
        (document(EVERYONE), {"RR301"}),
        (document(RESTORE), {"RR401"}),
        (document(PASS), {"RR402"}),
    ],
)
def test_a_policy_file_is_judged_at_the_file(tmp_path: Path, text: str, codes: set[str]) -> None:
    write(tmp_path, {"policies/nightly.json": text})
    assert failing(tmp_path) == {"nightly.json": codes}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("scp-restore.json", document(RESTORE)),
        ("restore_boundary.json", document(RESTORE)),
        ("deny.json", document(DELETE)),
        ("trust.json", document(TRUST)),
        ("mixed.json", document(FILES)),
        ("event.json", json.dumps({"detail": {"Statement": [RESTORE]}})),
        ("settings.json", json.dumps({"plans": {"@@free": {"price": 0}}})),
        ("broken.json", '{"Statement": [{"Action": "backup:*"},]}'),
    ],
)
def test_what_is_no_policy_of_ours_is_left_alone(tmp_path: Path, name: str, text: str) -> None:
    write(tmp_path, {name: text})
    done = scan([tmp_path])
    assert (done.judgements, done.gaps) == ((), ())


def test_a_policy_that_terraform_reads_is_not_judged_twice(tmp_path: Path) -> None:
    files = {
        "stack/main.tf": 'locals { p = file("../policies/named.json") }',
        "stack/files/below.json": document(RESTORE),
        "policies/named.json": document(RESTORE),
        "policies/alone.json": document(RESTORE),
    }
    write(tmp_path, files)
    assert failing(tmp_path) == {"alone.json": {"RR401"}}


def test_a_policy_whose_statements_are_given_twice_is_told(tmp_path: Path) -> None:
    write(tmp_path, {"p.json": '{"Statement": [], "Statement": [{"Effect": "Allow", "Action": "backup:*"}]}'})
    (gap,) = scan([tmp_path]).gaps
    assert gap.why == "is a policy that can't be judged: Statement is given twice"
