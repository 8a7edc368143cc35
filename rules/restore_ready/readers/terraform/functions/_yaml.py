"""YAML as Terraform reads and writes it: https://developer.hashicorp.com/terraform/language/functions/yamldecode."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

import yaml

from restore_ready.readers.terraform.functions._json_text import json_scalar
from restore_ready.readers.terraform.functions._registry import function
from restore_ready.readers.terraform.language import EvalError, LimitError, Obj, Seq, Value
from restore_ready.readers.terraform.syntax import Number, Real, normal
from restore_ready.readers.terraform.syntax._numbers import DOUBLE, number, written

_MOST_VALUES: Final = 100_000
_DEEPEST: Final = 100
_LONGEST: Final = 200_000
_DEEP: Final = re.compile(r"(?:[-?:] ){100}")
_TRUE: Final = frozenset(("true", "yes", "on", "y"))
_TAG: Final = "tag:yaml.org,2002:"
_PLAIN: Final = re.compile(r"[^\x00-\x09\x0b-\x1f\x7f\x85\u2028\u2029]*")


class _Loader(yaml.SafeLoader):
    """What tells the kinds of plain words apart as Go's reader does."""

    yaml_implicit_resolvers: Any = {}  # noqa: RUF012  # PyYAML's own attribute


def _resolves(tag: str, pattern: str, first: str) -> None:
    _Loader.add_implicit_resolver(_TAG + tag, re.compile(f"^(?:{pattern})$"), list(first))


_resolves("bool", "true|True|TRUE|on|On|ON|yes|Yes|YES|y|Y|n|N|no|No|NO|false|False|FALSE|off|Off|OFF", "tTfFyYnNoO")
_resolves("null", "~|null|Null|NULL|", "~nN\0")
_resolves("int", r"[-+]?0b[01]+|[-+]?0o[0-7]+|[-+]?0x[0-9a-fA-F]+|[-+]?[0-9]+", "-+0123456789")
_resolves("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", "-+.0123456789")
_resolves("infinite", r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)", "-+.")
_resolves("timestamp", r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]|[ \t]+)[0-9]{1,2}:.*)?", "0123456789")
_resolves("merge", "<<", "<")
_Loader.yaml_implicit_resolvers.setdefault("", []).append((_TAG + "null", re.compile("^$")))


def _int(code: str) -> int:
    digits = code.replace("+", "")
    base = {"0b": 2, "0o": 8, "0x": 16}.get(digits.lstrip("-")[:2].lower(), 10)
    return int(digits, base)


def _float(code: str) -> Number:
    return number(code, DOUBLE)


def _infinite(_code: str) -> Value:
    raise EvalError(why="a number is infinite or none")


def _timestamp(code: str) -> str:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", code):
        return f"{code}T00:00:00Z"
    if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", code):
        return code
    if re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", code):
        return code.replace(" ", "T") + "Z"
    raise LimitError(why="a time in YAML can't be evaluated")


_SCALARS: Final[dict[str, Callable[[str], Value]]] = {
    _TAG + "int": _int,
    _TAG + "float": _float,
    _TAG + "infinite": _infinite,
    _TAG + "timestamp": _timestamp,
    _TAG + "bool": lambda code: code.lower() in _TRUE,
    _TAG + "null": lambda _code: None,
    _TAG + "str": normal,
    _TAG + "merge": normal,
}


class _Reader:
    """Makes values of YAML's nodes; counts them, since one that is referred to is many."""

    def __init__(self) -> None:
        self._left = _MOST_VALUES

    def value(self, node: yaml.Node, depth: int = 0) -> Value:
        self._left -= 1
        if self._left < 0 or depth > _DEEPEST:
            raise LimitError(why="the YAML is too large or nested too deep")
        if isinstance(node, yaml.SequenceNode):
            return Seq(self.value(item, depth + 1) for item in node.value)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, depth)
        read = _SCALARS.get(node.tag)
        if read is None:
            raise LimitError(why=f"YAML of the type {node.tag} can't be evaluated")
        return read(str(node.value))

    def _mapping(self, node: yaml.MappingNode, depth: int) -> Obj:
        found = Obj()
        merged: dict[str, Value] = {}
        for key, item in node.value:
            value = self.value(item, depth + 1)
            if key.tag == _TAG + "merge":
                for part in value if isinstance(value, Seq) else [value]:
                    merged = {**(part if isinstance(part, Obj) else {}), **merged}
            else:
                found[_key(self.value(key, depth + 1))] = value
        return Obj({**merged, **found})


def _key(key: Value) -> str:
    if isinstance(key, str):
        return key
    if isinstance(key, bool):
        return "true" if key else "false"
    if isinstance(key, (int, Real)):
        return written(key)
    raise EvalError(why="a key is no string")


def _depth(code: str) -> int:
    """Return how deep brackets are nested at most, if all are meant as such."""
    depth = deepest = 0
    for bracket in re.findall(r"[\[{\]}]", code):
        depth = depth + 1 if bracket in "[{" else max(depth - 1, 0)
        deepest = max(deepest, depth)
    return deepest


@function("yamldecode", "s")
def _yamldecode(code: str) -> Value:
    if len(code) > _LONGEST or _DEEP.search(code) or _depth(code) > _DEEPEST:
        raise LimitError(why="the YAML is too large or nested too deep")
    try:
        node = yaml.compose(code, Loader=_Loader)
        if node is None:
            raise EvalError(why="it is empty")
        return _Reader().value(node)
    except RecursionError:
        raise LimitError(why="the YAML is nested too deep") from None
    except (yaml.YAMLError, ValueError):
        raise EvalError(why="it is not valid YAML") from None


@function("yamlencode", "k")
def _yamlencode(value: Value) -> Value:
    scalar = "" if isinstance(value, (Seq, Obj, str)) else "...\n"
    return "\n".join(_lines(value)) + "\n" + scalar


def _lines(value: Value) -> Iterator[str]:
    if isinstance(value, Seq) and value:
        for item in value:
            first, *others = _lines(item)
            yield "- " + first
            yield from ("  " + line if line else line for line in others)
    elif isinstance(value, Obj) and value:
        for key in sorted(value):
            yield from _pair(_quoted(key), value[key])
    elif isinstance(value, str) and "\n" in value and _PLAIN.fullmatch(value):
        yield "|" if value.endswith("\n") else "|-"
        yield from ("  " + line if line else line for line in value.removesuffix("\n").split("\n"))
    else:
        yield _scalar(value)


def _scalar(value: Value) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, (Seq, Obj)):
        return "[]" if isinstance(value, Seq) else "{}"
    return json_scalar(value)


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _pair(key: str, value: Value) -> Iterator[str]:
    first, *others = _lines(value)
    if isinstance(value, (Seq, Obj)) and value:
        yield f"{key}:"
        margin = "" if isinstance(value, Seq) else "  "
        yield from (margin + line if line else line for line in (first, *others))
    else:
        yield f"{key}: {first}"
        yield from others
