"""``restore-ready audit`` of one account, against a server that answers as AWS does."""

import json
import os
from pathlib import Path

import pytest
from tests.aws_server import seed
from tests.aws_server.server import ACCOUNT
from tests.support.audits import HERE, Audit, member, without_scope

from restore_ready import all_rules

FAULTS = {
    "relied-on-automatic": "RR101",
    "uncovered": "RR102",
    "weekly": "RR104",
    "shorter-than-the-lock": "RR105",
    "backups-for-lambda": "RR107",
    "guarded": "RR108",
    "key-unfit-for-backups": "RR109",
    "wide-windows": "RR201",
    "too-short-for-its-size": "RR205",
    "denies-restore": "RR301",
    "sealed": "RR302",
    "copies-into-automatic-vault": "RR303",
    "denies-copies": "RR304",
    "efs": "RR305",
    "operator-without-pass-role": "RR401",
    "operator-passing-to-lambda": "RR402",
    "restore-for-lambda": "RR403",
    "restore-without-permissions": "RR404",
    "operator-denied": "RR405",
    "operator-passing-anything": "RR406",
    "key-for-others": "RR407",
    "operator-on-vaults": "RR409",
    "uncopied": "RR501",
    "restore-mover": "RR503",
    "wide": "RR601",
    "started-late": "RR603",
    "sparse": "RR605",
    "disabled-key": "RR607",
    "copied-badly": "RR608",
    "copies": "RR609",
    "lost": "RR611",
}
"""What is wrong in the faulty account, by the name of what is faulty."""


NOT_IN_ACCOUNTS = {
    *("RR103", "RR308", "RR505"),  # without requirements nobody misses them
    *("RR111", "RR204"),  # AWS refuses what they find
    "RR307",  # an audit does not ask for topics
    *("RR306", "RR506", "RR610"),  # the server has no organization here, and replicates nothing
}


class TestFindings:
    def test_each_fault_is_found_where_it_is(self, audit: Audit) -> None:
        made = audit.server.once(seed.faulty)
        found = audit()
        assert found.code == 1, found.err
        assert found.report["not_judged"] == []
        lacking = {code for name, code in FAULTS.items() if (code, made[name]) not in found.findings}
        assert lacking == set()
        assert ("RR106", f"aws:{ACCOUNT}/{seed.SECOND_REGION}:region-settings") in found.findings
        codes = {code for code, _ in found.findings}
        assert {one.code for one in all_rules()} - codes == NOT_IN_ACCOUNTS
        assert {one["file"] for one in found.report["findings"]} == {
            f"aws:{ACCOUNT}",
            f"aws:{ACCOUNT}/us-east-1",
            f"aws:{ACCOUNT}/{seed.SECOND_REGION}",
        }

    def test_nothing_is_found_where_nothing_is_wrong(self, audit: Audit) -> None:
        audit.server.once(seed.healthy)
        found = audit(account=seed.HEALTHY)
        assert (found.code, found.report["findings"], found.report["not_judged"]) == (0, [], [])
        assert found.report["summary"]["passed"] > 10
        assert found.err == ""

    def test_requirements_and_chosen_rules_hold_for_accounts_too(self, audit: Audit) -> None:
        made = audit.server.once(seed.faulty)
        (audit.folder / "restore-ready.yaml").write_text("version: 1\nbackup: {start_within: 8h}\n")
        found = audit(*HERE, "--select", "RR201,RR202", "--fail-on", "error")
        assert found.findings == {("RR202", made["wide-windows"])}
        assert found.code == 0

    def test_text_names_accounts_and_regions(self, audit: Audit) -> None:
        audit.server.once(seed.faulty)
        found = audit(*HERE, "-o", "text", "--select", "RR301")
        assert found.out.startswith(
            f"error RR301 vault denies restore  2 places\n  aws:{ACCOUNT}/us-east-1  arn:aws:backup:"
        )
        assert "2 errors in 1 place;" in found.out
        quiet = audit(*HERE, "-o", "text", "-q", "--select", "RR301")
        assert quiet.out.startswith(f"aws:{ACCOUNT}/us-east-1: RR301 error arn:aws:backup:")


def test_an_account_with_nothing_to_judge_is_told(audit: Audit) -> None:
    found = audit(*HERE, account="121212121212")

    assert (found.code, "nothing to judge in 121212121212: " in found.err) == (0, True)


