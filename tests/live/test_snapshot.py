"""Snapshots come back as they were written, or with a clear error; redacted ones name no account."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from restore_ready import Fact, Status, UnreadableError, UsageError, audit
from restore_ready.live import _alone
from restore_ready.live._account_roster import ROSTER
from restore_ready.live._snapshot import Header, SnapshotWriter, read_accounts, read_header, writing

ONE, TWO = "111122223333", "444455556666"
HEADER = Header.new("2026-05-04T03:02:01+00:00", ("eu-west-1",))
NAME = "schlüssel\u2028"


def facts_of(account: str) -> list[Fact]:
    vault = f"arn:aws:backup:eu-west-1:{account}:backup-vault:efs"
    data = {"BackupVaultList": [{"BackupVaultArn": vault, "BackupVaultName": NAME, "Size": 123456789012}]}
    return [
        Fact("identity", account, "", Status.OK, data={"Account": account}, at="2026-05-04T03:02:01+00:00"),
        Fact("vaults", account, "eu-west-1", Status.OK, data=data, request_id="r-1"),
        Fact("vault_policy", account, "eu-west-1", Status.ABSENT, {"BackupVaultName": "efs"}, code="NotFound"),
        Fact("plans", account, "eu-west-1", Status.UNKNOWN, code="AccessDenied", message="no", action="backup:X"),
    ]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "facts.jsonl"


def write(path: Path, *accounts: str, header: Header = HEADER) -> None:
    with writing(path, header) as writer:
        for account in accounts:
            writer.add(account, facts_of(account))


def test_accounts_come_back_as_they_were_written(path: Path) -> None:
    write(path, ONE, TWO)
    assert [(one.account, list(one.facts)) for one in read_accounts(path)] == [
        (ONE, facts_of(ONE)),
        (TWO, facts_of(TWO)),
    ]
    assert read_header(path) == HEADER


def test_only_its_owner_may_read_it(path: Path) -> None:
    write(path, ONE)
    assert path.stat().st_mode & 0o077 == 0


def breaks_off() -> Iterator[Fact]:
    yield facts_of(TWO)[0]
    raise KeyboardInterrupt


def begin(path: Path) -> None:
    with writing(path, HEADER) as writer:
        writer.add(ONE, facts_of(ONE))
        writer.add(TWO, breaks_off())


def broken_run(path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        begin(path)


def test_a_broken_run_leaves_no_snapshot_but_can_be_resumed(path: Path) -> None:
    broken_run(path)
    assert not path.exists()
    with writing(path, HEADER, resume=True) as writer:
        assert writer.done == (ONE,)
        writer.add(TWO, facts_of(TWO))
    assert [(one.account, len(one.facts)) for one in read_accounts(path)] == [(ONE, 4), (TWO, 4)]


def test_a_half_written_line_is_cut_off(path: Path) -> None:
    broken_run(path)
    partial = path.with_name("facts.jsonl.partial")
    with partial.open("ab") as file:
        file.write(b'{"end":"4444')
    with writing(path, HEADER, resume=True) as writer:
        writer.add(TWO, facts_of(TWO))
    assert [one.account for one in read_accounts(path)] == [ONE, TWO]


def test_other_settings_can_not_be_resumed(path: Path) -> None:
    broken_run(path)
    with (
        pytest.raises(UnreadableError, match="other settings"),
        writing(path, Header.new("now", ("us-east-1",)), resume=True),
    ):
        pass


def test_two_runs_can_not_write_one_snapshot(path: Path) -> None:
    with writing(path, HEADER) as writer:
        writer.add(ONE, facts_of(ONE))
        for resume in (False, True):
            with (
                pytest.raises(UsageError, match="another audit is writing the snapshot"),
                writing(path, HEADER, resume=resume),
            ):
                pass
    assert [one.account for one in read_accounts(path)] == [ONE]
    write(path, TWO)
    assert [one.account for one in read_accounts(path)] == [TWO]


def test_one_that_waited_for_the_other_to_end_leaves_its_snapshot_alone(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file that it opened got its name meanwhile."""
    first = SnapshotWriter(path, HEADER)
    first.add(ONE, facts_of(ONE))
    lock = _alone._lock  # noqa: SLF001  # what happens between opening and locking

    def late(opened: BinaryIO) -> None:
        if not path.exists():
            first.close(complete=True)
        lock(opened)

    monkeypatch.setattr(_alone, "_lock", late)
    second = SnapshotWriter(path, HEADER)
    assert [one.account for one in read_accounts(path)] == [ONE]
    second.add(TWO, facts_of(TWO))
    second.close(complete=True)
    assert [one.account for one in read_accounts(path)] == [TWO]


