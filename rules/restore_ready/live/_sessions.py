"""With which credentials and configuration is an account read?"""

from __future__ import annotations

import re
from typing import Any, Final

import boto3
import botocore.session
from botocore.config import Config
from botocore.credentials import (
    CredentialResolver,
    DeferredRefreshableCredentials,
    create_assume_role_refresher,
)
from botocore.exceptions import BotoCoreError
from botocore.loaders import Loader
from msgspec import Struct

from restore_ready._errors import UsageError
from restore_ready._version import __version__

ATTEMPTS: Final = 10
"""Tries of a call in total: with fewer, calls are lost where AWS throttles."""

HOME: Final = "us-east-1"
"""Where global services are asked if nothing names a Region."""

_CONNECTIONS: Final = 32
"""That assume roles at a time; more wait no longer, but are not kept."""

_LOADER: Final = Loader()
_ROLE: Final = re.compile(r"arn:[a-z-]+:iam::(\d{12}):role/[\w+=,.@/-]{1,512}\Z", re.ASCII)


class SignIn(Struct, frozen=True):
    """How to get at an account: boto3's default chain, a profile, and a role to assume with either.

    Attributes:
        duration: seconds that a role's session lasts; it is renewed before it ends.
    """

    profile: str | None = None
    role_arn: str | None = None
    external_id: str | None = None
    session_name: str = "restore-ready"
    duration: int = 3600

    @property
    def account(self) -> str | None:
        """The account that the role is of, ``None`` without a role.

        Raises:
            UsageError: if the role's ARN is none.
        """
        return role_account(self.role_arn) if self.role_arn else None


def role_account(role_arn: str) -> str:
    """Return the account that a role is of.

    Raises:
        UsageError: if that is no role's ARN.
    """
    found = _ROLE.match(role_arn)
    if found is None:
        msg = f"'{role_arn}' is no role's ARN: write it as arn:aws:iam::111122223333:role/name"
        raise UsageError(msg)
    return found[1]


def sign_in(how: SignIn) -> boto3.Session:
    """Return a session. Nothing is asked of AWS before it is used.

    Raises:
        UsageError: if there is no such profile, or the role's ARN is none.
    """
    if how.role_arn:
        role_account(how.role_arn)
    core = new_core(how.profile)
    try:
        core.get_scoped_config()
        base = boto3.Session(botocore_session=core)
    except BotoCoreError as error:
        msg = f"can't use the AWS configuration: {error}"
        raise UsageError(msg) from error
    return Roles(base).session(how) if how.role_arn else base


class Roles:
    """The roles that can be assumed with the credentials of one session. Safe to share by threads."""

    def __init__(self, base: boto3.Session) -> None:
        """Assume roles with the credentials of *base*."""
        self._region = home_region(base)
        self._profile = core_of(base).profile
        self._sts = base.client("sts", region_name=self._region, config=client_config(_CONNECTIONS))

    def session(self, how: SignIn) -> boto3.Session:
        """Return a session of the role that *how* names. It is assumed once it is used, and again before it ends."""
        given = {"RoleArn": how.role_arn, "RoleSessionName": how.session_name, "DurationSeconds": how.duration}
        if how.external_id:
            given["ExternalId"] = how.external_id
        core = new_core(self._profile)
        core.register_component("credential_provider", CredentialResolver([_AssumedRole(self._sts, given)]))
        return boto3.Session(botocore_session=core, region_name=self._region)


def home_region(session: boto3.Session) -> str:
    """Return the Region in which global services are asked."""
    return str(session.region_name or HOME)


def new_core(profile: str | None) -> botocore.session.Session:
    """Return a botocore session of *profile*, ``None`` for whatever the environment says.

    It shares AWS's models with all others: reading them takes most of the time that making a client takes.
    """
    core = botocore.session.Session(profile=profile)
    core.register_component("data_loader", _LOADER)
    return core


def core_of(session: boto3.Session) -> botocore.session.Session:
    """Return the botocore session in *session*, which alone tells its configuration."""
    return session._session  # noqa: SLF001  # boto3 has no other way to it


def client_config(connections: int) -> Config:
    """Return how clients behave, with so many *connections* at a time."""
    return Config(
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        max_pool_connections=connections,
        connect_timeout=5,
        read_timeout=30,
        user_agent_extra=f"restore-ready/{__version__}",
    )


class _AssumedRole:
    """Gives botocore credentials that are renewed by assuming the role again: one of its credential providers."""

    METHOD = "assume-role"

    def __init__(self, sts: object, given: dict[str, Any]) -> None:
        self._refresh = create_assume_role_refresher(sts, given)

    def load(self) -> DeferredRefreshableCredentials:
        return DeferredRefreshableCredentials(self._refresh, self.METHOD)
