"""A template as it was written: its tree and where its resources stand."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from restore_ready.model import Place
from restore_ready.readers._marks import NO_MARKS, Marks
from restore_ready.readers._text_marks import property_marks
from restore_ready.readers.cloudformation._tree import TWICE


class Template(Struct, frozen=True):
    """A CloudFormation or SAM template, decoded but not resolved.

    Attributes:
        file: the file it came from, as it was named.
        tree: dicts, lists and scalars; YAML's short forms stand as their long forms (``{"Ref": …}``).
        twice: sections that are given more than once, of which the last is read, to its line.
        text: the file's text, where it is to tell where properties are written.
        places: logical ids, as written under ``Resources`` or in a loop there, to their lines.
    """

    file: str
    tree: Mapping[str, object]
    places: Mapping[str, Place]
    twice: Mapping[str, int] = {}
    text: str = ""

    def section(self, name: str) -> Mapping[str, object]:
        """Return a top-level section such as ``Parameters``; empty where it is absent or no mapping."""
        section = self.tree.get(name)
        return section if isinstance(section, dict) else {}

    def place(self, key: str) -> Place:
        """Return where a resource is written, or the loop it is in, or else the file."""
        return self.places.get(key) or self.places.get(key.partition("/")[0], Place(self.file))

    def marks(self, key: str) -> Marks:
        """Return where the properties of a resource are written."""
        place = self.places.get(key)
        if place is None or not self.text:
            return NO_MARKS
        name = key.rpartition("/")[2]
        return property_marks(place.file, place.line, lambda: self._lines(place), name)

    def _lines(self, place: Place) -> str:
        """Return the lines of a resource, without what stands after it on the last."""
        return "\n".join(self.text.split("\n")[place.line - 1 : place.end_line])


def has_two_types(body: Mapping[str, object]) -> bool:
    """Return whether a resource's ``Type`` is given twice."""
    kind = body.get("Type")
    return isinstance(kind, dict) and TWICE in kind


def is_template(tree: object) -> bool:
    """Return whether a decoded file is a template: it has resources, and at least one of them a type."""
    resources = tree.get("Resources") if isinstance(tree, dict) else None
    if not isinstance(resources, dict):
        return False
    return any(
        (isinstance(body, dict) and (isinstance(body.get("Type"), str) or has_two_types(body)))
        or name.startswith(("Fn::ForEach::", "Fn::Transform"))
        for name, body in resources.items()
    )


def looks_like_template(text: str) -> bool:
    """Return whether a text may be a template, without decoding it."""
    return "Resources" in text and "AWS::" in text
