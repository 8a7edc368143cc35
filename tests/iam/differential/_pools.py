"""What the cases of policy evaluation are made of."""

from __future__ import annotations

from typing import Final

OWN: Final = "111111111111"
OTHER: Final = "222222222222"
ROLE: Final = f"arn:aws:iam::{OWN}:role/ops/restorer"
PLAIN_ROLE: Final = f"arn:aws:iam::{OWN}:role/restorer"
USER: Final = f"arn:aws:iam::{OWN}:user/staff/anna"
SESSION: Final = f"arn:aws:sts::{OWN}:assumed-role/restorer/anna"
FOREIGN_ROLE: Final = f"arn:aws:iam::{OTHER}:role/restorer"
SERVICE: Final = "backup.amazonaws.com"

WHO: Final = (ROLE, ROLE, PLAIN_ROLE, USER, USER, SESSION, FOREIGN_ROLE, SERVICE)
"""Who asks; the role without a path is the session's."""

_POINT: Final = "arn:aws:backup:eu-west-1:{}:recovery-point:1a2b3c4d"
_VAULT: Final = "arn:aws:backup:eu-west-1:{}:backup-vault:main"
_FILE_SYSTEM: Final = "arn:aws:elasticfilesystem:eu-west-1:{}:file-system/fs-0123"
_KEY: Final = "arn:aws:kms:eu-west-1:{}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_ROLE: Final = "arn:aws:iam::{}:role/service/AWSBackupRestore"

REQUESTS: Final = (
    *[("backup:StartRestoreJob", _POINT)] * 7,
    ("backup:DescribeRecoveryPoint", _POINT),
    ("backup:GetRecoveryPointRestoreMetadata", _POINT),
    ("backup:DeleteRecoveryPoint", _POINT),
    ("backup:CopyIntoBackupVault", _VAULT),
    ("backup:PutBackupVaultAccessPolicy", _VAULT),
    *[("iam:PassRole", _ROLE)] * 5,
    ("elasticfilesystem:ClientMount", _FILE_SYSTEM),
    ("elasticfilesystem:ClientWrite", _FILE_SYSTEM),
    ("elasticfilesystem:Backup", _FILE_SYSTEM),
    ("elasticfilesystem:Restore", _FILE_SYSTEM),
    ("kms:Decrypt", _KEY),
    ("kms:CreateGrant", _KEY),
    ("kms:GenerateDataKeyWithoutPlaintext", _KEY),
    ("sts:AssumeRole", _ROLE),
)
"""An action and the ARN, with room for the account, of what it acts on."""

ACTIONS: Final = {
    "backup": (
        "backup:*",
        "backup:Start*",
        "backup:*RecoveryPoint*",
        "Backup:startrestorejob",
        "backup:?tartRestoreJob",
    ),
    "iam": ("iam:*", "iam:Pass*", "iam:passrole", "iam:PassRol?", "iam:Get*"),
    "elasticfilesystem": ("elasticfilesystem:*", "elasticfilesystem:Client*", "elasticfilesystem:?e*"),
    "kms": ("kms:*", "kms:De*", "kms:*Grant", "kms:GenerateDataKey*", "KMS:decrypt"),
    "sts": ("sts:*", "sts:Assume*", "sts:TagSession", "sts:assumerole"),
}
"""Patterns, by the service of the request."""

OTHER_ACTIONS: Final = ("s3:GetObject", "ec2:*", "backup:List*", "*")
RESOURCES: Final = (
    "*",
    "arn:aws:backup:*:*:recovery-point:*",
    f"arn:aws:backup:eu-west-1:{OWN}:recovery-point:*",
    f"arn:aws:backup:eu-west-1:{OWN}:backup-vault:*",
    f"arn:aws:iam::{OWN}:role/*",
    "arn:aws:iam::*:role/service/AWSBackup*",
    f"arn:aws:elasticfilesystem:*:{OWN}:file-system/*",
    f"arn:aws:kms:*:{OWN}:key/????????-*",
    "arn:aws:*:eu-west-1:*:*",
    "arn:aws:backup:*",
    "arn:aws:backup:eu-central-1:*:*",
    "arn:aws:iam::*:role/${aws:PrincipalTag/team}/AWSBackupRestore",
    "arn:aws:backup:eu-west-1:*:recovery-point:${aws:username}*",
    "arn:aws:iam::*:role/${aws:PrincipalTag/none, 'service'}/AWSBackupRestore",
)
PRINCIPALS: Final = (
    {"AWS": "*"},
    {"AWS": OWN},
    {"AWS": f"arn:aws:iam::{OWN}:root"},
    {"AWS": [ROLE, USER]},
    {"AWS": PLAIN_ROLE},
    {"AWS": SESSION},
    {"AWS": [FOREIGN_ROLE, OWN]},
    {"AWS": OTHER},
    {"Service": SERVICE},
    {"AWS": [USER], "Service": ["elasticfilesystem.amazonaws.com", SERVICE]},
)

