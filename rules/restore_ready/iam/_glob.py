"""Does an IAM pattern match a value, where either may be partly unknown?

A pattern is run as a set of positions kept in one integer, so that time grows with the length of the value times the
length of the pattern over the machine's word, whatever the wildcards.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Final, TypeAlias

from restore_ready.model import Ref, Str, Text, Truth, Unresolved, unresolved_reason

LONGEST: Final = 20_480
"""Characters; longer than any policy AWS stores, so nothing longer is compared."""

_VARIABLE: Final = re.compile(r"\$\{([^{}]*)\}")
_ESCAPES: Final = frozenset("*?$")


class _Sign(Enum):
    """What stands in a pattern or value beside plain characters."""

    MANY = "*"
    ONE = "?"
    OPEN = "unknown"


_Token: TypeAlias = str | Ref | _Sign
_SIGNS: Final = {"*": _Sign.MANY, "?": _Sign.ONE}


def matches(pattern: Str, value: Str, *, fold_case: bool = False) -> Truth:
    """Return whether the IAM pattern (``*``, ``?``) matches *value*.

    ``True`` and ``False`` hold whatever the unknown parts turn out to be. Policy variables in the pattern are unknown
    parts; ``${*}``, ``${?}`` and ``${$}`` are those characters themselves.
    """
    return _compare(pattern, value, fold_case=fold_case, wild=True)


def matches_arn(pattern: Str, arn: Str) -> Truth:
    """Return what `matches` does, where unknown parts of the value are names or ids in an ARN, which hold no colon."""
    return _compare(pattern, arn, fold_case=False, wild=True, never=":")


def equals(expected: Str, value: Str, *, fold_case: bool = False) -> Truth:
    """Return whether *value* is *expected*: ``*`` and ``?`` are plain characters in it, but policy variables count."""
    return _compare(expected, value, fold_case=fold_case, wild=False)


def _compare(pattern: Str, value: Str, *, fold_case: bool, wild: bool, never: str = "") -> Truth:
    if wild and pattern == "*":
        return True
    if isinstance(pattern, str) and isinstance(value, str):
        quick = _compare_plain(pattern, value, fold_case=fold_case, wild=wild)
        if quick is not None:
            return quick
    left, right = _pattern_tokens(pattern, fold_case=fold_case, wild=wild), _value_tokens(value, fold_case=fold_case)
    if max(len(left), len(right)) > LONGEST:
        return Unresolved(f"longer than the {LONGEST} characters that are compared")
    if not _may_match(left, right, never):
        return False
    if _must_match(left, right):
        return True
    return Unresolved(unresolved_reason(pattern) or unresolved_reason(value) or "a policy variable decides it")


def _compare_plain(pattern: str, value: str, *, fold_case: bool, wild: bool) -> bool | None:
    """Answer what needs no search; ``None`` where wildcards or variables have to be tried."""
    if fold_case:
        pattern, value = pattern.lower(), value.lower()
    special = min((at for at in map(pattern.find, "*?$" if wild else "$") if at >= 0), default=-1)
    if special < 0:
        return pattern == value
    if not value.startswith(pattern[:special]):
        return False
    return _fits_between_asterisks(pattern, value) if wild and not set("?$") & set(pattern) else None


def _fits_between_asterisks(pattern: str, value: str) -> bool:
    """Match a pattern whose only sign is ``*``: each piece is taken where it first occurs after the one before."""
    first, *middle, last = pattern.split("*")
    position, end = len(first), len(value) - len(last)
    if not value.endswith(last):
        return False
    for piece in middle:
        found = value.find(piece, position, max(end, 0))
        if found < 0:
            return False
        position = found + len(piece)
    return position <= end


def _pattern_tokens(pattern: Str, *, fold_case: bool, wild: bool) -> list[_Token]:
    tokens: list[_Token] = []
    for part in pattern.parts if isinstance(pattern, Text) else (pattern,):
        if isinstance(part, str):
            tokens += _string_tokens(part.lower() if fold_case else part, wild=wild)
        else:
            tokens.append(part if isinstance(part, Ref) else _Sign.OPEN)
    return tokens


def _string_tokens(text: str, *, wild: bool) -> list[_Token]:
    tokens: list[_Token] = []
    position = 0
    for found in _VARIABLE.finditer(text):
        tokens += _wildcards(text[position : found.start()], wild=wild)
        tokens.append(found[1] if found[1] in _ESCAPES else _Sign.OPEN)
        position = found.end()
    return tokens + _wildcards(text[position:], wild=wild)


def _wildcards(text: str, *, wild: bool) -> list[_Token]:
    return [_SIGNS.get(letter, letter) for letter in text] if wild else list(text)


def _value_tokens(value: Str, *, fold_case: bool) -> list[_Token]:
    tokens: list[_Token] = []
    for part in value.parts if isinstance(value, Text) else (value,):
        if isinstance(part, str):
            tokens += part.lower() if fold_case else part
        else:
            tokens.append(part if isinstance(part, Ref) else _Sign.OPEN)
    return tokens


def _may_match(pattern: list[_Token], value: list[_Token], never: str) -> bool:
    """Return whether some choice of the unknown parts matches: any text, but in the value without *never*."""
    machine = _Machine([token if isinstance(token, str) or token is _Sign.ONE else _Sign.MANY for token in pattern])
    for token in value:
        if isinstance(token, str):
            machine.read(token)
        else:
            machine.read_anything(never)
    return machine.done()


def _must_match(pattern: list[_Token], value: list[_Token]) -> bool:
    """Return whether every choice of the unknown parts matches: only ``*`` takes in what is unknown.

    Two references to the same thing are the same text.
    """
    if _Sign.OPEN in pattern:
        return False
    machine = _Machine(pattern)
    for token in value:
        machine.read(token)
    return machine.done()


class _Machine:
    """A pattern being matched: bit *n* is set while its first *n* tokens can have taken in what was read so far."""

    def __init__(self, tokens: list[_Token]) -> None:
        """Compile *tokens*; runs of ``*`` count as one."""
        kept = [token for n, token in enumerate(tokens) if token is not _Sign.MANY or tokens[n - 1 : n] != [token]]
        self._end = len(kept)
        self._at: dict[_Token, int] = {}
        for position, token in enumerate(kept):
            self._at[token] = self._at.get(token, 0) | 1 << position
        self._many = self._at.get(_Sign.MANY, 0)
        self._one = self._at.get(_Sign.ONE, 0)
        self._reached = self._past_many(1)

    def _past_many(self, reached: int) -> int:
        return reached | (reached & self._many) << 1

    def read(self, token: _Token) -> None:
        """Take in one character, reference or unknown part of the value."""
        takers = 0 if isinstance(token, _Sign) else self._at.get(token, 0)
        if isinstance(token, str):
            takers |= self._one
        self._reached = self._past_many((self._reached & takers) << 1 | self._reached & self._many)

    def read_anything(self, never: str) -> None:
        """Take in a text that may be whatever suits but for one character: all is reached up to where that is needed.

        Adding the reached bits to the run of passable ones makes a carry run to the end of each run.
        """
        passable = (1 << self._end) - 1 & ~self._at.get(never, 0)
        carried = ((self._reached & passable) + passable) ^ passable
        self._reached = self._past_many(self._reached | carried)

    def done(self) -> bool:
        """Return whether the whole pattern can have been used up."""
        return bool(self._reached >> self._end & 1)
