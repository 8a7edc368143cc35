"""Terraform's and OpenTofu's functions: https://developer.hashicorp.com/terraform/language/functions.

`FUNCTIONS` has them by name. Those that depend on the moment, on secrets or on how Go packs data are unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Final

from restore_ready.readers.terraform.functions import _registry
from restore_ready.readers.terraform.language import Function

MODULES: Final = {
    "_conversions": "ephemeralasnull issensitive nonsensitive sensitive tobool tolist tomap tonumber toset tostring",
    "_encoding": (
        "base64decode base64encode base64gunzip base64sha256 base64sha512 csvdecode md5 sha1 sha256 sha512 "
        "textdecodebase64 textencodebase64 urldecode urlencode uuidv5"
    ),
    "_files": (
        "abspath basename dirname file filebase64 filebase64sha256 filebase64sha512 fileexists filemd5 fileset "
        "filesha1 filesha256 filesha512 pathexpand templatefile"
    ),
    "_format": "format formatlist",
    "_json": "jsondecode jsonencode",
    "_lists": (
        "chunklist coalesce coalescelist compact concat distinct element flatten length matchkeys one reverse slice "
        "sort"
    ),
    "_maps": "keys lookup merge transpose values zipmap",
    "_net": "cidrcontains cidrhost cidrnetmask cidrsubnet cidrsubnets",
    "_numbers": "abs ceil floor log max min parseint pow range signum sum",
    "_regex": "regex regexall replace",
    "_sets": "alltrue anytrue contains index setintersection setproduct setsubtract setunion",
    "_strings": (
        "chomp endswith indent join lower split startswith strcontains strrev substr title trim trimprefix trimspace "
        "trimsuffix upper"
    ),
    "_templates": "templatestring",
    "_times": "formatdate timeadd timecmp",
    "_yaml": "yamldecode yamlencode",
}
"""The functions of each module. Most sources call few, so a module is loaded with the first that is looked up."""

_NEVER_KNOWN: Final = {
    "timestamp": "depends on when Terraform runs",
    "plantimestamp": "depends on when Terraform runs",
    "uuid": "is another one each time",
    "bcrypt": "is another one each time",
    "rsadecrypt": "depends on a secret",
    "base64gzip": "can't be evaluated",
    "type": "is there in the console only",
}


class _Functions(Mapping[str, Function]):
    """The functions by name, loaded when they are looked up."""

    def __init__(self) -> None:
        self._module_of = {name: module for module, names in MODULES.items() for name in names.split()}
        for name, why in _NEVER_KNOWN.items():
            _registry.absent(name, why)

    def __getitem__(self, name: str) -> Function:
        module = self._module_of.get(name)
        if module is not None and name not in _registry.FUNCTIONS:
            import_module(f"{__name__}.{module}")
        return _registry.FUNCTIONS[name]

    def __iter__(self) -> Iterator[str]:
        yield from self._module_of
        yield from _NEVER_KNOWN

    def __len__(self) -> int:
        return len(self._module_of) + len(_NEVER_KNOWN)


FUNCTIONS: Final[Mapping[str, Function]] = _Functions()

__all__ = ["FUNCTIONS"]
