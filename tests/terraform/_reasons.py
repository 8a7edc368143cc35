"""Why an answer is not word for word Terraform 1.11's."""

from __future__ import annotations

_NEWER_LOGIC = "newer: since Terraform 1.12 and OpenTofu 1.10 the left side of && and || may decide alone"
_NEWER_ELEMENT = "newer: OpenTofu 1.10 counts a negative index from the end"
_ZERO = "Go has a negative zero; ours is 0, which is equal"
_LOGARITHM = "the last digit of Go's log() and pow() is another one than the C library's"
_INFINITE = "the result is infinite or not a number, which ours does not reckon with"
_PREFIX = "Go makes no sense of a network larger than all addresses"
_SENSITIVE = "what is sensitive is open, so that no report shows it"
_CODEC = "an encoding that ours does not know"


def reason(about: str, code: str, verdict: str) -> str:
    """Return why ours differs; a `LookupError` if nothing explains it."""
    steep = any(part in code for part in ("pow(", "log(", "/ 0"))
    reasons = {
        "only Terraform refuses": [(_NEWER_ELEMENT, "element(" in code), (_NEWER_LOGIC, "&&" in code or "||" in code)],
        "near": [(_LOGARITHM, steep), (_ZERO, True)],
        "unknown": [
            (_SENSITIVE, about == "sensitive"),
            (_INFINITE, steep),
            (_PREFIX, about == "cidrsubnet"),
            (_CODEC, about.startswith("text")),
        ],
    }
    for explanation, fits in reasons.get(verdict, ()):
        if fits:
            return explanation
    raise LookupError(code, verdict)
