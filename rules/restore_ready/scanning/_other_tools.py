"""Which files are of tools whose sources are not read, and what is to be scanned instead?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

_PULUMI: Final = "Pulumi programs are not read: audit the account that they deploy to (`restore-ready audit`)"
_TERRAGRUNT: Final = "no unit of Terragrunt's here deploys anything: scan a folder that holds units, and their modules"
_SERVERLESS: Final = (
    "serverless.yml is not read: scan .serverless/cloudformation-template-update-stack.json after `serverless package`"
)
_CDK: Final = "CDK apps are not read: scan cdk.out after `cdk synth`"

UNREAD_UNITS: Final[Mapping[str, str]] = {
    "terragrunt.hcl.json": "units in JSON are not read: scan `terragrunt show -json tfplan` of the unit",
}
"""Files that say what is deployed and are not read, and what is to be scanned instead."""

_INSTEAD: Final[Mapping[str, str]] = {
    "Pulumi.yaml": _PULUMI,
    "Pulumi.yml": _PULUMI,
    "terragrunt.hcl": _TERRAGRUNT,
    "terragrunt.stack.hcl": _TERRAGRUNT,
    "root.hcl": _TERRAGRUNT,
    "serverless.yml": _SERVERLESS,
    "serverless.yaml": _SERVERLESS,
    "serverless.ts": _SERVERLESS,
    "cdk.json": _CDK,
}


def is_other_tools(name: str) -> bool:
    """Return whether a file of that name says that its folder is another tool's."""
    return name in _INSTEAD


def to_scan_instead(files: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    """Yield the first of the files of each tool, and what is to be scanned instead."""
    first: dict[str, Path] = {}
    for file in files:
        first.setdefault(_INSTEAD[file.name], file)
    yield from ((file, what) for what, file in first.items())
