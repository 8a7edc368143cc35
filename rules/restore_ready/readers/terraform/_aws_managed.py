"""Which AWS managed policy does an ARN, or a ``data.aws_iam_policy``, mean?"""

from __future__ import annotations

from typing import Final

from restore_ready.iam import managed_document
from restore_ready.model import Str, Text
from restore_ready.readers.terraform._attributes import text
from restore_ready.readers.terraform._block import Block

_AWS: Final = "iam::aws:policy/"
_FOLDERS: Final = ("", "service-role/", "job-function/", "aws-service-role/")


def managed_arn(arn: Str) -> str:
    """Return the ARN if it is of an AWS managed policy, else an empty string; the partition may be unknown."""
    end = arn.parts[-1] if isinstance(arn, Text) else arn
    if not isinstance(end, str):
        return ""
    before, found, name = end.partition(_AWS)
    if not found:
        return ""
    return end if isinstance(arn, str) and before else f"arn:aws:{_AWS}{name}"


def managed_arn_of(block: Block) -> str:
    """Return the ARN of the AWS managed policy that a data source looks up by ARN or name; empty for any other."""
    arn, name = text(block.values, "arn"), text(block.values, "name")
    given = "" if arn is None else managed_arn(arn)
    candidates = (given, *(f"arn:aws:{_AWS}{folder}{name}" for folder in _FOLDERS if isinstance(name, str)))
    return next((found for found in candidates if found and managed_document(found) is not None), "")
