"""Why an answer is not word for word Terraform 1.11's."""

from __future__ import annotations

_NEWER_LOGIC = "newer: since Terraform 1.12 and OpenTofu 1.10 the left side of && and || may decide alone"
_NEWER_ELEMENT = "newer: OpenTofu 1.10 counts a negative index from the end"
_ZERO = "Go has a negative zero; ours is 0, which is equal"
_LOGARITHM = "the last digit of Go's log() and pow() is another one than the C library's"
_INFINITE = "the result is infinite or not a number, which ours does not reckon with"
_CODEC = "an encoding that ours does not know"


def reason(about: str, code: str, verdict: str) -> str:
    """Return why ours differs; a `LookupError` if nothing explains it."""
    if verdict == "only Terraform refuses":
        if about == "element" or code.startswith("element("):
            return _NEWER_ELEMENT
        if "&&" in code or "||" in code:
            return _NEWER_LOGIC
    if verdict == "near":
        return _LOGARITHM if "pow(" in code or "log(" in code else _ZERO
    if verdict == "unknown":
        if "pow(" in code or "log(" in code:
            return _INFINITE
        if about.startswith("text"):
            return _CODEC
    raise LookupError(code, verdict)
