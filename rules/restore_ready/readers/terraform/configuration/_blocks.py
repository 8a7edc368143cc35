"""What the evaluation of a configuration gives."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from restore_ready.readers.terraform.configuration._existence import Conditions
from restore_ready.readers.terraform.configuration._gap import Gap
from restore_ready.readers.terraform.configuration._origin import origin
from restore_ready.readers.terraform.language import Obj, Scope, Seq, Unknown, Value
from restore_ready.readers.terraform.syntax import Expr, Span, names


def references_of(expr: Expr) -> list[str]:
    """Return the names that *expr* begins with, each once: ``aws_efs_file_system.data.arn``."""
    return list(dict.fromkeys(".".join(steps) for steps in names(expr)))


class AttributeValue(msgspec.Struct, frozen=True):
    """An argument as it is evaluated, and as it is written.

    Attributes:
        scope: what its names lead to.
    """

    value: Value
    span: Span
    expr: Expr
    scope: Scope

    def given(self) -> Span | None:
        """Return where its value is written, if one place says it that is not its own: a module call's argument."""
        return origin(self.expr, self.scope)

    def references(self) -> list[str]:
        """Return the names that the expression begins with, each once: ``aws_efs_file_system.data.arn``."""
        return references_of(self.expr)

    def is_nothing(self) -> bool:
        """Return whether the value is known to be null, an empty text or an empty collection."""
        value = self.value
        if isinstance(value, Seq):
            return not value and value.maybe is None
        return value is None or value == "" or (isinstance(value, Obj) and not value and value.rest is None)


class BlockBody(msgspec.Struct, frozen=True):
    """What a block holds.

    Attributes:
        span: the block as written; for dynamic content, its ``content`` block.
        blocks: the nested blocks in the order in which they are written.
        rest: why there may be other arguments and blocks; ``None`` where these are all.
        repeated: the types of its dynamic blocks, with the names in their ``for_each``.
    """

    span: Span
    attributes: dict[str, AttributeValue]
    blocks: tuple[NestedBlock, ...] = ()
    rest: Unknown | None = None
    repeated: Mapping[str, tuple[str, ...]] = {}

    def named(self, name: str) -> list[NestedBlock]:
        """Return the nested blocks of one type."""
        return [block for block in self.blocks if block.name == name]

    def emptied(self) -> dict[str, tuple[str, ...]]:
        """Return the arguments and dynamic blocks that depend on other names and come to nothing, with those names."""
        arguments = {name: tuple(given.references()) for name, given in self.attributes.items() if given.is_nothing()}
        all_read = self.repeated if self.rest is None else {}
        dynamic = {name: made_from for name, made_from in all_read.items() if not self.named(name)}
        return {name: made_from for name, made_from in {**arguments, **dynamic}.items() if made_from}


class NestedBlock(msgspec.Struct, frozen=True):
    """A block nested in another.

    Attributes:
        name: its type.
        maybe: on what it depends whether it is there, within the block around it.
        many: whether it stands for any number of blocks of which nothing else is known.
        dynamic: the dynamic block that it comes from; ``None`` for one that is written as such.
    """

    name: str
    labels: tuple[str, ...]
    body: BlockBody
    maybe: Conditions = ()
    many: bool = False
    dynamic: Span | None = None


class ProviderConfiguration(msgspec.Struct, frozen=True):
    """The settings of a provider that resources use.

    Attributes:
        address: ``module.a.provider.aws.west["x"]``.
        name: the local name: ``aws``.
        body: its arguments; ``None`` for a provider that is nowhere configured.
        why: why the configuration could not be found; empty if it was.
    """

    address: str
    name: str
    alias: str
    body: BlockBody | None
    why: str = ""


class ResourceInstance(msgspec.Struct, frozen=True):
    """One instance of a resource or data source.

    Attributes:
        address: ``module.backup.aws_backup_plan.daily["a"]``; with ``["?"]`` for any number of instances whose keys are
            not known.
        mode: ``managed`` or ``data``.
        maybe: on what its existence depends, that of its modules included; empty if it certainly exists.
        calls: the module calls from the root down to it.
    """

    address: str
    type: str
    mode: str
    body: BlockBody
    maybe: Conditions
    provider: ProviderConfiguration
    calls: tuple[Span, ...]


class UnreadModule(msgspec.Struct, frozen=True):
    """A module call of which nothing could be read.

    Attributes:
        source: what ``source`` is.
        folder: the module's folder, if it has one.
        why: why it could not be read.
        arguments: what the module is given, ``source`` and ``version`` not among them.
        calls: the module calls from the root down to it, its own the last.
    """

    address: str
    source: Value
    folder: Path | None
    why: str
    arguments: dict[str, AttributeValue]
    span: Span
    maybe: Conditions
    calls: tuple[Span, ...]


class Evaluation(msgspec.Struct, frozen=True):
    """A root module, evaluated as far as it goes.

    Attributes:
        resources: module by module, each in the order of its files.
        providers: the provider configurations, those that nothing uses included.
        modules: the module calls that could not be read.
        gaps: what else could not be read.
    """

    resources: tuple[ResourceInstance, ...]
    providers: tuple[ProviderConfiguration, ...]
    modules: tuple[UnreadModule, ...]
    gaps: tuple[Gap, ...]
