"""Which keys may section ``scan`` of a requirements file have?"""

from __future__ import annotations

from pathlib import PurePath
from typing import Final

from restore_ready.requirements._fields import Field
from restore_ready.requirements._kinds import PATTERNS, TEXT, VALUE, checked, list_of, mapping_of, one_of

_TRUTHS: Final = {"true": True, "false": False}
_FLAG: Final = checked("true or false", _TRUTHS.get, {"type": "boolean"}, "`true` or `false`")
_CODES: Final = list_of(TEXT, "a list of codes such as `RR2` or `RR301`")


def _report(text: str) -> str | None:
    """Return *text* if it names no file but one below the folder: whoever may change the file may not be trusted."""
    path = PurePath(text.partition("=")[2])
    return None if path.is_absolute() or {"..", ".git"} & set(path.parts) else text


_REPORT: Final = checked("a format, or a format and a file below this folder", _report, TEXT.schema, "`text`")
_FORMATS: Final = list_of(_REPORT, "a list of formats such as `text` or `sarif=out.sarif`")
_MILDEST: Final = one_of(["error", "warning", "info", "never"])
SCAN: Final = (
    Field("select", _CODES, "Only these rules.", "any"),
    Field("ignore", _CODES, "Not these rules.", "none"),
    Field("fail_on", _MILDEST, "Mildest severity that gives exit code 1.", "warning"),
    Field("strict", _FLAG, "Whether the exit code is 3 if anything could not be judged.", "false"),
    Field("output", _FORMATS, "Reports, as after `-o`.", "text"),
    Field("exclude", PATTERNS, "Files and folders that are left out unless they are named.", "none"),
    Field("var_files", list_of(TEXT, "a list of files"), "Terraform variable files.", "none"),
    Field("parameters", mapping_of(VALUE, "a mapping of names to values"), "CloudFormation parameters.", "none"),
    Field("baseline", TEXT, "The file of findings that were there before.", "none"),
)
"""The keys of section `scan`, each as the option of the command."""
