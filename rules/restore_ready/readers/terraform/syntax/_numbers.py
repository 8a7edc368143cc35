"""Numbers as Terraform has them: binary floating point of 512 bits, or of 53 where a function gives no more.

Whole numbers are ``int``, others `Real`. Terraform parses and reckons with Go's ``big.Float``:
https://pkg.go.dev/github.com/zclconf/go-cty/cty#Number.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeAlias

BITS: Final = 512
DOUBLE: Final = 53
_MOST_DIGITS: Final = 1200
_NUMBER: Final = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,9})?")


class Real(Fraction):
    """A number that is not whole, or too large for its few *bits* to be written in full."""

    __slots__ = ("bits",)
    bits: int

    @classmethod
    def of(cls, mantissa: int, halvings: int, bits: int) -> Real:
        """Return ``mantissa / 2**halvings``."""
        found = cls(mantissa, 1 << halvings)
        found.bits = bits
        return found


Number: TypeAlias = "int | Real"


def rounded(value: int | Fraction, bits: int = BITS) -> Number:
    """Return *value* rounded to *bits* binary digits, to even where two are equally near."""
    top, bottom = abs(value.numerator), value.denominator
    shift = bits + 2 - top.bit_length() + bottom.bit_length()
    if bottom == 1 and top.bit_length() <= bits:
        return value.numerator
    scaled, rest = divmod(top << max(shift, 0), bottom << max(-shift, 0))
    surplus = scaled.bit_length() - bits
    kept, cut, half = scaled >> surplus, scaled & ((1 << surplus) - 1), 1 << (surplus - 1)
    if cut > half or (cut == half and (rest or kept & 1)):
        kept += 1
    halvings = shift - surplus
    kept = -kept if value < 0 else kept
    zeros = min(max(halvings, 0), (kept & -kept).bit_length() - 1)
    kept, halvings = kept >> zeros, halvings - zeros
    if halvings <= 0 and (bits == BITS or kept.bit_length() - halvings <= bits):
        return kept << -halvings
    return Real.of(kept << max(-halvings, 0), max(halvings, 0), bits)


def double(value: float) -> Number:
    """Return a float of 53 bits as it is.

    Raises:
        OverflowError: if it is infinite.
        ValueError: if it is not a number.
    """
    return rounded(Fraction(value), DOUBLE)


def number(code: str, bits: int = BITS) -> Number:
    """Read a number.

    Raises:
        ValueError: if it is none, or too long to reckon with.
    """
    if code.isdecimal() and code.isascii() and len(code) < 100:  # noqa: PLR2004  # by far the most
        return int(code)
    if not _NUMBER.fullmatch(code) or len(code) > _MOST_DIGITS or abs(Decimal(code).adjusted()) > _MOST_DIGITS:
        raise ValueError(code)
    return rounded(Fraction(code), bits)


def bits_of(value: Number) -> int:
    """Return with how many binary digits a number reckons."""
    return value.bits if isinstance(value, Real) else BITS


def written(value: Number) -> str:
    """Write a number as Terraform does: the fewest decimal digits that give it back, and no exponent."""
    if not isinstance(value, Real):
        return _whole(value)
    digits, point = shortest(value)
    sign = "-" if value < 0 else ""
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    if point >= len(digits):
        return sign + digits + "0" * (point - len(digits))
    return f"{sign}{digits[:point]}.{digits[point:]}"


def _whole(value: int) -> str:
    if value.bit_length() <= BITS:
        return str(value)
    digits, point = shortest(value)
    return ("-" if value < 0 else "") + digits + "0" * (point - len(digits))


def shortest(value: Number) -> tuple[str, int]:
    """Return the fewest decimal digits that round back to *value*, and the place of the decimal point before them.

    As Go's ``strconv`` chooses them: https://go.dev/src/math/big/ftoa.go (``roundShortest``).
    """
    top = abs(value.numerator)
    if not top:
        return "0", 1
    bits = bits_of(value)
    grow = bits - top.bit_length()
    mantissa = top << grow if grow >= 0 else top >> -grow
    power = 1 - value.denominator.bit_length() - grow - 2
    lower = 4 * mantissa - (1 if mantissa == 1 << (bits - 1) else 2)
    scale = 1 << power if power >= 0 else 5**-power
    found = ["0" + str(part * scale) for part in (lower, 4 * mantissa, 4 * mantissa + 2)]
    width = max(map(len, found))
    digits = _distinguished(*(part.zfill(width) for part in found), inclusive=not mantissa & 1)
    point = width + min(power, 0)
    stripped = digits.lstrip("0")
    return stripped.rstrip("0"), point - (len(digits) - len(stripped))


def _distinguished(lower: str, value: str, upper: str, *, inclusive: bool) -> str:
    """Return the first digits of *value*, rounded, by which it is between both bounds."""
    low_end, high_end = len(lower.rstrip("0")), len(upper.rstrip("0"))
    for count, (low, digit, high) in enumerate(zip(lower, value, upper, strict=True), 1):
        down = low != digit or (inclusive and count == low_end)
        up = digit != high and (inclusive or int(digit) + 1 < int(high) or count < high_end)
        if down and up:
            return _nearest(value, count)
        if down:
            return value[:count]
        if up:
            return _raised(value, count)
    return value


def _nearest(value: str, count: int) -> str:
    rest = value[count:].rstrip("0")
    odd = int(value[count - 1]) % 2
    return _raised(value, count) if rest > "5" or (rest == "5" and odd) else value[:count]


def _raised(value: str, count: int) -> str:
    return str(int(value[:count]) + 1).zfill(count)
