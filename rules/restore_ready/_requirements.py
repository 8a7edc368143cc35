"""What backups and restores are required to meet."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Requirements:
    """The thresholds that rules compare with. Without a requirements file, these defaults apply.

    Attributes:
        automatic_allowed: whether AWS's automatic EFS backups may be relied on.
        start_within: widest start window allowed, in minutes.
        complete_within: widest completion window allowed, in minutes.
        operators: name patterns of principals that must be able to restore; letter case is ignored.
        roles: name patterns of restore roles; letter case is ignored.
        copy_only: name patterns of vaults that only receive copies and are never restored from.
    """

    automatic_allowed: bool = False
    start_within: int = 60
    complete_within: int = 24 * 60
    operators: tuple[str, ...] = ("*restore*", "*backup*operator*")
    roles: tuple[str, ...] = ("*AWSBackup*", "*restore*")
    copy_only: tuple[str, ...] = ()