STRINGS: Final = ("StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase",
                  "StringNotEqualsIgnoreCase")  # fmt: skip
ARNS: Final = ("ArnLike", "ArnEquals", "ArnNotLike", "ArnNotEquals", "StringLike", "StringNotLike", "StringEquals")
NUMBERS: Final = ("NumericLessThan", "NumericGreaterThanEquals", "NumericEquals", "NumericNotEquals")
DATES: Final = ("DateLessThan", "DateGreaterThan", "DateGreaterThanEquals", "DateNotEquals")
NETWORKS: Final = ("IpAddress", "NotIpAddress")
BOOL: Final = ("Bool",)

Key = tuple[tuple[str, ...], tuple[object, ...], tuple[str, ...]]
"""The operators that suit a condition key, what requests may carry (``None``: nothing), and what policies ask for."""

_TEAMS: Final = ("restore", "Restore", "service", "*", "re*", "${aws:PrincipalTag/team}", "${aws:ResourceTag/team}")
_FLAGS: Final = ("true", "false", "True")
_ACCOUNTS: Final = (OWN, OTHER, "1111*", "${aws:PrincipalAccount}")
_IDENTITIES: Final = (
    ROLE,
    PLAIN_ROLE,
    USER,
    f"arn:aws:iam::{OWN}:role/*",
    "arn:aws:iam::*:*",
    "arn:*:iam::*:role/restorer",
    "arn:aws:iam:::*",
    "arn:aws:iam*",
    "*",
    f"arn:aws:iam::{OWN}:user/*/${{aws:username}}",
)
_PATHS: Final = ("o-1/r-1/ou-1/*", "o-1/*", "o-2/*", "o-1/r-1/ou-1/ou-2/")
_TAG_KEYS: Final = ("team", "cost", "te*", "")

KEYS: Final[dict[str, Key]] = {
    "aws:PrincipalTag/team": (STRINGS, ("restore", "service", "", None), _TEAMS),
    "aws:ResourceTag/team": (STRINGS, ("restore", "Restore", None), _TEAMS),
    "aws:PrincipalArn": (ARNS, (), _IDENTITIES),
    "aws:PrincipalAccount": (STRINGS, (), _ACCOUNTS),
    "aws:PrincipalType": (STRINGS, (), ("AssumedRole", "User", "user", "*")),
    "aws:username": (STRINGS, (), ("anna", "a*", "Anna", "??*")),
    "aws:userid": (STRINGS, (), ("*:anna", "AROA*", "AIDAEXAMPLE")),
    "aws:PrincipalOrgID": (STRINGS, ("o-1", "o-2", None), ("o-1", "o-*", "O-1")),
    "aws:PrincipalOrgPaths": (STRINGS, (["o-1/r-1/ou-1/ou-2/"], ["o-1/r-1/ou-1/", "o-2/r-1/"], None), _PATHS),
    "aws:TagKeys": (STRINGS, (["team"], ["team", "cost"], [""], None), _TAG_KEYS),
    "aws:CalledVia": (
        STRINGS,
        (["cloudformation.amazonaws.com", SERVICE], None),
        (SERVICE, "cloudformation*", "athena*"),
    ),
    "aws:MultiFactorAuthPresent": (BOOL, ("true", "false", None), _FLAGS),
    "aws:SecureTransport": (BOOL, (), _FLAGS),
    "aws:ViaAWSService": (BOOL, ("true", "false", None), _FLAGS),
    "aws:PrincipalIsAWSService": (BOOL, (), _FLAGS),
    "aws:MultiFactorAuthAge": (NUMBERS, ("300", "3600", None), ("300", "900", "3600.0", "1e3")),
    "aws:CurrentTime": (
        DATES,
        ("2026-06-01T12:00:00Z",),
        ("2026-06-01", "2026-06-01T12:00:00Z", "2026-06-01T14:00:00+02:00", "1780315200", "2030-01-01T00:00:00Z"),
    ),
    "aws:SourceIp": (
        NETWORKS,
        ("10.1.2.3", "2001:db8::1", None),
        ("10.0.0.0/8", "10.1.2.3", "2001:db8::/32", "0.0.0.0/0"),
    ),
    "aws:RequestedRegion": (STRINGS, ("eu-west-1", "us-east-1"), ("eu-west-1", "eu-*", "EU-WEST-1")),
    "aws:ResourceAccount": (STRINGS, (), _ACCOUNTS),
    "aws:SourceAccount": (STRINGS, (), _ACCOUNTS),
    "aws:SourceArn": (ARNS, (), (f"arn:aws:backup:eu-west-1:{OWN}:*", "arn:aws:backup:*:*:*", "arn:aws:s3:::x")),
    "aws:SourceVpce": (STRINGS, ("vpce-1", None), ("vpce-1", "vpce-*", "vpce-2")),
    "aws:FederatedProvider": (STRINGS, (None,), ("cognito", "*")),
}
"""Keys of every service; a request carries what `request_keys` says of those without values."""

