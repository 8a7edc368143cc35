"""Finds blocks and attributes in HCL text by their positions. It evaluates nothing: that is tfparse's work."""

from __future__ import annotations

import re

from msgspec import Struct, field

_TOKEN = re.compile(r'"|#|//|/\*|<<-?([A-Za-z_][\w-]*)[ \t]*\r?\n')
_IN_STRING = re.compile(r'\\.|\$\$\{|%%\{|\$\{|%\{|"|\n', re.DOTALL)
_IN_TEMPLATE = re.compile(r'"|#|//|/\*|\{|\}')
_STRUCTURE = re.compile(r"[{}()\[\]\n]")
_ATTRIBUTE = re.compile(r"[ \t]*([A-Za-z_][\w-]*)[ \t]*=(?![=>])")
_HEADER = re.compile(r'[ \t]*([A-Za-z_][\w-]*)((?:[ \t]+(?:"[^"\n]*"|[A-Za-z_][\w-]*))*)[ \t]*$')
_LABEL = re.compile(r'"([^"\n]*)"|([A-Za-z_][\w-]*)')
_DEEPEST = 200
"""Nesting beyond which text is not outlined."""


class OutlineError(ValueError):
    """The text is not the HCL that this outline understands; positions would be wrong."""


class Attribute(Struct):
    """``name = expression``: where it starts, and where its expression starts and ends, as offsets into the text."""

    name: str
    start: int
    value_start: int
    value_end: int


class HclBlock(Struct):
    """``kind "label" … { body }``: where it starts, and where its body starts and ends (at the closing brace)."""

    kind: str
    labels: tuple[str, ...]
    start: int
    body_start: int
    body_end: int = -1
    attributes: list[Attribute] = field(default_factory=list)
    blocks: list[HclBlock] = field(default_factory=list)

    def attribute(self, name: str) -> Attribute | None:
        """Give the attribute of that name, if the block has one."""
        return next((one for one in self.attributes if one.name == name), None)


def outline(text: str) -> HclBlock:
    """Return the text as one block whose body is the whole file. Time grows linearly with the text.

    Raises:
        OutlineError: if brackets or quotes don't match.
    """
    masked = mask(text)
    top = HclBlock("", (), 0, 0, len(text))
    open_blocks = [top]
    at = 0
    while at < len(masked):
        at = _statement(text, masked, at, open_blocks)
    if len(open_blocks) != 1:
        msg = "a block is not closed"
        raise OutlineError(msg)
    return top


def _statement(text: str, masked: str, at: int, open_blocks: list[HclBlock]) -> int:
    """Read one statement of a body at offset *at* and return where the next one starts."""
    found = _ATTRIBUTE.match(masked, at)
    if found:
        end = _expression_end(masked, found.end())
        open_blocks[-1].attributes.append(Attribute(found[1], found.start(1), found.end(), end))
        return end
    nearest = _STRUCTURE.search(masked, at)
    if nearest is None:
        return len(masked)
    if nearest[0] == "{":
        _open(text, at, nearest.start(), open_blocks)
    elif nearest[0] == "}":
        if len(open_blocks) == 1:
            msg = "a brace closes nothing"
            raise OutlineError(msg)
        open_blocks.pop().body_end = nearest.start()
    return nearest.end()


def _open(text: str, at: int, brace: int, open_blocks: list[HclBlock]) -> None:
    header = _HEADER.match(text[at:brace])
    if header is None or len(open_blocks) > _DEEPEST:
        msg = "a brace opens no block"
        raise OutlineError(msg)
    labels = tuple(quoted or bare for quoted, bare in _LABEL.findall(header[2]))
    block = HclBlock(header[1], labels, at + header.start(1), brace + 1)
    open_blocks[-1].blocks.append(block)
    open_blocks.append(block)


def _expression_end(masked: str, at: int) -> int:
    """Return where the expression at offset *at* ends: a line end or closing brace outside all brackets."""
    depth = 0
    for one in _STRUCTURE.finditer(masked, at):
        if one[0] in "{([":
            depth += 1
        elif depth == 0 and one[0] in "\n}":
            return one.start()
        elif one[0] in "})]":
            depth -= 1
    return len(masked)


def mask(text: str) -> str:
    """Return *text*, equally long, with comments and the insides of strings and heredocs blanked; line ends stay.

    Raises:
        OutlineError: if a string, comment or heredoc is not closed.
    """
    parts: list[str] = []
    at = 0
    while (found := _TOKEN.search(text, at)) is not None:
        parts.append(text[at : found.start()])
        end = _token_end(text, found)
        parts.append(_blank(text[found.start() : end], quoted=found[0] == '"' or found[0].startswith("<<")))
        at = end
    parts.append(text[at:])
    return "".join(parts)


def _blank(text: str, *, quoted: bool) -> str:
    """Blank a comment altogether, and a string or heredoc so that no line end of it can end an expression."""
    if quoted:
        return '"' + " " * (len(text) - 2) + '"'
    return "".join("\n" if one == "\n" else " " for one in text)


def _token_end(text: str, found: re.Match[str]) -> int:
    if found[0] == '"':
        return _string_end(text, found.end())
    if found[0] in ("#", "//"):
        end = text.find("\n", found.end())
        return len(text) if end < 0 else end
    if found[0] == "/*":
        return _after(text, "*/", found.end())
    return _heredoc_end(text, found)


def _after(text: str, what: str, at: int) -> int:
    end = text.find(what, at)
    if end < 0:
        msg = f"{what} is missing"
        raise OutlineError(msg)
    return end + len(what)


def _heredoc_end(text: str, found: re.Match[str]) -> int:
    """Return the end of the line that closes the heredoc, without its line break."""
    at = found.end()
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        if text[at:end].strip() == found[1]:
            return end
        at = end + 1
    msg = f"heredoc {found[1]} is not closed"
    raise OutlineError(msg)


def _string_end(text: str, at: int) -> int:
    """Return the offset after the closing quote, past strings in ``${…}`` in strings, however deep."""
    inside = ["string"]
    while inside:
        found = (_IN_STRING if inside[-1] == "string" else _IN_TEMPLATE).search(text, at)
        if found is None or (found[0] == "\n" and len(inside) == 1):
            msg = "a string is not closed"
            raise OutlineError(msg)
        at = (_step_in_string if inside[-1] == "string" else _step_in_template)(text, found, inside)
    return at


def _step_in_string(_: str, found: re.Match[str], inside: list[str]) -> int:
    if found[0] == '"':
        inside.pop()
    elif found[0] in ("${", "%{"):
        inside.append("template")
    return found.end()


def _step_in_template(text: str, found: re.Match[str], inside: list[str]) -> int:
    if found[0] == '"':
        inside.append("string")
    elif found[0] == "{":
        inside.append("template")
    elif found[0] == "}":
        inside.pop()
    else:
        return _token_end(text, found)
    return found.end()
