"""How is a value, entry or item written, added or taken out, with all else left as it is?"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Final

from msgspec import field

from restore_ready.fixes._layout import Edit, Layout
from restore_ready.fixes._node import ByHandError, Entry, Form, Node
from restore_ready.fixes._render import STEP, Value, below, block, member_key, rendered, scalar, yaml_key, yaml_text

_WIDEST: Final = 120


class Writer(Layout):
    """Gathers the edits of one text."""

    edits: list[Edit] = field(default_factory=list)

    def put(self, start: int, end: int, new: str) -> None:
        """Note an edit; line ends become those of the text."""
        self.edits.append(Edit(start, end, new.replace("\n", self.newline)))

    def replace(self, node: Node, value: Value) -> None:
        """Write *value* in the place of *node*."""
        quote = self.text[node.start : node.start + 1]
        self.put(node.start, node.end, rendered(value, node.form, self.indent(node.start), quote=quote))

    def rename(self, entry: Entry, key: str) -> None:
        """Write *key* in the place of the key of *entry*, in quotes if that had some."""
        quote = self.text[entry.start : entry.start + 1]
        self.put(entry.start, entry.key_end, f"{quote}{key}{quote}" if quote in "\"'" else key)

    def set_list(self, parent: Node, entry: Entry, values: Sequence[str]) -> None:
        """Write a list in the place of the value of *entry*, an entry of *parent*, whatever it was."""
        node = entry.value
        own = (node.items or [node])[0]
        quote = self.text[own.start : own.start + 1] if own.text is not None else ""
        indent = self.column(entry.start)
        inline = ", ".join(scalar(value, node.form, quote) for value in values)
        line = node.start - self.line_start(node.start) + len(inline)
        if parent.form is Form.BLOCK and not (node.form is Form.FLOW and node.items and line <= _WIDEST):
            lines = (f"\n{indent}{STEP}- {yaml_text(value, quote, block=True)}" for value in values)
            self.put(entry.key_end, node.end, f":{''.join(lines)}")
            return
        if line <= _WIDEST or not self.begins_line(entry.start):
            self.put(node.start, node.end, f"[{inline}]")
            return
        comma = "" if node.form is Form.JSON else ","
        lines_in = f",\n{indent}{STEP}".join(scalar(value, node.form, quote) for value in values)
        self.put(node.start, node.end, f"[\n{indent}{STEP}{lines_in}{comma}\n{indent}]")

    def set_entry(self, node: Node, key: str, value: Value) -> None:
        """Add the entry *key* to a mapping or an HCL block that lacks it.

        Raises:
            ByHandError: if the block is written on one line.
        """
        if node.form is Form.BODY:
            self._add_attribute(node, key, value)
        elif node.form is Form.BLOCK:
            last = (node.entries or [])[-1]
            indent = self.column(node.start)
            written = f"{yaml_key(key)}:{below(value, indent)}"
            self._after_line(last.end, f"{indent}{written}")
        else:
            self._add_member(node, key, value)

    def append(self, node: Node, value: Value) -> None:
        """Add an item at the end of a list."""
        items = node.items or []
        if node.form is Form.BLOCK:
            indent = self.column(node.start)
            self._after_line(items[-1].end, f"{indent}- {block(value, indent + STEP)}")
        elif not items:
            self.put(node.start, node.end, f"[{rendered(value, node.form, '')}]")
        else:
            self._append_in_brackets(node, items, value)

    def _append_in_brackets(self, node: Node, items: Sequence[Node], value: Value) -> None:
        last = items[-1]
        quote = self.text[last.start : last.start + 1] if last.text is not None else ""
        if self.is_on_one_line(node):
            new = rendered(value, node.form, "", quote=quote)
            before = node.start - self.line_start(node.start)
            if before + node.end - node.start + len(new) > _WIDEST and not self.has_comment(node):
                self._spread(node, items, value)
                return
        wide = self.is_wide(last) or (self.begins_line(last.start) and self._is_long(value, node.form, last.start))
        self._add_behind(
            node, last.start, last.end, lambda indent: rendered(value, node.form, indent, quote=quote, wide=wide)
        )

    def _spread(self, node: Node, items: Sequence[Node], value: Value) -> None:
        """Put the items of a list on lines of their own, *value* behind them."""
        indent = self.indent(node.start)
        inner = indent + STEP
        new = rendered(value, node.form, inner)
        if len(inner) + len(new) > _WIDEST:
            new = rendered(value, node.form, inner, wide=True)
        at = node.start + 1
        for item in items:
            self.put(at, item.start, f"{'' if item is items[0] else ','}\n{inner}")
            at = item.end
        comma = "" if node.form is Form.JSON else ","
        self.put(at, node.end, f",\n{inner}{new}{comma}\n{indent}]")

    def _is_long(self, value: Value, form: Form, at: int) -> bool:
        return len(self.indent(at)) + len(rendered(value, form, "")) > _WIDEST

    def append_to_single(self, node: Node, value: Value) -> None:
        """Make a list of the mapping *node* and *value*."""
        if node.form is Form.BLOCK:
            indent = self.column(node.start)
            self.put(node.start, node.start, "- ")
            at = self.text.find("\n", node.start, node.end)
            while at >= 0:
                self.put(at + 1, at + 1, STEP)
                at = self.text.find("\n", at + 1, node.end)
            self._after_line(node.end, f"{indent}- {block(value, indent + STEP)}")
            return
        indent = self.indent(node.end - 1)
        new = rendered(value, node.form, indent, wide=self.is_wide(node))
        self.put(node.start, node.start, "[")
        self.put(node.end, node.end, f", {new}]")

    def remove(self, node: Node, gone: Collection[int]) -> None:
        """Take some items, not all, out of a list, with the comments on their lines.

        Raises:
            ByHandError: if the list is laid out in an unusual way.
        """
        items = node.items or []
        kept = [item for number, item in enumerate(items) if number not in gone]
        if node.form is not Form.BLOCK and not all(self.has_own_line(item) for item in items):
            self._rebuild(node, kept)
            return
        for number in gone:
            start, end = self.whole_lines(items[number])
            self.put(start, end, "")
        last = items[-1]
        if node.form is not Form.BLOCK and kept[-1] is not last and not self.has_comma_behind(last.end):
            comma = self.text.find(",", kept[-1].end)
            self.put(comma, comma + 1, "")

    def _rebuild(self, node: Node, kept: Sequence[Node]) -> None:
        if self.has_comment(node) or self.is_wide(node):
            msg = "its list is laid out in an unusual way"
            raise ByHandError(msg)
        items = node.items or []
        before, behind = self.text[node.start : items[0].start], self.text[items[-1].end : node.end]
        listed = ", ".join(self.text[item.start : item.end] for item in kept)
        self.put(node.start, node.end, before + listed + behind)

    def remove_block(self, entry: Entry) -> None:
        """Take a nested block out, with its lines and the empty lines before it.

        Raises:
            ByHandError: if something else stands on its lines.
        """
        if not self.begins_line(entry.start) or self.text[entry.end : self.line_end(entry.end)].strip():
            msg = "its blocks are laid out in an unusual way"
            raise ByHandError(msg)
        start = self.line_start(entry.start)
        while start and not self.text[self.line_start(start - 1) : start].strip():
            start = self.line_start(start - 1)
        self.put(start, min(self.line_end(entry.end) + len(self.newline), len(self.text)), "")

    def _add_attribute(self, body: Node, key: str, value: Value) -> None:
        """Write an attribute behind the last one that stands before any nested block, or a nested block at the end."""
        entries = body.entries or []
        if "\n" not in self.text[body.start : body.end]:
            msg = "its block is written on one line"
            raise ByHandError(msg)
        first = next((number for number, entry in enumerate(entries) if entry.is_block), len(entries))
        if first:
            last = entries[first - 1]
            indent = self.column(last.start)
            self._after_line(last.end, f"{indent}{key} = {rendered(value, Form.HCL, indent)}")
        else:
            indent = self.indent(body.start) + STEP
            self._after_line(body.start + 1, f"{indent}{key} = {rendered(value, Form.HCL, indent)}")

    def add_block(self, body: Node, lines: Sequence[str], *, behind: Entry | None = None) -> None:
        """Add a nested block, given in lines, behind an entry or at the end of *body*, an empty line before it.

        Raises:
            ByHandError: if *body* is written on one line.
        """
        entries = body.entries or []
        last = behind or (entries[-1] if entries else None)
        if "\n" not in self.text[body.start : body.end] or last is None:
            msg = "its block is written on one line"
            raise ByHandError(msg)
        indent = self.column(last.start)
        written = "\n".join(f"{indent}{line}" if line else "" for line in lines)
        self._after_line(last.end, written)

    def add_top_level(self, behind: Entry, lines: Sequence[str]) -> None:
        """Add a block of its own behind another one at the outermost level."""
        self.put(behind.end, behind.end, "\n\n" + "\n".join(lines))

    def _add_member(self, node: Node, key: str, value: Value) -> None:
        entries = node.entries or []

        def written(indent: str) -> str:
            name = member_key(key, node.form, quoted=bool(entries) and self.text[entries[0].start] == '"')
            sign = " = " if node.form is Form.HCL else ": "
            return name + sign + rendered(value, node.form, indent)

        if not entries:
            self.put(node.start, node.end, f"{{{written('')}}}")
        else:
            self._add_behind(node, entries[-1].start, entries[-1].end, written)

    def _add_behind(self, node: Node, start: int, end: int, written: Callable[[str], str]) -> None:
        """Write something behind the last member of a pair of brackets, which stands from *start* to *end*."""
        if not self.begins_line(start) or "\n" not in self.text[end : node.end]:
            self.put(end, end, f", {written(self.indent(end - 1))}")
            return
        indent = self.indent(start)
        has_comma = self.has_comma_behind(end)
        comma_needed = node.form is not Form.HCL or node.items is not None
        eol = self.line_end(end)
        trailing = "," if has_comma and node.form is not Form.JSON else ""
        new = f"\n{indent}{written(indent)}{trailing}"
        if has_comma or not comma_needed:
            self.put(eol, eol, new)
        elif eol == end:
            self.put(end, end, f",{new}")
        else:
            self.put(end, end, ",")
            self.put(eol, eol, new)

    def _after_line(self, at: int, written: str) -> None:
        """Write *written* as new lines behind the line of *at*."""
        eol = self.line_end(at)
        self.put(eol, eol, f"\n{written}")
