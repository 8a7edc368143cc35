"""What is a scan about: paths, what changed under them, or standard input?"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import click
from msgspec import Struct

from restore_ready._errors import UsageError
from restore_ready.cli._options import FILE, F, as_record
from restore_ready.cli._standard_input import StandardInput, standard_input
from restore_ready.scanning._git_changes import files_changed_since
from restore_ready.scanning._scan import Scan


class SubjectOptions(Struct, frozen=True):
    """What of the paths is meant; each as its option."""

    stdin_filename: Path | None
    changed_since: str | None
    changed_files: bool


class Subject(Struct, frozen=True):
    """What a scan is about.

    Attributes:
        where: the paths, as reports name them.
        piped: what is on standard input, where that is meant.
        changed: the files whose change is meant, where one is.
    """

    where: tuple[Path, ...]
    piped: StandardInput | None = None
    changed: frozenset[Path] | None = None

    def scan(self, judge: Callable[..., Scan], **options: object) -> Scan:
        """Return what *judge*, which scans paths, finds."""
        if self.piped is not None:
            return self.piped.scan(judge, **options)
        return judge(self.where, changed=self.changed, **options)

    def looked_at(self, result: Scan) -> tuple[Path, ...]:
        """Return the paths of which *result* tells everything."""
        return self.where if self.changed is None else result.sources


def subject_options(command: F) -> F:
    """Return *command* with the options of `SubjectOptions`, which it gets as ``of``."""
    options = (
        click.option(
            "--stdin-filename",
            type=FILE,
            metavar="FILE",
            help="With - as PATH: the file that it stands for.",
        ),
        click.option("--changed-since", metavar="REV", help="Only what was touched since the git revision REV."),
        click.option("--changed-files", is_flag=True, help="PATHs are files that changed: only what they touch."),
    )
    return as_record("of", SubjectOptions, options, command)


def subject_of(paths: Sequence[Path], of: SubjectOptions) -> Subject:
    """Return what is meant by *paths* and options.

    Raises:
        UsageError: if they do not go together, or can't be followed.
    """
    piped = standard_input(paths, of.stdin_filename)
    if sum((piped is not None, of.changed_since is not None, of.changed_files)) > 1:
        msg = "standard input (-), --changed-since and --changed-files exclude each other: give one of them"
        raise UsageError(msg)
    if piped is not None:
        return Subject((piped.name,), piped)
    if of.changed_files:
        return Subject((Path(),), changed=frozenset(Path(os.path.realpath(path)) for path in paths))
    where = tuple(paths) or (Path(),)
    if of.changed_since is None:
        return Subject(where)
    folder = where[0] if where[0].is_dir() else where[0].parent
    return Subject(where, changed=files_changed_since(of.changed_since, folder))
