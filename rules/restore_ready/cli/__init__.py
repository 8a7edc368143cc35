"""Which command was called, and with which exit code does it end?"""

from __future__ import annotations

import errno
import importlib
import io
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Final, NoReturn

import click

from restore_ready._errors import OwnRulesError, StartError, UsageError
from restore_ready._version import __version__
from restore_ready._words import did_you_mean
from restore_ready.cli._log_stream import guard_streams

COMMANDS: Final = {
    "scan": "restore_ready.cli._scan_command",
    "audit": "restore_ready.cli._audit_command",
    "who-can-restore": "restore_ready.cli._who_can_restore_command",
    "runbook": "restore_ready.cli._runbook_command",
    "rules": "restore_ready.cli._rules_command",
    "explain": "restore_ready.cli._explain_command",
    "requirements": "restore_ready.cli._requirements_command",
    "completion": "restore_ready.cli._completion_command",
    "doctor": "restore_ready.cli._doctor_command",
    "checks-dir": "restore_ready.cli._checks_dir_command",
    "iam-policy": "restore_ready.cli._iam_policy_command",
    "demo-account": "restore_ready.cli._demo_account_command",
}
"""Each command's module, which has it as ``command``: only the one that is called is imported."""

FINDINGS: Final = 1
USAGE: Final = 2
INCOMPLETE: Final = 3
NO_START: Final = 4
INTERRUPTED: Final = 130

_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
_ENDING: Final = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
"""What ends the command from outside; Windows has no SIGHUP."""


class _Commands(click.Group):
    """Imports a command when it is called for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """Return the names in the order of `COMMANDS`."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command *cmd_name*; a wrong name is a usage error that suggests the right one."""
        if cmd_name not in COMMANDS:
            ctx.fail(f"no such command '{cmd_name}'.{did_you_mean(cmd_name, COMMANDS)}")
        command = importlib.import_module(COMMANDS[cmd_name]).command
        return command if isinstance(command, click.Command) else None


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="restore-ready")
def group() -> None:
    """Tell before the emergency whether EFS backups meet their requirements and can be restored."""


def exit_code(*, has_findings: bool, is_incomplete: bool) -> int:
    """Return the exit code: findings count more than what is incomplete."""
    return FINDINGS if has_findings else INCOMPLETE if is_incomplete else 0


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and leave the process with its exit code.

    0: nothing to report; 1: findings; 2: wrong usage; 3: incomplete; 4: could not start.
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    if arguments is None:
        for number in _ENDING:
            signal.signal(number, _end)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    guard_streams()
    sys.exit(_run(given))


def _end(number: int, frame: object) -> NoReturn:  # noqa: ARG001  # a signal handler
    """End by an exception, so that what is temporary is removed on the way."""
    sys.exit(128 + number)


def _run(arguments: list[str]) -> int:
    try:
        code = group.main(args=arguments, prog_name="restore-ready", standalone_mode=False)
    except (UsageError, OwnRulesError) as error:
        click.echo(f"restore-ready: {error}", err=True)
        return USAGE
    except click.ClickException as error:
        error.show()
        return USAGE
    except StartError as error:
        click.echo(f"restore-ready: {error}", err=True)
        return NO_START
    except (click.Abort, KeyboardInterrupt):
        click.echo("restore-ready: interrupted", err=True)
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001  # whatever breaks is told as RR000, with its traceback on demand
        return _told(error, with_traceback="--debug" in arguments)
    return code if isinstance(code, int) else 0


def _told(error: Exception, *, with_traceback: bool) -> int:
    """Say what broke, or that the disk is full, and return the exit code."""
    if isinstance(error, OSError) and error.errno in _FULL:
        _drop_output()
        with suppress(OSError):
            click.echo(f"restore-ready: could not write the report: {error.strerror}", err=True)
        return USAGE
    if with_traceback:
        import traceback  # noqa: PLC0415  # nothing else needs it

        traceback.print_exception(error)
    what = f"{type(error).__name__}: {error}"
    click.echo(f"restore-ready: RR000 the pack is broken ({what}): run again with --debug and report it", err=True)
    return NO_START


def _drop_output() -> None:
    """Let what is still to be written to standard output go, or Python would try once more on leaving."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
