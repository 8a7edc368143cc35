"""Takes apart strings in which Terraform left ``${…}``."""

from __future__ import annotations

import re

_POLICY_VARIABLE = re.compile(r"\$\{(?:[A-Za-z0-9-]{1,60}:[^}?]{0,200}|\*|\?|\$)\}")
"""IAM's own variables, ``${aws:username}``; an expression of Terraform has no colon right after its first name."""


def split_template(text: str) -> list[tuple[bool, str]]:
    """Split a string at the ``${…}`` that Terraform left in it: pairs of whether it is code, and the text.

    IAM's policy variables are text. Braces and strings inside the code are respected.
    """
    parts: list[tuple[bool, str]] = []
    start = at = 0
    while (at := text.find("${", at)) >= 0:
        variable = _POLICY_VARIABLE.match(text, at)
        if variable is not None:
            at = variable.end()
            continue
        end = _code_end(text, at + 2)
        parts += ((False, text[start:at]), (True, text[at + 2 : end]))
        start = at = min(end + 1, len(text))
    parts.append((False, text[start:]))
    return [(is_code, part) for is_code, part in parts if part or is_code]


def _code_end(text: str, at: int) -> int:
    """Return the offset of the brace that closes the code at offset *at*, the end of the text if none does."""
    depth = 0
    quoted = False
    for offset in range(at, len(text)):
        character = text[offset]
        if character == '"' and text[offset - 1] != "\\":
            quoted = not quoted
        elif quoted:
            continue
        elif character == "{":
            depth += 1
        elif character == "}":
            if depth == 0:
                return offset
            depth -= 1
    return len(text)
