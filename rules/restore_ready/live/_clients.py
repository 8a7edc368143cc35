"""Which client makes a call? One lent from account to account: making them takes longer than most answers."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, Final, TypeAlias

import boto3
from botocore.credentials import CredentialResolver, Credentials, ReadOnlyCredentials
from botocore.exceptions import (
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ProxyConnectionError,
    SSLError,
)
from msgspec import Struct, field

from restore_ready.live._guard import Guard, RefusedCallError
from restore_ready.live._pace import Counts
from restore_ready.live._sessions import client_config, core_of, home_region, new_core

Client: TypeAlias = Any
"""A boto3 client: boto3 makes their classes at run time."""

CONNECT_ATTEMPTS: Final = 3
"""Tries of a call whose endpoint can't be reached, as in a Region that a network shuts off."""

_Key: TypeAlias = tuple[int, str]
"""The connections and the configuration, which an account that takes over clients must have in common with the last."""

_UNREACHABLE: Final = (ConnectTimeoutError, EndpointConnectionError, ProxyConnectionError, SSLError)


class Holder(Struct):
    """The account that clients are lent to.

    Attributes:
        keys: ids of the access keys that its credentials had so far; renewed ones have new ids.
        retried: whether a call had to be made again.
    """

    session: boto3.Session
    guard: Guard
    counts: Counts
    keys: set[str] = field(default_factory=set)
    retried: bool = False

    def credentials(self) -> ReadOnlyCredentials:
        """Return the credentials of this moment.

        Raises:
            NoCredentialsError: if there are none.
        """
        found = self.session.get_credentials()
        if found is None:
            raise NoCredentialsError
        now = found.get_frozen_credentials()
        self.keys.add(now.access_key)
        return now


class Clients:
    """The clients of the account that holds them: made once each, safe to use from several threads.

    They have no credentials of their own: each request is signed with those of the holder, and none is sent that is
    signed with others. Without a holder nothing is sent.
    """

    def __init__(self, session: boto3.Session, connections: int) -> None:
        """Make clients with the configuration of *session*, but not its credentials, and so many *connections* each."""
        self._home = home_region(session)
        core = new_core(core_of(session).profile)
        core.register_component("credential_provider", CredentialResolver([_HoldersProvider(self)]))
        self._session = boto3.Session(botocore_session=core, region_name=self._home)
        self._config = client_config(connections)
        self._made: dict[tuple[str, str], Client] = {}
        self._lock = threading.Lock()
        self._holder: Holder | None = None

    @property
    def holder(self) -> Holder:
        """The account that holds the clients.

        Raises:
            RefusedCallError: if none does.
        """
        if self._holder is None:
            msg = "no account holds this client"
            raise RefusedCallError(msg)
        return self._holder

    @contextmanager
    def held_by(self, holder: Holder) -> Iterator[None]:
        """Lend the clients to *holder*, and to no other meanwhile.

        Raises:
            RefusedCallError: if another account holds them.
        """
        with self._lock:
            if self._holder is not None:
                msg = "another account holds these clients"
                raise RefusedCallError(msg)
            self._holder = holder
        try:
            yield
        finally:
            self._holder = None

    def client(self, service: str, region: str) -> Client:
        """Return the client of *service* in *region*; a global service has an empty one."""
        with self._lock:
            if (service, region) not in self._made:
                self._made[service, region] = self._make(service, region or self._home)
            return self._made[service, region]

    def close(self) -> None:
        """Close all connections."""
        for client in self._made.values():
            client.close()

    def _make(self, service: str, region: str) -> Client:
        client = self._session.client(service, region_name=region, config=self._config)
        events = client.meta.events
        events.register_first("before-call", self._check_call)
        events.register("before-send", partial(self._check_signature, service))
        events.register("response-received", self._count_answer)
        events.register_first("needs-retry", self._count_try)
        return client

    def _check_call(self, model: Any, **_: object) -> None:  # noqa: ANN401  # botocore's event
        self.holder.guard.check(model.service_model.service_name, model.name)

    def _check_signature(self, service: str, request: Any, event_name: str, **_: object) -> None:  # noqa: ANN401  # botocore's event
        """Count what is sent, unless it is signed with another account's key.

        Raises:
            RefusedCallError: if it is.
        """
        signature = request.headers.get("Authorization", b"")
        words = signature if isinstance(signature, str) else signature.decode("ascii", "replace")
        if not any(f"Credential={key}/" in words for key in self.holder.keys):
            msg = "the request is not signed with a key of the account that is asked"
            raise RefusedCallError(msg)
        self.holder.counts.count_sent(service, event_name.rpartition(".")[2])

    def _count_answer(self, parsed_response: Mapping[str, Any] | None = None, **_: object) -> None:
        self.holder.counts.count_answer((parsed_response or {}).get("Error", {}).get("Code"))

    def _count_try(self, attempts: int, caught_exception: Exception | None = None, **_: object) -> None:
        """Stop trying to reach what can't be reached: ten tries with pauses would take minutes for each Region."""
        self.holder.retried |= attempts > 1 or caught_exception is not None
        if isinstance(caught_exception, _UNREACHABLE) and attempts >= CONNECT_ATTEMPTS:
            raise caught_exception


