"""Plans, selections, vaults and what else of AWS Backup and EFS an estate holds.

``maybe`` of a record is that of `MayExist`; ``places`` is where its fields are written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from restore_ready.model._aws_place import HERE, AwsPlace
from restore_ready.model._policy_document import PolicyDocument
from restore_ready.model._source import Place, Places
from restore_ready.model._values import Known, Str, Truth


class Copy(Struct, frozen=True):
    """A copy action of a plan rule: the destination vault's ARN and retention in days (``None``: as the source's)."""

    destination: Str
    delete_after_days: Known[int | None] = None
    cold_after_days: Known[int | None] = None


class PlanRule(Struct, frozen=True):
    """A rule of a backup plan, after the defaults of the source it was read from.

    Attributes:
        vault: the target vault's name, or a `Ref` to it.
        air_gapped_vault: ARN of a logically air-gapped vault that AWS Backup should fill, if one is named.
        start_window: minutes within which the job must start.
        completion_window: minutes within which it must complete.
        start_window_stated: false where the value is the source's default; likewise for completion.
        schedule: AWS cron expression; ``None`` means AWS's default.
        delete_after_days: ``None`` keeps recovery points for ever.
        point_tags: keys and values that recovery points get besides the tags of what is backed up.
        continuous: whether AWS Backup is asked for continuous backups, which it makes of other services only.
        defaults_sent: whether the source sends its defaults to AWS, as Terraform's provider does.
    """

    name: Str
    place: Place
    vault: Str
    start_window: Known[int]
    completion_window: Known[int]
    start_window_stated: bool = True
    completion_window_stated: bool = True
    schedule: Str | None = None
    time_zone: Str = "UTC"
    delete_after_days: Known[int | None] = None
    cold_after_days: Known[int | None] = None
    copies: Known[tuple[Copy, ...]] = ()
    air_gapped_vault: Str | None = None
    point_tags: Known[tuple[tuple[str, Str], ...]] = ()
    places: Places = Places()
    continuous: Known[bool] = False
    defaults_sent: Known[bool] = False

    @property
    def efs_vault(self) -> Str:
        """The vault that recovery points of EFS are made in.

        What AWS Backup manages fully, such as EFS, it backs up into a logically air-gapped target directly, and copies
        from there: none is made in the rule's other vault
        (https://docs.aws.amazon.com/aws-backup/latest/devguide/lag-vault-primary-backup.html).
        """
        return self.vault if self.air_gapped_vault is None else self.air_gapped_vault


class Plan(Struct, frozen=True):
    """A backup plan. Its rules are unresolved as a whole when even their number is unknown.

    The plans of an Organizations backup policy have its address, all the same.
    """

    address: str
    place: Place
    name: Str
    rules: Known[tuple[PlanRule, ...]]
    maybe: tuple[str, ...] = ()
    aws_place: AwsPlace = HERE


class TagCondition(Struct, frozen=True):
    """One tag test of a selection.

    Attributes:
        operator: ``equals``, ``not_equals``, ``like`` or ``not_like``; another text as it is written.
        key: the bare tag key, without ``aws:ResourceTag/``.
        prefixed: whether ``aws:ResourceTag/`` stands before the key.
    """

    operator: str
    key: Str
    value: Str
    prefixed: Known[bool] = True


class Selection(Struct, frozen=True):
    """What a backup plan covers: (resources or tags) and all conditions, minus not_resources.

    Attributes:
        plan: the plan's id, or a `Ref` to it.
        role: the ARN of the role that backs up.
        tags: any one of them selects.
        conditions: all of them must hold.
        organization: whether it holds in the accounts that an Organizations policy is attached to, which may be others.
        regions: the Regions that such a policy makes the plan in; none where it does not say.
        crowded: operators of which several ``condition`` blocks have tests: Terraform's provider keeps one block.
        accepted: whether AWS has accepted it already, as it has in a live account.
        emptied: the names that what it chooses is made from, such as ``var.arns``, where they give nothing.
        there: whether it exists wherever the file systems exist that it may choose.
    """

    address: str
    place: Place
    plan: Str
    role: Str
    resources: Known[tuple[Str, ...]] = ()
    not_resources: Known[tuple[Str, ...]] = ()
    tags: Known[tuple[TagCondition, ...]] = ()
    conditions: Known[tuple[TagCondition, ...]] = ()
    organization: bool = False
    maybe: tuple[str, ...] = ()
    regions: Known[tuple[Str, ...]] = ()
    aws_place: AwsPlace = HERE
    crowded: Known[tuple[str, ...]] = ()
    accepted: bool = False
    emptied: tuple[str, ...] = ()
    there: Truth = True
    places: Places = Places()


class Vault(Struct, frozen=True):
    """A backup vault.

    Attributes:
        key: the KMS key that encrypts its recovery points; ``None`` where it names none, and AWS's own does.
        is_empty: whether a live account says that it holds no recovery point.
    """

    address: str
    place: Place
    name: Str
    key: Str | None = None
    maybe: tuple[str, ...] = ()
    aws_place: AwsPlace = HERE
    is_empty: bool = False


class VaultPolicy(Struct, frozen=True):
    """The access policy of a backup vault, reported at its own resource or, in CloudFormation, at the vault."""

    address: str
    place: Place
    vault: Str
    document: Known[PolicyDocument]
    maybe: tuple[str, ...] = ()
    places: Places = Places()
    aws_place: AwsPlace = HERE


class VaultLock(Struct, frozen=True):
    """The retention that a vault insists on: a vault lock, or the fixed range of a logically air-gapped vault.

    Attributes:
        min_days: ``None`` where there is no limit; likewise *max_days*.
        changeable_days: days after which it can't be lifted any more; ``None`` where it always can.
        air_gapped: whether it is the range of a logically air-gapped vault.
    """

    address: str
    place: Place
    vault: Str
    min_days: Known[int | None] = None
    max_days: Known[int | None] = None
    maybe: tuple[str, ...] = ()
    aws_place: AwsPlace = HERE
    changeable_days: Known[int | None] = None
    air_gapped: bool = False


class VaultNotification(Struct, frozen=True):
    """The events of which a vault tells an SNS topic, which it names by its ARN or by reference."""

    address: str
    place: Place
    vault: Str
    events: Known[tuple[Str, ...]]
    maybe: tuple[str, ...] = ()
    places: Places = Places()
    aws_place: AwsPlace = HERE
    topic: Str | None = None


class Topic(Struct, frozen=True):
    """An SNS topic.

    Attributes:
        arn: its ARN, or a `Ref` to itself where the source can't know it.
        fifo: whether it keeps messages in order.
        key: the KMS key that encrypts it; ``None`` where none does.
        document: its access policy; ``None`` where none is stated and AWS's default applies.
    """

    address: str
    place: Place
    arn: Str
    name: Str | None = None
    fifo: Known[bool] = False
    key: Str | None = None
    document: Known[PolicyDocument] | None = None
    maybe: tuple[str, ...] = ()
    aws_place: AwsPlace = HERE


class EventRule(Struct, frozen=True):
    """An EventBridge rule that is not switched off, or one of User Notifications.

    Attributes:
        pattern: its event pattern as a tree of JSON values.
        targets: whether it hands events on; ``None`` where the source does not tell.
        regions: the Regions whose events it takes; ``None`` for those of its own place.
    """

    address: str
    place: Place
    pattern: Known[Mapping[str, object]]
    maybe: tuple[str, ...] = ()
    aws_place: AwsPlace = HERE
    targets: Truth | None = None
    regions: Known[tuple[Str, ...]] | None = None


class RegionSettings(Struct, frozen=True):
    """Which services AWS Backup backs up in a Region.

    Attributes:
        efs: whether EFS is opted in; ``None`` where nothing is said of EFS.
    """

    address: str
    place: Place
    efs: Known[bool | None]
    maybe: tuple[str, ...] = ()
    places: Places = Places()
    aws_place: AwsPlace = HERE


class GlobalSettings(Struct, frozen=True):
    """What AWS Backup may do across the accounts of an organization.

    Attributes:
        cross_account: whether it may copy to other accounts; ``None`` where nothing is said of that.
    """

    address: str
    place: Place
    cross_account: Known[bool | None]
    maybe: tuple[str, ...] = ()
    aws_place: AwsPlace = HERE


ASSUMED_MINUTES: Final = 60
"""Minutes that scheduled work is taken to last where nothing limits it."""


class ScheduledWork(Struct, frozen=True):
    """A schedule of EventBridge that starts work on file systems: a function or task that mounts or names them.

    Attributes:
        schedule: ``cron(…)``, ``rate(…)`` or ``at(…)``.
        file_systems: each a `Ref` to it, or its id.
        lasts: the longest a run may take, in minutes; ``None`` where nothing limits it.
    """

    address: str
    place: Place
    name: Str
    schedule: Str
    time_zone: Str
    file_systems: tuple[Str, ...]
    lasts: Known[int | None] = None
    maybe: tuple[str, ...] = ()
    aws_place: AwsPlace = HERE
