"""Go's regular expressions as Python's, as far as that is safe: Python's can take for ever."""

from __future__ import annotations

import re
import warnings
from functools import lru_cache

from restore_ready.readers.terraform.language._values import EvalError, Unknown

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import sre_parse

_POSIX = {
    "alpha": "a-zA-Z",
    "digit": "0-9",
    "alnum": "0-9a-zA-Z",
    "upper": "A-Z",
    "lower": "a-z",
    "space": r"\s",
    "word": r"\w",
    "xdigit": "0-9a-fA-F",
}
_WORK = 20_000_000


def compiled(pattern: str, whole: str) -> re.Pattern[str] | Unknown:
    """Return the pattern ready for use on *whole*, unknown if that may take too long or is not supported."""
    found, power = _compiled(pattern)
    if isinstance(found, Unknown):
        return found
    if power > 8 or (len(whole) + 1) ** max(power, 1) > _WORK:  # noqa: PLR2004
        return Unknown("the regular expression may take too long on this text")
    return found


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> tuple[re.Pattern[str] | Unknown, int]:
    if len(pattern) > 2000 or re.search(r"\\[pPQEC]|\(\?[a-zA-Z]*U|\\x\{|\(\?[=!<](?!\w+>)|\\[1-9]", pattern):
        return Unknown("the regular expression can't be evaluated"), 0
    code = (
        re.sub(r"\[:(\w+):\]", lambda one: _POSIX.get(one[1], one[0]), pattern)
        .replace(r"\z", r"\Z")
        .replace("(?<", "(?P<")
    )
    multiline = re.search(r"\(\?[a-z]*m", code) is not None
    if not multiline:
        code = re.sub(r"(\\.|\[\^?\]?(?:\\.|[^\]\\])*\])|\$", lambda one: one[1] or r"\Z", code, flags=re.DOTALL)
    try:
        found = re.compile(code, re.ASCII)
        tree = sre_parse.parse(code, re.ASCII)
    except re.error as error:
        raise EvalError(f"the regular expression is not valid: {error}") from None
    except (RecursionError, OverflowError):
        return Unknown("the regular expression can't be evaluated"), 0
    return found, _power(tree, 0)


def _power(tree, depth: int) -> int:
    """Return a bound for the exponent of the time a search takes; large for a repetition in a repetition."""
    power = 0
    for op, argument in tree:
        name = str(op)
        if name in ("MAX_REPEAT", "MIN_REPEAT"):
            least, most, inner = argument
            many = int(most) > 1 and (int(most) > 3 or int(least) != int(most))
            within = _power(inner, depth + many)
            power += (100 if many and within else 0) + within + (1 if many else 0)
        elif name == "SUBPATTERN":
            power += _power(argument[3], depth)
        elif name == "BRANCH":
            power += max(_power(one, depth) for one in argument[1]) + (1 if depth else 0)
    return power
