"""Credentials and clients of one account."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import boto3
import botocore.session
from botocore.config import Config
from botocore.credentials import (
    CredentialResolver,
    DeferredRefreshableCredentials,
    create_assume_role_refresher,
)
from botocore.exceptions import (
    BotoCoreError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ProxyConnectionError,
    SSLError,
)
from botocore.loaders import Loader

from restore_ready import __version__
from restore_ready._errors import UsageError
from restore_ready.live._guard import Guard
from restore_ready.live._pace import Counts

Client: TypeAlias = Any
"""A boto3 client: boto3 makes their classes at run time."""

ATTEMPTS: Final = 10
"""Tries of a call in total: with fewer, calls are lost where AWS throttles."""

CONNECT_ATTEMPTS: Final = 3
"""Tries of a call whose endpoint can't be reached, as in a Region that a network shuts off."""

HOME: Final = "us-east-1"
"""Where global services are asked if nothing names a Region."""

_UNREACHABLE: Final = (ConnectTimeoutError, EndpointConnectionError, ProxyConnectionError, SSLError)
_LOADER: Final = Loader()
_ROLE: Final = re.compile(r"arn:[a-z-]+:iam::(\d{12}):role/[\w+=,.@/-]{1,512}\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class SignIn:
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
        """The account that the role is of, ``None`` without a role."""
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
    core = _core()
    try:
        if how.profile:
            core.set_config_variable("profile", how.profile)
        core.get_scoped_config()
        base = boto3.Session(botocore_session=core)
    except BotoCoreError as error:
        msg = f"can't use the AWS configuration: {error}"
        raise UsageError(msg) from error
    return assume(base, how) if how.role_arn else base


def assume(base: boto3.Session, how: SignIn) -> boto3.Session:
    """Return a session of the role that *how* names, assumed and renewed with the credentials of *base*."""
    given = {"RoleArn": how.role_arn, "RoleSessionName": how.session_name, "DurationSeconds": how.duration}
    if how.external_id:
        given["ExternalId"] = how.external_id
    sts = base.client("sts", region_name=home_region(base), config=_config(1))
    core = _core()
    core.register_component("credential_provider", CredentialResolver([_AssumedRole(sts, given)]))
    return boto3.Session(botocore_session=core, region_name=home_region(base))


def home_region(session: boto3.Session) -> str:
    """Return the Region in which global services are asked."""
    return str(session.region_name or HOME)


def _core() -> botocore.session.Session:
    """Return a botocore session that shares AWS's models with all others: they take most of a client's time."""
    core = botocore.session.Session()
    core.register_component("data_loader", _LOADER)
    return core


def _config(connections: int) -> Config:
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

    def __init__(self, sts: Client, given: dict[str, Any]) -> None:
        self._refresh = create_assume_role_refresher(sts, given)

    def load(self) -> DeferredRefreshableCredentials:
        return DeferredRefreshableCredentials(self._refresh, self.METHOD)


class Clients:
    """The clients of one account: made once each, guarded, counted, safe to use from several threads.

    Clients are not shared between accounts: that would be faster, but a mistake would mix accounts up.
    """

    def __init__(self, session: boto3.Session, guard: Guard, counts: Counts, connections: int) -> None:
        """Make clients of *session* with so many *connections* each."""
        self.session = session
        self.guard = guard
        self._counts = counts
        self._config = _config(connections)
        self._made: dict[tuple[str, str], Client] = {}
        self._lock = threading.Lock()

    def client(self, service: str, region: str) -> Client:
        """Return the client of *service* in *region*; a global service has an empty one."""
        with self._lock:
            if (service, region) not in self._made:
                self._made[service, region] = self._make(service, region or home_region(self.session))
            return self._made[service, region]

    def _make(self, service: str, region: str) -> Client:
        client = self.session.client(service, region_name=region, config=self._config)
        self.guard.watch(client)
        self._counts.watch(client)
        client.meta.events.register_first("needs-retry", _give_up)
        return client


def _give_up(attempts: int, caught_exception: Exception | None = None, **_: object) -> None:
    """Stop trying to reach what can't be reached: ten tries with pauses would take minutes for each Region."""
    if isinstance(caught_exception, _UNREACHABLE) and attempts >= CONNECT_ATTEMPTS:
        raise caught_exception
