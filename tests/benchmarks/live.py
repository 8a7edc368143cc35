"""Times audits of live accounts against answers played back with a steady delay. Prints figures; asserts nothing.

``python tests/benchmarks/live.py`` reads one account with 17 Regions, three of them in use, by 1 to 32 workers at 50 ms
a call and without pacing; the same with pacing under a server that takes 20 calls a second; 80 accounts at a time; and
takes and judges 50 and 5,000 simulated accounts.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.aws_server import seed
from tests.aws_server.replay import replaying, save
from tests.aws_server.server import AwsServer, start
from tests.support.many_accounts import numbered, played, profiles, roster, simulated
from tests.support.paths import DEMO_ACCOUNT

from restore_ready import Fact, Status
from restore_ready.live._audit import Settings, take_many
from restore_ready.live._clients import Lender
from restore_ready.live._collect import Scope, collect
from restore_ready.live._pace import Pacer
from restore_ready.live._sessions import SignIn, sign_in
from restore_ready.live._work import threads

LATENCY = 0.05
USED = ("us-east-1", "eu-west-1", "ap-northeast-1")
ACCOUNTS = 80


class Unpaced(Pacer):
    """Lets every call pass at once."""

    def take(self, *_: object) -> float:
        """Never ask to wait."""
        return 0.0


def fill(server: AwsServer) -> None:
    """Put five file systems, four vaults and four plans in each of three Regions."""
    for region in USED:
        one = seed.Account(server, seed.ACCOUNT, region)
        role = one.role(f"AWSBackup-{region}", "backup", seed.BACKUPS, seed.RESTORES)
        systems = [one.file_system(f"home-{number}") for number in range(5)]
        for number in range(4):
            one.vault(f"efs-{number}")
            one.plan(f"nightly-{number}", f"efs-{number}", role, systems[number])


def read(workers: int, pacer: Pacer | None = None) -> tuple[list[Fact], float, float]:
    """Read the account; return its facts, and the seconds of wall and CPU time that took."""
    wall, cpu = time.perf_counter(), time.process_time()
    facts = list(collect(sign_in(SignIn()), Scope(), workers=workers, pacer=pacer))
    return facts, time.perf_counter() - wall, time.process_time() - cpu


def one_account(recording: Path) -> None:
    """Compare numbers of workers, then read under a throttle."""
    alone = 0.0
    for workers in (1, 4, 8, 16, 32):
        with replaying(recording, latency=LATENCY) as endpoint:
            os.environ["AWS_ENDPOINT_URL"] = endpoint
            facts, wall, cpu = read(workers, Unpaced())
            calls = played(endpoint)["calls"]
        alone = alone or wall
        say(
            f"{len(facts)} facts, {workers} workers: {wall:.2f} s, {alone / wall:.1f}x; "
            f"calls made / calls needed {calls / len(facts):.2f}; {calls / cpu:.0f} calls a CPU second"
        )
    with replaying(recording, latency=LATENCY, rate=20) as endpoint:
        os.environ["AWS_ENDPOINT_URL"] = endpoint
        facts, wall, _ = read(16)
        counted = played(endpoint)
    lost = sum(one.status is Status.UNKNOWN for one in facts)
    throttled = counted.get("throttled", 0)
    say(f"20 calls a second taken, 16 workers, paced: {wall:.2f} s; lost {lost}, throttled {throttled}")


def many_accounts(recording: Path, folder: Path) -> None:
    """Read many accounts at a time, with clients that go from one to the next and without."""
    accounts = numbered(ACCOUNTS)
    os.environ["AWS_SHARED_CREDENTIALS_FILE"] = str(profiles(accounts, folder / "credentials"))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        os.environ.pop(name, None)
    with patch.object(Lender, "_keep", lambda _lender, _key, clients: clients.close()):
        alone = calls_a_second(recording, folder / "alone.jsonl", accounts)
    shared = calls_a_second(recording, folder / "shared.jsonl", accounts)
    say(
        f"{ACCOUNTS} accounts, 8 at once: {shared:.0f} calls a second with clients that go from one to the next, "
        f"{alone:.0f} with their own: {shared / alone:.1f}x"
    )


def calls_a_second(recording: Path, snapshot: Path, accounts: list[str]) -> float:
    """Take a snapshot of *accounts*; return how many calls that made in a second."""
    with replaying(recording, latency=LATENCY) as endpoint:
        os.environ["AWS_ENDPOINT_URL"] = endpoint
        began = time.perf_counter()
        take_many(roster(accounts), Settings(snapshot), partial(threads, 8))
        return played(endpoint)["calls"] / (time.perf_counter() - began)


def memory(snapshot: Path) -> None:
    """Take and judge simulated accounts."""
    for number in (50, 5_000):
        began = time.perf_counter()
        told = simulated(snapshot, number)
        wall = time.perf_counter() - began
        most = told["peak_mib"]
        say(f"{number} accounts with 37 findings each, taken and judged: {wall:.0f} s, {most:.0f} MiB at most")


def say(line: str) -> None:
    """Print a figure."""
    print(line, flush=True)  # noqa: T201  # the benchmark's output


def main() -> None:
    """Record an account, then measure."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server, process = start()
        try:
            os.environ.update(server.environment())
            fill(server)
            server.settings(recording=True)
            facts, _, _ = read(16, Unpaced())
            save(server, folder / "recording.json")
        finally:
            process.terminate()
        say(f"recorded {len(facts)} facts")
        one_account(folder / "recording.json")
        many_accounts(folder / "recording.json", folder)
        memory(DEMO_ACCOUNT)


if __name__ == "__main__":
    main()
