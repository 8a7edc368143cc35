"""Many accounts without as many servers: one is recorded and played back for each of them."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.aws_server import seed
from tests.aws_server.replay import save
from tests.aws_server.server import SECRET, AwsServer

from restore_ready.live._audit import Roster, Settings, take_one
from restore_ready.live._roll import roll_of
from restore_ready.live._sessions import SignIn
from restore_ready.live._targets import Target

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
    return Roster([Target(one, SignIn(profile=one)) for one in listed], roll_of(listed, NOW))


def played(endpoint: str) -> Mapping[str, int]:
    """Return what a replaying server has counted."""
    with urllib.request.urlopen(f"{endpoint}/_replay/counts", timeout=10) as answer:  # noqa: S310  # our own endpoint
        return dict(json.load(answer))
