"""What a request asks for: account, Region, service, operation."""

import functools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from moto.core.request import Request
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from moto.iam.models import get_account_id_from
from werkzeug.exceptions import HTTPException

Environ = dict[str, Any]

CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/\d+/([^/,\s]+)/([^/,\s]+)/aws4_request")
ADMINISTRATOR_KEY = re.compile(r"AKIA(\d{12})(TEST|SELF)\Z")
"""Keys that stand for an administrator of an account and are never refused: a test's, and the server's own."""

SERVICE_OF_SIGNING_NAME = {
    "elasticfilesystem": "efs",
    "servicequotas": "service-quotas",
    "states": "stepfunctions",
    "tagging": "resourcegroupstaggingapi",
}
"""botocore's name of a service where it is not the name that requests are signed with."""

IAM_PREFIX_OF_SIGNING_NAME = {"tagging": "tag"}


@dataclass(frozen=True)
class Call:
    """One request to one operation."""

    account: str
    region: str
    signing_name: str
    operation: str
    access_key: str
    path: str
    body: bytes

    @property
    def service(self) -> str:
        """Return botocore's name of the service."""
        return SERVICE_OF_SIGNING_NAME.get(self.signing_name, self.signing_name)

    @property
    def action(self) -> str:
        """Return the IAM action."""
        return f"{IAM_PREFIX_OF_SIGNING_NAME.get(self.signing_name, self.signing_name)}:{self.operation}"

    @property
    def own(self) -> bool:
        """Tell whether the server calls itself."""
        return self.access_key == own_key(self.account)

    @property
    def protocol(self) -> str:
        """Return botocore's name of the protocol."""
        return protocol_of(self.service)


def own_key(account: str) -> str:
    """Return the key with which the server calls itself in *account*."""
    return f"AKIA{account}SELF"


def identified(environ: Environ, body: bytes) -> Call | None:
    """Return the call that a signed request makes; None for anything else."""
    found = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    if found is None:
        return None
    key, region, signing_name = found.groups()
    administrator = ADMINISTRATOR_KEY.match(key)
    account = administrator[1] if administrator else get_account_id_from(key)
    service = SERVICE_OF_SIGNING_NAME.get(signing_name, signing_name)
    operation = operation_of(environ, body, service)
    path = environ.get("RAW_URI") or environ["PATH_INFO"]
    return Call(account, region, signing_name, operation, key, path, body)


def operation_of(environ: Environ, body: bytes, service: str) -> str:
    """Return the operation's name; empty if the service has none for this request."""
    target: str | None = environ.get("HTTP_X_AMZ_TARGET")
    if target:
        return target.rpartition(".")[2]
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        return parse_qs(body.decode()).get("Action", [""])[0]
    try:
        return str(get_service_router(service).match(Request(environ))[0].name)
    except (HTTPException, NotImplementedError, LookupError):
        return ""


@functools.cache
def protocol_of(service: str) -> str:
    """Return botocore's name of the protocol of *service*."""
    return str(get_service_model(service).protocol)


def parameters_in(body: bytes) -> dict[str, Any]:
    """Return the parameters in a JSON body."""
    given = json.loads(body or b"{}")
    return given if isinstance(given, dict) else {}


def form_in(body: bytes) -> Mapping[str, list[str]]:
    """Return the parameters in a form."""
    return parse_qs(body.decode())
