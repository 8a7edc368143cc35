"""Answers as the front gives them, and errors in each protocol's own form."""

import json
from dataclasses import dataclass, field, replace
from xml.sax.saxutils import escape

from tests.aws_server._calls import Call

REQUEST_ID = "7a62c49f-347e-4fc4-9331-6e8e00000000"
XML = "text/xml"
STATUS_OF_DENIAL = {"json": 400}
STATUS_OF_STRANGER = {"json": 400, "ec2": 401}


@dataclass(frozen=True)
class Answer:
    """A whole HTTP answer."""

    status: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    def with_body(self, body: bytes) -> "Answer":
        """Return this answer with another body and its length."""
        kept = [(name, value) for name, value in self.headers if name.lower() != "content-length"]
        return replace(self, headers=[*kept, ("Content-Length", str(len(body)))], body=body)


def error(call: Call, code: str, message: str, status: int) -> Answer:
    """Return an error as the service of *call* would write it."""
    if call.protocol == "ec2":
        inner = f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
        text = f"<Response><Errors><Error>{inner}</Error></Errors><RequestID>{REQUEST_ID}</RequestID></Response>"
        return Answer(f"{status} Error", [("Content-Type", XML)]).with_body(text.encode())
    if call.protocol in ("query", "rest-xml"):
        inner = f"<Type>Sender</Type><Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
        text = f"<ErrorResponse><Error>{inner}</Error><RequestId>{REQUEST_ID}</RequestId></ErrorResponse>"
        return Answer(f"{status} Error", [("Content-Type", XML)]).with_body(text.encode())
    headers = [("Content-Type", "application/json"), ("x-amzn-ErrorType", code), ("x-amzn-RequestId", REQUEST_ID)]
    text = json.dumps({"__type": code, "message": message})
    return Answer(f"{status} Error", headers).with_body(text.encode())


def denied(call: Call, who: str, reason: str) -> Answer:
    """Return AWS's refusal of a call that *who* may not make."""
    code = {"ec2": "UnauthorizedOperation", "query": "AccessDenied"}.get(call.protocol, "AccessDeniedException")
    message = f"User: {who} is not authorized to perform: {call.action} on resource: * {reason}"
    return error(call, code, message, STATUS_OF_DENIAL.get(call.protocol, 403))


def stranger(call: Call) -> Answer:
    """Return what a Region answers that the account has not switched on: it knows no such credentials."""
    code = {"ec2": "AuthFailure", "query": "InvalidClientTokenId"}.get(call.protocol, "UnrecognizedClientException")
    message = "The security token included in the request is invalid."
    if call.protocol == "ec2":
        message = "AWS was not able to validate the provided access credentials"
    return error(call, code, message, STATUS_OF_STRANGER.get(call.protocol, 403))


def throttled(call: Call) -> Answer:
    """Return the service's own word for too many requests."""
    if call.protocol == "ec2":
        return error(call, "RequestLimitExceeded", "Request limit exceeded.", 503)
    if call.service == "lambda":
        return error(call, "TooManyRequestsException", "Rate exceeded", 429)
    if call.service == "organizations":
        return error(call, "TooManyRequestsException", "Rate exceeded", 400)
    return error(call, "Throttling" if call.protocol == "query" else "ThrottlingException", "Rate exceeded", 400)
