"""What comes of one call of the fact plan? A fact, whatever goes wrong: nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timezone
from functools import partial
from itertools import chain
from typing import Any, Final

import botocore
from botocore.exceptions import ClientError
from msgspec import Struct
from msgspec.structs import replace

from restore_ready.live._answers import (
    FOREIGN,
    MALFORMED,
    ForeignAnswerError,
    MalformedAnswerError,
    check_account,
    iso,
    kept,
    merged,
)
from restore_ready.live._clients import Client, Clients
from restore_ready.live._deadline import DeadlineError, within
from restore_ready.live._guard import RefusedCallError
from restore_ready.live._pace import Pacer
from restore_ready.live._redaction import without_secrets
from restore_ready.live._row import Row
from restore_ready.model import Fact, Status

MOST_PAGES: Final = 2_000
"""Pages of one list after which it is given up as endless: two million entries of most lists."""

DEADLINE: Final = 600.0
"""Seconds for a call: more than all its tries take whose connections or answers time out."""

DENIED: Final = frozenset(
    {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError", "UnauthorizedException"}
)
"""Error codes with which AWS says that a permission is missing."""

REFUSED: Final = "RefusedCall"
NOT_KNOWN: Final = "UnknownOperation"
TOO_SLOW: Final = "DeadlineExceeded"
"""Codes of our own, beside AWS's error codes and the names of botocore's errors."""


class UnknownOperationError(Exception):
    """An operation that the installed botocore is too old to know."""


_OWN_CODES: Final[Mapping[type[Exception], str]] = {
    MalformedAnswerError: MALFORMED,
    KeyError: MALFORMED,
    ForeignAnswerError: FOREIGN,
    RefusedCallError: REFUSED,
    UnknownOperationError: NOT_KNOWN,
    DeadlineError: TOO_SLOW,
}

_LONGEST_MESSAGE: Final = 500
_PAGE: Final = re.compile(r"<(?:!doctype )?html\b", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^<>]*>")


class Asker(Struct):
    """Asks AWS about one account.

    Attributes:
        account: its id; empty as long as it is not known.
        deadline: the seconds that a call may take, with all that it is tried again.
    """

    clients: Clients
    pacer: Pacer
    account: str = ""
    most_pages: int = MOST_PAGES
    deadline: float = DEADLINE

    def ask(self, row: Row, region: str, about: Mapping[str, Any]) -> Fact:
        """Make the call of *row* about an object; its first page must have been paced by the caller. Never raises."""
        now = iso(datetime.now(timezone.utc))
        fact = Fact(row.id, self.account, region, Status.UNKNOWN, at=now, operation=row.action)
        try:
            fact = replace(fact, params={name: about[field] for name, field in row.about.items()})
            return self._answered(row, fact)
        except ClientError as error:
            return _refused(row, fact, error)
        except Exception as error:  # noqa: BLE001  # a fact that can't be had for any reason is unknown, with the reason
            code = next((code for kind, code in _OWN_CODES.items() if isinstance(error, kind)), type(error).__name__)
            return replace(fact, code=code, message=_said(str(error)))

    def _answered(self, row: Row, fact: Fact) -> Fact:
        pages = self._pages(row, fact)
        first = next(pages)
        # each page is cut down to what is kept of it before the next one is asked for
        data = merged(kept(row, answer) for answer in chain([first], pages))
        if self.account:
            check_account(row, data, self.account)
        return replace(fact, status=Status.OK, data=data, request_id=_request_id(first))

    def _pages(self, row: Row, fact: Fact) -> Iterator[Mapping[str, Any]]:
        client: Client = self.clients.client(row.service, fact.region)
        call = partial(self._in_time, _method(client, row))
        given = {**row.given, **fact.params}
        if row.pages is None:
            yield call(**given)
            return
        given[row.pages.limit] = row.pages.size
        tokens: set[str] = set()
        while True:
            answer = call(**given)
            yield answer
            token = answer.get(row.pages.answered)
            if not token:
                _check_whole(row, answer)
                return
            if token in tokens or len(tokens) >= self.most_pages:
                msg = f"{row.operation} does not come to an end: {len(tokens) + 1} pages, and another one"
                raise MalformedAnswerError(msg)
            tokens.add(token)
            given[row.pages.asked] = token
            self.pacer.wait(self.account, fact.region, row)

    def _in_time(self, call: Callable[..., Mapping[str, Any]], **given: object) -> Mapping[str, Any]:
        """Make a call; time-outs of sockets start anew with each byte that comes."""
        return within(self.deadline, partial(call, **given))


def _method(client: Client, row: Row) -> Callable[..., Mapping[str, Any]]:
    """Return what makes a call.

    Raises:
        UnknownOperationError: if botocore does not know it.
    """
    if not hasattr(client, row.method):
        msg = f"the installed botocore {botocore.__version__} does not know {row.operation}: a newer one does"
        raise UnknownOperationError(msg)
    method: Callable[..., Mapping[str, Any]] = getattr(client, row.method)
    return method


def _check_whole(row: Row, answer: Mapping[str, Any]) -> None:
    """Check that a page without a token is the last: IAM also says so in words.

    Raises:
        MalformedAnswerError: if more is said to follow.
    """
    if answer.get("IsTruncated"):
        msg = f"{row.operation} says that more follows, but not how to get it"
        raise MalformedAnswerError(msg)


def _refused(row: Row, fact: Fact, error: ClientError) -> Fact:
    told = error.response.get("Error", {})
    code = str(told.get("Code") or "UnknownError")
    message = _said(str(told.get("Message", "")))
    return replace(
        fact,
        status=Status.ABSENT if code in row.absent else Status.UNKNOWN,
        code=code,
        message=message,
        action=row.action if code in DENIED and "explicit deny" not in message else "",
        request_id=_request_id(error.response),
    )


def _said(message: str) -> str:
    """Return what an error says, in one line and without secrets; a proxy or a broken server says it in a web page."""
    if _PAGE.search(message):
        message = f"a web page instead of AWS's answer: {_TAG.sub(' ', message)}"
    return " ".join(without_secrets(message).split())[:_LONGEST_MESSAGE]


def _request_id(answer: Mapping[str, Any]) -> str:
    return str(answer.get("ResponseMetadata", {}).get("RequestId", ""))
