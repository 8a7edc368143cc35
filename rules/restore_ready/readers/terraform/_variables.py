"""What a caller sets the variables of root modules to, and whether that can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field

from restore_ready._errors import UsageError
from restore_ready._words import did_you_mean
from restore_ready.readers.terraform.configuration import Refusal, check_given


class VariableValues(Struct, frozen=True):
    """What variables are set to beside what Terraform loads by itself; a later one of these wins.

    Attributes:
        environment: where ``TF_VAR_name`` are read from. What Terraform loads by itself wins over it.
        files: variable files; the last one wins.
        values: name to text, as after Terraform's ``-var``.
    """

    environment: Mapping[str, str] = field(default_factory=dict)
    files: tuple[Path, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def arguments(self) -> tuple[str | Path, ...]:
        """They as the evaluation takes them."""
        return (*self.files, *(f"{name}={text}" for name, text in self.values.items()))


def check_values(roots: Sequence[Path], values: VariableValues) -> None:
    """Check that *roots* can be set to *values*; other variables in files and environment are passed over.

    Raises:
        UsageError: if a root refuses a value of its own, or none declares a variable of ``values.values``.
    """
    if not values.arguments and not values.environment:
        return
    declared: set[str] = set()
    for root in roots:
        given = check_given(root, values.arguments, values.environment)
        declared |= given.declared
        if given.refusals:
            raise UsageError(_said(given.refusals[0]))
    for name in values.values:
        if name not in declared:
            msg = f"--var {name}: no root module here declares variable {name}.{did_you_mean(name, declared)}"
            raise UsageError(msg if msg.endswith("?") else f"{msg} Declare it, or take the option out")


def _said(refusal: Refusal) -> str:
    where = f"{refusal.span.file}:{refusal.span.line}" if refusal.span.line else refusal.span.file
    if refusal.declared is None:
        return f"{where}: {refusal.why}: correct the variable file"
    declared = f"{refusal.declared.file}:{refusal.declared.line}"
    return f"{where}: {refusal.why}: give a value that {declared} takes"
