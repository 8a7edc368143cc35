"""What else live accounts and their snapshots are good for: who can restore, and the runbook."""

import json
import re

import pytest
from tests.aws_server import seed
from tests.aws_server.server import ACCOUNT
from tests.support.audits import HERE, Audit, member
from tests.support.paths import DEMO_ACCOUNT

from restore_ready.live._plan import plan_hash
from restore_ready.live._snapshot import read_header

pytestmark = pytest.mark.thorough


def taken(audit: Audit) -> dict[str, str]:
    """Take a snapshot of the healthy account and return the ARNs in it."""
    made = audit.server.once(seed.healthy)
    audit(*HERE, "--snapshot", "facts.jsonl", account=seed.HEALTHY)
    audit.server.forget_calls()
    return made


def test_who_can_restore(audit: Audit) -> None:
    made = taken(audit)
    found = audit("--from-snapshot", "facts.jsonl", "-o", "json", command="who-can-restore")
    assert found.code == 0, found.err
    (one,) = json.loads(found.out)["file_systems"]
    assert (one["address"], one["file"]) == (made["home"], f"aws:{seed.HEALTHY}/us-east-1")
    assert [(who["name"], who["can_restore"]) for who in one["principals"]] == [("restore-operator", True)]
    text = audit("--from-snapshot", "facts.jsonl", command="who-can-restore").out
    assert f"aws:{seed.HEALTHY}/us-east-1 {made['home']} (home): somebody can restore it" in text
    assert not audit.server.calls()


def test_the_runbook_of_a_live_file_system(audit: Audit) -> None:
    made = taken(audit)
    found = audit("home", "--from-snapshot", "facts.jsonl", command="runbook")
    assert found.code == 0, found.err
    assert made["home"] in found.out
    assert "from the account as it was at " in found.out
    assert "`restore-ready audit` finds nothing wrong" in found.out


def test_of_a_faulty_account_it_says_only_what_is_of_its_region(audit: Audit) -> None:
    audit.server.once(seed.faulty)
    audit("--snapshot", "facts.jsonl", *HERE, "--region", seed.SECOND_REGION)
    found = audit("tagged", "--from-snapshot", "facts.jsonl", command="runbook")
    assert "RR106" in found.out
    assert "us-east-1" not in found.out


class TestLive:
    @pytest.mark.parametrize("options", [("--live", *HERE), HERE, (*HERE, "--snapshot", "kept.jsonl")])
    def test_an_account_gives_what_its_snapshot_gives(self, audit: Audit, options: tuple[str, ...]) -> None:
        taken(audit)
        who = audit(*options, "-o", "json", account=seed.HEALTHY, command="who-can-restore")
        assert who.code == 0, who.err
        assert sum(audit.server.calls().values()) > 20
        assert who.out == audit("--from-snapshot", "facts.jsonl", "-o", "json", command="who-can-restore").out
        runbook = audit("home", *options, account=seed.HEALTHY, command="runbook")
        assert runbook.code == 0, runbook.err
        again = audit("home", "--from-snapshot", "facts.jsonl", command="runbook")
        assert without_times(runbook.out) == without_times(again.out)
        assert (audit.folder / "kept.jsonl").exists() == ("kept.jsonl" in options)

    def test_many_accounts_are_asked_by_their_role(self, audit: Audit) -> None:
        made = audit.server.once(seed.healthy)
        member(audit.server, seed.HEALTHY)
        (audit.folder / "accounts.txt").write_text(f"{seed.HEALTHY}\n")
        found = audit("--accounts", "accounts.txt", "--role-name", "restore-ready", *HERE, command="who-can-restore")
        assert found.code == 0, found.err
        assert made["home"] in found.out

    def test_an_account_that_can_not_be_entered_leaves_it_open(self, audit: Audit) -> None:
        audit.server.once(seed.healthy)
        member(audit.server, seed.HEALTHY)
        (audit.folder / "accounts.txt").write_text(f"444444444444\n{seed.HEALTHY}\n")
        audit.server.faults({"kind": "deny", "operation": "AssumeRole", "times": 1})
        words = ("--accounts", "accounts.txt", "--role-name", "restore-ready", "--accounts-at-once", "1", *HERE)
        found = audit(*words, "--snapshot", "facts.jsonl", "-o", "json", command="who-can-restore")
        assert found.code == 3
        (missed,) = json.loads(found.out)["not_read"]
        assert "the account could not be read: AccessDenied" in missed["why"]
        path = audit.folder / "facts.jsonl"
        lines = [one for one in path.read_text().splitlines() if "444444444444" not in one or '"id":"accounts"' in one]
        path.write_text("\n".join(lines) + "\n")
        found = audit("--from-snapshot", "facts.jsonl", "-o", "json", command="who-can-restore")
        assert found.code == 3
        assert "it is on the roll of accounts, but not in the snapshot" in found.out

    def test_a_region_whose_file_systems_are_not_known_leaves_it_open(self, audit: Audit) -> None:
        audit.server.once(seed.healthy)
        two = (*HERE, "--region", seed.SECOND_REGION)
        audit.server.faults(
            {"kind": "deny", "service": "efs", "operation": "DescribeFileSystems", "region": seed.SECOND_REGION}
        )
        found = audit(*two, account=seed.HEALTHY, command="who-can-restore")
        assert found.code == 3
        assert "elasticfilesystem:DescribeFileSystems" in found.out

    def test_without_credentials_it_can_not_start(self, audit: Audit) -> None:
        audit.server.faults({"kind": "deny", "operation": "AssumeRole"})
        found = audit("--role-arn", f"arn:aws:iam::{ACCOUNT}:role/absent", "--live", command="who-can-restore")
        assert found.code == 4
        assert "can't sign in to AWS" in found.err


