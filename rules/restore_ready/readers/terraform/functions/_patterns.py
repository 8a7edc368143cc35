"""Go's regular expressions as Python's, as far as that is safe: Python's can take for ever.

https://github.com/google/re2/wiki/Syntax
"""

from __future__ import annotations

import re
import warnings
from functools import lru_cache
from typing import Any, Final

from restore_ready.readers.terraform.language import EvalError, Unknown

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import sre_parse

_POSIX: Final = {
    "alpha": "a-zA-Z",
    "digit": "0-9",
    "alnum": "0-9a-zA-Z",
    "upper": "A-Z",
    "lower": "a-z",
    "space": r"\s",
    "word": r"\w",
    "xdigit": "0-9a-fA-F",
    "punct": r"!-/:-@\[-`{-~",
    "blank": r" \t",
}
_OTHERWISE: Final = re.compile(r"\\[pPQEC]|\(\?[a-zA-Z]*U|\\x\{|\[\[:\^|\(\?P?<?\w*>?\(\?[a-z]|(?<!^)\(\?[a-z]+\)")
"""What means something else in Python, or nothing."""
_REFUSED: Final = re.compile(r"\(\?[=!]|\(\?<[=!]|\\[1-9]|\(\?P=|\(\?#|\(\?\(|[*+?}]\+|\(\?>|\\Z")
"""What Python knows and Go refuses."""
_DOLLAR: Final = re.compile(r"(\\.|\[\^?\]?(?:\\.|[^\]\\])*\])|\$", re.DOTALL)
_LONGEST: Final = 2000
_STEEPEST: Final = 8
_WORK: Final = 20_000_000
_FEW: Final = 3
_NESTED: Final = 100


def compiled(pattern: str, whole: str) -> re.Pattern[str] | Unknown:
    """Return the pattern ready for use on *whole*, unknown if that may take too long or is not supported.

    Raises:
        EvalError: if it is not valid.
    """
    found, power = _compiled(pattern)
    if isinstance(found, Unknown):
        return found
    if power > _STEEPEST or (len(whole) + 1) ** max(power, 1) > _WORK:
        return Unknown("the regular expression may take too long on this text")
    return found


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> tuple[re.Pattern[str] | Unknown, int]:
    plain = re.sub(r"\\\\", "", pattern)
    if len(pattern) > _LONGEST or _OTHERWISE.search(plain):
        return Unknown("the regular expression can't be evaluated"), 0
    if _REFUSED.search(plain):
        raise EvalError(why="the regular expression is not valid")
    code = re.sub(r"\[:(\w+):\]", lambda found: _POSIX.get(found[1], found[0]), pattern)
    code = code.replace(r"\z", r"\Z").replace("(?<", "(?P<")
    if not re.search(r"\(\?[a-z]*m", code):
        code = _DOLLAR.sub(lambda found: found[1] or r"\Z", code)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return re.compile(code, re.ASCII), _power(sre_parse.parse(code, re.ASCII), 0)
    except re.error as error:
        raise EvalError(why=f"the regular expression is not valid: {error}") from None
    except (RecursionError, OverflowError, Warning):
        return Unknown("the regular expression can't be evaluated"), 0


def _power(tree: Any, depth: int) -> int:  # noqa: ANN401  # a tree of the standard library's own kind
    """Return a bound for the exponent of the time a search takes; large for a repetition in a repetition."""
    power = 0
    for op, argument in tree:
        name = str(op)
        if name in ("MAX_REPEAT", "MIN_REPEAT"):
            least, most, inner = argument
            many = int(most) > 1 and (int(most) > _FEW or int(least) != int(most))
            within = _power(inner, depth + many)
            power += (_NESTED if many and within else 0) + within + many
        elif name == "SUBPATTERN":
            power += _power(argument[3], depth)
        elif name == "BRANCH":
            power += max(_power(branch, depth) for branch in argument[1]) + (1 if depth else 0)
    return power
