"""What stands where in YAML and JSON? Read by the marks of PyYAML's composer."""

from __future__ import annotations

from typing import Final

import yaml

from restore_ready._yaml_events import LOADER, is_deeper
from restore_ready.fixes._node import ByHandError, Entry, Form, Node

_MAX_DEPTH: Final = 100  # as CloudFormation is read; PyYAML's composer recurses in C, without a bound before 6.0.4
_STANDARD: Final = "tag:yaml.org,2002:"
_LONGEST: Final = 60


def read_yaml(text: str) -> Node:
    """Return a YAML document as a tree.

    Raises:
        ByHandError: if it is not one valid document, or nested too deep.
    """
    return _Reader(text, 0, json=False).root(text)


def read_json(text: str, offset: int = 0) -> Node:
    """Return JSON text that begins at *offset* of its file as a tree; it is read as YAML, which is a superset.

    Raises:
        ByHandError: if it is not valid, or nested too deep.
    """
    return _Reader(text, offset, json=True).root(text.replace("\t", " "))


class _Reader:
    """Turns PyYAML's nodes into ours."""

    def __init__(self, text: str, offset: int, *, json: bool) -> None:
        self._text = text
        self._offset = offset
        self._json = json
        self._seen: dict[yaml.Node, Node] = {}

    def root(self, text: str) -> Node:
        if is_deeper(text, _MAX_DEPTH):
            msg = "its file is nested too deep"
            raise ByHandError(msg)
        loader = LOADER(text.removeprefix("\ufeff"))
        self._offset += text.startswith("\ufeff")
        try:
            found = loader.get_single_node()
        except yaml.YAMLError as error:
            msg = "its file is not understood in full"
            raise ByHandError(msg) from error
        finally:
            loader.dispose()
        if found is None:
            msg = "its file is empty"
            raise ByHandError(msg)
        return self._node(found)

    def _node(self, node: yaml.Node) -> Node:
        if node in self._seen:
            self._seen[node].shared = True
            return self._seen[node]
        made = self._seen[node] = self._made(node)
        if isinstance(node, yaml.MappingNode):
            made.entries = [self._entry(key, value) for key, value in node.value]
            made.computed = made.computed or _function(made)
        elif isinstance(node, yaml.SequenceNode):
            made.items = [self._node(item) for item in node.value]
        if made.form is Form.BLOCK:
            made.end = max([made.start, *(one.end for one in (*(made.entries or ()), *(made.items or ())))])
        return made

    def _made(self, node: yaml.Node) -> Node:
        start = node.start_mark.index + self._offset
        flow = not isinstance(node, yaml.CollectionNode) or bool(node.flow_style)
        form = Form.JSON if self._json else Form.FLOW if flow else Form.BLOCK
        end = node.end_mark.index + self._offset
        end = start + len(self._text[start - self._shift : end - self._shift].rstrip())
        computed = "" if node.tag.startswith(_STANDARD) or not node.tag.strip("!") else node.tag
        text = None
        if isinstance(node, yaml.ScalarNode):
            computed = f"{node.tag} {node.value}"[:_LONGEST] if computed else ""
            text = node.value
        return Node(form, start, end, text=text, computed=computed)

    @property
    def _shift(self) -> int:
        """How far offsets are ahead of those in the text that was given."""
        return self._offset - self._text.startswith("\ufeff")

    def _entry(self, key: yaml.Node, value: yaml.Node) -> Entry:
        start, end = key.start_mark.index + self._offset, key.end_mark.index + self._offset
        return Entry(str(key.value), start, end, self._node(value))


def _function(node: Node) -> str:
    """Return the intrinsic function that a mapping is, such as ``Fn::If``; empty if it is none."""
    keys = [entry.key for entry in node.entries or ()]
    return keys[0] if len(keys) == 1 and (keys[0] == "Ref" or keys[0].startswith("Fn::")) else ""