class TestSnapshot:
    def test_a_snapshot_gives_the_same_report_without_asking(self, audit: Audit) -> None:
        audit.server.once(seed.faulty)
        asked = audit(*HERE, "--snapshot", "facts.jsonl")
        audit.server.forget_calls()
        again = audit("--from-snapshot", "facts.jsonl")
        assert (again.code, again.err) == (asked.code, asked.err)
        assert without_scope(again.report) == without_scope(asked.report)
        assert not audit.server.calls()

    def test_without_one_nothing_stays_behind(self, audit: Audit, tmp_path: Path) -> None:
        audit.server.once(seed.healthy)
        scratch = tmp_path / "scratch"
        scratch.mkdir()
        audit.patch.setattr("tempfile.tempdir", str(scratch))
        audit(*HERE, account=seed.HEALTHY)
        assert [*scratch.iterdir(), *tmp_path.glob("*.jsonl*")] == []

    def test_a_redacted_one_names_no_account(self, audit: Audit) -> None:
        audit.server.once(seed.faulty)
        found = audit(*HERE, "--redact", "--snapshot", "facts.jsonl")
        assert ACCOUNT not in found.out + (audit.folder / "facts.jsonl").read_text()
        assert len(found.findings) == len(audit(*HERE).findings)

    @pytest.mark.skipif(os.name != "posix", reason="modes of files")
    def test_only_its_owner_can_read_it(self, audit: Audit) -> None:
        audit(*HERE, "--snapshot", "facts.jsonl")
        assert (audit.folder / "facts.jsonl").stat().st_mode & 0o777 == 0o600

    def test_a_damaged_one_is_named_with_its_line(self, audit: Audit) -> None:
        audit(*HERE, "--snapshot", "facts.jsonl")
        path = audit.folder / "facts.jsonl"
        lines = path.read_text().splitlines()
        path.write_text("\n".join([*lines[:3], "{", *lines[3:]]))
        found = audit("--from-snapshot", "facts.jsonl")
        assert found.code == 2
        assert "can't use the snapshot: facts.jsonl:4: is not JSON" in found.err

    def test_one_cut_short_is_no_clean_account(self, audit: Audit) -> None:
        audit(*HERE, "--snapshot", "facts.jsonl")
        path = audit.folder / "facts.jsonl"
        path.write_text("\n".join(path.read_text().splitlines()[:4]) + "\n")
        found = audit("--from-snapshot", "facts.jsonl")
        assert found.code == 2
        assert "ends within the facts of account" in found.err


class TestIncomplete:
    def test_an_unknown_fact_is_listed_with_what_to_grant(self, audit: Audit) -> None:
        audit.server.once(seed.healthy)
        audit.server.faults({"kind": "deny", "operation": "ListRestoreTestingPlans"})
        found = audit(*HERE, account=seed.HEALTHY)
        assert found.code == 3
        assert "grant backup:ListRestoreTestingPlans" in found.reasons
        assert "RR501" in {one["code"] for one in found.report["not_judged"]}
        assert "1 fact not known: the audit is incomplete" in found.err

    def test_allowed_it_is_listed_all_the_same(self, audit: Audit) -> None:
        audit.server.once(seed.healthy)
        audit.server.faults({"kind": "deny", "operation": "ListRestoreTestingPlans"})
        found = audit(*HERE, "--allow-incomplete", account=seed.HEALTHY)
        assert found.code == 0
        assert "grant backup:ListRestoreTestingPlans" in found.reasons
        assert audit(*HERE, "--allow-incomplete", "--strict", account=seed.HEALTHY).code == 3

    def test_findings_count_more(self, audit: Audit) -> None:
        audit.server.once(seed.faulty)
        audit.server.faults({"kind": "deny", "operation": "ListRestoreTestingPlans"})
        assert audit(*HERE).code == 1

    def test_a_region_that_a_control_policy_denies_is_listed(self, audit: Audit) -> None:
        audit.server.once(seed.healthy)
        audit.server.faults({"kind": "scp", "region": "eu-west-3"})
        found = audit(account=seed.HEALTHY)
        assert found.code == 3
        assert [one["address"] for one in found.report["not_judged"]] == [f"aws:{seed.HEALTHY}/eu-west-3"]
        assert "the Region could not be read: " in found.reasons
        assert "explicit deny" in found.reasons
        assert "grant" not in found.reasons
        assert "elasticfilesystem:DescribeFileSystems" in found.reasons

    def test_a_region_that_is_switched_off_is_listed(self, audit: Audit) -> None:
        audit.server.once(seed.healthy)
        audit.server.faults({"kind": "region_disabled", "region": "ap-south-1"})
        found = audit("--region", "us-east-1", "--region", "ap-south-1", account=seed.HEALTHY)
        assert found.code == 3
        assert [one["address"] for one in found.report["not_judged"]] == [f"aws:{seed.HEALTHY}/ap-south-1"]

    def test_a_call_that_fails_otherwise_is_named(self, audit: Audit) -> None:
        audit.server.once(seed.healthy)
        audit.server.faults({"kind": "error", "operation": "ListRestoreJobs", "code": "InvalidParameterValueException"})
        found = audit(*HERE, account=seed.HEALTHY)
        assert found.code == 3
        assert "backup:ListRestoreJobs failed with InvalidParameterValueException" in found.reasons

    @pytest.mark.thorough
    def test_twelve_throttles_lose_nothing(self, audit: Audit) -> None:
        audit.server.once(seed.healthy)
        audit.server.faults({"kind": "throttle", "service": "backup", "times": 12})
        assert audit(*HERE, account=seed.HEALTHY).code == 0
        assert audit.server.struck() == {"throttle": 12}


