"""Which controls of security frameworks does a rule speak to?

A rule is evidence for a control, never proof of it: it looks at EFS and AWS Backup only. Ids and titles are the
frameworks' own.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from msgspec import Struct


class Framework(Struct, frozen=True):
    """A framework, and the page that its controls were read on."""

    name: str
    source: str


class Control(Struct, frozen=True):
    """A control of a framework, and the codes of the rules that speak to it.

    Attributes:
        id: as the framework writes it; where it has none, its title.
    """

    framework: Framework
    id: str
    title: str
    rules: frozenset[str]

    @property
    def name(self) -> str:
        """Framework and id: ``NIST SP 800-53 Rev. 5 CP-9``."""
        return f"{self.framework.name} {self.id}"


NIST: Final = Framework("NIST SP 800-53 Rev. 5", "https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final")
WELL_ARCHITECTED: Final = Framework(
    "AWS Well-Architected", "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/back-up-data.html"
)
AUDIT_MANAGER: Final = Framework(
    "AWS Backup Audit Manager", "https://docs.aws.amazon.com/aws-backup/latest/devguide/choosing-controls.html"
)

_TIMES: Final = "RR101 RR201 RR202 RR203 RR204 RR205 RR603"
_COVERED: Final = "RR102 RR103 RR104 RR105 RR106 RR107 RR108 RR109 RR111 RR303 RR601 RR602 RR610"
_RESTORES: Final = (
    "RR301 RR302 RR401 RR402 RR403 RR404 RR405 RR407 RR408 RR409 RR502 RR503 RR505 RR506 RR606 RR607 RR611"
)
_REHEARSED: Final = "RR501 RR504 RR604 RR605"
_COPIES: Final = "RR304 RR306 RR608"
_UNHEARD: Final = "RR305 RR307"


def _control(framework: Framework, id_: str, title: str, *rules: str) -> Control:
    return Control(framework, id_, title, frozenset(" ".join(rules).split()))


CONTROLS: Final = (
    _control(NIST, "CP-4", "Contingency Plan Testing", _REHEARSED),
    _control(NIST, "CP-6", "Alternate Storage Site", _COPIES),
    _control(NIST, "CP-9", "System Backup", _COVERED, _TIMES, _UNHEARD, "RR308 RR609"),
    _control(NIST, "CP-9(1)", "Testing for Reliability and Integrity", _REHEARSED),
    _control(NIST, "CP-9(2)", "Test Restoration Using Sampling", _REHEARSED),
    _control(NIST, "CP-10", "System Recovery and Reconstitution", _RESTORES, "RR605"),
    _control(NIST, "AC-6", "Least Privilege", "RR406"),
    _control(
        WELL_ARCHITECTED,
        "REL09-BP01",
        "Identify and back up all data that needs to be backed up, or reproduce the data from sources",
        "RR102 RR106 RR107 RR108 RR111 RR601",
    ),
    _control(WELL_ARCHITECTED, "REL09-BP02", "Secure and encrypt backups", "RR109 RR302 RR308 RR406 RR407 RR607 RR609"),
    _control(
        WELL_ARCHITECTED,
        "REL09-BP03",
        "Perform data backup automatically",
        _TIMES,
        _UNHEARD,
        _COPIES,
        "RR103 RR104 RR105 RR303 RR602 RR610",
    ),
    _control(
        WELL_ARCHITECTED,
        "REL09-BP04",
        "Perform periodic recovery of the data to verify backup integrity and processes",
        _REHEARSED,
        _RESTORES,
    ),
    _control(
        AUDIT_MANAGER,
        "Backup resources are protected by a backup plan",
        "Backup resources are protected by a backup plan",
        "RR102 RR106 RR111",
    ),
    _control(
        AUDIT_MANAGER,
        "Backup plan has minimum frequency and minimum retention",
        "Backup plan has minimum frequency and minimum retention",
        "RR103 RR104",
    ),
    _control(
        AUDIT_MANAGER,
        "Vaults prevent manual deletion of recovery points",
        "Vaults prevent manual deletion of recovery points",
        "RR308",
    ),
    _control(
        AUDIT_MANAGER,
        "Cross-account backup copy is scheduled",
        "Cross-account backup copy is scheduled",
        "RR306",
    ),
)


class Opposite(Struct, frozen=True):
    """A control that a rule gets in the way of.

    Attributes:
        id: as the framework writes it.
        rule: the code of the rule.
        advice: what the control wants, and what to do about it.
    """

    framework: Framework
    id: str
    rule: str
    advice: str


_SECURITY_HUB: Final = Framework(
    "AWS Security Hub", "https://docs.aws.amazon.com/securityhub/latest/userguide/efs-controls.html"
)

OPPOSITES: Final = (
    Opposite(
        _SECURITY_HUB,
        "EFS.7",
        "RR101",
        "It wants automatic backups to be on. Suppress it where a plan of one's own covers the file system: EFS.2.",
    ),
    Opposite(
        _SECURITY_HUB,
        "EFS.3",
        "RR503",
        "It fails an access point whose root is /. Suppress it for the one of the mover, which has to see all files.",
    ),
    Opposite(
        _SECURITY_HUB,
        "EFS.4",
        "RR503",
        "It wants every access point to enforce a user. User 0, which the mover needs, meets that.",
    ),
)


@cache
def controls_of(code: str) -> tuple[Control, ...]:
    """Return the controls that the rule *code* speaks to."""
    return tuple(control for control in CONTROLS if code in control.rules)
