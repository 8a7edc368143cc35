"""Which options do several commands share, and which record does a command get their values in?"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar, cast

import click
from msgspec import Struct
from msgspec.structs import fields

from restore_ready._errors import UsageError
from restore_ready.catalog._finder import VARIABLE, all_rules
from restore_ready.cli._completions import complete_codes, completing_formats

F = TypeVar("F", bound=Callable[..., Any])
R = TypeVar("R", bound=Struct)

Option: TypeAlias = Callable[[Callable[..., Any]], Callable[..., Any]]

FILE: Final = click.Path(dir_okay=False, path_type=Path)
EXISTING_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)


class JudgingOptions(Struct, frozen=True):
    """Where reports go, which rules are put, what counts as failure and what was found before; each as its option."""

    outputs: tuple[str, ...]
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    fail_on: str | None
    strict: bool | None
    baseline: Path | None
    write_baseline: Path | None

    @property
    def mildest(self) -> str:
        """The mildest severity that gives exit code 1, or ``never``."""
        return self.fail_on or "warning"

    def told(self) -> dict[str, Any]:
        """Return those that change what a report says, as its scope tells them."""
        given: dict[str, Any] = {"select": list(self.select), "ignore": list(self.ignore), "strict": self.strict}
        given["baseline"] = None if self.baseline is None else str(self.baseline)
        return {name: value for name, value in given.items() if value}


class AuditOptions(Struct, frozen=True):
    """What an audit is judged by, and what is more wanted or less; each as its option."""

    verify: bool
    allow_incomplete: bool
    requirements: Path | None


class ReadingOptions(Struct, frozen=True):
    """How sources are read; each as its option."""

    requirements: Path | None
    parameters: tuple[str, ...]
    variables: tuple[str, ...]
    var_files: tuple[Path, ...]
    exclude: tuple[str, ...]
    tf_var_env: bool
    limit: float

    def arguments(self) -> dict[str, Any]:
        """Return them as `restore_ready.scan` and `restore_ready.scanning._sources.HowToRead` take them.

        Raises:
            UsageError: for a parameter or variable that is not written ``KEY=VALUE``.
        """
        return {
            "requirements": self.requirements,
            "parameters": _read_pairs(self.parameters, "a parameter", "--parameters KEY=VALUE"),
            "variables": _read_pairs(self.variables, "a variable", "--var NAME=VALUE"),
            "var_files": self.var_files,
            "environment": _terraform_variables() if self.tf_var_env else {},
            "exclude": self.exclude,
            "limit_seconds": self.limit,
        }

    def told(self) -> dict[str, Any]:
        """Return those that were given, as a report's scope tells them; of values that may be secret, the names."""
        given = {
            "parameters": [pair.partition("=")[0] for pair in self.parameters],
            "var": [pair.partition("=")[0] for pair in self.variables],
            "var_file": [str(path) for path in self.var_files],
            "exclude": list(self.exclude),
            "tf_var_env": self.tf_var_env,
        }
        return {name: value for name, value in given.items() if value}


class DisplayOptions(Struct, frozen=True):
    """How what goes to standard output looks; each as its option."""

    no_colour: bool
    quiet: bool


def with_options(options: Sequence[Option], command: F) -> F:
    """Return *command* with *options*, which the help then lists in this order."""
    wrapped: Callable[..., Any] = command
    for option in reversed(options):
        wrapped = option(wrapped)
    return cast("F", wrapped)


def take(record: type[R], given: dict[str, Any]) -> R:
    """Return the values of the options in *given* that *record* has fields for, and take them out of it."""
    return record(**{field.name: given.pop(field.name) for field in fields(record)})


def as_record(name: str, record: type[Struct], options: Sequence[Option], command: F) -> F:
    """Return *command* with *options*, whose values it gets together, as a *record*, as its argument *name*."""

    @wraps(command)
    def with_record(**given: Any) -> object:  # noqa: ANN401  # whatever the options give
        return command(**{name: take(record, given)}, **given)

    return cast("F", with_options(options, with_record))


def debug_option(command: F) -> F:
    """Return *command* with ``--debug``; `restore_ready.cli.main` looks for it."""
    option = click.option("--debug", is_flag=True, expose_value=False, help="Show tracebacks of errors of the pack.")
    return option(command)


def rules_option(command: F) -> F:
    """Return *command* with ``--rules``, which holds for the whole run, whoever asks for the rules."""
    option = click.option(
        "--rules",
        multiple=True,
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        metavar="FOLDER",
        expose_value=False,
        is_eager=True,
        callback=_add_rules,
        help="Rules of your own, too: Python files in FOLDER, as in RESTORE_READY_RULES.",
    )
    return option(command)


