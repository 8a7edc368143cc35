"""Whether what the variables of a root module are set to can be used, as Terraform asks before all else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import msgspec

from restore_ready.readers.terraform.configuration._bounds import process_limits
from restore_ready.readers.terraform.configuration._confines import Confines
from restore_ready.readers.terraform.configuration._files import variable_files
from restore_ready.readers.terraform.configuration._module import Module
from restore_ready.readers.terraform.configuration._shared import TOO_MUCH, Shared
from restore_ready.readers.terraform.configuration._typed import typed
from restore_ready.readers.terraform.configuration._variables import RootVariables
from restore_ready.readers.terraform.language import EvalError, Scope, TooMuchError, first_open
from restore_ready.readers.terraform.syntax import Span


class Refusal(msgspec.Struct, frozen=True):
    """Why a value that was given can't be used.

    Attributes:
        span: where it is given: in a variable file, or ``--var NAME`` or ``TF_VAR_NAME`` without a line.
        declared: where its variable is declared; ``None`` for a file that can't be read.
    """

    span: Span
    why: str
    declared: Span | None = None


class Given(msgspec.Struct, frozen=True):
    """The variables that a root module declares, and why some of the values given for them can't be used."""

    declared: frozenset[str]
    refusals: tuple[Refusal, ...]


def check_given(
    root: Path, arguments: Sequence[str | Path], environment: Mapping[str, str], *, limit_seconds: float = 60
) -> Given:
    """Return what of the *arguments* and the *environment*, as `read_root` takes them, the module at *root* refuses.

    What Terraform loads by itself is no matter of these; where it wins, they are not looked at.
    """
    with process_limits():
        shared = Shared(root, Confines(root), limit_seconds)
        declared = shared.declarations(root).variables
        variables = RootVariables(declared, Scope(Module(shared, None, {})))
        variables.read([root], arguments, environment, shared.reader)
        loaded = {str(file) for file in variable_files(root)}
        unread = (_unread(gap.span or Span.whole(gap.what), gap.why) for gap in variables.gaps)
        refusals = (*unread, *_refused(variables, shared))
        return Given(frozenset(declared), tuple(refusal for refusal in refusals if refusal.span.file not in loaded))


def _unread(span: Span, why: str) -> Refusal:
    return Refusal(span, why.removeprefix(f"line {span.line}: "))


def _refused(variables: RootVariables, shared: Shared) -> Iterator[Refusal]:
    for name, given in variables.given.items():
        block = variables.declared.get(name)
        if block is None:
            continue
        try:
            value = shared.steps.share(partial(typed, name, block, given, given.scope, ""))
            left_open = first_open(value)
            if left_open is not None:
                yield Refusal(given.expr.span, left_open.why, block.span)
        except EvalError as error:
            yield Refusal(given.expr.span, error.why, block.span)
        except (TooMuchError, RecursionError):
            yield Refusal(given.expr.span, TOO_MUCH, block.span)
