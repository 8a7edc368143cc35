"""Terragrunt's functions, beside those of Terraform.

https://terragrunt.gruntwork.io/docs/reference/hcl/functions/. What asks AWS, the environment, another program or a
secret gives nothing that is known here; nothing is run.
"""

from __future__ import annotations

import os
from collections import ChainMap
from collections.abc import Mapping
from pathlib import Path
from typing import Final, cast

from restore_ready.readers.terraform.functions import FUNCTIONS as TERRAFORM
from restore_ready.readers.terraform.functions._json_text import json_text
from restore_ready.readers.terraform.functions._registry import absent, function
from restore_ready.readers.terraform.language import EvalError, Function, Obj, Scope, Seq, Unknown, Value
from restore_ready.readers.terragrunt._file import TerragruntFile
from restore_ready.readers.terragrunt._includes import selected
from restore_ready.readers.terragrunt._merge import both

_OWN: Final[dict[str, Function]] = {}
FUNCTIONS: Final[Mapping[str, Function]] = ChainMap(_OWN, cast("dict[str, Function]", TERRAFORM))
UNIT_FILE: Final = "terragrunt.hcl"
"""What the file of a unit is called."""

_FOR_VARIABLES: Final = ("apply", "console", "destroy", "import", "plan", "push", "refresh")
_COMMANDS: Final = {
    "get_terraform_commands_that_need_vars": _FOR_VARIABLES,
    "get_terraform_commands_that_need_input": ("apply", "import", "init", "plan", "refresh"),
    "get_terraform_commands_that_need_locking": (
        "apply", "destroy", "import", "init", "plan", "refresh", "taint", "untaint",
    ),
    "get_terraform_commands_that_need_parallelism": ("apply", "plan", "destroy"),
}  # fmt: skip


def _here(scope: Scope) -> TerragruntFile:
    if not isinstance(scope.names, TerragruntFile):
        raise EvalError(why="Terragrunt's functions have no meaning in a template")
    return scope.names


@function("find_in_parent_folders", "s?v?", scoped=True, table=_OWN)
def _find_in_parent_folders(scope: Scope, name: str = UNIT_FILE, *fallback: Value) -> Value:
    context, below = _here(scope).context, name.lstrip("/")
    for folder in _here(scope).reader.parent.parents:
        if context.shared.confines.refusal(Path(os.path.realpath(folder))):
            break
        if (folder / below).exists():
            return str(folder / below)
    if not (context.repository / ".git").exists():
        return Unknown(f"{name} is not below {context.shown(context.repository)}: scan a folder further up")
    if fallback:
        return fallback[0]
    raise EvalError(why=f"there is no {name} in the parent folders, up to the repository's")


@function("get_terragrunt_dir", "", scoped=True, table=_OWN)
def _get_terragrunt_dir(scope: Scope) -> Value:
    return str(_here(scope).reader.parent)


@function("get_original_terragrunt_dir", "", scoped=True, table=_OWN)
def _get_original_terragrunt_dir(scope: Scope) -> Value:
    return str(_here(scope).context.file.parent)


@function("get_parent_terragrunt_dir", "s?", scoped=True, table=_OWN)
def _get_parent_terragrunt_dir(scope: Scope, label: str | None = None) -> Value:
    included = _included(scope, label)
    return included if isinstance(included, Unknown) else str(included)


@function("path_relative_to_include", "s?", scoped=True, table=_OWN)
def _path_relative_to_include(scope: Scope, label: str | None = None) -> Value:
    included = _included(scope, label)
    return included if isinstance(included, Unknown) else _relative(_here(scope).reader.parent, included)


@function("path_relative_from_include", "s?", scoped=True, table=_OWN)
def _path_relative_from_include(scope: Scope, label: str | None = None) -> Value:
    included = _included(scope, label)
    return included if isinstance(included, Unknown) else _relative(included, _here(scope).reader.parent)


def _included(scope: Scope, label: str | None) -> Path | Unknown:
    """Return the folder of the included file that is meant: its own where it is one, else by its label."""
    here = _here(scope)
    if here.through is not None and here.through.file is not None:
        return here.through.file.parent
    if not here.includes:
        return here.reader.parent
    found = selected(here.includes, label)
    if isinstance(found, str):
        raise EvalError(why=found)
    return found.unknown if found.file is None else found.file.parent


def _relative(path: Path, start: Path) -> str:
    return os.path.relpath(path, start).replace(os.sep, "/")


