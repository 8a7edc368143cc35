"""``restore-ready audit`` of many accounts: of a file, of an organization, broken off and gone on with, on Dask."""

import json
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.aws_server import seed
from tests.aws_server.server import ACCOUNT
from tests.support.audits import HERE, NOWHERE, Audit, member

from restore_ready import Status, UsageError
from restore_ready.live._account_roster import roster_of
from restore_ready.live._audit import Roster, Settings, take_many
from restore_ready.live._sessions import SignIn
from restore_ready.live._snapshot import read_accounts
from restore_ready.live._targets import RoleIn, read_targets
from restore_ready.live._work import Crew, Work, read_account_of

OTHERS = ("222222222222", "333333333333")
CREDENTIALS = SignIn()
IN_EACH = RoleIn(CREDENTIALS, "restore-ready")


@pytest.fixture
def three(audit: Audit) -> Audit:
    """A server with three accounts: healthy, faulty and empty, each with the role."""
    seed.faulty(audit.server, OTHERS[0])
    for account in (ACCOUNT, *OTHERS):
        member(audit.server, account)
    (audit.folder / "accounts.txt").write_text("\n".join((ACCOUNT, *OTHERS)) + "\n")
    return audit


FILE = ("--accounts", "accounts.txt", "--role-name", "restore-ready", *HERE)


def accounts_in(path: Path) -> list[str]:
    return [one.account for one in read_accounts(path)]


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
        assert f"1 account could not be read: {ACCOUNT}" in found.err
        assert found.report["summary"]["sources"] == 3

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


CHILD = """
import sys
from restore_ready.cli import main
main(sys.argv[1:])
"""


class TestResume:
    def test_a_killed_run_is_gone_on_with(self, three: Audit) -> None:
        path = three.folder / "facts.jsonl"
        partial = three.folder / "facts.jsonl.partial"
        one_by_one = (*FILE, "--accounts-at-once", "1", "--workers", "1", "--snapshot", str(path))
        three.server.settings(latency=0.1)
        environment = {**os.environ, **NOWHERE, **three.server.environment()}
        child = subprocess.Popen([sys.executable, "-c", CHILD, "audit", *one_by_one], cwd=three.folder, env=environment)
        await_end_of(partial, ACCOUNT)
        child.kill()
        child.wait()
        three.server.settings(latency=0)
        begun = finished_in(partial)
        assert ACCOUNT in begun
        assert OTHERS[-1] not in begun
        three.server.forget_calls()
        found = three(*FILE, "--snapshot", "facts.jsonl")
        assert found.code == 1, found.err
        assert set(accounts_in(path)) == {"accounts", ACCOUNT, *OTHERS}
        assert not partial.exists()
        for account in begun:
            assert ("efs", "DescribeFileSystems") not in three.server.calls(account)
        whole = three(*FILE)
        assert whole.findings == found.findings

    def test_other_accounts_are_not_mixed_in(self, three: Audit) -> None:
        broken_off(three)
        (three.folder / "accounts.txt").write_text(f"{ACCOUNT}\n")
        found = three(*FILE, "--snapshot", "facts.jsonl")
        assert found.code == 2
        assert "was begun with other accounts: remove it and start anew" in found.err

    def test_other_regions_are_not_mixed_in(self, three: Audit) -> None:
        broken_off(three)
        found = three(*FILE, "--region", "eu-west-1", "--snapshot", "facts.jsonl")
        assert found.code == 2
        assert "was begun with other settings" in found.err

    def test_the_organization_is_not_listed_again(self, audit: Audit) -> None:
        audit.server.client("organizations").create_organization(FeatureSet="ALL")
        given = ("--org", "--role-name", "restore-ready", *HERE, "--snapshot", "facts.jsonl")
        audit(*given)
        (audit.folder / "facts.jsonl").rename(audit.folder / "facts.jsonl.partial")
        audit.server.forget_calls()
        assert audit(*given).code == 0
        assert not audit.server.calls()

    def test_an_account_on_the_roll_that_is_not_there_is_listed(self, three: Audit) -> None:
        three(*FILE, "--snapshot", "facts.jsonl")
        path = three.folder / "facts.jsonl"
        lines = [line for line in path.read_text().splitlines() if OTHERS[1] not in line or '"id":"accounts"' in line]
        path.write_text("\n".join(lines) + "\n")
        found = three("--from-snapshot", "facts.jsonl", "--fail-on", "never")
        assert found.code == 3
        assert f"aws:{OTHERS[1]}: the account could not be read: it is on the roll of accounts" in found.reasons


