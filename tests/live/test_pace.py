"""Calls stay below the limits, whoever makes them, and none is lost where AWS throttles."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.aws_server.seed import HEALTHY
from tests.aws_server.server import REGION, AwsServer
from tests.support.live import at

from restore_ready import Status
from restore_ready.live._collect import Scope, collect
from restore_ready.live._pace import Counts, Pacer
from restore_ready.live._plan import ROWS

LIST = ROWS["vaults"]


class Clock:
    """Time that passes only when someone sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.lock = threading.Lock()

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        with self.lock:
            self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_second_brings_as_many_calls_as_the_rate(clock: Clock) -> None:
    pacer = Pacer(clock, clock.sleep)
    for _ in range(100):
        pacer.wait("1", REGION, LIST)
    least = (100 - LIST.per_second) / LIST.per_second
    assert clock.now == pytest.approx(least, rel=0.01)


def test_accounts_regions_and_calls_have_limits_of_their_own(clock: Clock) -> None:
    pacer = Pacer(clock, clock.sleep)
    for account in "12":
        for region in ("eu-west-1", "us-east-1"):
            for row in (LIST, ROWS["file_systems"], ROWS["functions"]):
                assert pacer.take(account, region, row) == 0


def test_a_service_has_a_limit_over_all_its_calls(clock: Clock) -> None:
    pacer = Pacer(clock, clock.sleep)
    rows = [ROWS[name] for name in ("vaults", "plans", "selections", "plan", "vault_policy")]
    taken = sum(pacer.take("1", REGION, row) == 0 for _ in range(30) for row in rows)
    assert taken == 45


def test_a_clock_that_stands_still_gives_nothing(clock: Clock) -> None:
    pacer = Pacer(clock, clock.sleep)
    while pacer.take("1", REGION, LIST) == 0:
        pass
    assert pacer.take("1", REGION, LIST) == pytest.approx(1 / LIST.per_second, rel=0.01)


def test_threads_share_the_limit() -> None:
    clock = Clock()
    pacer = Pacer(clock, clock.sleep)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: pacer.take("1", REGION, LIST), range(500)))
    assert pacer.take("1", REGION, LIST) > 0
    clock.sleep(1)
    assert sum(pacer.take("1", REGION, LIST) == 0 for _ in range(100)) == LIST.per_second


@pytest.fixture
def server(aws: AwsServer) -> Iterator[AwsServer]:
    backup = aws.client("backup", HEALTHY)
    for number in range(30):
        backup.create_backup_vault(BackupVaultName=f"v{number}")
    with at(aws):
        yield aws


def test_none_is_lost_where_aws_takes_twenty_a_second(server: AwsServer) -> None:
    server.faults({"kind": "throttle", "rate": 20, "service": "backup"})
    counts = Counts()
    facts = list(collect(server.session(HEALTHY), Scope(regions=(REGION,)), counts=counts))
    assert len([one for one in facts if one.id == "vault_policy"]) == 30
    assert not [one for one in facts if one.id == "vault_policy" and one.status is Status.UNKNOWN]
    assert counts.throttled == 0
