"""Somebody hears of backup jobs that fail or expire.

## What it does
Finds backup vaults that a plan backs EFS up to, without a notification and without an EventBridge rule or AWS User
Notification that tells of jobs that failed and of jobs that expired. Plans whose selections choose other services only
don't count. A rule hears of jobs in its own Region and account, a User Notification of those in the Regions that it
names. A notification or rule that can't reach anybody is RR307's, and counts here.

A notification for `BACKUP_JOB_FAILED` or `BACKUP_JOB_EXPIRED` alone counts for nothing: AWS accepts these events and no
longer sends them. `BACKUP_JOB_COMPLETED` is sent for all of them.

## Why is this bad?
A job that could not start within its window expires without a sound. Without a notification, the backups of the last
weeks turn out to be missing on the day that one is needed.

## Example
```terraform
resource "aws_backup_vault" "efs" {
  name = "efs"
}

resource "aws_backup_plan" "nightly" {
  name = "nightly"
  rule {
    rule_name         = "nightly"
    target_vault_name = aws_backup_vault.efs.name
  }
}

resource "aws_backup_vault_notifications" "efs" {
  backup_vault_name   = aws_backup_vault.efs.name
  sns_topic_arn       = "arn:aws:sns:eu-central-1:111122223333:on-call"
  backup_vault_events = ["BACKUP_JOB_FAILED", "BACKUP_JOB_EXPIRED"]
}
```

Use instead:
```terraform
resource "aws_backup_vault" "efs" {
  name = "efs"
}

resource "aws_backup_plan" "nightly" {
  name = "nightly"
  rule {
    rule_name         = "nightly"
    target_vault_name = aws_backup_vault.efs.name
  }
}

resource "aws_backup_vault_notifications" "efs" {
  backup_vault_name   = aws_backup_vault.efs.name
  sns_topic_arn       = "arn:aws:sns:eu-central-1:111122223333:on-call"
  backup_vault_events = ["BACKUP_JOB_COMPLETED"]
}
```

## References
- https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-notifications.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

from msgspec import Struct

from restore_ready.catalog._changes import target
from restore_ready.coverage._service_role import spares_efs
from restore_ready.index import EstateIndex
from restore_ready.model import (
    AwsPlace,
    Change,
    Fail,
    Known,
    MayExist,
    Pass,
    Place,
    Plan,
    ReplaceEvents,
    Requirements,
    Rule,
    Severity,
    Str,
    Truth,
    Unknown,
    Unresolved,
    Vault,
    VaultNotification,
    Verdict,
    any_true,
    doubt,
    settled,
    show,
)
from restore_ready.vaults._lookup import VAULT_CLOUDFORMATION, VAULT_TERRAFORM, plan_rules
from restore_ready.vaults._notifications import NOT_SENT, SENT, SENT_INSTEAD, STATES, hears, names_vault, notified


class FilledVault(Struct, frozen=True):
    """A vault that a plan backs up to.

    Attributes:
        notifications: its own.
        heard: whether somebody hears of its jobs, by their final state.
        perhaps: why no such plan may exist where the vault does; empty where one certainly does.
    """

    address: str
    place: Place
    notifications: tuple[VaultNotification, ...]
    heard: dict[str, Truth]
    perhaps: str = ""


def _subjects(estate: EstateIndex, _requirements: Requirements) -> Iterable[FilledVault]:
    """Return the vaults of *estate* that a plan of *estate* certainly backs up to, unless it spares EFS."""
    keys = estate.vault_keys
    filling: dict[Known[str], list[Plan]] = {}
    for plan, rule in plan_rules(estate):
        if not spares_efs(plan, estate):
            filling.setdefault(keys.key(rule.efs_vault, plan.aws_place, here=True), []).append(plan)
    listeners = _Listeners(estate)
    for vault in estate.vaults:
        if plans := filling.get(vault.address):
            certain = any(not doubt(plan, vault.maybe) for plan in plans)
            perhaps = "" if certain else doubt(plans[0], vault.maybe)
            own = tuple(listeners.own.get(vault.address, ()))
            yield FilledVault(vault.address, vault.place, own, listeners.of(vault, plans), perhaps)


class _Listeners:
    """Who hears of backup jobs: the notifications and event rules of an estate."""

    def __init__(self, estate: EstateIndex) -> None:
        self.own: dict[str, list[VaultNotification]] = {}
        loose: list[VaultNotification] = []
        for notification in estate.vault_notifications:
            key = estate.vault_keys.key(notification.vault, notification.aws_place)
            (loose if isinstance(key, Unresolved) else self.own.setdefault(key, [])).append(notification)
        self._general = [rule for rule in estate.event_rules if not names_vault(rule) and not rule.maybe]
        self._special = [rule for rule in estate.event_rules if names_vault(rule) or rule.maybe]
        self._loose = _perhaps(loose)
        self._by_all: dict[tuple[str, AwsPlace], Truth] = {}

    def of(self, vault: Vault, plans: Sequence[Plan]) -> dict[str, Truth]:
        """Return whether somebody hears of the jobs of *plans* into *vault*, by their final state."""
        met = {*vault.maybe, *set.intersection(*(set(plan.maybe) for plan in plans))}
        told = any_true(_where_it_exists(notified([own]), own, met) for own in self.own.get(vault.address, ()))
        at = vault.aws_place
        return {
            state: any_true([told, self._of_all(state, at), *self._special_of(state, vault, met)]) for state in STATES
        }

    def _of_all(self, state: str, at: AwsPlace) -> Truth:
        """Return whether somebody hears of all jobs that end in *state* in a place."""
        if (state, at) not in self._by_all:
            general = (hears(rule, state, "", at) for rule in self._general)
            self._by_all[state, at] = any_true([*general, self._loose])
        return self._by_all[state, at]

    def _special_of(self, state: str, vault: Vault, met: Collection[str]) -> Iterator[Truth]:
        answers = ((hears(rule, state, vault.name, vault.aws_place), rule) for rule in self._special)
        return (_where_it_exists(answer, rule, met) for answer, rule in answers)


def _where_it_exists(answer: Truth, told_by: MayExist, met: Collection[str]) -> Truth:
    """Return what an answer is worth that something gives which may not exist."""
    why = doubt(told_by, met) if answer is True else ""
    return Unresolved(why) if why else answer


def _perhaps(loose: list[VaultNotification]) -> Truth:
    """Return what notifications of a vault that is not known are worth for any vault."""
    if notified(loose) is False:
        return False
    return Unresolved(f"{loose[0].address} may be of this vault: {show(loose[0].vault)}")


def judge(subject: FilledVault, estate: EstateIndex, _requirements: Requirements) -> Verdict:
    """Fail a vault whose failed or expired jobs nobody hears of.

    Raises:
        Open: if whether somebody hears of them is not known.
    """
    unheard = [state for state in STATES if subject.heard[state] is False]
    if unheard:
        if hidden := estate.hiding:
            return Unknown(f"{hidden.address} may hold a notification: {hidden.why}")
        if subject.perhaps:
            return Unknown(f"{subject.perhaps}; without, nobody would hear of its failed jobs")
        states = " or ".join(state.lower() for state in unheard)
        return Fail(
            f"nobody hears of backup jobs into this vault that {states}: {_how(subject)}",
            fix=f"Add a vault notification for {SENT}, or an EventBridge rule on aws.backup.",
            evidence={"states": unheard},
            changes=_changes(subject),
        )
    for answer in subject.heard.values():
        settled(answer)
    return Pass()


def _changes(subject: FilledVault) -> tuple[Change, ...]:
    """Return what makes the vault's one notification wait for the event that AWS sends."""
    if len(subject.notifications) != 1:
        return ()
    return (ReplaceEvents(target(subject.notifications[0]), tuple(SENT_INSTEAD.items()), SENT),)


def _how(subject: FilledVault) -> str:
    events: list[Str] = [
        event
        for notification in subject.notifications
        if not isinstance(notification.events, Unresolved)
        for event in notification.events
    ]
    silent = sorted({event for event in events if isinstance(event, str) and event in NOT_SENT})
    if silent:
        return f"AWS no longer sends {', '.join(silent)}"
    if events:
        return f"its notifications lack {SENT}"
    return "it has no notification, and no EventBridge rule takes them"


RULE = Rule(
    "RR305",
    "failed-jobs-unheard",
    Severity.WARNING,
    _subjects,
    judge,
    since="0.1.0",
    terraform=VAULT_TERRAFORM,
    cloudformation=VAULT_CLOUDFORMATION,
    about_coverage=True,
)