def test_a_redacted_snapshot_can_not_be_resumed(path: Path) -> None:
    with pytest.raises(UsageError, match="redacted"), writing(path, Header.new("now", redacted=True), resume=True):
        pass


def test_a_folder_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="can't write"), writing(tmp_path / "no" / "facts.jsonl", HEADER):
        pass


def test_redacted_snapshots_name_no_account(path: Path) -> None:
    write(path, ONE, TWO, header=Header.new("now", redacted=True))
    text = path.read_text()
    assert ONE not in text
    assert TWO not in text
    first, second = read_accounts(path)
    assert (first.account, second.account) == ("000000000001", "000000000002")
    vault = first.facts[1].data["BackupVaultList"][0]
    assert vault["BackupVaultArn"] == "arn:aws:backup:eu-west-1:000000000001:backup-vault:efs"
    assert vault["Size"] == 123456789012


def line_dropped(lines: list[str]) -> list[str]:
    return [*lines[:2], *lines[3:]]


Spoil = Callable[[list[str]], list[str]]
SPOILED: dict[str, tuple[Spoil, int, str]] = {
    "not JSON": (lambda lines: [*lines[:2], "{", *lines[3:]], 3, "is not JSON"),
    "too deep": (lambda lines: [*lines[:1], "[" * 200_000, *lines[2:]], 2, "is not JSON"),
    "not an object": (lambda lines: [*lines[:3], "[1]", *lines[4:]], 4, "should be a JSON object"),
    "no fact": (lambda lines: [*lines[:3], "{}", *lines[4:]], 4, "lacks an id"),
    "wrong type": (lambda lines: [*lines[:3], '{"id": 1}', *lines[4:]], 4, "wrong type"),
    "a fact is gone": (line_dropped, 5, "has 3 facts here, but was written with 4"),
    "another account's": (lambda lines: [*lines[:2], lines[2].replace(ONE, TWO), *lines[3:]], 6, f"of account {TWO}"),
    "an end of no account": (lambda lines: [*lines[:5], '{"end": ["x"], "facts": 4}'], 6, "wrong type"),
    "nothing but a header": (lambda lines: lines[:1], 1, "holds no account"),
    "cut off": (lambda lines: lines[:4], 4, "ends within the facts of account"),
    "no header": (lambda lines: lines[1:], 1, "is no snapshot"),
    "later format": (lambda lines: [lines[0].replace('"format": 1', '"format": 2'), *lines[1:]], 1, "format 2"),
    "empty": (lambda _: [], 1, "is not JSON"),
}


@pytest.mark.parametrize("what", SPOILED)
def test_spoiled_snapshots_say_where(path: Path, what: str) -> None:
    spoil, line, why = SPOILED[what]
    write(path, ONE)
    path.write_text("".join(f"{one}\n" for one in spoil(path.read_text().split("\n")[:-1])))
    with pytest.raises(UnreadableError, match=why) as refused:
        list(read_accounts(path))
    assert refused.value.line == line


@pytest.mark.parametrize("data", [{}, {"Accounts": 5}, {"Accounts": [5]}, {"Accounts": [{"Id": None}]}])
def test_a_roll_of_accounts_that_can_not_be_read_is_told(path: Path, data: dict[str, Any]) -> None:
    with writing(path, HEADER) as writer:
        writer.add(ROSTER, [Fact(ROSTER, "", "", Status.OK, data=data)])
    with pytest.raises(UnreadableError, match="its roll of accounts can't be read"):
        list(audit(path))


def test_lines_are_json_objects(path: Path) -> None:
    write(path, ONE)
    told = [json.loads(line) for line in path.read_bytes().splitlines()]
    assert told[0]["snapshot"]["plan"]
    assert told[-1] == {"end": ONE, "facts": 4}