@function("get_repo_root", "", scoped=True, table=_OWN)
def _get_repo_root(scope: Scope) -> Value:
    found = _repository(scope)
    return found if isinstance(found, Unknown) else str(found)


@function("get_path_from_repo_root", "", scoped=True, table=_OWN)
def _get_path_from_repo_root(scope: Scope) -> Value:
    found = _repository(scope)
    return found if isinstance(found, Unknown) else _relative(_here(scope).context.file.parent, found)


@function("get_path_to_repo_root", "", scoped=True, table=_OWN)
def _get_path_to_repo_root(scope: Scope) -> Value:
    found = _repository(scope)
    return found if isinstance(found, Unknown) else _relative(found, _here(scope).context.file.parent)


def _repository(scope: Scope) -> Path | Unknown:
    """Return the repository that the unit lies in, by the path that it is named by."""
    folder = _here(scope).context.file.parent
    found = next((above for above in (folder, *folder.parents) if (above / ".git").exists()), None)
    return Unknown("the repository is not known: the unit lies in none") if found is None else found


@function("get_env", "sv?", scoped=True, table=_OWN)
def _get_env(scope: Scope, name: str, *_default: Value) -> Value:
    known = _here(scope).context.environment.get(name)
    why = f"the environment variable {name} is known only where Terragrunt runs"
    return Unknown(why, None, f"env.{name}") if known is None else known


@function("read_terragrunt_config", "sv?", scoped=True, table=_OWN)
def _read_terragrunt_config(scope: Scope, path: str, *fallback: Value) -> Value:
    here = _here(scope)
    found = here.other(path)
    if found is not None:
        return found
    file = Path(os.path.normpath(here.reader.parent / path))
    if file.exists():
        refusal = here.context.shared.confines.refusal(Path(os.path.realpath(file)))
        return Unknown(f"{here.context.shown(file)} is not read: {refusal or 'it is no file'}")
    if fallback:
        return fallback[0]
    raise EvalError(why=f"there is no file {here.context.shown(file)}")


@function("read_tfvars_file", "s", scoped=True, table=_OWN)
def _read_tfvars_file(scope: Scope, path: str) -> Value:
    """Return the variables of a file as JSON."""
    context = _here(scope).context
    file = Path(os.path.normpath(context.file.parent / path))
    if not file.is_file():
        raise EvalError(why=f"there is no file {context.shown(file)}")
    contents = context.read(file)
    if contents.gaps:
        return Unknown(f"{context.shown(file)}: {contents.gaps[0].why}")
    given = contents.body.attributes.items()
    return json_text(Obj({name: context.shared.value(attribute.expr, scope) for name, attribute in given}))


@function("mark_as_read", "s", scoped=True, table=_OWN)
def _mark_as_read(scope: Scope, path: str) -> Value:
    context = _here(scope).context
    context.readable(Path(os.path.realpath(context.file.parent / path)))
    return path


@function("deep_merge", "v*", table=_OWN)
def _deep_merge(*given: Value) -> Value:
    found: Value = Obj()
    for value in given:
        found = both(found, value, deep=True)
    return found


def _commands(name: str, commands: tuple[str, ...]) -> None:
    function(name, "", table=_OWN)(lambda: Seq(commands))


for _name, _listed in _COMMANDS.items():
    _commands(_name, _listed)

for _name, _why in {
    "run_cmd": "is what another program answers: none is run",
    "sops_decrypt_file": "is a secret: nothing is decrypted",
    "get_aws_account_id": "is asked of AWS when Terragrunt runs",
    "get_aws_account_alias": "is asked of AWS when Terragrunt runs",
    "get_aws_caller_identity_arn": "is asked of AWS when Terragrunt runs",
    "get_aws_caller_identity_user_id": "is asked of AWS when Terragrunt runs",
    "get_platform": "depends on where Terragrunt runs",
    "get_working_dir": "depends on where Terragrunt runs",
    "get_terraform_command": "depends on how Terragrunt runs",
    "get_terraform_cli_args": "depends on how Terragrunt runs",
    "get_terragrunt_source_cli_flag": "depends on how Terragrunt runs",
    "get_default_retryable_errors": "depends on the version of Terragrunt",
    "constraint_check": "is not evaluated",
    "mark_glob_as_read": "is not evaluated",
}.items():
    absent(_name, _why, _OWN)
