"""Which file of which folder is Checkov scanning? It does not tell its checks.

A check gets the name of a file relative to a folder it is not told, `.tf.json` files without a graph, and in threads
(macOS, Windows) the graph of whichever framework came last. The runners' own methods know it all, so they are wrapped
to note it, per thread, before they put a resource to the checks.
"""

from __future__ import annotations

import functools
import inspect
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from checkov.cloudformation.runner import Runner as CloudFormationRunner
from checkov.terraform.plan_runner import Runner as PlanRunner
from checkov.terraform.runner import Runner as TerraformRunner
from checkov.terraform_json.runner import TerraformJsonRunner
from msgspec import Struct

from restore_ready.catalog._finder import all_rules
from restore_ready.hosts._checkov_loops import report_loops
from restore_ready.hosts._store import Roots, Verdicts, plan_verdicts, template_verdicts


class Entity(Struct, frozen=True):
    """A resource as Checkov hands it to a check.

    Attributes:
        file: its name relative to the scanned folder, with ``/`` before it.
        conf: Terraform's has ``__address__``, but not from ``.tf.json``.
    """

    file: str
    type: str
    name: str
    conf: Mapping[str, Any]

    @property
    def address(self) -> str:
        """Its Terraform address, or logical id."""
        if "::" in self.type:
            return self.name
        return str(self.conf.get("__address__") or f"{self.type}.{self.name}")


Look = Callable[[Entity], Verdicts]
Arguments = Mapping[str, Any]


class _Now(threading.local):
    look: Look | None = None


_now = _Now()


def look_up(entity: Entity) -> Verdicts | None:
    """Return the verdicts on the source of *entity*; ``None`` in a framework that is not read."""
    return None if _now.look is None else _now.look(entity)


def install() -> None:
    """Wrap the runners' methods.

    Raises:
        TypeError: if this version of Checkov calls them otherwise.
    """
    _note(TerraformRunner, "run_block", ("self", "full_file_path", "root_folder"), _in_terraform)
    _note(TerraformJsonRunner, "run_block", ("self", "full_file_path", "root_folder"), _in_terraform)
    _note(PlanRunner, "run_block", ("full_file_path", "root_folder"), _in_plan)
    needed = ("self", "root_folder", "runner_filter", "report")
    _note(CloudFormationRunner, "check_definitions", needed, _in_cloudformation, report_loops)


def _note(
    runner: type,
    method: str,
    needed: Iterable[str],
    see: Callable[[Arguments], Look],
    afterwards: Callable[[Arguments], None] = lambda _: None,
) -> None:
    original = getattr(runner, method)
    signature = inspect.signature(original)
    missing = [name for name in needed if name not in signature.parameters]
    if missing:
        msg = f"{runner.__module__}.{method} of this Checkov has no {', '.join(missing)}: install checkov>=3.3,<4"
        raise TypeError(msg)

    @functools.wraps(original)
    def noting(*args: object, **kwargs: object) -> object:
        before = _now.look
        arguments = signature.bind(*args, **kwargs).arguments
        _now.look = see(arguments)
        try:
            answer = original(*args, **kwargs)
            afterwards(arguments)
            return answer
        finally:
            _now.look = before

    setattr(runner, method, noting)


def _in_terraform(arguments: Arguments) -> Look:
    root = _root(arguments["full_file_path"])
    roots = _roots_of_run(arguments["self"].definitions, arguments["root_folder"])
    return lambda _: roots.verdicts(root)


def _in_plan(arguments: Arguments) -> Look:
    plan, scope = _absolute(arguments["full_file_path"]), _absolute(arguments["root_folder"])
    return lambda _: plan_verdicts(plan, scope)


def _in_cloudformation(arguments: Arguments) -> Look:
    scope = _absolute(arguments["root_folder"])
    return lambda entity: template_verdicts(_absolute(scope / entity.file.lstrip("/")), scope)


def _absolute(path: str | Path | None) -> Path:
    return Path(os.path.abspath(path or "."))  # noqa: PTH100  # resolve() would follow links that Checkov does not


def _root(key: Any) -> Path:  # noqa: ANN401  # Checkov's TFDefinitionKey, or a file name for .tf.json
    """Return the folder of the root module that *key* was reached from."""
    caller = getattr(key, "tf_source_modules", None)
    while caller is not None and caller.nested_tf_module is not None:
        caller = caller.nested_tf_module
    return _absolute(caller.path if caller is not None else getattr(key, "file_path", key)).parent


class _Run(Struct):
    definitions: object
    roots: Roots


class _Runs(threading.local):
    last: _Run | None = None


_runs = _Runs()


def _roots_of_run(definitions: Mapping[Any, Any], folder: str | None) -> Roots:
    """Return the roots that the definitions of this run come from, the same object for the same run."""
    if _runs.last is None or _runs.last.definitions is not definitions:
        roots = [_root(key) for key, blocks in definitions.items() if _has_subjects(blocks)]
        _runs.last = _Run(definitions, Roots(roots, _absolute(folder)))
    return _runs.last.roots


def _has_subjects(blocks: Mapping[str, Any]) -> bool:
    """Return whether a file has a resource that a rule could report on."""
    types = {resource_type for rule in all_rules() for resource_type in rule.terraform}
    return any(not types.isdisjoint(block) for block in blocks.get("resource", []))
