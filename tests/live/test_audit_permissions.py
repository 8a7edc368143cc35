"""What an audit says when one of its permissions is missing: which, and of nothing more than it can know."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.aws_server.server import AwsServer
from tests.support.live import ONE_REGION, UNASKED, Filled, at, by_status, everything_but, filled

from restore_ready import AccountScan, Fail, Pass, RequirementsFile, Status, all_rules
from restore_ready.live._collect import Scope
from restore_ready.live._plan import PLAN, actions
from restore_ready.live._snapshot import Header, read_accounts, writing
from restore_ready.live._verification_rows import SIMULATION
from restore_ready.scanning._snapshots import scan_snapshot

NEEDS_NONE = "sts:GetCallerIdentity"
"""AWS answers it to everyone."""

ASKED = sorted({row.action for row in PLAN if row.id not in UNASKED} - {NEEDS_NONE, SIMULATION.action})


@pytest.fixture(scope="module")
def account(aws_process: AwsServer) -> Iterator[Filled]:
    aws_process.reset()
    with at(aws_process):
        yield filled(aws_process)


@pytest.fixture(scope="module")
def whole(account: Filled, tmp_path_factory: pytest.TempPathFactory) -> AccountScan:
    return audited(account, tmp_path_factory.mktemp("whole"))


def audited(account: Filled, folder: Path, *without: str) -> AccountScan:
    """Audit *account* without some permissions; its Regions are asked for where it is about that permission."""
    path = folder / "facts.jsonl"
    scope = Scope() if "ec2:DescribeRegions" in without and len(without) == 1 else ONE_REGION
    session = account.may_only(everything_but(*without))
    with writing(path, Header.new("2026-01-01T00:00:00+00:00")) as writer:
        writer.add(account.account, account.facts(scope, session))
    (found,) = scan_snapshot(path, all_rules(), RequirementsFile())
    assert isinstance(found, AccountScan)
    return found


def passed(scan: AccountScan) -> set[tuple[str, str]]:
    """Return code and address of every Pass."""
    return {(one.rule.code, one.address) for one in scan.scan.judgements if isinstance(one.verdict, Pass)}


def failed(scan: AccountScan) -> set[tuple[str, str]]:
    """Return code and address of every Fail."""
    return {(one.rule.code, one.address) for one in scan.scan.judgements if isinstance(one.verdict, Fail)}


def test_with_all_permissions_everything_is_known(whole: AccountScan) -> None:
    assert whole.unknown == ()
    assert whole.scan.gaps == ()
    assert len(passed(whole)) > 10


@pytest.mark.thorough
@pytest.mark.parametrize("action", ASKED)
def test_a_missing_permission_is_named_and_nothing_passes_for_it(
    account: Filled, whole: AccountScan, action: str, tmp_path: Path
) -> None:
    found = audited(account, tmp_path, action)
    rows = [row for row in PLAN if row.action == action]
    (facts,) = read_accounts(tmp_path / "facts.jsonl")
    denied = by_status(facts.facts, Status.UNKNOWN)
    assert {one.id for one in denied} == {row.id for row in rows}
    assert {one.action for one in denied} == {action}
    assert all("Access" in one.code or "Unauthorized" in one.code for one in denied)
    needed = not all(row.optional for row in rows)
    assert bool(found.unknown) == needed
    assert any(f"grant {action} to" in gap.why for gap in found.scan.gaps) == needed
    assert passed(found) <= passed(whole)
    assert failed(found) - failed(whole) == set()


@pytest.mark.thorough
def test_with_iam_alone_nothing_passes_but_what_it_shows(account: Filled, tmp_path: Path) -> None:
    found = audited(account, tmp_path, *(one for one in actions() if one != "iam:GetAccountAuthorizationDetails"))
    assert all(address.startswith("arn:aws:iam:") for _, address in passed(found))
    assert any("the Region could not be read" in gap.why for gap in found.scan.gaps)
