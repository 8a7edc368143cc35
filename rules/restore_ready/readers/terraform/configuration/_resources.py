"""Instances of resources and data sources, as expressions see them."""

from __future__ import annotations

from typing import Final

from restore_ready.model._why_open import WHOLE_RESOURCE
from restore_ready.readers.terraform.configuration._declarations import ResourceKey
from restore_ready.readers.terraform.configuration._instances import Instance
from restore_ready.readers.terraform.configuration._shared import Shared
from restore_ready.readers.terraform.language import Lazy, Obj, Ref, Unknown, Value, first_open
from restore_ready.readers.terraform.syntax import Span, Written

META: Final = frozenset({"count", "for_each", "depends_on", "provider"})
"""Arguments that every resource has: they are none of its attributes."""

_GIVEN_BY_AWS: Final = frozenset({"arn", "id"})
"""Attributes of resources that stay references, so that what refers to one can be told from what has just its name."""


class Resource(Lazy):
    """One instance of a resource or data source."""

    __slots__ = ("_done", "_shared", "address", "key", "maybe", "scope", "written")

    def __init__(self, address: str, key: ResourceKey, written: Written, instance: Instance, shared: Shared) -> None:
        """Take its full address, how it is declared, and which instance it is."""
        self.address, self.key, self.written = address, key, written
        self.scope, self.maybe = instance.scope, instance.maybe
        self._shared = shared
        self._done: dict[str, Value] = {}

    def attribute(self, name: str, span: Span | None) -> Value:
        """Return a known value as it is configured; anything else is a reference to this instance's attribute."""
        stays = name in META or (name in _GIVEN_BY_AWS and self.key.mode == "managed")
        if name in self.written.body.attributes and not stays:
            value = self.configured(name)
            if value is not None and first_open(value) is None:
                return value
        return Ref(self.address, (name,), span)

    def configured(self, name: str) -> Value:
        """Return the value of an argument of the block."""
        if name not in self._done:
            attribute = self.written.body.attributes[name]
            self._done[name] = Unknown(f"{self.address}.{name} depends on itself", attribute.span)
            self._done[name] = self._shared.value(attribute.expr, self.scope)
        return self._done[name]

    def whole(self) -> Value:
        """Return an object of which nothing is known: the attributes that AWS adds are not."""
        why = WHOLE_RESOURCE.said(what=self.address)
        return Obj({}, rest=Unknown(why, self.written.span))
