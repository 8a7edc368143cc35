"""``restore-ready completion``: which script has a shell complete the commands, options and their values?"""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from restore_ready._errors import StartError
from restore_ready.cli import group
from restore_ready.cli._options import debug_option

_VARIABLE = "_RESTORE_READY_COMPLETE"
"""What click looks at to tell that a shell asks for completions, by the name of the command."""


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@debug_option
def command(*, shell: str) -> None:
    """Print the script that completes in SHELL: eval "$(restore-ready completion bash)" in ~/.bashrc.

    For fish: restore-ready completion fish > ~/.config/fish/completions/restore-ready.fish
    """
    made = get_completion_class(shell)
    if made is None:
        msg = f"this version of click knows no {shell}: install a newer one"
        raise StartError(msg)
    script = made(group, {}, "restore-ready", _VARIABLE).source()
    # click's script for fish splits at every comma, but lists of codes and titles of rules have some
    click.echo(script.replace('string split ","', 'string split --max 1 ","') if shell == "fish" else script)
