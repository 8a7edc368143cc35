"""``restore-ready audit`` of many accounts: of a file, of an organization, broken off and gone on with, on Dask."""

from pathlib import Path

import pytest
from tests.aws_server.server import ACCOUNT
from tests.support.audits import CREDENTIALS, FILE, HERE, OTHERS, Audit, accounts_in, member

from restore_ready import UsageError
from restore_ready.live._snapshot import read_accounts
from restore_ready.live._targets import RoleIn, read_targets

pytestmark = pytest.mark.thorough


class TestFile:
    def test_every_account_is_judged_as_itself(self, three: Audit) -> None:
        found = three(*FILE, "--snapshot", "facts.jsonl")
        assert found.code == 1, found.err
        assert {one["file"].partition("/")[0] for one in found.report["findings"]} == {f"aws:{OTHERS[0]}"}
        assert found.report["summary"]["sources"] == 3
        for one in read_accounts(three.folder / "facts.jsonl"):
            assert {fact.account for fact in one.facts} <= {one.account, ""}

    def test_one_that_can_not_be_entered_is_listed_and_the_others_go_on(self, three: Audit) -> None:
        with (three.folder / "accounts.txt").open("a") as file:
            file.write("444444444444 absent-role\n")
        three.server.faults({"kind": "deny", "service": "sts", "operation": "AssumeRole", "times": 1})
        found = three(*FILE, "--accounts-at-once", "1", "--fail-on", "never")
        assert found.code == 3
        assert f"aws:{ACCOUNT}: the account could not be read: AccessDenied" in found.reasons
        assert "grant sts:AssumeRole to whoever audits" in found.reasons
        assert f"2 accounts could not be read: {ACCOUNT}, 444444444444" in found.err
        assert found.report["summary"]["sources"] == 2

    def test_credentials_of_another_account_are_refused(self, three: Audit) -> None:
        (three.folder / "accounts.txt").write_text(f"{OTHERS[0]}\n")
        found = three("--accounts", "accounts.txt", *HERE)
        assert found.code == 3
        assert f"the credentials are of account {ACCOUNT}, not {OTHERS[0]}" in found.reasons

    def test_a_role_pattern_names_every_account(self, three: Audit) -> None:
        role = "arn:aws:iam::{account}:role/restore-ready"
        found = three("--accounts", "accounts.txt", "--role-arn", role, *HERE)
        assert found.report["summary"]["sources"] == 3

    def test_a_redacted_snapshot_of_several_keeps_them_apart(self, three: Audit) -> None:
        found = three(*FILE, "--redact", "--snapshot", "facts.jsonl")
        text = (three.folder / "facts.jsonl").read_text()
        assert not any(one in found.out + text for one in (ACCOUNT, *OTHERS))
        assert len(set(accounts_in(three.folder / "facts.jsonl"))) == 4

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("111122223333\n\n# note\n222222222222 audit # the second\n", [(None, None), ("audit", None)]),
            ("111122223333 team/audit secret\n", [("team/audit", "secret")]),
            ("- 012345670123\n", [(None, None)]),
            ("- {account: '111122223333', role: audit, external_id: '0042'}\n", [("audit", "0042")]),
            ("- account: 111122223333\n  role: arn:aws:iam::111122223333:role/x\n", [("x", None)]),
        ],
    )
    def test_yaml_and_lines(self, tmp_path: Path, text: str, expected: list[tuple[str | None, str | None]]) -> None:
        file = tmp_path / "accounts"
        file.write_text(text)
        found = read_targets(file, RoleIn(CREDENTIALS))
        told = [(one.sign_in.role_arn, one.sign_in.external_id) for one in found]
        assert told == [
            (role and f"arn:aws:iam::{one.account}:role/{role}", external)
            for one, (role, external) in zip(found, expected, strict=True)
        ]
        assert all(one.account in text for one in found if one.account)

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", "names no account"),
            ("1234\n", "accounts:1: '1234' is no account's id: it has 12 digits"),
            ("111122223333\n111122223333\n", "accounts:2: account 111122223333 is named before, in"),
            ("111122223333 a b c\n", "accounts:1: write an account's id, its role and its external id"),
            (
                "- {account: '111122223333', roll: x}\n",
                "accounts:1: an account has account, role, external_id, profile",
            ),
            ("- {account: '111122223333', roll: x}\n", "Did you mean 'role'?"),
            ("- [1]\n", "accounts:1: an account is its id"),
            ("- 'a\n", "is no sound YAML"),
            ("---\na: b\n", "is no list of accounts"),
            ("111122223333 arn:aws:iam::222222222222:role/x\n", "is not of account 111122223333"),
            ("111122223333 arn:aws:s3:::x\n", "is no role's ARN"),
            ("111122223333 ro*le\n", "is no role's name"),
            ("- " * 5000 + "x", "is no sound YAML"),
        ],
    )
    def test_what_is_wrong_in_it_is_told_with_its_line(self, tmp_path: Path, text: str, said: str) -> None:
        file = tmp_path / "accounts"
        file.write_text(text)
        with pytest.raises(UsageError) as told:
            read_targets(file, RoleIn(CREDENTIALS))
        assert said in str(told.value)


