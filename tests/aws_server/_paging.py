"""Pages that end: limits and tokens for the lists that moto answers whole, smaller pages for the rest."""

import functools
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from botocore.exceptions import DataNotFoundError
from botocore.loaders import Loader
from moto.core.utils import get_service_model
from tests.aws_server._answers import Answer, error
from tests.aws_server._calls import Call, Environ, parameters_in
from tests.aws_server._control import CONTROLS

LIMIT_OF_AWS = {"efs": 100, "lambda": 50, "account": 50}
"""How many entries AWS's pages hold at most, where it is not 1000."""
USUAL_LIMIT = 1000

PAGED_BY_MOTO = {
    "events": ("ListRules", "ListTargetsByRule", "ListRuleNamesByTarget", "ListArchives"),
    "scheduler": ("ListSchedules", "ListScheduleGroups"),
    "organizations": (
        "ListAccounts",
        "ListAccountsForParent",
        "ListOrganizationalUnitsForParent",
        "ListPolicies",
        "ListPoliciesForTarget",
    ),
    "kms": ("ListResourceTags", "ListGrants", "ListRetirableGrants", "ListKeyPolicies", "ListKeyRotations"),
}
"""Lists that moto pages itself: they only get a smaller limit."""

WHOLE = "100000"
"""A limit that asks moto for everything; its EFS answers ten without one."""
FROM = "page-"
"""What our tokens begin with; the number of the first entry follows."""


@dataclass(frozen=True)
class Pages:
    """How an operation pages: names as the wire has them."""

    token: str
    limit: str
    result: str
    next_token: str
    in_query: bool


def before(call: Call, environ: Environ, pages: Pages) -> tuple[int, int] | Answer:
    """Ask moto for everything and return which part of it the caller asked for, as start and size."""
    given = read(call, environ, pages)
    token = str(given.pop(pages.token, ""))
    limit = int(given.pop(pages.limit, 0) or LIMIT_OF_AWS.get(call.service, USUAL_LIMIT))
    if call.service == "efs":
        given[pages.limit] = WHOLE
    write(environ, pages, given)
    if token and not (token.startswith(FROM) and token[len(FROM) :].isdigit()):
        return error(call, "InvalidParameterValueException", "Invalid NextToken", 400)
    return int(token[len(FROM) :] or 0), CONTROLS.page(limit)


def after(answer: Answer, pages: Pages, part: tuple[int, int]) -> Answer:
    """Return the *part* of *answer* that was asked for, with the next part's token."""
    if not answer.status.startswith("2"):
        return answer
    start, size = part
    body: dict[str, Any] = json.loads(answer.body or b"{}")
    entries = body.get(pages.result)
    if not isinstance(entries, list):
        return answer
    body[pages.result] = entries[start : start + size]
    body.pop(pages.next_token, None)
    if start + size < len(entries):
        body[pages.next_token] = f"{FROM}{start + size}"
    return answer.with_body(json.dumps(body).encode())


def smaller(call: Call, environ: Environ, pages: Pages) -> None:
    """Ask moto, which pages this list itself, for no more than the page size."""
    if CONTROLS.page_size is not None:
        given = read(call, environ, pages)
        given[pages.limit] = CONTROLS.page(int(given.get(pages.limit, 0) or CONTROLS.page_size))
        write(environ, pages, given)


def read(call: Call, environ: Environ, pages: Pages) -> dict[str, Any]:
    """Return the parameters where *pages* are asked for."""
    return dict(parse_qsl(environ.get("QUERY_STRING", ""))) if pages.in_query else parameters_in(call.body)


def write(environ: Environ, pages: Pages, given: dict[str, Any]) -> None:
    """Put the parameters back."""
    if pages.in_query:
        environ["QUERY_STRING"] = urlencode(given)
        path = str(environ.get("RAW_URI") or environ["PATH_INFO"]).partition("?")[0]
        environ["RAW_URI"] = environ["REQUEST_URI"] = f"{path}?{environ['QUERY_STRING']}" if given else path
    else:
        environ["aws_server.body"] = json.dumps(given).encode()


@functools.cache
def pages_of(service: str, operation: str) -> Pages | None:
    """Return how *operation* pages; None if it doesn't, or not in JSON."""
    try:
        model = Loader().load_service_model(service, "paginators-1")["pagination"][operation]
        described = get_service_model(service).operation_model(operation)
    except (DataNotFoundError, KeyError):
        return None
    if described.service_model.protocol not in ("json", "rest-json") or "limit_key" not in model:
        return None
    asked, answered = described.input_shape.members, described.output_shape.members
    limit = asked[model["limit_key"]].serialization
    return Pages(
        asked[model["input_token"]].serialization.get("name", model["input_token"]),
        limit.get("name", model["limit_key"]),
        answered[model["result_key"]].serialization.get("name", model["result_key"]),
        answered[model["output_token"]].serialization.get("name", model["output_token"]),
        limit.get("location") == "querystring",
    )
