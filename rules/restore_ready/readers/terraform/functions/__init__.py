"""Terraform's functions: https://developer.hashicorp.com/terraform/language/functions."""

from restore_ready.readers.terraform.functions import (
    _collections,
    _encoding,
    _files,
    _net,
    _numbers,
    _strings,
    _times,
)
from restore_ready.readers.terraform.functions._registry import FUNCTIONS
from restore_ready.readers.terraform.language._values import Unknown

ABSENT = frozenset(
    (
        "base64gzip",
        "bcrypt",
        "ephemeralasnull",
        "plantimestamp",
        "rsadecrypt",
        "textdecodebase64",
        "textencodebase64",
        "timestamp",
        "uuid",
    )
)
"""Functions whose results are not to be had or not worth it: unknown, by name."""

__all__ = ["FUNCTIONS"]
_MODULES = (_collections, _encoding, _files, _net, _numbers, _strings, _times)


def _absent(name: str):
    def call(scope, args, span):
        return Unknown(f"{name}() can't be evaluated", span)

    return call


FUNCTIONS.update({name: _absent(name) for name in ABSENT})
