"""A place in a row of tokens."""

from __future__ import annotations

from restore_ready.readers.terraform.syntax._lexer import DEEPEST, Tokens, UnreadableError
from restore_ready.readers.terraform.syntax._span import Span


class Cursor:
    """Where a reader is in its tokens.

    Attributes:
        tokens: the tokens.
        at: the number of the next token.
        loose: above zero where line ends have no meaning.
        depth: how many expressions surround the next token.
    """

    __slots__ = ("at", "depth", "loose", "tokens")

    def __init__(self, tokens: Tokens, depth: int = 0) -> None:
        """Begin at the first of *tokens*."""
        self.tokens, self.depth, self.at, self.loose = tokens, depth, 0, 0

    def problem(self, why: str) -> UnreadableError:
        """Return what is wrong here, to be raised."""
        tokens = self.tokens
        if self.at < len(tokens.starts):
            return UnreadableError(tokens.starts[self.at], why)
        return UnreadableError(tokens.ends[-1] if tokens.ends else 0, why)

    def deeper(self) -> None:
        """Count one more surrounding expression.

        Raises:
            UnreadableError: if there are too many.
        """
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.problem(why="the expression is nested too deep")

    def skip(self) -> None:
        """Pass over line ends."""
        kinds = self.tokens.kinds
        while self.at < len(kinds) and kinds[self.at] == "nl":
            self.at += 1

    def kind(self, ahead: int = 0) -> str:
        """Return the kind of a token from here on, empty after the last."""
        at = self.at + ahead
        return self.tokens.kinds[at] if at < len(self.tokens.kinds) else ""

    def peek(self) -> str:
        """Return the kind of the next token that has a meaning."""
        kinds, at = self.tokens.kinds, self.at
        if self.loose:
            while at < len(kinds) and kinds[at] == "nl":
                at += 1
            self.at = at
        return kinds[at] if at < len(kinds) else ""

    def word(self) -> str:
        """Return the next identifier, empty if there is none."""
        return self.tokens.code(self.at) if self.peek() == "id" else ""

    def take(self, kind: str) -> int:
        """Pass over the next token and return its number.

        Raises:
            UnreadableError: if it is of another kind.
        """
        if self.peek() != kind:
            raise self.problem(why=f"{kind} is expected here")
        self.at += 1
        return self.at - 1

    def since(self, start: int) -> Span:
        """Return the place from the token *start* to the last one passed that is no line end."""
        tokens, last = self.tokens, self.at - 1
        while last > start and tokens.kinds[last] == "nl":
            last -= 1
        return tokens.source.span(tokens.starts[start], tokens.ends[max(start, last)])
