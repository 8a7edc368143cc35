"""Reads a root module and all modules that it calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from restore_ready.readers.terraform.configuration._blocks import Evaluation, ResourceInstance, UnreadModule
from restore_ready.readers.terraform.configuration._bodies import Bodies
from restore_ready.readers.terraform.configuration._bounds import process_limits
from restore_ready.readers.terraform.configuration._confines import Confines
from restore_ready.readers.terraform.configuration._definitions import Definition
from restore_ready.readers.terraform.configuration._gap import Gap
from restore_ready.readers.terraform.configuration._module import CALL_META, Call, Module
from restore_ready.readers.terraform.configuration._providers import Providers
from restore_ready.readers.terraform.configuration._resources import Resource
from restore_ready.readers.terraform.configuration._shared import Shared
from restore_ready.readers.terraform.configuration._variables import RootVariables
from restore_ready.readers.terraform.configuration._wrapped import Wrapped
from restore_ready.readers.terraform.language import Scope
from restore_ready.readers.terraform.syntax import Body, Span, Written

_PLAIN: Final = Wrapped()


def read_root(  # noqa: PLR0913  # one keyword for each thing a caller may choose
    root: Path,
    *,
    arguments: Sequence[str | Path] = (),
    environment: Mapping[str, str] | None = None,
    scanned: Path | None = None,
    linked: Path | None = None,
    limit_seconds: float = 60,
    wanted: tuple[str, ...] = ("",),
    wrapped: Wrapped = _PLAIN,
) -> Evaluation:
    """Evaluate a root module.

    Args:
        root: its folder.
        arguments: what its variables are set to, in the order of the command line: ``name=value``, or the path of a
            variable file.
        environment: where ``TF_VAR_name`` are read from; from nowhere without it.
        scanned: the folder that may be read where there is no repository around *root*.
        linked: another folder that may be read, such as one that links in the first lead into.
        limit_seconds: after which no more expressions are evaluated; a gap says so.
        wanted: how the types begin of the resources and data sources to return.
        wrapped: what a tool around Terraform adds.

    Returns:
        What it deploys, as far as that is known, and what could not be read.
    """
    with process_limits():
        confines = Confines(root, scanned, linked)
        if wrapped.folder is not None:
            confines.admit(wrapped.folder.resolve())
        shared = Shared(root, confines, limit_seconds, wrapped.generated)
        return _Reading(shared, wanted, wrapped).read(arguments, environment or {})


class _Reading:
    """One evaluation of a root module."""

    def __init__(self, shared: Shared, wanted: tuple[str, ...], wrapped: Wrapped) -> None:
        self._shared = shared
        self._wrapped = wrapped
        self._wanted = wanted
        self._providers = Providers()
        self._resources: list[ResourceInstance] = []
        self._unread: list[UnreadModule] = []

    def read(self, arguments: Sequence[str | Path], environment: Mapping[str, str]) -> Evaluation:
        shared = self._shared
        declared = shared.declarations(shared.root)
        given: dict[str, Definition] = {}
        root = Module(shared, declared, given, address=self._wrapped.address)
        variables = self._variables(declared.variables, arguments, environment)
        given.update(variables.given)
        for gap in variables.gaps:
            shared.add(gap)
        self._modules(root)
        if shared.steps.is_late:
            shared.add(Gap(str(shared.root), "not all of it was evaluated within the time there was", None, None))
        gaps = tuple(shared.gaps.values())
        return Evaluation(tuple(self._resources), self._providers.all(), tuple(self._unread), gaps)

    def _variables(
        self, declared: Mapping[str, Written], arguments: Sequence[str | Path], environment: Mapping[str, str]
    ) -> RootVariables:
        shared, wrapped = self._shared, self._wrapped
        variables = RootVariables(declared, Scope(Module(shared, None, {})))
        for name, block in declared.items():
            if (given := wrapped.inputs(name, block)) is not None:
                variables.given[name] = given
        folders = [shared.root, *([wrapped.folder] if wrapped.folder is not None else [])]
        environment = {**environment, **wrapped.environment}
        variables.read(folders, (*wrapped.arguments, *arguments), environment, shared.reader)
        if wrapped.instead is not None:
            variables.given = dict.fromkeys(declared, wrapped.instead)
        return variables

    def _modules(self, root: Module) -> None:
        """Read the root first, then the modules that it calls, each before those that it calls in turn."""
        todo = [root]
        while todo:
            module = todo.pop()
            if module.declared is None:
                if module.call is not None:
                    self._unread.append(self._unread_module(module, module.call))
                continue
            self._providers.declared(module)
            calls = _calls(module)
            for key in module.declared.resources:
                if key.mode != "ephemeral" and key.type.startswith(self._wanted):
                    self._resources += (self._resource(module, found, calls) for _, found in module.instances(key))
            children = [child for name in module.declared.modules for _, child in module.called(name)]
            todo.extend(reversed(children))

    def _resource(self, module: Module, resource: Resource, calls: tuple[Span, ...]) -> ResourceInstance:
        body = Bodies(self._shared, resource.address).resource(resource)
        provider = self._providers.of_resource(module, resource)
        key = resource.key
        return ResourceInstance(resource.address, key.type, key.mode, body, resource.maybe, provider, calls)

    def _unread_module(self, module: Module, call: Call) -> UnreadModule:
        given = Body({name: one for name, one in call.block.body.attributes.items() if name not in CALL_META}, [])
        arguments = Bodies(self._shared, module.address).attributes(given, call.instance.scope)
        found, span = call.found, call.block.span
        return UnreadModule(
            module.address, call.source, found.folder, found.why, arguments, span, module.maybe, _calls(module)
        )


def _calls(module: Module) -> tuple[Span, ...]:
    spans: list[Span] = []
    call = module.call
    while call is not None:
        spans.append(call.block.span)
        call = call.parent.call
    return tuple(reversed(spans))
