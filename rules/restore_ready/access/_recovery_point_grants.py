"""Can what a policy grants the start of a restore on be a recovery point of EFS at all?

``backup:StartRestoreJob`` is authorized on the recovery point alone, whose ARN for EFS is
``arn:aws:backup:REGION:ACCOUNT:recovery-point:ID`` (Service Authorization Reference, "AWS Backup"; AWS Backup
Developer Guide, "Resource ARNs"). Recovery points of some other services have ARNs of those services.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from msgspec.structs import replace

from restore_ready.access._constants import START_RESTORE
from restore_ready.access._statements import allows, statements
from restore_ready.iam import arn_fields, arn_matches
from restore_ready.index import EstateIndex
from restore_ready.model import (
    HERE,
    THIS_REGION,
    AwsPlace,
    Policy,
    Ref,
    Source,
    Statement,
    Str,
    Text,
    Truth,
    Unresolved,
    any_true,
    is_external,
    join_text,
    unresolved_reason,
)

_SERVICE: Final = 2
_MOST_PLACES: Final = 10
_OF_OTHER_SERVICES: Final = ("dynamodb", "ec2", "fsx", "rds", "redshift", "redshift-serverless", "ssm-sap")
"""Services whose recovery points have ARNs of their own (Developer Guide, "Resource ARNs")."""

_SNAPSHOTS: Final = ("_ami.", "_cluster_snapshot.", "_db_snapshot.", "_ebs_snapshot.", "_snapshot_copy.")
"""What ends the types of Terraform's resources that are such recovery points."""

_VAULT: Final = "aws_backup_vault."
_AWS: Final = re.compile(r"(?:^|\.)aws_[a-z0-9_]+\.")
_SOME: Final = Unresolved("which recovery point is meant is not known")


def granted_on(policies: Iterable[Policy]) -> tuple[Statement, ...]:
    """Return the statements that allow the start of a restore, on whatever."""
    return tuple(statement for statement in statements(policies) if allows(statement, START_RESTORE))


def can_match(granted: Iterable[Statement], estate: EstateIndex) -> Truth:
    """Return whether one of the statements takes in a recovery point that may lie where the estate's do.

    A statement on recovery points of other services counts, since it serves restores of those.
    """
    places = _places(estate)
    return any_true(_can_match(statement, places, estate) for statement in granted)


def _places(estate: EstateIndex) -> Sequence[AwsPlace]:
    """Return where recovery points lie; an account's other Regions may have vaults as well."""
    places = estate.places_of_recovery_points[:_MOST_PLACES]
    if estate.source is not Source.ACCOUNT:
        return places
    return tuple(dict.fromkeys(replace(place, region=THIS_REGION) for place in places))


def _can_match(statement: Statement, places: Sequence[AwsPlace], estate: EstateIndex) -> Truth:
    if isinstance(statement.resources, Unresolved):
        return statement.resources
    if statement.not_resources:
        return True
    return any_true(_entry_can_match(entry, places, estate) for entry in statement.resources)


def _entry_can_match(entry: Str, places: Sequence[AwsPlace], estate: EstateIndex) -> Truth:
    first = entry.parts[0] if isinstance(entry, Text) else entry
    if isinstance(first, Ref):
        return _reference_can_match(first, estate)
    fields = arn_fields(entry)
    if fields is not None and fields[_SERVICE] in _OF_OTHER_SERVICES:
        return True
    answer = any_true(_takes_in_some(entry, place) for place in places)
    if answer is False and estate.hidden_copies is not None and _takes_in_some(_anywhere(fields), HERE) is True:
        return estate.hidden_copies
    return answer


def _takes_in_some(entry: Str, place: AwsPlace) -> Truth:
    """Return whether an entry takes in some recovery point of a place; one that names a single point does."""
    point = Text((place.arn("backup", "recovery-point:"), _SOME))
    answer, why = arn_matches(entry, point), unresolved_reason(entry)
    return Unresolved(why) if isinstance(answer, Unresolved) and why else answer is not False


def _anywhere(fields: list[Str] | None) -> Str:
    """Return an ARN as it would be in any Region and account; nothing for what is no ARN."""
    if fields is None:
        return ""
    partition, service, resource = fields[1], fields[_SERVICE], fields[-1]
    return join_text(("arn:", partition, ":", service, ":*:*:", resource))


def _reference_can_match(reference: Ref, estate: EstateIndex) -> Truth:
    """No type of resource is a recovery point of EFS; what else is referred to may be anything."""
    if _VAULT in reference.target or reference.target in estate.vaults_by_address:
        return False
    if is_external(reference) or _AWS.search(reference.target) is None:
        return Unresolved(unresolved_reason(reference))
    return any(ending in reference.target for ending in _SNAPSHOTS)
