"""Tells before the emergency whether an EFS backup meets its requirements and can be restored.

`scan` judges Terraform, plans and CloudFormation, `audit` live accounts, and `judge` what somebody else has read. All
give `Judgement` objects, whose verdict is `Pass`, `Fail`, `Unknown` or `Broken`, or a `Fail` that was accepted. What a
source says is an `Estate` of plain records. All else in this package is private and may move.

    >>> from pathlib import Path
    >>> from restore_ready import Fail, scan
    >>> [one.rule.code for one in scan([Path("infrastructure")]).judgements if isinstance(one.verdict, Fail)]
"""

from typing import TYPE_CHECKING, Any

from restore_ready._version import __version__

if TYPE_CHECKING:
    from restore_ready._errors import StartError, UnreadableError, UsageError
    from restore_ready.catalog._finder import all_rules
    from restore_ready.engine._judge import Judgement, judge
    from restore_ready.model import (
        THIS_ACCOUNT,
        THIS_REGION,
        AccessPoint,
        AllowPassRole,
        AttachManagedPolicy,
        AutomaticBackups,
        AwsPlace,
        BackupJob,
        Blackout,
        Broken,
        Change,
        Condition,
        ControlKind,
        Copy,
        Estate,
        EventRule,
        ExternalSelection,
        Fact,
        Fail,
        FileSystem,
        FileSystemPolicy,
        Gap,
        History,
        Hours,
        Key,
        Known,
        Mount,
        MountTarget,
        Mover,
        MoverKind,
        OrganizationControl,
        OtherAccount,
        Pass,
        Place,
        Plan,
        PlanRule,
        Policy,
        PolicyDocument,
        Principal,
        PrincipalEntry,
        PrincipalKind,
        Reading,
        RecoveryPoint,
        Ref,
        RegionSettings,
        RemoveDeny,
        ReplaceEvents,
        Replica,
        Replication,
        Requirements,
        RestoreJob,
        RestoreTestPlan,
        RestoreTestSelection,
        RestrictPassRole,
        Rule,
        Scalar,
        ScheduledWork,
        Selection,
        Setting,
        SetValue,
        Severity,
        Source,
        Statement,
        StatementEntry,
        Status,
        Str,
        Subject,
        Subnet,
        TagCondition,
        Target,
        Text,
        TrustBackup,
        Truth,
        Unknown,
        Unnamed,
        Unresolved,
        Vault,
        VaultLock,
        VaultNotification,
        VaultPolicy,
        Verdict,
    )
    from restore_ready.requirements._file import RequirementsFile
    from restore_ready.scanning._audit import audit
    from restore_ready.scanning._scan import Scan, scan
    from restore_ready.scanning._snapshots import AccountScan, LeftOut

__all__ = [
    "THIS_ACCOUNT",
    "THIS_REGION",
    "AccessPoint",
    "AccountScan",
    "AllowPassRole",
    "AttachManagedPolicy",
    "AutomaticBackups",
    "AwsPlace",
    "BackupJob",
    "Blackout",
    "Broken",
    "Change",
    "Condition",
    "ControlKind",
    "Copy",
    "Estate",
    "EventRule",
    "ExternalSelection",
    "Fact",
    "Fail",
    "FileSystem",
    "FileSystemPolicy",
    "Gap",
    "History",
    "Hours",
    "Judgement",
    "Key",
    "Known",
    "LeftOut",
    "Mount",
    "MountTarget",
    "Mover",
    "MoverKind",
    "OrganizationControl",
    "OtherAccount",
    "Pass",
    "Place",
    "Plan",
    "PlanRule",
    "Policy",
    "PolicyDocument",
    "Principal",
    "PrincipalEntry",
    "PrincipalKind",
    "Reading",
    "RecoveryPoint",
    "Ref",
    "RegionSettings",
    "RemoveDeny",
    "ReplaceEvents",
    "Replica",
    "Replication",
    "Requirements",
    "RequirementsFile",
    "RestoreJob",
    "RestoreTestPlan",
    "RestoreTestSelection",
    "RestrictPassRole",
    "Rule",
    "Scalar",
    "Scan",
    "ScheduledWork",
    "Selection",
    "SetValue",
    "Setting",
    "Severity",
    "Source",
    "StartError",
    "Statement",
    "StatementEntry",
    "Status",
    "Str",
    "Subject",
    "Subnet",
    "TagCondition",
    "Target",
    "Text",
    "TrustBackup",
    "Truth",
    "Unknown",
    "Unnamed",
    "UnreadableError",
    "Unresolved",
    "UsageError",
    "Vault",
    "VaultLock",
    "VaultNotification",
    "VaultPolicy",
    "Verdict",
    "__version__",
    "all_rules",
    "audit",
    "judge",
    "scan",
]

_MODEL = "restore_ready.model"
_HOMES = {
    "AccountScan": "restore_ready.scanning._snapshots",
    "Judgement": "restore_ready.engine._judge",
    "LeftOut": "restore_ready.scanning._snapshots",
    "RequirementsFile": "restore_ready.requirements._file",
    "Scan": "restore_ready.scanning._scan",
    "StartError": "restore_ready._errors",
    "UnreadableError": "restore_ready._errors",
    "UsageError": "restore_ready._errors",
    "all_rules": "restore_ready.catalog._finder",
    "audit": "restore_ready.scanning._audit",
    "judge": "restore_ready.engine._judge",
    "scan": "restore_ready.scanning._scan",
}
"""Where the names live that are no records of the model."""


def __getattr__(name: str) -> Any:  # noqa: ANN401  # whatever the name stands for
    """Import a public name when it is first asked for: hosts and commands start faster for it.

    Raises:
        AttributeError: if there is no such public name.
    """
    if name not in __all__:
        msg = f"module 'restore_ready' has no attribute '{name}'"
        raise AttributeError(msg)
    from importlib import import_module  # noqa: PLC0415  # at start nothing is imported

    found = globals()[name] = getattr(import_module(_HOMES.get(name, _MODEL)), name)
    return found


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
