"""What is wrong with a requirements file."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from restore_ready._errors import UsageError

_LONGEST_KEY = 120


class Problem(Struct, frozen=True, order=True):
    """One mistake in a requirements file.

    Attributes:
        line: from 1; 0 where it is about the file as a whole.
        key: such as ``backup.start_within``; empty where it is about no key.
        what: what is wrong and what to write instead.
    """

    file: str
    line: int
    key: str
    what: str

    def __str__(self) -> str:
        """Write it as ``file:line: key: what``, without characters that a terminal obeys."""
        where = f"{self.file}:{self.line}" if self.line else self.file
        said = f"{where}: {self.key[:_LONGEST_KEY]}: {self.what}" if self.key else f"{where}: {self.what}"
        return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in said)


class RequirementsError(UsageError):
    """A requirements file that can't be used, with everything that is wrong in it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Take the problems, at least one."""
        self.problems = tuple(problems)
        super().__init__("\n".join(["the requirements can't be used:", *(f"  {problem}" for problem in self.problems)]))

    @property
    def on_one_line(self) -> str:
        """The message for hosts that show one line."""
        return "the requirements can't be used: " + "; ".join(str(problem) for problem in self.problems)
