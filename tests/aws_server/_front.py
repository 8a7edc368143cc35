"""The server's front door: counts, faults, IAM and pages around moto."""

import io
import itertools
import json
import socket
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from tests.aws_server import _answers as answers
from tests.aws_server import _paging as paging
from tests.aws_server._accounts import usable
from tests.aws_server._answers import Answer
from tests.aws_server._calls import ADMINISTRATOR_KEY, Call, Environ, identified
from tests.aws_server._control import AFTER, BEFORE, CONTROLS, Fault
from tests.aws_server._enforcement import NO_ALLOW, SCP, refusal, who
from tests.aws_server._orders import PREFIX, ordered
from tests.aws_server._organizations import outsider
from tests.aws_server._recordings import kept, request_key

StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

OTHER_ACCOUNT = "999999999999"
SERIAL = itertools.count(1)


class Front:
    """A WSGI application around moto's."""

    def __init__(self, moto: Application) -> None:
        """Stand before *moto*."""
        self.moto = moto

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length) if length else b""
        environ["wsgi.input"] = io.BytesIO(body)
        if environ["PATH_INFO"].startswith(PREFIX):
            answer = ordered(environ["PATH_INFO"], body)
        else:
            call = identified(environ, body)
            answer = self.passed(environ, body) if call is None else self.answered(call, environ)
        start_response(answer.status, answer.headers)
        return [answer.body]

    def answered(self, call: Call, environ: Environ) -> Answer:
        """Answer *call*: faults first, then IAM, then moto, then faults again."""
        if call.own:
            return self.paged(call, environ)
        CONTROLS.count(call)
        if CONTROLS.latency:
            time.sleep(CONTROLS.latency)
        token = environ.get("HTTP_X_AMZ_SECURITY_TOKEN", "")
        refused = self.refused(call, token, environ)
        if refused is not None:
            return refused
        try:
            answer = self.paged(call, environ)
        except Exception:  # noqa: BLE001  # the test that made the call should read what moto could not do
            return answers.error(call, "InternalFailure", traceback.format_exc(), 500)
        for fault in CONTROLS.striking(call, AFTER):
            answer = spoiled(fault, call, answer)
        if CONTROLS.recording is not None:
            key = request_key(call.access_key, call.signing_name, call.region, call.path, call.body)
            CONTROLS.recording[key] = answer.with_body(kept(call.access_key, answer.body))
        return answer

    def refused(self, call: Call, token: str, environ: Environ) -> Answer | None:
        """Return the answer of a call that never reaches its service."""
        for fault in CONTROLS.striking(call, BEFORE):
            answer = struck(fault, call, token, environ)
            if answer is not None:
                return answer
        if not usable(call.account, call.region):
            return answers.stranger(call)
        reason = refusal(call, token, CONTROLS.enforced)
        return None if reason is None else answers.denied(call, who(call, token), reason)

    def paged(self, call: Call, environ: Environ) -> Answer:
        """Let moto answer, one page of it."""
        if ADMINISTRATOR_KEY.match(call.access_key):
            environ["HTTP_X_MOTO_ACCOUNT_ID"] = call.account
        outside = outsider(call.account, call.operation) if call.service == "organizations" else None
        if outside is not None:
            return answers.error(call, *outside, 400)
        pages = paging.pages_of(call.service, call.operation)
        if pages is None:
            return self.passed(environ, call.body)
        if call.operation in paging.PAGED_BY_MOTO.get(call.service, ()):
            paging.smaller(call, environ, pages)
            return self.passed(environ, environ.get("aws_server.body", call.body))
        part = paging.before(call, environ, pages)
        if isinstance(part, Answer):
            return part
        return paging.after(self.passed(environ, environ.get("aws_server.body", call.body)), pages, part)

    def passed(self, environ: Environ, body: bytes) -> Answer:
        """Let moto answer."""
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], *_: object) -> None:
            started.append((status, headers))

        text = b"".join(self.moto(environ, start_response))
        return Answer(*started[0]).with_body(text)


def struck(fault: Fault, call: Call, token: str, environ: Environ) -> Answer | None:
    """Return what *fault* answers in place of the service; None if it only delays."""
    if fault.kind == "slow":
        time.sleep(fault.seconds)
        return None
    if fault.kind == "reset":
        environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    if fault.kind in ("reset", "html"):
        page = b"<html><body><h1>500 Internal Server Error</h1></body></html>"
        return Answer("500 Internal Server Error", [("Content-Type", "text/html")]).with_body(page)
    if fault.kind == "throttle":
        return answers.throttled(call)
    if fault.kind == "region_disabled":
        return answers.stranger(call)
    if fault.kind == "error":
        return answers.error(call, fault.code, fault.message, fault.status)
    return answers.denied(call, who(call, token), SCP if fault.kind == "scp" else NO_ALLOW)


def spoiled(fault: Fault, call: Call, answer: Answer) -> Answer:
    """Return *answer* as *fault* leaves it."""
    if fault.kind == "truncated":
        return answer.with_body(answer.body[: len(answer.body) // 2])
    if fault.kind == "cut_off":
        return replace(answer, headers=[*answer.headers, ("Connection", "close")], body=answer.body[:-1])
    if fault.kind == "wrong_account":
        return answer.with_body(answer.body.replace(call.account.encode(), OTHER_ACCOUNT.encode()))
    pages = paging.pages_of(call.service, call.operation)
    if pages is None:
        return answer
    body = json.loads(answer.body)
    body[pages.next_token] = f"{paging.FROM}{next(SERIAL)}" if fault.kind == "endless" else f"{paging.FROM}0"
    return answer.with_body(json.dumps(body).encode())
