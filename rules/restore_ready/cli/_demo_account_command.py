"""``restore-ready demo-account``: what does an audit say, for who has no account at hand?"""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Final

import click

from restore_ready.cli._new_file import write_new
from restore_ready.cli._options import debug_option
from restore_ready.reports._safe_text import clean

_RECORDED: Final = Path(__file__).with_name("demo-account.jsonl")
_COMMANDS: Final = ("audit", "who-can-restore", "runbook --all -o runbooks")


@click.command("demo-account")
@click.argument("file", required=False, default="demo-account.jsonl", type=click.Path(path_type=Path))
@debug_option
def command(*, file: Path) -> None:
    """Write what an audit read of a made-up account with many faults to FILE (default: demo-account.jsonl).

    Says which commands take it. None of them needs credentials, and none asks AWS.
    """
    write_new(file, _RECORDED.read_text(encoding="utf-8"))
    shown = clean(str(file))
    click.echo(f"wrote {shown}, a snapshot of a made-up account; try")
    for name in _COMMANDS:
        click.echo(f"  restore-ready {name} --from-snapshot {shlex.quote(shown)}")
