"""Credentials come from where boto3 looks, from a profile, or from a role that is assumed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.aws_server.seed import HEALTHY, trust
from tests.aws_server.server import AwsServer
from tests.support.live import AUDITOR, ONE_REGION, at, filled

from restore_ready import Status, UsageError
from restore_ready.live._collect import Scope, collect
from restore_ready.live._plan import actions
from restore_ready.live._regions import given_regions
from restore_ready.live._sessions import SignIn, sign_in

ROLE = f"arn:aws:iam::{HEALTHY}:role/{AUDITOR}"


@pytest.fixture(autouse=True)
def here(aws: AwsServer) -> Iterator[None]:
    with at(aws):
        yield


def test_the_default_chain_is_used() -> None:
    identity = next(iter(collect(sign_in(SignIn()), ONE_REGION)))
    assert identity.data["Account"] == HEALTHY


def test_a_profile_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "credentials"
    file.write_text("[other]\naws_access_key_id = AKIA999988887777TEST\naws_secret_access_key = made-up\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(file))
    identity = next(iter(collect(sign_in(SignIn(profile="other")), ONE_REGION)))
    assert identity.data["Account"] == "999988887777"


def test_a_profile_that_is_not_there_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="nowhere"):
        sign_in(SignIn(profile="nowhere"))


@pytest.mark.parametrize("role", ["rr-audit", "arn:aws:iam::1:role/x", f"arn:aws:iam::{HEALTHY}:user/x", f"{ROLE}\n"])
def test_what_is_no_role_is_a_usage_error(role: str) -> None:
    with pytest.raises(UsageError, match="no role's ARN"):
        sign_in(SignIn(role_arn=role))


def test_a_role_is_assumed_with_its_external_id(aws: AwsServer) -> None:
    account = filled(aws)
    account.may_only(actions())
    how = SignIn(role_arn=ROLE, external_id="given")
    facts = list(collect(sign_in(how), Scope(how.account, ONE_REGION.regions)))
    assert facts[0].data["Arn"] == f"arn:aws:sts::{HEALTHY}:assumed-role/{AUDITOR}/restore-ready"
    assert not [one for one in facts if one.status is Status.UNKNOWN]


def test_a_role_that_is_not_trusted_leaves_the_identity_unknown(aws: AwsServer) -> None:
    account = filled(aws)
    account.server.client("iam", HEALTHY).update_assume_role_policy(RoleName=AUDITOR, PolicyDocument=trust("backup"))
    (identity,) = collect(sign_in(SignIn(role_arn=ROLE)), Scope(HEALTHY))
    assert (identity.status, identity.code) == (Status.UNKNOWN, "AccessDenied")
    assert identity.account == HEALTHY


def test_no_credentials_leave_the_identity_unknown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    (identity,) = collect(sign_in(SignIn()), Scope())
    assert (identity.status, identity.code, identity.account) == (Status.UNKNOWN, "NoCredentialsError", "")


def test_regions_are_checked_and_named_once() -> None:
    assert given_regions(["eu-west-1", "us-gov-west-1", "eu-west-1"]) == ("eu-west-1", "us-gov-west-1")
    for wrong in ("eu-west", "EU-WEST-1", "eu-west-1.example.com", "eu-west-1\n", ""):
        with pytest.raises(UsageError, match="no Region"):
            given_regions([wrong])
