"""The guard refuses what is not in the fact plan, and anything in an account that is not the one meant."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from tests.aws_server.seed import HEALTHY
from tests.aws_server.server import REGION, AwsServer
from tests.support.live import at

from restore_ready.live._clients import Clients, Holder
from restore_ready.live._guard import Guard, RefusedCallError, WrongAccountError
from restore_ready.live._pace import Counts
from restore_ready.live._sessions import SignIn, sign_in


@pytest.fixture(autouse=True)
def here(aws: AwsServer) -> Iterator[None]:
    with at(aws):
        yield


@contextmanager
def clients(guard: Guard) -> Iterator[Clients]:
    session = sign_in(SignIn())
    made = Clients(session, 1)
    with made.held_by(Holder(session, guard, Counts())):
        yield made


def confirmed() -> Guard:
    guard = Guard(HEALTHY)
    guard.confirm(HEALTHY)
    return guard


WRITES = (
    ("backup", "delete_backup_vault", {"BackupVaultName": "efs"}),
    ("backup", "start_restore_job", {"RecoveryPointArn": "arn", "Metadata": {}}),
    ("efs", "delete_file_system", {"FileSystemId": "fs-12345678"}),
    ("iam", "create_user", {"UserName": "eve"}),
    ("lambda", "get_function", {"FunctionName": "restore-mover"}),
    ("kms", "decrypt", {"CiphertextBlob": b"x"}),
    ("sts", "assume_role", {"RoleArn": f"arn:aws:iam::{HEALTHY}:role/r", "RoleSessionName": "rs"}),
)


@pytest.mark.parametrize(("service", "method", "given"), WRITES, ids=[f"{one[0]}-{one[1]}" for one in WRITES])
def test_calls_that_are_not_in_the_plan_are_not_sent(
    aws: AwsServer, service: str, method: str, given: dict[str, object]
) -> None:
    with clients(confirmed()) as made, pytest.raises(RefusedCallError, match="not in the fact plan"):
        getattr(made.client(service, REGION), method)(**given)
    assert sum(aws.calls().values()) == 0


def test_calls_of_the_plan_pass(aws: AwsServer) -> None:
    with clients(confirmed()) as made:
        assert made.client("backup", REGION).list_backup_vaults()["BackupVaultList"] == []
    assert sum(aws.calls().values()) == 1


def test_nothing_but_the_identity_is_asked_before_it_is_known(aws: AwsServer) -> None:
    with clients(Guard()) as made:
        with pytest.raises(RefusedCallError, match="whose account"):
            made.client("backup", REGION).list_backup_vaults()
        assert made.client("sts", REGION).get_caller_identity()["Account"] == HEALTHY
    assert sum(aws.calls().values()) == 1


def test_another_account_than_expected_is_refused() -> None:
    with pytest.raises(WrongAccountError, match=f"of account 111122223333, not {HEALTHY}"):
        Guard(HEALTHY).confirm("111122223333")


def test_an_account_can_not_change() -> None:
    guard = Guard()
    guard.confirm(HEALTHY)
    guard.confirm(HEALTHY)
    with pytest.raises(WrongAccountError):
        guard.confirm("111122223333")