def _add_rules(_context: click.Context, _option: click.Parameter, folders: tuple[Path, ...]) -> None:
    if not folders:
        return
    known = filter(None, os.environ.get(VARIABLE, "").split(os.pathsep))
    os.environ[VARIABLE] = os.pathsep.join(dict.fromkeys([*known, *(str(folder.absolute()) for folder in folders)]))
    all_rules()  # what can't be used ends the run here


def output_option(help_text: str) -> Option:
    """Return ``-o``, which may be given several times."""
    return click.option(
        "-o",
        "--output",
        "outputs",
        multiple=True,
        metavar="FORMAT[=FILE]",
        shell_complete=completing_formats(help_text),
        help=help_text,
    )


def _codes_option(name: str, help_text: str) -> Option:
    return click.option(name, multiple=True, metavar="CODES", shell_complete=complete_codes, help=help_text)


def judging_options(formats: str) -> Callable[[F], F]:
    """Return what adds the options of `JudgingOptions`, which the command gets as ``judging``.

    Args:
        formats: the formats that ``-o`` takes, for the help.
    """
    options = (
        output_option(formats),
        _codes_option("--select", "Only these rules, such as RR2,RR301."),
        _codes_option("--ignore", "Not these rules."),
        click.option(
            "--fail-on",
            type=click.Choice(["error", "warning", "info", "never"]),
            help="Mildest severity that gives exit code 1: warning without.",
        ),
        click.option(
            "--strict/--no-strict",
            default=None,
            envvar="RESTORE_READY_STRICT",
            help="Exit 3 if anything could not be judged.",
        ),
        click.option(
            "--baseline", type=FILE, metavar="FILE", help="Only what is new counts: FILE has what was before."
        ),
        click.option("--write-baseline", type=FILE, metavar="FILE", help="Write FILE, or bring it up to date."),
    )
    return lambda command: as_record("judging", JudgingOptions, options, command)


def reading_options(command: F) -> F:
    """Return *command* with the options of `ReadingOptions`, which it gets as ``reading``."""
    options = (
        requirements_option(
            "The requirements of everything; without, RESTORE_READY_REQUIREMENTS or the nearest restore-ready.yaml."
        ),
        click.option("--parameters", multiple=True, metavar="KEY=VALUE", help="A CloudFormation parameter's value."),
        click.option("--var", "variables", multiple=True, metavar="NAME=VALUE", help="A Terraform variable's value."),
        click.option("--var-file", "var_files", multiple=True, type=EXISTING_FILE, help="A Terraform variable file."),
        click.option(
            "--exclude",
            multiple=True,
            metavar="GLOB",
            help="What is left out unless it is named: 'legacy/**', '*.old'.",
        ),
        click.option("--tf-var-env", is_flag=True, help="Read TF_VAR_NAME of the environment, as Terraform does."),
        click.option(
            "--limit",
            type=click.FloatRange(min=0, min_open=True),
            default=60,
            show_default=True,
            metavar="SECONDS",
            help="Longest evaluation of one Terraform root module.",
        ),
    )
    return as_record("reading", ReadingOptions, options, command)


def audit_options(command: F) -> F:
    """Return *command* with the options of `AuditOptions`, which it gets as ``auditing``."""
    options = (
        click.option(
            "--verify",
            is_flag=True,
            help="Ask AWS's own policy simulator, too, who may start a restore and pass its role.",
        ),
        click.option(
            "--allow-incomplete", is_flag=True, help="Exit 0 although parts of the accounts could not be read."
        ),
        requirements_option("The requirements; without, RESTORE_READY_REQUIREMENTS or the nearest restore-ready.yaml."),
    )
    return as_record("auditing", AuditOptions, options, command)


def requirements_option(help_text: str) -> Option:
    """Return ``--requirements``."""
    return click.option("--requirements", type=click.Path(path_type=Path), metavar="FILE", help=help_text)


def display_options(of_each: str) -> Callable[[F], F]:
    """Return what adds the options of `DisplayOptions`, which the command gets as ``display``.

    Args:
        of_each: of what ``--quiet`` leaves one line, for the help.
    """
    options = (
        click.option("--no-color", "no_colour", is_flag=True, help="No colours; NO_COLOR does the same."),
        click.option("-q", "--quiet", is_flag=True, help=f"One line for each {of_each}, and nothing else."),
    )
    return lambda command: as_record("display", DisplayOptions, options, command)


def _read_pairs(words: Iterable[str], what: str, wanted: str) -> dict[str, str]:
    """Return *words* by what stands before their first ``=``; a later one wins."""
    pairs = {}
    for word in words:
        key, sign, value = word.partition("=")
        if not sign or not key.strip():
            msg = f"not {what} ({word}): write {wanted}"
            raise UsageError(msg)
        pairs[key.strip()] = value
    return pairs


def _terraform_variables() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith("TF_VAR_")}