class _HoldersCredentials(Credentials):  # type: ignore[misc]  # botocore has no types
    """Credentials as botocore wants them when it makes a client, which are the holder's whenever it signs."""

    def __init__(self, clients: Clients) -> None:
        super().__init__("nobody", "nobody")
        self._clients = clients

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        return self._clients.holder.credentials()


class _HoldersProvider:
    """Gives botocore the holder's credentials: one of its credential providers."""

    METHOD: Final = "holder"

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def load(self) -> Credentials:
        return _HoldersCredentials(self._clients)


_OF_CREDENTIALS: Final = frozenset(
    {
        *("aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_account_id"),
        *("role_arn", "role_session_name", "source_profile", "credential_source", "external_id", "mfa_serial"),
        *("duration_seconds", "credential_process", "web_identity_token_file"),
        *("sso_session", "sso_account_id", "sso_role_name", "sso_region", "sso_start_url"),
    }
)
"""Settings of a profile that say who asks, and not where or how.

https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html
"""


def configuration(session: boto3.Session) -> str:
    """Return what tells sessions apart whose accounts can't use the same clients: endpoints, certificates, Region."""
    settings = core_of(session).get_scoped_config()
    kept = sorted((name, repr(value)) for name, value in settings.items() if name not in _OF_CREDENTIALS)
    return repr((home_region(session), kept))


class Lender:
    """Keeps clients for the next account that can use the same. Safe to share by threads."""

    def __init__(self, most: int = 32) -> None:
        """Keep at *most* so many sets of clients that nobody holds."""
        self._most = most
        self._idle: list[tuple[_Key, Clients]] = []
        self._lock = threading.Lock()

    @contextmanager
    def lent(self, holder: Holder, connections: int) -> Iterator[Clients]:
        """Lend clients to *holder*: it alone has them until it is done.

        Clients whose calls had to be made again are not lent on: botocore lets each client have only so many retries.
        """
        key = (connections, configuration(holder.session))
        clients = self._take(key) or Clients(holder.session, connections)
        try:
            with clients.held_by(holder):
                yield clients
        except BaseException:
            clients.close()
            raise
        if holder.retried:
            clients.close()
        else:
            self._keep(key, clients)

    def clear(self) -> None:
        """Close the clients that nobody holds."""
        with self._lock:
            idle, self._idle = self._idle, []
        for _, clients in idle:
            clients.close()

    def _take(self, key: _Key) -> Clients | None:
        with self._lock:
            for at, (other, clients) in enumerate(self._idle):
                if other == key:
                    del self._idle[at]
                    return clients
        return None

    def _keep(self, key: _Key, clients: Clients) -> None:
        with self._lock:
            self._idle.append((key, clients))
            given_up = self._idle[: -self._most]
            del self._idle[: -self._most]
        for _, old in given_up:
            old.close()
