"""Who hears of backup jobs that failed or expired: notifications of vaults, and EventBridge rules.

A vault's notifications tell of failed and expired jobs by BACKUP_JOB_COMPLETED, whose message attribute ``State`` says
which; BACKUP_JOB_FAILED and BACKUP_JOB_EXPIRED are still accepted and no longer sent
(https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-notifications.html). EventBridge gets an event for each
change of a job's state (https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from restore_ready.model import (
    AwsPlace,
    EventRule,
    Str,
    Truth,
    Unresolved,
    VaultNotification,
    all_true,
    any_true,
    is_named,
    leaves_open,
    same_account_of,
    same_name,
    same_place,
    settled,
    unresolved_reason,
)

STATES: Final = ("FAILED", "EXPIRED")
SENT: Final = "BACKUP_JOB_COMPLETED"
SENT_INSTEAD: Final = {
    "BACKUP_JOB_EXPIRED": SENT,
    "BACKUP_JOB_FAILED": SENT,
    "BACKUP_JOB_SUCCESSFUL": SENT,
    "RESTORE_JOB_FAILED": "RESTORE_JOB_COMPLETED",
    "RESTORE_JOB_SUCCESSFUL": "RESTORE_JOB_COMPLETED",
}
"""Events that are no longer sent, and those that tell of the same jobs."""

NOT_SENT: Final = frozenset(SENT_INSTEAD)
_ORIGINS: Final = frozenset({"account", "region"})
"""Keys of an event pattern that pick events by where they come from: from a place without a known name, it is taken."""

_NO_FILTER: Final = frozenset({*_ORIGINS, "detail", "version"})


def notified(notifications: Iterable[VaultNotification]) -> Truth:
    """Return whether one of a vault's notifications is sent for every job that fails or expires."""
    return any_true(_is_told(notification) for notification in notifications)


@leaves_open
def _is_told(notification: VaultNotification) -> Truth:
    events = settled(notification.events, f"the events of {notification.address} are not known")
    return any_true(_equals(event, SENT) for event in events)


def names_vault(rule: EventRule) -> bool:
    """Return whether *rule* takes the events of certain vaults only."""
    detail = {} if isinstance(rule.pattern, Unresolved) else rule.pattern.get("detail")
    return isinstance(detail, Mapping) and "backupVaultName" in detail


@leaves_open
def hears(rule: EventRule, state: str, vault: Str, at: AwsPlace) -> bool:
    """Return whether *rule* takes the event of an EFS backup job into *vault*, by name, that ends in *state*.

    The event comes about in the Region and account of the vault, which lies in the place *at*, and only there
    (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-region.html).
    """
    near = _takes_from(rule, at)
    if near is False:
        return False
    pattern = settled(rule.pattern, f"the event pattern of {rule.address} is not known")
    detail: dict[str, Str] = {"state": state, "resourceType": "EFS", "backupVaultName": vault}
    return settled(all_true([*_answers(pattern, detail), *_origins(pattern, at), near]), rule.address)


def _takes_from(rule: EventRule, at: AwsPlace) -> Truth:
    """Return whether *rule* takes events of a place: its own one, or the Regions that it names, in its account."""
    if rule.regions is None:
        return same_place(rule.aws_place, at)
    regions = rule.regions if isinstance(rule.regions, tuple) else (rule.regions,)
    found = any_true(
        same_name(region, at.region) if isinstance(region, str) else Unresolved(unresolved_reason(region))
        for region in regions
    )
    return all_true([found, same_account_of(rule.aws_place, at)])


def speaks_of_backups(rule: EventRule) -> Truth:
    """Return whether *rule* names AWS Backup as a source of events."""
    if isinstance(rule.pattern, Unresolved):
        return rule.pattern
    return _matches(rule.pattern["source"], "aws.backup", "source") if "source" in rule.pattern else False


def _answers(pattern: Mapping[str, object], detail: Mapping[str, Str]) -> Iterator[Truth]:
    event: dict[str, Str] = {"source": "aws.backup", "detail-type": "Backup Job State Change"}
    yield from (_matches(tests, event.get(key), key) for key, tests in pattern.items() if key not in _NO_FILTER)
    wanted = pattern.get("detail")
    if isinstance(wanted, Mapping):
        yield from (_matches(tests, detail.get(str(key)), str(key)) for key, tests in wanted.items())
    elif wanted is not None:
        yield Unresolved("what it wants of an event's detail is not known")


def _origins(pattern: Mapping[str, object], at: AwsPlace) -> Iterator[Truth]:
    for key in _ORIGINS & pattern.keys():
        name = at.region if key == "region" else at.account
        if isinstance(name, str) and is_named(name):
            yield _matches(pattern[key], name, key)


def _matches(tests: object, value: Str | None, key: str) -> Truth:
    """Return whether a field of an event passes one of a pattern's tests for it; ``None`` is a value not known."""
    if value is None or not isinstance(tests, (list, tuple)):
        return Unresolved(f"whether its pattern for {str(key)[:40]!r} matches is not known")
    return any_true(_passes(test, value, key) for test in tests)


def _passes(test: object, value: Str, key: str) -> Truth:
    if isinstance(test, Mapping) and isinstance(value, str):
        if isinstance(prefix := test.get("prefix"), str):
            return value.startswith(prefix)
        but = test.get("anything-but")
        listed = but if isinstance(but, (list, tuple)) else (but,)
        if all(isinstance(element, str) for element in listed):
            return value not in listed
    if isinstance(test, str):
        return _equals(value, test)
    return Unresolved(f"whether its pattern for {key!r} matches is not known")


def _equals(value: Str, wanted: str) -> Truth:
    return value == wanted if isinstance(value, str) else Unresolved(unresolved_reason(value))
