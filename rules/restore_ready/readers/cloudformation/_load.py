"""Reads a template's text, YAML or JSON, into a tree that knows its lines."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from restore_ready._bounded_read import read_file, size_in_words
from restore_ready._errors import OtherKindError, UnreadableError
from restore_ready.model import Place
from restore_ready.readers.cloudformation._json import decode_json
from restore_ready.readers.cloudformation._template import Template, is_template
from restore_ready.readers.cloudformation._tree import Tree
from restore_ready.readers.cloudformation._yaml import decode_yaml

_RESOURCES: Final = "Resources"
MAX_BYTES: Final = 5 * 1024 * 1024
"""Longest text that is read: five times the 1 MB that CloudFormation accepts (its quota "Template body size")."""


def load_template(path: Path) -> Template:
    """Return the template in a file.

    Raises:
        OtherKindError: if it is no template.
        UnreadableError: if it can't be opened, is too big, is not text, not YAML or JSON.
    """
    try:
        text = read_file(path, MAX_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError(path, "is not text in UTF-8") from error
    return load_text(text, path)


def load_text(text: str, path: Path) -> Template:
    """Return a template from its text; *path* is what messages and places name.

    Raises:
        OtherKindError: if it is no template.
        UnreadableError: if it can't be read, as `load_template`.
    """
    if len(text) > MAX_BYTES:
        raise UnreadableError(path, f"is larger than {size_in_words(MAX_BYTES)}")
    tree = _decode(text, path)
    root = tree.root
    if not isinstance(root, dict) or not is_template(root):
        if _RESOURCES in tree.twice:
            raise UnreadableError(path, f"{_RESOURCES} is given twice", tree.twice[_RESOURCES])
        raise OtherKindError(path, "is no CloudFormation template: it has no Resources with a Type")
    places = {name: Place(str(path), first, last) for name, (first, last) in tree.lines.items()}
    return Template(str(path), root, places, tree.twice, text)


def _decode(text: str, path: Path) -> Tree:
    """Decode as JSON what starts like it, but let YAML in braces (comments, trailing commas) pass as well.

    Raises:
        UnreadableError: if it is neither valid JSON nor valid YAML.
    """
    if not text.lstrip().startswith("{"):
        return decode_yaml(text, path)
    try:
        return decode_json(text, path)
    except UnreadableError as error:
        if not error.line:
            raise
        try:
            return decode_yaml(text, path)
        except UnreadableError:
            raise error from None
