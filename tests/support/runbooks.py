"""Runbooks of stories, their shell blocks, and the AWS calls in these."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from restore_ready.runbook import find_file_system, write_runbook
from restore_ready.scanning._sources import Sources, read_estates

_BLOCK = re.compile(r"^```bash\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEREDOC = re.compile(r"^cat > \"\$WORK_DIR/([\w.-]+)\" <<'?(\w+)'?\n(.*?)^\2$", re.MULTILINE | re.DOTALL)
_OUTSIDE = re.compile(r"^```\w+\n.*?^```$", re.MULTILINE | re.DOTALL)
_HIDDEN = "\x1f"
_STEP = re.compile(r"bash <<'(\w+)'\n(.*)^\1\n", re.MULTILINE | re.DOTALL)
_SHARED = re.compile(r"^cat > \"\$WORK_DIR/steps\.sh\" <<'STEPS'\n(.*?)^STEPS\n", re.MULTILINE | re.DOTALL)
_SEPARATORS = "();<>|&\n"


def sources(path: Path) -> Sources:
    return read_estates([path])


def runbook(path: Path, word: str) -> str:
    return write_runbook(find_file_system(word, sources(path)))


def blocks(text: str) -> list[str]:
    return _BLOCK.findall(text)


def titled_blocks(text: str) -> list[tuple[str, str]]:
    """Give each block with the heading that it stands below."""
    found: list[tuple[str, str]] = []
    for section in re.split(r"^#{2,3} (?=[^\n]*$)", _OUTSIDE.sub(_hide, text), flags=re.MULTILINE)[1:]:
        title, _, body = section.partition("\n")
        found += ((title, block.replace(_HIDDEN, "#")) for block in blocks(body))
    return found


def _hide(block: re.Match[str]) -> str:
    return block.group().replace("#", _HIDDEN)


def scripts(text: str) -> list[str]:
    """Give what the shell of each block runs, and last what the steps share."""
    inner = [_STEP.fullmatch(block) for block in blocks(text)]
    own = [block if found is None else found[2] for block, found in zip(blocks(text), inner, strict=True)]
    shared = [found[1] for script in own for found in _SHARED.finditer(script)]
    return [*(_SHARED.sub("", script) for script in own), *shared]


def heredocs(text: str) -> list[tuple[str, str]]:
    """Give each file that a block writes from a heredoc: its name in the working folder, and its text."""
    return [(name, body) for block in scripts(text) for name, _, body in _HEREDOC.findall(block)]


@dataclass(frozen=True)
class Call:
    """One call of the AWS CLI: options to their values, in the order written."""

    service: str
    operation: str
    options: dict[str, list[str]]
    positional: list[str]

    def __str__(self) -> str:
        return f"aws {self.service} {self.operation}"


def calls(text: str) -> Iterator[Call]:
    """Give every AWS call in the shell blocks of a runbook."""
    for block in scripts(text):
        words = _words(_HEREDOC.sub("cat", block))
        for at, word in enumerate(words):
            if word == "aws":
                yield _call(words[at + 1 :])


def _words(block: str) -> list[str]:
    lines = [line for line in block.splitlines() if not line.startswith("#")]
    lexer = shlex.shlex("\n".join(lines).replace("\\\n", " "), posix=True, punctuation_chars=_SEPARATORS)
    lexer.whitespace = " \t"
    lexer.whitespace_split = True
    lexer.commenters = ""
    return list(lexer)


def _call(words: list[str]) -> Call:
    service, operation, *others = words
    options: dict[str, list[str]] = {}
    positional: list[str] = []
    values = positional
    for word in others:
        if word and set(word) <= set(_SEPARATORS):
            break
        if word.startswith("--"):
            values = options.setdefault(word.removeprefix("--"), [])
        else:
            values.append(word)
    return Call(service, operation, options, positional)
