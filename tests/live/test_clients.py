"""Accounts share clients and never mix: each is asked with its own credentials, and gives its own facts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from botocore.credentials import ReadOnlyCredentials
from msgspec.structs import replace
from tests.aws_server import seed
from tests.aws_server.server import ACCOUNT, REGION, AwsServer
from tests.support.audits import member
from tests.support.live import ONE_REGION, Unhurried, at
from tests.support.many_accounts import numbered, profiles

from restore_ready import Fact
from restore_ready.live import _clients
from restore_ready.live._account_roster import roster_of
from restore_ready.live._audit import Roster, Settings, take_many
from restore_ready.live._clients import Clients, Holder, Lender, configuration
from restore_ready.live._collect import WORKERS, collect
from restore_ready.live._guard import Guard, RefusedCallError
from restore_ready.live._pace import Counts
from restore_ready.live._plan import ROWS
from restore_ready.live._sessions import SignIn, sign_in
from restore_ready.live._snapshot import read_accounts
from restore_ready.live._targets import RoleIn, Target
from restore_ready.live._work import threads

MANY = numbered(12)
AT_ONCE = 4
NOW = "2026-01-01T00:00:00+00:00"


@pytest.fixture(autouse=True)
def here(aws: AwsServer) -> Iterator[None]:
    with at(aws):
        yield


def furnish(server: AwsServer, account: str) -> None:
    """Put things into *account* that no other account has."""
    one = seed.Account(server, account)
    role = one.role(f"AWSBackup-{account}", "backup", seed.BACKUPS)
    system = one.file_system(f"home-{account}")
    one.vault(f"efs-{account}")
    one.plan(f"nightly-{account}", f"efs-{account}", role, system)
    one.user(f"operator-{account}", seed.policy(seed.statement("Allow", "backup:StartRestoreJob")))
    member(server, account)


def told(facts: tuple[Fact, ...]) -> set[str]:
    """Return *facts* without what differs from one reading to the next."""
    return {re.sub(r"'Timestamp': '[^']*'", "", repr(replace(fact, at="", request_id=""))) for fact in facts}


def read_together(targets: list[Target], path: Path) -> dict[str, tuple[Fact, ...]]:
    roster = Roster(targets, roster_of((str(one.account) for one in targets), NOW))
    take_many(roster, Settings(path, ONE_REGION.regions, workers=8), partial(threads, AT_ONCE))
    found = {one.account: one.facts for one in read_accounts(path)}
    found.pop("accounts")
    return found


@pytest.fixture
def made() -> Iterator[list[Clients]]:
    """Every set of clients that is made."""
    all_made: list[Clients] = []

    class Noted(Clients):
        def __init__(self, *given: Any) -> None:  # noqa: ANN401  # whatever Clients takes
            super().__init__(*given)
            all_made.append(self)

    with patch.object(_clients, "Clients", Noted):
        yield all_made


def by_role(_: Path) -> Callable[[str], Target]:
    return RoleIn(SignIn(), "restore-ready").target


def by_profile(folder: Path) -> Callable[[str], Target]:
    profiles(MANY, folder / "credentials")
    return lambda account: Target(account, SignIn(profile=account))


@pytest.mark.thorough
@pytest.mark.parametrize("way", [by_role, by_profile])
def test_accounts_read_together_give_what_each_gives_alone(
    aws: AwsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: list[Clients], way: Callable[..., Any]
) -> None:
    target_of = way(tmp_path)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    if way is by_profile:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.delenv(name)
    for account in MANY:
        furnish(aws, account)
    targets = [target_of(account) for account in MANY]
    alone = {str(one.account): tuple(collect(sign_in(one.sign_in), ONE_REGION, pacer=Unhurried())) for one in targets}
    made.clear()
    aws.settings(latency=0.01)
    aws.forget_calls()
    together = read_together(targets, tmp_path / "facts.jsonl")
    assert len(made) <= AT_ONCE, "clients went from one account to the next"
    assert sorted(together) == MANY
    for account, facts in together.items():
        assert told(facts) == told(alone[account])
        assert f"home-{account}" in repr(facts)
        assert not [other for other in MANY if other != account and other in repr(facts)]
        asked = Counter((ROWS[fact.id].service, ROWS[fact.id].operation) for fact in facts)
        assert aws.calls(account) == asked, "the server saw exactly these calls signed by this account"


class TestHolding:
    def holder(self, server: AwsServer, account: str) -> Holder:
        guard = Guard(account)
        guard.confirm(account)
        return Holder(server.session(account), guard, Counts())

    def test_without_a_holder_nothing_is_sent(self, aws: AwsServer) -> None:
        clients = Clients(aws.session(ACCOUNT), 1)
        with clients.held_by(self.holder(aws, ACCOUNT)):
            client = clients.client("backup", REGION)
            client.list_backup_vaults()
        with pytest.raises(RefusedCallError, match="no account holds this client"):
            client.list_backup_vaults()
        assert sum(aws.calls().values()) == 1

    def test_two_accounts_can_not_hold_the_same(self, aws: AwsServer) -> None:
        clients = Clients(aws.session(ACCOUNT), 1)
        with (
            clients.held_by(self.holder(aws, ACCOUNT)),
            pytest.raises(RefusedCallError, match="another account"),
            clients.held_by(self.holder(aws, MANY[0])),
        ):
            pytest.fail("both hold them")

    def test_what_another_account_signed_is_not_sent(self, aws: AwsServer) -> None:
        clients = Clients(aws.session(ACCOUNT), 1)
        with clients.held_by(self.holder(aws, ACCOUNT)):
            clients.client("backup", REGION).list_backup_vaults()
        of_the_last = ReadOnlyCredentials(f"AKIA{ACCOUNT}TEST", "made-up", None)
        kept = patch.object(Holder, "credentials", lambda _: of_the_last)
        aws.forget_calls()
        with kept, clients.held_by(self.holder(aws, MANY[0])), pytest.raises(RefusedCallError, match="not signed"):
            clients.client("backup", REGION).list_backup_vaults()
        assert not aws.calls()

    def test_every_request_is_signed_by_who_holds_the_clients_then(self, aws: AwsServer) -> None:
        clients = Clients(aws.session(ACCOUNT), 4)
        with ThreadPoolExecutor(4) as pool:
            for account in MANY[:3]:
                with clients.held_by(self.holder(aws, account)):
                    client = clients.client("sts", "")
                    whose = list(pool.map(lambda _: client.get_caller_identity()["Account"], range(20)))  # noqa: B023  # all end in this round
                assert set(whose) == {account}
                assert aws.calls(account) == {("sts", "GetCallerIdentity"): 20}


class TestLender:
    def lent(self, lender: Lender, server: AwsServer, account: str = ACCOUNT, connections: int = 1) -> Clients:
        """Borrow clients, give them back and return them."""
        with lender.lent(Holder(server.session(account), Guard(), Counts()), connections) as clients:
            clients.client("sts", "").get_caller_identity()
        return clients

    def test_the_next_account_gets_the_same(self, aws: AwsServer) -> None:
        lender = Lender()
        assert self.lent(lender, aws) is self.lent(lender, aws, MANY[0])

    def test_accounts_at_the_same_time_get_others(self, aws: AwsServer) -> None:
        lender = Lender()
        with ExitStack() as stack:
            holders = [Holder(aws.session(account), Guard(), Counts()) for account in MANY[:3]]
            assert len({id(stack.enter_context(lender.lent(one, 1))) for one in holders}) == 3

    def test_other_connections_need_other_clients(self, aws: AwsServer) -> None:
        lender = Lender()
        assert self.lent(lender, aws) is not self.lent(lender, aws, connections=2)

    def test_clients_that_had_to_try_again_are_given_up(self, aws: AwsServer) -> None:
        lender = Lender()
        aws.faults({"kind": "throttle", "times": 1})
        assert self.lent(lender, aws) is not self.lent(lender, aws)

    def test_clients_of_an_account_that_broke_off_are_given_up(self, aws: AwsServer, made: list[Clients]) -> None:
        lender = Lender()
        facts = collect(aws.session(ACCOUNT), ONE_REGION, lender=lender)
        next(facts)
        facts.close()
        with lender.lent(Holder(aws.session(ACCOUNT), Guard(), Counts()), WORKERS) as clients:
            assert [clients] == made[1:]

    def test_only_so_many_are_kept(self, aws: AwsServer) -> None:
        lender = Lender(most=2)
        first = self.lent(lender, aws)
        for connections in (2, 3):
            self.lent(lender, aws, connections=connections)
        assert self.lent(lender, aws) is not first


CONFIGURED = """\
[profile one]
aws_access_key_id = AKIA111111111111TEST
aws_secret_access_key = made-up
role_session_name = one
[profile two]
aws_access_key_id = AKIA222222222222TEST
aws_secret_access_key = made-up
[profile elsewhere]
endpoint_url = http://127.0.0.1:9
[profile far]
region = eu-west-1
"""


def test_only_accounts_with_the_same_configuration_share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "config"
    file.write_text(CONFIGURED)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(file))
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    one, two, elsewhere, far = (
        configuration(sign_in(SignIn(profile=name))) for name in ("one", "two", "elsewhere", "far")
    )
    assert one == two
    assert len({one, elsewhere, far}) == 3
    assert "made-up" not in one


def test_a_role_keeps_the_configuration_of_the_profile_it_is_assumed_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "config"
    file.write_text(CONFIGURED)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(file))
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    how = SignIn(profile="elsewhere", role_arn=f"arn:aws:iam::{ACCOUNT}:role/x")
    clients = Clients(sign_in(how), 1)
    assert clients.client("backup", REGION).meta.endpoint_url == "http://127.0.0.1:9"


def test_clients_whose_credentials_are_renewed_go_on(aws: AwsServer) -> None:
    keys = cycle((f"AKIA{ACCOUNT}TEST", f"AKIA{ACCOUNT}SELF"))

    class Renewed:
        def get_frozen_credentials(self) -> ReadOnlyCredentials:
            return ReadOnlyCredentials(next(keys), "made-up", None)

    session = aws.session(ACCOUNT)
    with patch.object(session, "get_credentials", Renewed):
        facts = list(collect(session, ONE_REGION, pacer=Unhurried()))
    assert aws.calls(ACCOUNT)
    assert not [fact for fact in facts if fact.code in {"RefusedCall", "RefusedCallError"}]
