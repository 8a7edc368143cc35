"""Nodes of HCL: what each says and where it stands, and what is left to people because it can't be read."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.paths import FIXTURES

from restore_ready.fixes._hcl import read_hcl
from restore_ready.fixes._node import ByHandError, Entry, Form, Node, literal, mapping
from restore_ready.fixes._render import rendered

CONFIGURATIONS = sorted(FIXTURES.rglob("*.tf"))


def entry(node: Node, key: str) -> Entry:
    found = node.entry(key)
    assert found is not None
    return found


def value(node: Node, key: str) -> Node:
    return entry(node, key).value


def children(node: Node) -> Iterator[Node]:
    yield from (member.value for member in node.entries or ())
    yield from node.items or ()
    if node.argument is not None:
        yield node.argument


def shape(node: Node, start: int) -> object:
    """Return all that a node says, its offsets counted from *start*."""
    members = [
        (member.key, member.start - start, member.key_end - start, member.is_block) for member in node.entries or ()
    ]
    content = node.content and (node.content[0] - start, node.content[1] - start)
    inner = [shape(child, start) for child in children(node)]
    return (node.start - start, node.end - start, node.text, node.computed, node.labels, content, members, inner)


def assert_alone_as_within(node: Node, text: str) -> None:
    """Each value, cut out at its offsets, is the same value when it is read alone; each block has its braces."""
    if node.form is Form.BODY:
        for member in node.entries or ():
            assert text[member.start : member.key_end].strip('"') == member.key
            if not member.is_block:
                assert text[member.key_end : member.value.start].strip() == "="
            elif not node.unread:
                assert (text[member.value.start], text[member.end - 1]) == ("{", "}")
            assert_alone_as_within(member.value, text)
        return
    alone = "x = " + text[node.start : node.end] + "\n"
    assert shape(value(read_hcl(alone), "x"), len("x = ")) == shape(node, node.start)


@pytest.mark.parametrize("path", CONFIGURATIONS, ids=lambda path: path.parent.relative_to(FIXTURES).as_posix())
def test_every_value_stands_where_its_node_says(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    root = read_hcl(text)
    assert root.entries
    assert_alone_as_within(root, text)


GAPS = st.sampled_from(["", " ", "\t", "/* } \u591c */", "  "])
KEYS = st.sampled_from(["name", "start_window", "for", "\u00e9t\u00e9", "a-b", "_x"])
WORDS = st.sampled_from(
    [
        '"night"', '"\u591c \U0001f319"', r'"a\"b\\"', '"$${x}"', "480", "1.5e3", "true", "null", '""', '"${var.x}-y"',
        'var.on ? "a" : "b"', "-x[0].y", "f(1, 2)", "(3)", '[for x in y : "${x}"]', "{ for k, v in y : k => v... }",
        '<<EOT\n  {"a": "${b}"}\n  EOT', "<<-E\n\u591c\nE", "a.*.b", "x[*].y", '"%{ if x }}%{ endif }"',
    ]
)  # fmt: skip


def _list(items: list[str], gap: str, *, wide: bool) -> str:
    wide = wide or any("<<" in item for item in items)
    between = f"{gap}\n  " if wide else gap
    return "[" + between + "".join(f"{item}{between},{between}" for item in items) + "]"


def _mapping(members: list[tuple[str, str]], gap: str, sign: str) -> str:
    return "{" + gap + "\n" + "".join(f"  {key}{gap}{sign}{gap}{item}\n" for key, item in members) + "}"


EXPRESSIONS = st.recursive(
    WORDS,
    lambda inner: (
        st.builds(_list, st.lists(inner, max_size=2), GAPS, wide=st.booleans())
        | st.builds(_mapping, st.lists(st.tuples(KEYS, inner), max_size=2), GAPS, st.sampled_from("=:"))
        | inner.map("jsonencode({}\n)".format)
    ),
    max_leaves=4,
)


@st.composite
def configurations(draw: st.DrawFn) -> tuple[str, list[tuple[str, str]]]:
    """Return a block in an odd layout, and what is written in it: each key with its value."""
    written = draw(st.lists(st.tuples(KEYS, EXPRESSIONS), max_size=3, unique_by=lambda pair: pair[0]))
    parts = ["# \U0001f319 note\n", draw(GAPS), 'resource "aws_x"', draw(GAPS), '"y" {', draw(GAPS), "\n"]
    for key, expression in written:
        gap = draw(GAPS)
        behind = "" if expression[-1] in "TE" else draw(st.sampled_from(["", " # note", " // }", "\t"]))
        parts += [draw(GAPS), key, gap, "=", draw(GAPS), expression, behind, draw(st.sampled_from(["\n", "\n\n \n"]))]
    return "".join((*parts, "}", draw(st.sampled_from(["", "\n", " # end"])))), written


@settings(suppress_health_check=[HealthCheck.too_slow])  # on a busy machine
@given(configurations(), st.sampled_from(["", "\ufeff"]), st.sampled_from(["\n", "\r\n"]))
def test_what_is_written_is_found_at_its_offsets(
    configuration: tuple[str, list[tuple[str, str]]], mark: str, end: str
) -> None:
    text = mark + configuration[0].replace("\n", end)
    written = [(key, expression.replace("\n", end)) for key, expression in configuration[1]]
    block = value(read_hcl(text), "resource")
    assert block.labels == ("aws_x", "y")
    found = [(member.key, text[member.value.start : member.value.end]) for member in block.entries or ()]
    assert found == written
    assert all(text[member.start : member.key_end] == member.key for member in block.entries or ())
    assert (text[block.start], text[block.end - 1]) == ("{", "}")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_a_text_that_is_written_is_read_again(text: str) -> None:
    found = value(read_hcl(f"x = {rendered(text, Form.HCL, '')}"), "x")
    assert found.text == unicodedata.normalize("NFC", text)


def test_attributes_and_nested_blocks_come_in_their_order() -> None:
    root = read_hcl('a "b" c {\n  x = 1\n  y {}\n  z = 2\n  y { w = 3 }\n}\n')
    block = entry(root, "a")
    assert [member.key for member in block.value.entries or ()] == ["x", "y", "z", "y"]
    assert block.value.labels == ("b", "c")
    assert [member.is_block for member in block.value.entries or ()] == [False, True, False, True]


def test_literals_are_read_without_their_escapes() -> None:
    root = read_hcl('a = "x\\ty"\nb = "$${c}"\nd = 1.50\ne = { "f g" = null, (h) = 1 }\n')
    assert value(root, "a").text == "x\ty"
    assert value(root, "b").text == "${c}"
    assert value(root, "d").text == "1.50"
    assert [member.key for member in value(root, "e").entries or ()] == ["f g", "(h)"]


def test_what_is_computed_says_from_what() -> None:
    root = read_hcl(f'a = jsonencode(\n  [1]\n)\nb = f(x...)\nc = "${{var.x}}"\nd = [{"x + " * 30}x]\n')
    a, b, c = (value(root, name) for name in "abc")
    assert (a.computed, a.argument and a.argument.items and a.argument.items[0].text) == ("jsonencode( [1] )", "1")
    assert (b.computed, b.argument) == ("f(x...)", None)
    assert c.computed == '"${var.x}"'
    assert (value(root, "d").items or [])[0].computed == "x + " * 15 + "…"
    with pytest.raises(ByHandError, match=r"its value comes from f\(x\.\.\.\)"):
        literal(b)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_heredoc_knows_its_text_and_ends_at_its_mark(end: str) -> None:
    text = end.join(["a {", "  b = <<-EOT", '    {"c": 1}', "  EOT  ", "  d = 1", "}"])
    node = value(value(read_hcl(text), "a"), "b")
    assert node.content is not None
    assert text[slice(*node.content)].strip() == '{"c": 1}'
    assert text[: node.end].endswith("  EOT")


def test_a_name_that_is_given_twice_is_left_alone() -> None:
    block = value(read_hcl("a {\n  x = 1\n  y = 2\n  x = 3\n}\n"), "a")
    assert value(block, "y").text == "2"
    with pytest.raises(ByHandError, match="x is given more than once"):
        block.entry("x")


def test_a_value_that_can_not_be_read_is_left_alone_and_its_neighbours_are_not() -> None:
    text = "a {\n  x = 1 +\n  y = [2]\n}\n"
    block = value(read_hcl(text), "a")
    unread = value(block, "x")
    assert text[unread.start : unread.end] == "1 +"
    for reads in (literal, mapping):
        with pytest.raises(ByHandError, match="line 2 of its file is not understood: a value is expected here"):
            reads(unread)
    assert value(block, "y").items


def test_a_block_that_can_not_be_read_is_left_alone_and_its_neighbours_are_not() -> None:
    text = "a {\n  b {\n    = 1\n  }\n  c = 2\n}\n"
    block = value(read_hcl(text), "a")
    assert value(block, "c").text == "2"
    unread = value(block, "b")
    assert text[unread.start : unread.end] == "{\n    = 1\n  }"
    with pytest.raises(ByHandError, match="line 3 of its file is not understood"):
        unread.entry("x")


def test_a_file_whose_brackets_do_not_match_is_left_alone() -> None:
    with pytest.raises(ByHandError, match="line 3 of its file is not understood: a bracket is not closed"):
        read_hcl("a {}\n\nb {\n")