def await_end_of(partial: Path, account: str) -> None:
    """Wait until *account* is whole in the unfinished snapshot."""
    deadline = time.monotonic() + 60
    while account not in finished_in(partial):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def finished_in(partial: Path) -> list[str]:
    """Return the accounts that are whole in an unfinished snapshot."""
    if not partial.exists():
        return []
    lines = partial.read_bytes().split(b"\n")[:-1]
    return [told["end"] for told in map(json.loads, lines) if "end" in told and told["end"] != "accounts"]


def broken_off(three: Audit) -> None:
    """Leave a run that has got as far as the first account."""
    three(*FILE, "--snapshot", "facts.jsonl")
    path = three.folder / "facts.jsonl"
    lines = path.read_text().splitlines()
    ends = [number for number, line in enumerate(lines) if line.startswith('{"end"')]
    (three.folder / "facts.jsonl.partial").write_text("\n".join(lines[: ends[1] + 1]) + "\n" + lines[-2][:40])
    path.unlink()


class Broken(Executor):
    """Loses all work from the second piece on."""

    def __init__(self, *, refuses: bool) -> None:
        self.refuses = refuses
        self.given = 0

    def submit(self, call: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:  # noqa: ANN401  # Executor's
        self.given += 1
        if self.given > 1 and self.refuses:
            msg = "the executor is broken"
            raise RuntimeError(msg)
        future: Future[Any] = Future()
        if self.given > 1:
            future.set_exception(OSError("the worker died"))
        else:
            future.set_result(call(*arguments, **named))
        return future


class TestExecutors:
    @pytest.mark.parametrize("refuses", [True, False])
    def test_work_that_is_lost_is_an_account_that_was_not_read(
        self,
        three: Audit,
        refuses: bool,  # noqa: FBT001  # pytest gives it by name
    ) -> None:
        found = taken(three, lambda: crew(Broken(refuses=refuses)))
        assert [account for account, entered in found.items() if not entered] == list(OTHERS)

    def test_processes_do_the_same_work(self, three: Audit) -> None:
        @contextmanager
        def processes() -> Iterator[Crew]:
            with ProcessPoolExecutor(2) as executor:
                yield Crew(executor, 4)

        assert all(taken(three, processes).values())

    def test_work_and_its_result_can_be_sent_elsewhere(self, three: Audit) -> None:
        three.sign_in(three.server.environment())
        work = Work(IN_EACH.target(ACCOUNT), ("us-east-1",))
        assert pickle.loads(pickle.dumps(work)) == work  # noqa: S301  # our own
        assert len(pickle.dumps(work)) < 1_000
        found = read_account_of(work)
        assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301  # our own

    def test_dask_does_the_same_work(self, three: Audit) -> None:
        distributed = pytest.importorskip(
            "distributed", reason="NOT TESTED: audits on Dask, because `distributed` is not installed"
        )
        three.sign_in(three.server.environment())
        cluster = distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs=50
        )
        with cluster:
            found = three(*FILE, "--scheduler", cluster.scheduler_address)
        assert found.code == 1, found.err
        assert found.findings == three(*FILE).findings

    def test_a_scheduler_that_is_not_there_is_no_start(self, three: Audit, monkeypatch: pytest.MonkeyPatch) -> None:
        pytest.importorskip("distributed", reason="NOT TESTED: audits on Dask, because `distributed` is not installed")
        monkeypatch.setattr("restore_ready.live._work._CONNECT_SECONDS", 1)
        found = three(*FILE, "--scheduler", "tcp://127.0.0.1:1")
        assert found.code == 4
        assert "can't reach the Dask scheduler at tcp://127.0.0.1:1" in found.err


@contextmanager
def crew(executor: Executor) -> Iterator[Crew]:
    yield Crew(executor, 1)


def taken(three: Audit, make: Callable[[], Any]) -> dict[str, bool]:
    """Take the three accounts with a crew; return whether each could be entered."""
    three.sign_in(three.server.environment())
    targets = [IN_EACH.target(one) for one in (ACCOUNT, *OTHERS)]
    roll = roster_of((ACCOUNT, *OTHERS), "2026-01-01T00:00:00+00:00")
    path = three.folder / "facts.jsonl"
    take_many(Roster(targets, roll), Settings(path, ("us-east-1",)), make)
    found = {one.account: one.facts[0].status is Status.OK for one in read_accounts(path)}
    del found["accounts"]
    return dict(sorted(found.items()))
