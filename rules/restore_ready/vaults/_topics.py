"""Whether AWS Backup can publish to the SNS topic that a vault's notifications name.

A topic in order (FIFO), one of another account, and one encrypted with AWS's managed key get nothing; the topic's
policy has to let ``backup.amazonaws.com`` publish
(https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-notifications.html).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from restore_ready.iam import Denied, Identity, Request, Undecided, arn_fields, evaluate
from restore_ready.index import EstateIndex
from restore_ready.model import (
    Policy,
    Ref,
    Str,
    Text,
    Topic,
    Unresolved,
    VaultNotification,
    is_external,
    is_named,
    same_account_of,
    same_name,
    unresolved_reason,
)

PUBLISHER: Final = "backup.amazonaws.com"
_PUBLISH: Final = "SNS:Publish"
_FIFO: Final = ".fifo"
_OWN_KEY: Final = "alias/aws/sns"
_NOT_SENT: Final = frozenset({"aws:sourceowner"})
"""SNS knows it of a few old services only."""
_ACCOUNT: Final = 4


def topic_of(notification: VaultNotification, estate: EstateIndex) -> Topic | None:
    """Return the topic that *notification* names, where the estate declares it."""
    value = notification.topic
    name = value.target if isinstance(value, Ref) else value
    return estate.topics_by_address.get(name) if isinstance(name, str) else None


def why_deaf(notification: VaultNotification, estate: EstateIndex) -> Iterator[str | Unresolved]:
    """Yield why AWS Backup can't publish to the topic of *notification*, and what leaves that open.

    Of a topic that is not in sight only its ARN tells something.
    """
    topic = topic_of(notification, estate)
    if topic is not None:
        yield from _of_topic(topic, notification, estate)
        return
    value = notification.topic
    if isinstance(value, Unresolved):
        yield Unresolved(f"which topic it tells is not known: {value.why}")
    elif isinstance(value, (str, Text)):
        yield from _of_arn(value, notification)


def is_in_sight(notification: VaultNotification, estate: EstateIndex) -> bool:
    """Return whether more is known of its topic than an ARN."""
    return topic_of(notification, estate) is not None


def _of_arn(arn: Str, notification: VaultNotification) -> Iterator[str]:
    fields = arn_fields(arn)
    account = fields[_ACCOUNT] if fields else None
    own = notification.aws_place.account
    if isinstance(account, str) and is_named(own) and same_name(account, own) is False:
        yield f"the topic is of account {account}, and the vault of account {own}"
    last = arn.parts[-1] if isinstance(arn, Text) else arn
    if isinstance(last, str) and last.endswith(_FIFO):
        yield "the topic is a FIFO topic"


def _of_topic(topic: Topic, notification: VaultNotification, estate: EstateIndex) -> Iterator[str | Unresolved]:
    if same_account_of(topic.aws_place, notification.aws_place) is False:
        there, here = topic.aws_place.differs(notification.aws_place)
        yield f"{topic.address} is of {there}, and the vault of {here}"
    if isinstance(topic.fifo, Unresolved):
        yield Unresolved(f"whether {topic.address} is a FIFO topic is not known: {topic.fifo.why}")
    elif topic.fifo:
        yield f"{topic.address} is a FIFO topic"
    yield from _of_key(topic)
    yield from _of_policy(topic, notification, estate)


def _of_key(topic: Topic) -> Iterator[str | Unresolved]:
    key = topic.key
    if isinstance(key, str) and key.endswith(_OWN_KEY):
        yield f"{topic.address} is encrypted with AWS's managed key {_OWN_KEY}"
    elif isinstance(key, (Text, Unresolved)) or (isinstance(key, Ref) and is_external(key)):
        yield Unresolved(f"which key encrypts {topic.address} is not known: {unresolved_reason(key)}")


def _of_policy(topic: Topic, notification: VaultNotification, estate: EstateIndex) -> Iterator[str | Unresolved]:
    document = topic.document
    if isinstance(document, Unresolved):
        yield Unresolved(f"the access policy of {topic.address} is not known: {document.why}")
        return
    if document is None:
        hidden = next((gap for gap in estate.gaps), None)
        why = f"{topic.address} has no access policy but AWS's default, which lets the account's own principals publish"
        yield why if hidden is None else Unresolved(f"{hidden.address} may hold the policy of {topic.address}")
        return
    policy = Policy(topic.address, topic.place, topic.address, document)
    outcome = evaluate(Identity(PUBLISHER, None), _request(topic, notification), resource_policy=policy).outcome
    if isinstance(outcome, Undecided):
        yield Unresolved(f"whether the policy of {topic.address} lets {PUBLISHER} publish is not known: {outcome.why}")
    elif isinstance(outcome, Denied):
        denied = outcome.by is not None
        yield f"the policy of {topic.address} " + (
            f"denies {_PUBLISH} to {PUBLISHER}" if denied else f"does not let {PUBLISHER} publish"
        )


def _request(topic: Topic, notification: VaultNotification) -> Request:
    """Return what AWS Backup asks: it says for which vault and account it publishes (same source)."""
    at = notification.aws_place
    arn = topic.arn if isinstance(topic.arn, str) or not isinstance(topic.name, str) else None
    vault = Text((at.arn("backup", "backup-vault:"), Unresolved("which vault is meant is not compared")))
    context: dict[str, tuple[Str, ...]] = {"aws:sourceaccount": (at.arn_account,), "aws:sourcearn": (vault,)}
    named = topic.aws_place.arn("sns", str(topic.name)) if arn is None else arn
    return Request(_PUBLISH, named, topic.address, context, _NOT_SENT)