class TestOrganization:
    @pytest.fixture
    def units(self, audit: Audit) -> dict[str, str]:
        """An organization: an account in unit a, one in the unit b within a, one in neither."""
        client = audit.server.client("organizations")
        client.create_organization(FeatureSet="ALL")
        root = client.list_roots()["Roots"][0]["Id"]
        made = {"root": root}
        for unit, parent in (("a", root), ("b", None)):
            given = {"ParentId": parent or made["a"], "Name": unit}
            made[unit] = client.create_organizational_unit(**given)["OrganizationalUnit"]["Id"]
        for name, unit in (("in-a", "a"), ("in-b", "b"), ("outside", None)):
            made[name] = client.create_account(AccountName=name, Email=f"{name}@example.com")["CreateAccountStatus"][
                "AccountId"
            ]
            member(audit.server, made[name])
            if unit:
                client.move_account(AccountId=made[name], SourceParentId=root, DestinationParentId=made[unit])
        return made

    def test_all_its_accounts_are_read_the_own_one_without_a_role(self, audit: Audit, units: dict[str, str]) -> None:
        found = audit("--org", "--role-name", "restore-ready", *HERE, "--snapshot", "facts.jsonl")
        assert found.code == 0, found.err
        expected = {"accounts", ACCOUNT, units["in-a"], units["in-b"], units["outside"]}
        assert set(accounts_in(audit.folder / "facts.jsonl")) == expected

    @pytest.mark.parametrize(
        ("arguments", "expected"),
        [
            (("--include-ou", "a"), {"in-a", "in-b"}),
            (("--include-ou", "b"), {"in-b"}),
            (("--include-ou", "a", "--exclude-ou", "b"), {"in-a"}),
            (("--exclude-ou", "a"), {"outside", ACCOUNT}),
            (("--include-ou", "root"), {"in-a", "in-b", "outside", ACCOUNT}),
        ],
    )
    def test_units_choose(
        self, audit: Audit, units: dict[str, str], arguments: tuple[str, ...], expected: set[str]
    ) -> None:
        named = [units.get(one, one) for one in arguments]
        audit.server.settings(page_size=1)
        audit("--org", "--role-name", "restore-ready", *HERE, *named, "--snapshot", "facts.jsonl")
        assert set(accounts_in(audit.folder / "facts.jsonl")) == {"accounts"} | {
            units.get(one, one) for one in expected
        }

    def test_suspended_accounts_are_left_out_and_told(self, audit: Audit, units: dict[str, str]) -> None:
        audit.server.client("organizations").close_account(AccountId=units["outside"])
        found = audit("--org", "--role-name", "restore-ready", *HERE)
        assert found.code == 0, found.err
        assert f"left out, because suspended or being closed: {units['outside']}" in found.err

    @pytest.mark.usefixtures("units")
    def test_an_organization_that_can_not_be_listed_is_no_start(self, audit: Audit) -> None:
        audit.server.faults({"kind": "deny", "operation": "ListAccounts"})
        found = audit("--org", "--role-name", "restore-ready", *HERE)
        assert found.code == 4
        assert "grant organizations:ListAccounts to whoever starts the audit" in found.err

    def test_a_part_of_the_list_is_not_taken_for_the_whole(self, audit: Audit, units: dict[str, str]) -> None:
        audit.server.faults({"kind": "deny", "operation": "ListOrganizationalUnitsForParent"})
        found = audit("--org", "--role-name", "restore-ready", *HERE, "--include-ou", units["a"])
        assert found.code == 4
