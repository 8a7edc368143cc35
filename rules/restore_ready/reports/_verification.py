"""How is it told what AWS's policy simulator says of our answers: in lines for people, in JSON for machines?"""

from __future__ import annotations

from collections.abc import Iterator

from restore_ready.model import Compared, NotVerified, Verification
from restore_ready.reports._safe_text import clean, plural


def verification_counts(found: Verification) -> str:
    """Return the counts: "4 answers alike, 1 different, 0 not compared, 0 not verified"."""
    alike = plural(found.agreed, "answer")
    counts = (f"{alike} alike", f"{len(found.differences)} different", f"{len(found.not_compared)} not compared")
    return f"AWS's policy simulator: {', '.join(counts)}, {len(found.not_verified)} not verified"


def verification_lines(found: Verification) -> Iterator[str]:
    """Yield what is not alike, gravest first, a sentence each."""
    yield from map(_different, found.differences)
    yield from map(_unverified, found.not_verified)
    yield from map(_uncompared, found.not_compared)


def _different(found: Compared) -> str:
    by = f" ({found.our_statement})" if found.our_statement else ""
    because = f": {found.our_reason}" if found.our_reason else ""
    matched = f", by {', '.join(found.their_statements)}" if found.their_statements else ""
    return clean(
        f"different: {_request(found)}: {found.ours} by our answer{by}{because}; {found.theirs} by AWS's{matched}"
    )


def _uncompared(found: Compared) -> str:
    return clean(f"not compared: {_request(found)}: {found.theirs} by AWS's answer, {found.ours} by ours; {found.note}")


def _unverified(found: NotVerified) -> str:
    grant = f"; grant {found.grant} to whoever audits" if found.grant else ""
    return clean(f"not verified: {found.principal or 'nobody'}: {found.why}{grant}")


def _request(found: Compared) -> str:
    return f"{found.principal}, {found.action} on {found.resource}"


def verification_json(found: Verification) -> dict[str, object]:
    """Return it as JSON has it; the keys are a contract."""
    return {
        "agreed": found.agreed,
        "differences": [_compared(answer) for answer in found.differences],
        "not_compared": [{**_compared(answer), "why": answer.note} for answer in found.not_compared],
        "not_verified": [
            {"principal": answer.principal, "why": answer.why, "grant": answer.grant or None}
            for answer in found.not_verified
        ],
    }


def _compared(found: Compared) -> dict[str, object]:
    return {
        "principal": found.principal,
        "action": found.action,
        "resource": found.resource,
        "ours": found.ours,
        "our_reason": found.our_reason,
        "our_statement": found.our_statement or None,
        "aws": found.theirs,
        "aws_statements": list(found.their_statements),
    }
