"""Which exceptions does the ``Metadata`` of a CloudFormation template, or of a resource in it, speak of?

As restore-ready has them, as cfn-lint has (https://github.com/aws-cloudformation/cfn-lint#metadata), and as Checkov has
(https://www.checkov.io/2.Basics/Suppressing%20and%20Skipping%20Policies.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import yaml

from restore_ready._yaml_events import LOADER, is_deeper
from restore_ready.requirements._noted import Noted

_DEEPEST: Final = 100
_CFN_LINT_CODE: Final = re.compile(r"[EWI](RR[0-9]{3})")


def noted_in(text: str) -> Iterator[Noted]:
    """Yield the exceptions in the ``Metadata`` of the template *text*; none where it can't be read."""
    if "Metadata" not in text or is_deeper(text, _DEEPEST):
        return
    try:
        root = yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError:
        return
    lines = text.split("\n")
    yield from _of_bearer(root, lines, whole=True)
    for resource in _members(_members(root).get("Resources")).values():
        yield from _of_bearer(resource, lines, whole=False)


def _of_bearer(bearer: yaml.Node | None, lines: list[str], *, whole: bool) -> Iterator[Noted]:
    metadata = _members(_members(bearer).get("Metadata"))
    for entry in _items(_members(metadata.get("restore-ready")).get("ignore")):
        said = {name: _text(value) for name, value in _members(entry).items()}
        rule = said.get("rule", "") if said else _text(entry)
        yield Noted(rule, said.get("reason", ""), said.get("until", ""), _line(entry), whole)
    for tool in ("checkov", "bridgecrew"):
        for entry in _items(_members(metadata.get(tool)).get("skip")):
            said = {name: _text(value) for name, value in _members(entry).items()}
            if said.get("id", "").startswith("RR"):
                yield Noted(said["id"], said.get("comment", ""), "", _line(entry), whole)
    config = _members(_members(metadata.get("cfn-lint")).get("config"))
    for entry in _items(config.get("ignore_checks")):
        code = _CFN_LINT_CODE.fullmatch(_text(entry))
        if code:
            yield Noted(code[1], _comment_after(entry, lines), "", _line(entry), whole)


def _comment_after(entry: yaml.Node, lines: list[str]) -> str:
    """Return the comment at the end of an entry's line: the only place for a reason that cfn-lint leaves."""
    rest = lines[entry.end_mark.line][entry.end_mark.column :]
    return rest.partition(" #")[2].strip()


def _members(node: yaml.Node | None) -> Mapping[str, yaml.Node]:
    pairs: Any = node.value if isinstance(node, yaml.MappingNode) else ()
    return {_text(key): value for key, value in pairs}


def _items(node: yaml.Node | None) -> list[yaml.Node]:
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _text(node: yaml.Node) -> str:
    return str(node.value).strip() if isinstance(node, yaml.ScalarNode) else ""


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
