"""Audits of many accounts: none is lost, and memory does not grow with their number."""

import sys
import tracemalloc
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from tests.aws_server import seed
from tests.aws_server.replay import replaying
from tests.support.audits import Audit
from tests.support.many_accounts import canned, numbered, played, profiles, recorded, roster, simulated
from tests.support.paths import DEMO_ACCOUNT

from restore_ready import Status
from restore_ready.live._audit import Settings, take_many
from restore_ready.live._plan import ROWS
from restore_ready.live._snapshot import SnapshotAccount, read_accounts
from restore_ready.live._work import threads
from restore_ready.reports._disk_backed_list import DiskBackedList

pytestmark = pytest.mark.thorough

MEBIBYTE = 2**20


@pytest.fixture
def recording(audit: Audit) -> Path:
    audit.sign_in(audit.server.environment(seed.HEALTHY))
    return recorded(audit.server, audit.folder)


def swept(audit: Audit, endpoint: str, number: int) -> dict[str, SnapshotAccount]:
    """Audit so many accounts at *endpoint* into ``many.jsonl`` and return their facts."""
    accounts = numbered(number)
    audit.patch.setenv("AWS_ENDPOINT_URL", endpoint)
    audit.patch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(profiles(accounts, audit.folder / "credentials")))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        audit.patch.delenv(name)
    path = audit.folder / "many.jsonl"
    take_many(roster(accounts), Settings(path, ("us-east-1",), workers=8), partial(threads, 16))
    found = {one.account: one for one in read_accounts(path)}
    del found["accounts"]
    assert sorted(found) == accounts
    return found


def missing(found: SnapshotAccount) -> bool:
    """Return whether something of an account is not known that should be."""
    return any(one.status is Status.UNKNOWN and not ROWS[one.id].optional for one in found.facts)


@pytest.mark.slow
def test_of_two_hundred_accounts_each_is_whole_or_listed(audit: Audit, recording: Path) -> None:
    with replaying(recording, latency=0, failing=0.05) as endpoint:
        found = swept(audit, endpoint, 200)
        counted = played(endpoint)
    facts = sum(len(one.facts) for one in found.values())
    assert counted["calls"] == facts, "calls made / calls needed"
    assert counted["failed"] == sum(one.status is Status.UNKNOWN for some in found.values() for one in some.facts) > 100
    assert "not recorded" not in counted
    incomplete = {account for account, one in found.items() if missing(one)}
    assert 50 < len(incomplete) < 200
    report = audit("--from-snapshot", "many.jsonl", "--fail-on", "never")
    assert report.code == 3
    listed = {one["address"].split(":")[1].partition("/")[0] for one in report.report["not_judged"]}
    assert incomplete <= listed
    named = {one["reason"] for one in report.report["not_judged"] if one["code"] == "RR001"}
    assert all("AccessDenied" in reason for reason in named)


def test_a_throttle_of_twenty_a_second_loses_nothing(audit: Audit, recording: Path) -> None:
    with replaying(recording, latency=0, rate=20) as endpoint:
        found = swept(audit, endpoint, 4)
        counted = played(endpoint)
    assert not any(map(missing, found.values()))
    assert counted["calls"] - counted.get("throttled", 0) == sum(len(one.facts) for one in found.values())


def peak(act: Callable[[], object]) -> float:
    """Return how many MiB more than before *act* held at most."""
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    act()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return (most - before) / MEBIBYTE


KEPT = 20
"""Findings and the like that are kept in memory in the test of it; 5,000 otherwise, which few accounts have."""


@pytest.mark.usefixtures("recording")
class TestMemory:
    def sizes(self, audit: Audit, number: int) -> tuple[float, float]:
        """Return the peaks of taking and of judging so many accounts."""
        (one,) = read_accounts(audit.folder / "recorded.jsonl")
        path = audit.folder / f"{number}.jsonl"
        given = roster(numbered(number))
        taking = peak(lambda: take_many(given, Settings(path), partial(canned, one)))
        judging = peak(lambda: audit("--from-snapshot", path.name, "-o", "json=report.json"))  # not kept as printed
        return taking, judging

    @pytest.mark.thorough
    def test_it_does_not_grow_with_the_accounts(self, audit: Audit) -> None:
        audit.patch.setattr(DiskBackedList.__init__, "__defaults__", (KEPT,))
        self.sizes(audit, 2)
        few, many = self.sizes(audit, 12), self.sizes(audit, 36)
        assert many[0] - few[0] < 0.5
        assert many[1] - few[1] < 1.0, "bounded look-ups fill; the slow test below sees that they are"

    @pytest.mark.slow
    @pytest.mark.skipif(sys.platform != "linux", reason="NOT TESTED: memory of 5,000 accounts, told by Linux only")
    @pytest.mark.parametrize("faulty", [False, True])
    def test_five_thousand_take_no_more_memory_than_fifty(self, audit: Audit, *, faulty: bool) -> None:
        snapshot = DEMO_ACCOUNT if faulty else audit.folder / "recorded.jsonl"
        few, many = (simulated(snapshot, number) for number in (50, 5_000))
        assert many["peak_mib"] - few["peak_mib"] < 20
