"""How does what is known become Markdown, and the shell that the steps share one text?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from restore_ready.runbook._markdown import code, prose

if TYPE_CHECKING:
    import jinja2

_PACKAGE: Final = "restore_ready.runbook"


def render(context: Mapping[str, Any]) -> str:
    """Return the runbook that the templates make of *context*."""
    rendered: str = _template().render(context)
    return "\n".join(_single_blanks(rendered.rstrip("\n").split("\n"))) + "\n"


@cache
def shared_steps() -> str:
    """Return the shell that the steps share."""
    parts = sorted(files(_PACKAGE).joinpath("shell").iterdir(), key=lambda part: part.name)
    return "\n".join(part.read_text(encoding="utf-8").rstrip("\n") for part in parts if part.name.endswith(".sh"))


@cache
def _template() -> jinja2.Template:
    """Return the page's template; compiling it takes longer than all else about a runbook."""
    import jinja2  # noqa: PLC0415  # only this command needs it

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_source),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701  # Markdown and shell have filters of their own
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"code": code, "prose": prose}
    return environment.get_template("runbook.md.jinja")


def _source(name: str) -> str:
    return files(_PACKAGE).joinpath("templates").joinpath(name).read_text(encoding="utf-8")


def _single_blanks(lines: Iterable[str]) -> Iterator[str]:
    """Leave one of several empty lines in a row."""
    before = ""
    for line in lines:
        if line or before:
            yield line
        before = line