def without_times(text: str) -> str:
    """Return a runbook without when the account was read."""
    return re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?", "", text)


@pytest.mark.parametrize("options", [("--from-snapshot", "facts.jsonl"), ("--live",), HERE])
def test_live_accounts_and_paths_do_not_go_together(audit: Audit, options: tuple[str, ...]) -> None:
    taken(audit)
    for command in (("who-can-restore",), ("runbook", "home")):
        found = audit(*command[1:], ".", *options, command=command[0])
        assert found.code == 2
        assert "take out the paths" in found.err


def test_what_is_no_snapshot_is_told(audit: Audit) -> None:
    (audit.folder / "main.tf").write_text("")
    found = audit("--from-snapshot", "main.tf", command="who-can-restore")
    assert found.code == 2
    assert "can't use the snapshot: main.tf:1" in found.err


def test_text_says_what_people_call_file_systems_and_plans(audit: Audit) -> None:
    for output in (("-o", "text"), ("-o", "text", "-q")):
        text = audit("--from-snapshot", str(DEMO_ACCOUNT), *output, "--fail-on", "never").out
        assert re.search(r"big \(\S+:file-system/fs-\w+\)|:file-system/fs-\w+ \(big\)", text)
        assert re.search(r"wide-windows \(\S+:backup-plan:[\w-]+\)|:backup-plan:[\w-]+ \(wide-windows\)", text)
    names = {one["name"] for one in audit("--from-snapshot", str(DEMO_ACCOUNT)).report["findings"]}
    assert {"big", "wide-windows"} <= names


def test_the_account_of_the_demo_is_one_of_this_fact_plan(audit: Audit) -> None:
    assert read_header(DEMO_ACCOUNT).plan == plan_hash(), "make it anew: python -m tests.make_account"
    found = audit("--from-snapshot", str(DEMO_ACCOUNT))
    assert found.code == 1
    assert found.report["not_judged"] == []
    assert {"RR301", "RR601"} <= {code for code, _ in found.findings}
    assert ACCOUNT not in DEMO_ACCOUNT.read_text()


class TestWhereRecoveryPointsLie:
    """An account whose plan writes to one vault, and whose recovery points lie in another, which denies restores."""

    @pytest.fixture
    def moved(self, audit: Audit) -> seed.Account:
        one = seed.Account(audit.server, ACCOUNT)
        role = one.role("AWSBackup-efs", "backup", seed.BACKUPS, seed.RESTORES)
        one.user("operator", seed.policy(seed.statement("Allow", ["backup:StartRestoreJob", "iam:PassRole"])))
        one.vault("former", seed.policy(seed.statement("Deny", "backup:StartRestoreJob", Principal="*")))
        one.vault("efs")
        one.plan("nightly", "efs", role, one.file_system("home"))
        return one

    def answer(self, audit: Audit) -> tuple[list[str], int]:
        """Return the vaults that count, and the exit code."""
        found = audit("--live", *HERE, "-o", "json", command="who-can-restore")
        (one,) = json.loads(found.out)["file_systems"]
        return one["vaults"], found.code

    def test_as_long_as_there_are_none_the_plan_s_vault_counts(self, audit: Audit, moved: seed.Account) -> None:
        assert moved.made["home"]
        assert self.answer(audit) == (["efs"], 1)

    def test_then_the_vault_that_holds_them_counts(self, audit: Audit, moved: seed.Account) -> None:
        moved.seeded("recovery_point", ResourceArn=moved.made["home"], BackupVaultName="former")
        assert self.answer(audit) == (["former"], 1)

    def test_that_with_the_newest_is_named_first(self, audit: Audit, moved: seed.Account) -> None:
        for vault, hours in (("former", 40), ("efs", 20)):
            point = {"ResourceArn": moved.made["home"], "BackupVaultName": vault, "CreationDate": seed.ago(hours=hours)}
            moved.seeded("recovery_point", **point)
        assert self.answer(audit) == (["efs", "former"], 0)

    def test_one_that_is_being_deleted_does_not_count(self, audit: Audit, moved: seed.Account) -> None:
        moved.seeded("recovery_point", ResourceArn=moved.made["home"], BackupVaultName="former", Status="DELETING")
        assert self.answer(audit) == (["efs"], 1)
