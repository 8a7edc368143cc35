"""``restore-ready requirements``: can a requirements file be used, and what does one to start from look like?"""

from __future__ import annotations

from pathlib import Path

import click

from restore_ready._errors import UsageError
from restore_ready.cli._new_file import write_new
from restore_ready.cli._options import debug_option
from restore_ready.reports._safe_text import clean, plural
from restore_ready.requirements._file import RequirementsFile
from restore_ready.requirements._find import NAMES, find_file


@click.group("requirements")
def command() -> None:
    """Check a requirements file, or write one to start from."""


@command.command("check")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@debug_option
def check(*, file: Path | None) -> int:
    """Say whether FILE (default: the nearest restore-ready.yaml) can be used, and all that is wrong in it.

    Exit codes: 0 it can be used, 2 it can't.
    """
    from restore_ready.requirements._load import load_requirements_file  # noqa: PLC0415  # `init` needs none of it

    found = file or find_file(Path())
    if found is None:
        msg = f"no {NAMES[0]} in this folder or above it: `restore-ready requirements init` writes one"
        raise UsageError(msg)
    requirements_file = load_requirements_file(found)
    click.echo(f"{clean(str(found))}: {_summary(requirements_file)}")
    for exception in requirements_file.expired():
        where = f"{clean(str(found))}:{exception.place.line}"
        click.echo(f"{where}: {clean(str(exception))} expired on {exception.expires}", err=True)
    return 0


def _summary(requirements_file: RequirementsFile) -> str:
    overrides, exceptions = len(requirements_file.overrides), len(requirements_file.exceptions)
    return f"sound; {plural(overrides, 'override')}, {plural(exceptions, 'exception')}"


@command.command("init")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@debug_option
def init(*, path: Path | None) -> None:
    """Write a commented restore-ready.yaml to PATH, a file or folder (default: this folder).

    A file that is there is left as it is.
    """
    from restore_ready.requirements._starter import STARTER  # noqa: PLC0415  # `check` needs none of it

    where = path or Path()
    file = where / NAMES[0] if where.is_dir() else where
    write_new(file, STARTER)
    click.echo(f"wrote {clean(str(file))}: change it, then `restore-ready requirements check`")
