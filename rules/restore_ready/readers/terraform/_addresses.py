"""Takes Terraform addresses and references apart: ``module.a["x.y"].aws_efs_file_system.this[0].arn``."""

from __future__ import annotations

from typing import Final

SOME: Final = '["?"]'
"""Stands in an address for a key that is not known."""

_UNIT: Final = "unit["
"""Begins the address of what a Terragrunt unit deploys: ``unit["prod/efs"].aws_efs_file_system.data``."""


def unit_address(path: str) -> str:
    """Return what the addresses begin with of what the Terragrunt unit at *path* deploys."""
    return _UNIT + '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"]'


def steps(address: str) -> list[str]:
    """Split *address* at its dots, not at those within an index: ``module``, ``a["x.y"]``, ….

    A reference that breaks off within an index gives what is left as its last step.
    """
    if '"' not in address:
        return address.split(".")
    found: list[str] = []
    start = 0
    quoted = escaped = False
    for at, character in enumerate(address):
        if escaped:
            escaped = False
        elif quoted and character == "\\":
            escaped = True
        elif character == '"':
            quoted = not quoted
        elif character == "." and not quoted:
            found.append(address[start:at])
            start = at + 1
    found.append(address[start:])
    return found


def bare(step: str) -> str:
    """Return *step* without its index: ``this`` for ``this[0]``."""
    return step.partition("[")[0]


def index(step: str) -> str:
    """Return the index of *step* with its brackets, empty where it has none."""
    _, bracket, rest = step.partition("[")
    return bracket + rest


def module_of(address: str) -> str:
    """Return the address of the module instance that holds *address*; empty for a root module that is no unit."""
    if not address.startswith(("module.", _UNIT)):
        return ""
    found = steps(address)
    depth = 1 if address.startswith(_UNIT) else 0
    while depth + 1 < len(found) and found[depth] == "module":
        depth += 2
    return ".".join(found[:depth])


def kind_of(address: str) -> str:
    """Return the type of the resource at *address*, ``module`` for a module call."""
    return steps(f"_.{address}")[-2]


def is_default_provider(address: str) -> bool:
    """Return whether *address* is that of the root module's default AWS provider."""
    found = steps(address)
    return found[-2:] == ["provider", "aws"] and "module" not in found


def is_data(address: str) -> bool:
    """Return whether *address* is that of a data source."""
    return address[len(module_of(address)) :].lstrip(".").startswith("data.")