class TestNoStart:
    def test_without_credentials(self, audit: Audit) -> None:
        audit.patch.setattr(Audit, "sign_in", lambda _, __: None)
        for name in list(os.environ):
            if name.startswith("AWS_"):
                audit.patch.delenv(name)
        audit.patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        audit.patch.setenv("AWS_CONFIG_FILE", "/nonexistent")
        audit.patch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
        found = audit(*HERE, "--snapshot", "facts.jsonl")
        assert found.code == 4
        assert "can't sign in to AWS: NoCredentialsError" in found.err
        assert list(audit.folder.iterdir()) == []

    def test_without_the_profile(self, audit: Audit) -> None:
        found = audit("--profile", "absent")
        assert found.code == 2
        assert "(absent) could not be found" in found.err

    def test_a_role_that_may_not_be_assumed(self, audit: Audit) -> None:
        audit.server.faults({"kind": "deny", "operation": "AssumeRole"})
        found = audit("--role-arn", f"arn:aws:iam::{ACCOUNT}:role/restore-ready", *HERE)
        assert found.code == 4
        assert "check the credentials and the role" in found.err

    def test_the_wrong_account(self, audit: Audit) -> None:
        role = member(audit.server, ACCOUNT)
        audit.server.forget_calls()
        audit.server.faults({"kind": "wrong_account", "operation": "GetCallerIdentity"})
        found = audit("--role-arn", role, *HERE)
        assert found.code == 4
        assert f"not {ACCOUNT}" in found.err
        assert set(audit.server.calls()) == {("sts", "AssumeRole"), ("sts", "GetCallerIdentity")}


class TestUsage:
    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("--org",), "needs the role to assume"),
            (("--org", "--accounts", "a.txt", "--role-name", "r"), "either --org or --accounts"),
            (("--include-ou", "ou-1"), "units need --org: take out --include-ou"),
            (("--scheduler", "tcp://127.0.0.1:1"), "take out --scheduler"),
            (("--role-name", "r"), "take out --role-name"),
            (("--from-snapshot", "a.txt", "--redact"), "take out --redact"),
            (("--from-snapshot", "a.txt", "--region", "eu-west-1"), "take out --region"),
            (("--from-snapshot", "a.txt"), "can't use the snapshot: a.txt:1: is not JSON"),
            (("--region", "Ireland"), "'Ireland' is no Region"),
            (("--role-arn", "restore-ready"), "is no role's ARN"),
            (("--external-id", "x"), "--external-id needs a role"),
            (("--org", "--role-name", "r", "--include-ou", "Sales"), "is no organizational unit"),
            (("--snapshot", "no/such/folder.jsonl"), "can't write the snapshot"),
        ],
    )
    def test_what_does_not_go_together_is_told(self, audit: Audit, arguments: tuple[str, ...], said: str) -> None:
        (audit.folder / "a.txt").write_text("no JSON\n")
        found = audit(*arguments)
        assert found.code == 2, found.err
        assert said in found.err
        assert "Traceback" not in found.err

    def test_a_requirements_file_that_can_not_be_used_is_told_before_anything_is_asked(self, audit: Audit) -> None:
        (audit.folder / "restore-ready.yaml").write_text("version: 1\nbackup: {start_within: soon}\n")
        assert audit().code == 2
        assert not audit.server.calls()


def test_the_json_is_the_same_contract_as_that_of_a_scan(audit: Audit) -> None:
    audit.server.once(seed.faulty)
    report = json.loads(audit(*HERE).out)
    assert list(report) == ["version", "schema", "scope", "file_systems", "findings", "not_judged", "summary"]
    assert report["summary"]["sources"] == 1
