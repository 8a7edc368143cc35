"""A server process and what tests do with it."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.error import HTTPError, URLError

if TYPE_CHECKING:  # tests that ask no server need neither
    import boto3
    from botocore.loaders import Loader

ROOT = Path(__file__).resolve().parent.parent.parent
ACCOUNT = "111122223333"
"""The account that fixtures name."""
REGION = "us-east-1"
PATIENCE = 60.0
FILLED: dict[tuple[str, str], Any] = {}
"""What filling a server returned, by its endpoint and the function's name."""
T = TypeVar("T")
SECRET = "made-up"  # noqa: S105  # that's what it is


@dataclass(frozen=True)
class AwsServer:
    """A running server, at its endpoint."""

    endpoint: str

    def session(self, account: str = ACCOUNT, region: str = REGION) -> boto3.Session:
        """Return a session of an administrator of *account*: never refused by IAM."""
        return session_with(f"AKIA{account}TEST", SECRET, None, region)

    def client(self, service: str, account: str = ACCOUNT, region: str = REGION) -> Any:  # noqa: ANN401  # boto3 makes its clients at run time
        """Return a client of an administrator of *account*, the same one each time."""
        return client_at(self, service, account, region)

    def client_of(self, session: boto3.Session, service: str) -> Any:  # noqa: ANN401  # as above
        """Return a client of *session* that asks this server, once."""
        from botocore.config import Config  # noqa: PLC0415  # as above

        config = Config(retries={"total_max_attempts": 1})
        return session.client(service, endpoint_url=self.endpoint, config=config)

    def assume(self, role: str, *, account: str = ACCOUNT, **more: str) -> boto3.Session:
        """Return a session of the role with the ARN *role*, assumed by an administrator of *account*."""
        sts = self.client("sts", account)
        given = sts.assume_role(RoleArn=role, RoleSessionName="test", **more)["Credentials"]
        return session_with(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"], REGION)

    def environment(self, account: str = ACCOUNT, region: str = REGION) -> dict[str, str]:
        """Return the variables with which another program finds this server as AWS."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": f"AKIA{account}TEST",
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_DEFAULT_REGION": region,
            "AWS_REGION": region,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def reset(self) -> None:
        """Forget all resources of all accounts, all switches and all counts."""
        self.order("reset")

    def once(self, fill: Callable[[AwsServer], T]) -> T:
        """Reset, let *fill* put what it puts, and return what it returns: carried out once, put back from then on."""
        name = f"{fill.__module__}.{fill.__qualname__}"
        if (self.endpoint, name) in FILLED:
            self.order("put-accounts-back", {"name": name})
        else:
            self.reset()
            FILLED[self.endpoint, name] = fill(self)
            self.order("keep-accounts", {"name": name})
        found: T = FILLED[self.endpoint, name]
        return found

    def faults(self, *faults: Mapping[str, Any]) -> None:
        """Let these go wrong, and nothing else: each a mapping of `_control.Fault`'s fields."""
        self.order("faults", {"faults": list(faults)})

    def settings(self, **settings: object) -> None:
        """Change page_size, latency (seconds), enforced (account ids, role and user ARNs) or recording."""
        self.order("settings", settings)

    def enforce(self, *whom: str) -> None:
        """Let the IAM policies of these accounts, roles and users count."""
        self.settings(enforced=list(whom))

    def seed(self, kind: str, given: Mapping[str, Any], account: str = ACCOUNT, region: str = REGION) -> dict[str, Any]:
        """Put one of the kinds of `_orders.ALL_SEEDS`, such as a recovery_point, and return it whole."""
        made = self.order("seed", {"kind": kind, "account": account, "region": region, "given": dict(given)})
        return dict(made)

    def calls(self, account: str | None = None) -> Counter[tuple[str, str]]:
        """Return how often each (service, operation) was called, by all accounts or one."""
        counted: Counter[tuple[str, str]] = Counter()
        for caller, _, service, operation, number in self.order("calls")["calls"]:
            if account in (None, caller):
                counted[service, operation] += number
        return counted

    def struck(self) -> dict[str, int]:
        """Return how often each kind of fault struck."""
        return dict(self.order("calls")["struck"])

    def forget_calls(self) -> None:
        """Start counting anew."""
        self.order("forget-calls")

    def recording(self) -> dict[str, Any]:
        """Return what was recorded since ``settings(recording=True)``."""
        return dict(self.order("recording"))

    def order(self, order: str, given: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401  # JSON
        """Order something of the server's control endpoint.

        Raises:
            ValueError: with the server's own words, if it refuses.
        """
        body = json.dumps(given or {}, default=str).encode()
        request = urllib.request.Request(f"{self.endpoint}/_control/{order}", data=body, method="POST")  # noqa: S310  # our own endpoint
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310  # as above
                return json.load(answer)
        except HTTPError as problem:
            message = f"{order}: {problem.read().decode()}"
            raise ValueError(message) from None


@functools.cache
def client_at(server: AwsServer, service: str, account: str, region: str) -> Any:  # noqa: ANN401  # as above
    """Return a client; making one takes longer than most tests."""
    return server.client_of(server.session(account, region), service)


def session_with(key: str, secret: str, token: str | None, region: str) -> boto3.Session:
    """Return a session that reads AWS's models only if no other session did."""
    import boto3  # noqa: PLC0415  # as above
    import botocore.session  # noqa: PLC0415  # as above

    core = botocore.session.Session()
    core.register_component("data_loader", models())
    return boto3.Session(key, secret, token, region, botocore_session=core)


@functools.cache
def models() -> Loader:
    """Return what has read AWS's models."""
    from botocore.loaders import Loader  # noqa: PLC0415  # as above

    return Loader()


def start() -> tuple[AwsServer, subprocess.Popen[str]]:
    """Start a server in a process of its own and return it when it answers."""
    command = [sys.executable, "-m", "tests.aws_server", "--with-parent"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    server = AwsServer(process.stdout.readline().strip())
    deadline = time.monotonic() + PATIENCE
    while not answers(server):
        if time.monotonic() > deadline or process.poll() is not None:
            process.kill()
            message = f"the server at {server.endpoint!r} does not answer"
            raise RuntimeError(message)
        time.sleep(0.05)
    return server, process


def answers(server: AwsServer) -> bool:
    """Tell whether *server* is up."""
    try:
        server.order("calls")
    except (URLError, OSError, ValueError):
        return False
    return True
