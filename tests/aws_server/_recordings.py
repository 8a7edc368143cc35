"""What a recording keeps of requests and answers, so that it fits any account and any day."""

import re

ACCOUNT = "__ACCOUNT___"
"""Stands for the caller's account; as long as an account id, so that answers keep their length."""

KEY_OF_ACCOUNT = re.compile(r"AKIA(\d{12})(?:TEST|SELF)\Z")
MOMENT = re.compile(r"(?<=[?&])(?:created|complete)(?:After|Before)=[^&]*&?")
"""Query parameters that differ from one run to the next."""


def account_of(access_key: str) -> str:
    """Return the account of an administrator's key, empty for another's."""
    found = KEY_OF_ACCOUNT.match(access_key)
    return found[1] if found else ""


def request_key(access_key: str, signing_name: str, region: str, path: str, body: bytes) -> str:
    """Return what tells one request from another, whichever account makes it, whenever."""
    told = "|".join([access_key, signing_name, region, MOMENT.sub("", path), body.decode("latin-1")])
    account = account_of(access_key)
    return told.replace(account, ACCOUNT) if account else told


def kept(access_key: str, body: bytes) -> bytes:
    """Return an answer's *body* as it is kept."""
    account = account_of(access_key)
    return body.replace(account.encode(), ACCOUNT.encode()) if account else body


def given_back(access_key: str, answer: bytes) -> bytes:
    """Return a kept *answer* as the caller gets it."""
    account = account_of(access_key)
    return answer.replace(ACCOUNT.encode(), account.encode()) if account else answer
