"""A run over many accounts that breaks off is gone on with, and any executor can do the work."""

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
from tests.aws_server.server import ACCOUNT
from tests.support.audits import FILE, HERE, IN_EACH, NOWHERE, OTHERS, Audit, accounts_in

from restore_ready import Status
from restore_ready.live._account_roster import roster_of
from restore_ready.live._audit import Roster, Settings, take_many
from restore_ready.live._snapshot import read_accounts
from restore_ready.live._work import Crew, Work, read_account_of

CHILD = """
import sys
from restore_ready.cli import main

main(sys.argv[1:])
"""


pytestmark = pytest.mark.thorough


class TestResume:
    @pytest.mark.thorough
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

    @pytest.mark.thorough
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
    roster = roster_of((ACCOUNT, *OTHERS), "2026-01-01T00:00:00+00:00")
    path = three.folder / "facts.jsonl"
    take_many(Roster(targets, roster), Settings(path, ("us-east-1",)), make)
    found = {one.account: one.facts[0].status is Status.OK for one in read_accounts(path)}
    del found["accounts"]
    return dict(sorted(found.items()))
