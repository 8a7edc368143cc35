"""Terraform's and OpenTofu's functions: https://developer.hashicorp.com/terraform/language/functions.

`FUNCTIONS` has them by name. Those that depend on the moment, on secrets or on how Go packs data are unknown.
"""

from restore_ready.readers.terraform.functions import (
    _conversions,
    _encoding,
    _files,
    _format,
    _lists,
    _maps,
    _net,
    _numbers,
    _regex,
    _sets,
    _strings,
    _templates,
    _times,
    _yaml,
)
from restore_ready.readers.terraform.functions._registry import FUNCTIONS, absent

for _name, _why in {
    "timestamp": "depends on when Terraform runs",
    "plantimestamp": "depends on when Terraform runs",
    "uuid": "is another one each time",
    "bcrypt": "is another one each time",
    "rsadecrypt": "depends on a secret",
    "base64gzip": "can't be evaluated",
    "type": "is there in the console only",
}.items():
    absent(_name, _why)

__all__ = ["FUNCTIONS"]
_MODULES = (
    _conversions,
    _encoding,
    _files,
    _format,
    _lists,
    _maps,
    _net,
    _numbers,
    _regex,
    _sets,
    _strings,
    _templates,
    _times,
    _yaml,
)
"""Those that register functions when they are imported."""
