"""JSON has the layout that the standard library gives it, whatever stands in it, half surrogate pairs too."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from restore_ready._json_text import json_text

TEXTS = st.text(st.characters(codec=None, categories=None))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=8,
)


@pytest.mark.thorough
@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("indent", [0, 2])
@given(value=VALUES)
def test_it_is_what_the_standard_library_writes(value: object, *, indent: int, ascii_only: bool) -> None:
    expected = json.dumps(value, indent=indent or None, ensure_ascii=ascii_only)
    assert json_text(value, indent=indent, ascii_only=ascii_only) == expected


class Record(Struct):
    name: str
    number: int = 1


@pytest.mark.parametrize("name", ["v", "ü\x7f", "\udc80"])
def test_records_are_objects_with_their_fields_in_order(name: str) -> None:
    assert json_text({"record": Record(name)}) == json.dumps({"record": {"name": name, "number": 1}})
