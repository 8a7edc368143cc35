"""A file of Terragrunt's, as the names and functions in it see it.

https://terragrunt.gruntwork.io/docs/reference/hcl/blocks/
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from restore_ready.readers.terraform.configuration import Gap
from restore_ready.readers.terraform.configuration._definitions import Definition, Definitions
from restore_ready.readers.terraform.configuration._files import Contents
from restore_ready.readers.terraform.configuration._memo import Memo
from restore_ready.readers.terraform.configuration._names import Space
from restore_ready.readers.terraform.language import (
    EvalError,
    Function,
    Obj,
    Scope,
    Unknown,
    Value,
    attribute,
    evaluate,
    is_null,
)
from restore_ready.readers.terraform.syntax import Attribute, Body, Span
from restore_ready.readers.terragrunt._context import Context
from restore_ready.readers.terragrunt._file import TerragruntFile
from restore_ready.readers.terragrunt._functions import FUNCTIONS, UNIT_FILE
from restore_ready.readers.terragrunt._includes import Include, includes_of
from restore_ready.readers.terragrunt._merge import both
from restore_ready.readers.terragrunt._whole import Locals, Whole

_MOCKS_MERGED: Final = ("mock_outputs_merge_strategy_with_state", "mock_outputs_merge_with_state")
"""Arguments of a dependency that may put mocks beside the outputs of a unit that is deployed."""

_VALUES: Final = "terragrunt.values.hcl"


class Config(TerragruntFile, Definitions):
    """One file, read for a unit: by the unit itself, by an ``include``, or by ``read_terragrunt_config``.

    Attributes:
        root: the folder that paths of files begin at.
        scope: what its expressions see.
    """

    address = ""

    def __init__(  # noqa: PLR0913  # one keyword for each way in which a file is read
        self,
        file: Path,
        context: Context,
        *,
        reader: Path | None = None,
        through: Include | None = None,
        known: dict[Path, Config] | None = None,
        values: Value = None,
    ) -> None:
        """Take the file, which is read when it is first asked for, the others that are *known*, and a stack's *values*.

        Where *reader* is another file, but not *through* an ``include``, it is where a stack copies this one to.
        """
        self.file, self.context, self.through = file, context, through
        self.reader = reader or file
        self.root, self.budget = file.parent, context.shared.steps.budget
        self.functions: Mapping[str, Function] = FUNCTIONS
        self.scope = Scope(self)
        self._known = {} if known is None else known
        self._values = values
        self._memo = Memo(context.shared.steps)
        self._read: Contents | None = None
        self._included: list[tuple[Include, Config | None]] | None = None
        self._locals: dict[str, Attribute] | None = None
        self._spaces: dict[str, Value] = {
            "local": Locals(self),
            "dependency": Space("dependency", self._dependency),
            "feature": Space("feature", _feature),
            "values": Space("values", self._value),
        }

    @property
    def _contents(self) -> Contents:
        if self._read is None:
            self._read = self.context.read(self.file)
        return self._read

    @property
    def body(self) -> Body:
        """What the file holds, as far as it can be read."""
        return self._contents.body

    @property
    def broken(self) -> str:
        """Why not all of it can be read, which is a gap; empty if it can."""
        why = next((gap.why for gap in self._contents.gaps), "")
        return why and f"{self.context.shown(self.file)}: {why}"

    @property
    def included(self) -> Sequence[tuple[Include, Config | None]]:
        """The includes with what they lead to, ``None`` where that can't be had, which is a gap.

        Terragrunt lets no file that is included include another.
        """
        if self._included is None:
            self._included = []  # while their paths are evaluated
            found = includes_of(self.body, self.scope, self.context, self.reader.parent)
            self._included = [] if self.through is not None else [self._with_file(include) for include in found]
        return self._included

    @property
    def includes(self) -> list[Include]:
        """The includes alone."""
        return [include for include, _ in self.included]

    @property
    def merged(self) -> list[tuple[Include, Config | None]]:
        """The includes that count for it, the one that wins over the others first."""
        return [(include, config) for include, config in reversed(self.included) if include.is_merged]

    def _with_file(self, include: Include) -> tuple[Include, Config | None]:
        config = None
        if include.file is not None:
            config = Config(include.file, self.context, reader=self.reader, through=include, known=self._known)
            if config.broken:
                return replace(include, why=config.broken), None
            if any(block.kind == "include" for block in config.body.blocks):
                why = f"{self.context.shown(include.file)} includes another file, which Terragrunt refuses"
                include, config = replace(include, why=why), None
        if config is None:
            self.context.shared.add(Gap(f"include {include.label}".rstrip(), include.why, include.span, None))
        return include, config

    def opened(self, path: str) -> Config | None:
        """Return the file of Terragrunt's at *path*, or in the folder there; ``None`` if it may or can not be read."""
        file = self._at(self.reader.parent / path)
        if not file.is_file() and self.through is None:
            file = self._at(self.file.parent / path)
        if not file.is_file() or self.readable(Path(os.path.realpath(file))):
            return None
        if file not in self._known:
            self._known[file] = Config(file, self.context, known=self._known)
        return self._known[file]

    def _at(self, path: Path) -> Path:
        file = Path(os.path.normpath(path))
        return file / UNIT_FILE if file.is_dir() else file

    def other(self, path: str) -> Value:
        """Return what ``read_terragrunt_config`` gives of a file; ``None`` if that may or can not be read."""
        config = self.opened(path)
        if config is None:
            return None
        return Unknown(config.broken) if config.broken else Whole(config)

    def readable(self, path: Path) -> str:
        """Return why the file *path*, its links resolved, may not be read; empty if it may, and is."""
        return self.context.readable(path)

    def lookup(self, name: str, span: Span | None) -> Value:
        """Return what the first part of a name stands for.

        Raises:
            EvalError: if it has no meaning here.
        """
        if name == "include":
            return self._exposed(span)
        if name not in self._spaces:
            msg = f"{name} has no meaning in a file of Terragrunt's"
            raise EvalError(msg, span)
        return self._spaces[name]

    def definition(self, kind: str, name: str, output: str) -> Definition | None:  # noqa: ARG002  # of Definitions
        """Return what ``local.name`` is defined as."""
        written = self.locals.get(name) if kind == "local" else None
        return Definition(written.expr, self.scope) if written is not None else None

    def default(self, name: str) -> Definition | None:  # noqa: ARG002  # of Definitions
        """Return nothing: there are no variables here."""
        return None

    @property
    def locals(self) -> Mapping[str, Attribute]:
        """The local values as they are written."""
        if self._locals is None:
            blocks = [block for block in self.body.blocks if block.kind == "locals"]
            self._locals = {name: given for block in blocks for name, given in block.body.attributes.items()}
        return self._locals

    def local(self, name: str, span: Span | None) -> Value:
        """Return a local value.

        Raises:
            EvalError: if there is none of that name.
        """
        written = self.locals.get(name)
        if written is None:
            msg = f"{self.context.shown(self.file)} has no local value {name}"
            raise EvalError(msg, span)
        return self._memo.value(f"local.{name}", written.span, lambda: evaluate(written.expr, self.scope))

    def own_inputs(self) -> Value:
        """Return the inputs that the file itself gives; ``None`` where it gives none."""
        written = self.body.attributes.get("inputs")
        if written is None:
            return None
        return self._memo.value("inputs", written.span, lambda: self.context.shared.value(written.expr, self.scope))

    def inputs(self) -> Value:
        """Return its inputs with those of the files that it includes; ``None`` where there are none."""
        found = self.own_inputs()
        for include, config in self.merged:
            below: Value = config.own_inputs() if config is not None else include.unknown
            found = both(below, found, deep=include.is_deep)
        return found

    def _exposed(self, span: Span | None) -> Value:
        """Return the files that may be named: by their labels, or just the one where it has none."""
        found = {include.label: _as_value(include, config) for include, config in self.included if include.exposed}
        if "" in found and len(self.included) == 1:
            return found[""]
        return Space("include", lambda label, at: _labelled(found, label, at or span))

    def _value(self, name: str, span: Span | None) -> Value:
        """Return what a stack hands to the unit, which ``terragrunt stack generate`` writes beside it."""
        if not is_null(self._values):
            return attribute(self._values, name, span)
        file = self.opened(_VALUES)
        if file is None or file.broken:
            why = f"values.{name} is handed in by a stack that is not read"
            return Unknown(why, span, f"values.{name}")
        given = file.body.attributes.get(name)
        if given is None:
            msg = f"{self.context.shown(file.file)} has no {name}"
            raise EvalError(msg, span)
        return self.context.shared.value(given.expr, file.scope)

    def _dependency(self, name: str, span: Span | None) -> Value:
        """Return what another unit is to this one: its outputs are known by name, if its module is here.

        What ``mock_outputs`` has in their place until the unit is deployed is no value of theirs.
        """
        why = f"dependency.{name} is another unit, whose outputs are known only once it is deployed"
        whole = Unknown(why, span, f"dependency.{name} of {self.reader.parent}")

        def outputs() -> Value:
            names = self._outputs(name)
            if names is None:
                return whole
            known = {output: Unknown(why, span, f"{whole.origin}.{output}") for output in names}
            return Obj({"outputs": Obj(known)}, rest=whole)

        return self._memo.value(f"dependency.{name}", span, outputs)

    def _outputs(self, name: str) -> Collection[str] | None:
        from restore_ready.readers.terragrunt._blocks import blocks_of  # noqa: PLC0415  # units name other units
        from restore_ready.readers.terragrunt._modules import outputs_of  # noqa: PLC0415  # likewise

        placed = blocks_of(self, "dependency").get(name)
        path = None if placed is None else placed.argument("config_path")
        file = self.opened(path) if isinstance(path, str) else None
        named = None if file is None else outputs_of(file)
        if placed is None or named is None or not any(placed.written(merge) for merge in _MOCKS_MERGED):
            return named
        mocked = placed.argument("mock_outputs")
        return [*named, *mocked] if isinstance(mocked, Obj) and mocked.rest is None else None


def _as_value(include: Include, config: Config | None) -> Value:
    return Whole(config) if config is not None else include.unknown


def _labelled(found: Mapping[str, Value], label: str, span: Span | None) -> Value:
    if label not in found:
        msg = f"include.{label} is not exposed"
        raise EvalError(msg, span)
    return found[label]


def _feature(name: str, span: Span | None) -> Value:
    return Unknown(f"feature.{name} is chosen when Terragrunt runs", span, f"feature.{name}")
