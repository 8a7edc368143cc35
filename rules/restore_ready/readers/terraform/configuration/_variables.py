"""What the variables of a root module are set to.

https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from restore_ready.readers.terraform.configuration._definitions import Definition
from restore_ready.readers.terraform.configuration._files import Contents, Reader, variable_files
from restore_ready.readers.terraform.configuration._gap import Gap
from restore_ready.readers.terraform.language import Scope
from restore_ready.readers.terraform.syntax import Expr, Span, Written, nodes, parse_expression

_OPTION: Final = "--var"
_PREFIX: Final = "TF_VAR_"
_PLAIN_TYPES: Final = frozenset({"string", "number", "bool"})


class RootVariables:
    """Collects what the variables of a root module are set to; what comes later wins.

    Attributes:
        declared: the variables, by name.
        given: the expression of each variable that is set.
        gaps: what could not be read.
    """

    def __init__(self, declared: Mapping[str, Written], scope: Scope) -> None:
        """Begin with none; values are evaluated in *scope*, which should know no names."""
        self.declared = declared
        self._scope = scope
        self.given: dict[str, Definition] = {}
        self.gaps: list[Gap] = []

    def read(
        self,
        folders: Sequence[Path],
        arguments: Sequence[str | Path],
        environment: Mapping[str, str],
        reader: Reader,
    ) -> None:
        """Read the *environment*, the variable files of the root's *folders*, and the *arguments* in their order.

        An argument is ``name=value``, or the path of a variable file.
        """
        for name, text in environment.items():
            if name.startswith(_PREFIX):
                self._set_text(name.removeprefix(_PREFIX), text, name)
        for file in variable_files(*folders):
            self._set_all(file, reader)
        for argument in arguments:
            name, equals, text = ("", "", "") if isinstance(argument, Path) else argument.partition("=")
            if isinstance(argument, Path):
                self._set_all(argument, reader, is_given=True)
            elif equals:
                self._set_text(name.strip(), text, f"{_OPTION} {name.strip()}")
            else:
                self.gaps.append(Gap(f"{_OPTION} {name}", "it is not of the form name=value", None, ""))

    def _set_text(self, name: str, text: str, shown: str) -> None:
        block = self.declared.get(name)
        if block is not None:
            self.given[name] = Definition(_expression(text, block, shown), self._scope)

    def _set_all(self, file: Path, reader: Reader, *, is_given: bool = False) -> None:
        contents = reader.read(file, str(file), is_given=is_given)
        self.gaps += contents.gaps
        for name, why in self._hidden(contents):
            span = Span.whole(str(file))
            self.given[name] = Definition(nodes.Bad(span, f"var.{name} may be set in {file}: {why}"), self._scope)
        for name, attribute in contents.body.attributes.items():
            self.given[name] = Definition(attribute.expr, self._scope)

    def _hidden(self, contents: Contents) -> Iterator[tuple[str, str]]:
        """Give the variables that the file may set where it can't be read, and why not."""
        for gap in contents.gaps:
            for name in self.declared:
                if gap.text is None or name in gap.text:
                    yield name, gap.why


def _expression(text: str, block: Written, shown: str) -> Expr:
    """Return a value given as text: the text itself for a variable of a plain type or of none, else an expression."""
    return nodes.Literal(Span.whole(shown), text) if takes_text(block) else parse_expression(text, shown)


def takes_text(block: Written) -> bool:
    """Return whether text given for the variable is its value: it is of a plain type or of none."""
    kind = block.body.attributes.get("type")
    expr = kind.expr if kind is not None else None
    named = expr.name if isinstance(expr, nodes.Name) else getattr(expr, "value", None)
    return expr is None or named in _PLAIN_TYPES
