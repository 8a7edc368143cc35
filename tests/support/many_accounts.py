"""Many accounts without as many servers: one is recorded and played back for each of them."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from tests.aws_server import seed
from tests.aws_server.replay import save
from tests.aws_server.server import ROOT, SECRET, AwsServer

from restore_ready.cli import main
from restore_ready.live._account_roster import roster_of
from restore_ready.live._audit import Roster, Settings, take_many, take_one
from restore_ready.live._sessions import SignIn
from restore_ready.live._snapshot import SnapshotAccount, read_accounts
from restore_ready.live._targets import Target
from restore_ready.live._work import Crew, Work

NOW = "2026-01-01T00:00:00+00:00"


def recorded(server: AwsServer, folder: Path, regions: tuple[str, ...] = ("us-east-1",)) -> Path:
    """Record an audit of the healthy account, whose credentials the process must have, and return the recording."""
    seed.healthy(server)
    server.settings(recording=True)
    take_one(Target(None, SignIn()), Settings(folder / "recorded.jsonl", regions))
    recording = folder / "recording.json"
    save(server, recording)
    server.settings(recording=False)
    return recording


def numbered(number: int) -> list[str]:
    """Return so many account ids."""
    return [f"{one:012d}" for one in range(100_000_000_001, 100_000_000_001 + number)]


def profiles(accounts: Iterable[str], file: Path) -> Path:
    """Write a credentials file with a profile for each account, called by its id."""
    entries = (f"[{one}]\naws_access_key_id = AKIA{one}TEST\naws_secret_access_key = {SECRET}\n" for one in accounts)
    file.write_text("\n".join(entries))
    return file


def roster(accounts: Iterable[str]) -> Roster:
    """Return the roster of *accounts*, each with its own profile."""
    listed = list(accounts)
    return Roster([Target(one, SignIn(profile=one)) for one in listed], roster_of(listed, NOW))


def played(endpoint: str) -> Mapping[str, int]:
    """Return what a replaying server has counted."""
    with urllib.request.urlopen(f"{endpoint}/_replay/counts", timeout=10) as answer:  # noqa: S310  # our own endpoint
        return dict(json.load(answer))


class Canned(Executor):
    """Answers with the facts of one account for all of them, under the id of each."""

    def __init__(self, one: SnapshotAccount) -> None:
        self.one = one
        self.told = json.dumps([[fact.params, fact.data] for fact in one.facts])

    def submit(self, _: Callable[..., Any], /, *works: Any, **__: Any) -> Future[Any]:  # noqa: ANN401  # Executor's
        (work,) = works
        assert isinstance(work, Work)
        account = str(work.target.account)
        told = json.loads(self.told.replace(self.one.account, account))
        facts = (
            replace(fact, account=account, params=params, data=data)
            for fact, (params, data) in zip(self.one.facts, told, strict=True)
        )
        future: Future[SnapshotAccount] = Future()
        future.set_result(SnapshotAccount(account, tuple(facts)))
        return future


@contextmanager
def canned(one: SnapshotAccount) -> Iterator[Crew]:
    yield Crew(Canned(one), 8)


def simulated(snapshot: Path, number: int) -> Mapping[str, float]:
    """Take and judge so many accounts, each like that in *snapshot*, in a process of its own; return `measured`."""
    command = [sys.executable, "-m", "tests.support.many_accounts", str(snapshot), str(number)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def measured(snapshot: Path, number: int) -> Mapping[str, float]:
    """Take and judge so many accounts in this process; return its peak in MiB and how much of it taking needed."""
    (one,) = read_accounts(snapshot)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "facts.jsonl")
        take_many(roster(numbered(number)), Settings(path), partial(canned, one))
        taken = peak_mib()
        try:
            main(["audit", "--from-snapshot", str(path), "-q"])
        except SystemExit:
            return {"taking_mib": taken, "peak_mib": peak_mib()}
    return {}


def peak_mib() -> float:
    """Return the most memory that this process had, in MiB; Linux tells it without that of who started it."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))


if __name__ == "__main__":
    print(json.dumps(measured(Path(sys.argv[1]), int(sys.argv[2]))))  # noqa: T201  # who starts it reads it