SERVICE_KEYS: Final[dict[str, dict[str, Key]]] = {
    "iam:PassRole": {
        "iam:PassedToService": (
            STRINGS,
            (SERVICE, "restore-testing.backup.amazonaws.com", None),
            (SERVICE, "backup*", "*.amazonaws.com", "Backup.amazonaws.com", "ec2.amazonaws.com"),
        ),
    },
    "elasticfilesystem:ClientMount": {
        "elasticfilesystem:AccessPointArn": (
            ARNS,
            (f"arn:aws:elasticfilesystem:eu-west-1:{OWN}:access-point/fsap-1", None),
            ("arn:aws:elasticfilesystem:*:*:access-point/*", f"arn:aws:elasticfilesystem:eu-west-1:{OWN}:*:fsap-1"),
        ),
    },
    "kms:Decrypt": {
        "kms:ViaService": (
            STRINGS,
            ("elasticfilesystem.eu-west-1.amazonaws.com", "backup.eu-west-1.amazonaws.com", None),
            ("elasticfilesystem.*.amazonaws.com", "backup.eu-west-1.amazonaws.com", "*"),
        ),
    },
}
"""Keys of single actions."""

MODIFIERS: Final = ("{}", "{}IfExists", "ForAnyValue:{}", "ForAllValues:{}", "ForAnyValue:{}IfExists",
                    "ForAllValues:{}IfExists")  # fmt: skip
GRID: Final[tuple[tuple[str, tuple[str, ...], tuple[str, ...], tuple[object, ...]], ...]] = (
    ("aws:PrincipalTag/team", STRINGS, ("restore", "op*"), ("restore", "Restore", "ops", "", None)),
    ("aws:TagKeys", STRINGS, ("team", "co*"), (["team"], ["team", "cost"], ["team", "owner"], [""], None)),
    ("aws:ResourceTag/team", STRINGS, ("${aws:PrincipalTag/team}",), ("restore", None)),
    ("aws:PrincipalTag/team", STRINGS, ("${aws:PrincipalTag/team}",), ("restore", "*", "", None)),
    ("aws:SourceArn", (*ARNS[:4], "Null"), ("arn:aws:backup:*:*:*",),
     ("arn:aws:backup:eu-west-1:1:x:y", "arn:aws:s3:::b", None)),
    ("aws:PrincipalArn", ARNS, ("arn:aws:iam::*:user/staff/*",), (None,)),
    ("aws:PrincipalArn", ("ArnLike", "ArnNotLike"), ("*",), (None,)),
    ("aws:SourceAccount", ("StringEquals", "StringNotEquals"), (OWN,), (OWN, OTHER, None)),
    ("aws:MultiFactorAuthAge", (*NUMBERS, "NumericGreaterThan", "NumericLessThanEquals"), ("300",),
     ("60", "300", "3600", None)),
    ("aws:TokenIssueTime", (*DATES, "DateEquals", "DateLessThanEquals"), ("2026-06-01T00:00:00Z",),
     ("2026-05-31T23:59:59Z", "2026-06-01T00:00:00Z", "2026-06-02T00:00:00Z", None)),
    ("aws:TokenIssueTime", DATES, ("1780315200",), ("2026-05-31T23:59:59Z", "2026-06-01T12:00:00Z")),
    ("aws:SourceIp", NETWORKS, ("10.1.2.3",), ("10.1.2.3", "2001:db8::1", "192.0.2.1")),
    ("aws:ViaAWSService", BOOL, ("true",), ("true", "false", None)),
    ("aws:SourceIp", NETWORKS, ("10.0.0.0/8", "2001:db8::/32"), ("10.1.2.3", "2001:db8::1", "192.0.2.1", None)),
)  # fmt: skip
"""Condition keys with the operators, the values of the policy, and what requests carry: each with each.

``None`` is no more than follows from who asks.
"""
