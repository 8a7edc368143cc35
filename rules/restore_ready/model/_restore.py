"""Restore tests, and the keys that restores meet."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec import Struct

from restore_ready.model._aws_place import HERE, AwsPlace
from restore_ready.model._backup import TagCondition
from restore_ready.model._policy_document import PolicyDocument, Statement
from restore_ready.model._source import Place, Places
from restore_ready.model._values import Known, Str

TEST_START_HOURS: Final = 24
"""Hours in which a restore test must start where nothing is said (API_RestoreTestingPlanForCreate.html)."""

TEST_WINDOW_DAYS: Final = 30
"""Days back from which a restore test takes recovery points where nothing is said (same source)."""


TEST_LEFTOVER: Final = "awsbackup-restore-test"
"""What the tags and names of what a restore test restored begin with; backup plans pass it over too
(https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing.html)."""


class RestoreTestPlan(Struct, frozen=True):
    """A restore testing plan.

    Attributes:
        schedule: AWS cron expression.
        start_window_hours: hours within which a test must start.
        algorithm: ``LATEST_WITHIN_WINDOW`` or ``RANDOM_WITHIN_WINDOW``.
        include_vaults: ARNs of vaults, or ``*``; likewise *exclude_vaults*.
        point_types: ``SNAPSHOT`` and ``CONTINUOUS``.
        window_days: how many days back recovery points are chosen from.
        places: where its fields are written.
    """

    address: str
    place: Place
    name: Str
    schedule: Str
    time_zone: Str = "UTC"
    start_window_hours: Known[int] = TEST_START_HOURS
    algorithm: Str = "LATEST_WITHIN_WINDOW"
    include_vaults: Known[tuple[Str, ...]] = ()
    exclude_vaults: Known[tuple[Str, ...]] = ()
    point_types: Known[tuple[Str, ...]] = ()
    window_days: Known[int] = TEST_WINDOW_DAYS
    aws_place: AwsPlace = HERE
    places: Places = Places()


class RestoreTestSelection(Struct, frozen=True):
    """A restore testing selection: what a restore testing plan restores, and with which role.

    Attributes:
        plan: the plan's name, or a `Ref` to it; ``None`` where the source does not say.
        resource_type: ``EFS``.
        resources: ARNs of what is tested; ``*`` means everything that meets *conditions*.
        conditions: tag tests, all of which must hold.
        one_of_both: whether the source takes ARNs, ``*`` included, or conditions, as Terraform's provider does.
        places: where its fields are written.
    """

    address: str
    place: Place
    role: Str
    resource_type: Str
    plan: Str | None = None
    name: Str = ""
    resources: Known[tuple[Str, ...]] = ()
    conditions: Known[tuple[TagCondition, ...]] = ()
    one_of_both: Known[bool] = False
    aws_place: AwsPlace = HERE
    places: Places = Places()


class Key(Struct, frozen=True):
    """A customer managed KMS key.

    Attributes:
        arn: its ARN, or a `Ref` to itself where the source can't know it.
        aliases: names such as ``alias/backup``.
        document: its key policy; ``None`` where none is stated and AWS's default, which leaves it to IAM, applies.
        grants: its grants, each as the statement of a key policy that allows as much.
        enabled: whether it can be used; ``None`` where the source does not tell.
        state: what a live account says of that: ``Enabled``, ``Disabled``, ``PendingDeletion`` and others, or empty.
        deletion: when it will be deleted, where that is planned.
        places: where its fields are written.
    """

    address: str
    place: Place
    arn: Str
    aliases: tuple[Str, ...] = ()
    document: Known[PolicyDocument] | None = None
    aws_place: AwsPlace = HERE
    grants: tuple[Statement, ...] = ()
    enabled: Known[bool] | None = None
    state: str = ""
    deletion: datetime | None = None
    places: Places = Places()
