"""Field tables of SNS topics and of User Notifications, by which people hear of backups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from restore_ready.iam import read_json_object
from restore_ready.model import (
    EventRule,
    Known,
    PolicyDocument,
    Ref,
    Str,
    Text,
    Topic,
    Truth,
    Unresolved,
    any_true,
    doubt,
    unresolved_reason,
)
from restore_ready.readers._fields import Entry, Field, Itself, Table
from restore_ready.readers._kinds import document, filled_text, key, known_text, named, switch, text, texts


def _own_policy(entry: Entry, name: str) -> Known[PolicyDocument] | None:
    return None if entry.values.get(name) in (None, "") else document(entry, name)


TOPIC: Final = Table(
    Topic,
    (
        Field("arn", known_text, Itself("Ref"), ("arn", Itself("arn"))),
        Field("name", filled_text, "TopicName", "name"),
        Field("fifo", switch, "FifoTopic", "fifo_topic", default=False),
        Field("key", key, "KmsMasterKeyId", "kms_master_key_id"),
        Field("document", _own_policy, "", "policy"),
    ),
    cloudformation=("AWS::SNS::Topic",),
    terraform=("aws_sns_topic",),
)
_POLICY_TYPES: Final = ("AWS::SNS::TopicPolicy", "aws_sns_topic_policy")
_POLICY: Final[Field[Known[PolicyDocument]]] = Field("document", document, "PolicyDocument", "policy", required=True)
_OF_TOPIC: Final[Field[Str]] = Field("topic", text, "", "arn", required=True)
_OF_TOPICS: Final[Field[Known[tuple[Str, ...]]]] = Field("topics", texts, "Topics", "", required=True)


def topics(entries: Sequence[Entry]) -> Iterator[Topic]:
    """Yield the SNS topics with their access policies, which may be resources of their own."""
    policies = [entry for entry in entries if entry.type in _POLICY_TYPES]
    for entry in entries:
        if TOPIC.tells(entry):
            own = TOPIC.read(entry)
            separate = _separate_policy(own, policies)
            yield own if separate is None else TOPIC.read(entry, document=separate)


def _separate_policy(topic: Topic, policies: Iterable[Entry]) -> Known[PolicyDocument] | None:
    """Return the policy of *topic* that is a resource of its own, or why it may have one."""
    astray: Unresolved | None = None
    for policy in policies:
        listed = _named_by(policy)
        for value in (listed,) if isinstance(listed, Unresolved) else listed:
            if named(value) and named(value) in {topic.address, named(topic.arn), topic.name}:
                why = doubt(policy, topic.maybe)
                return Unresolved(why) if why else _POLICY.given(policy)
            if isinstance(value, (Text, Unresolved)):
                astray = Unresolved(f"which topic {policy.address} is for is not known")
    return astray


def _named_by(policy: Entry) -> Known[tuple[Str, ...]]:
    if policy.dialect.language == "terraform":
        topic = _OF_TOPIC.given(policy)
        return () if topic is None else (topic,)
    return _OF_TOPICS.given(policy) or ()


_USER_NOTIFICATION: Final = Table(
    EventRule,
    (Field("regions", texts, "Regions", "regions", default=()),),
    cloudformation=("AWS::Notifications::EventRule",),
    terraform=("aws_notifications_event_rule",),
)
_SOURCE: Final[Field[Str]] = Field("source", text, "Source", "source", required=True)
_EVENT_TYPE: Final[Field[Str]] = Field("event_type", text, "EventType", "event_type", required=True)
_FILTER: Final[Field[Str]] = Field("pattern", filled_text, "EventPattern", "event_pattern")


def user_notifications(entries: Iterable[Entry]) -> Iterator[EventRule]:
    """Yield the event rules of AWS User Notifications, which show what they take in the console themselves.

    Their pattern is that of the source and the type of event they name, narrowed by one of their own
    (https://docs.aws.amazon.com/notifications/latest/APIReference/API_CreateEventRule.html).
    """
    for entry in entries:
        if _USER_NOTIFICATION.tells(entry):
            whole = {"source": [_SOURCE.given(entry)], "detail-type": [_EVENT_TYPE.given(entry)]}
            yield _USER_NOTIFICATION.read(entry, pattern={**_narrowed(entry), **whole})


def _narrowed(entry: Entry) -> Mapping[str, object]:
    written = _FILTER.given(entry)
    found = {} if written is None else read_json_object(written)
    return {"detail": found} if isinstance(found, Unresolved) else found


def own_targets(rule: Entry) -> Truth:
    """Return whether an event rule lists targets itself, as CloudFormation has it."""
    listed = rule.values.get("Targets")
    if isinstance(listed, (Ref, Text, Unresolved)):
        return Unresolved(f"its targets are not known: {unresolved_reason(listed)}")
    return bool(listed)


class EventTargets:
    """The targets of event rules that are resources of their own, as Terraform has them."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Take those among *entries*."""
        self._by_rule: dict[str, list[Entry]] = {}
        for entry in entries:
            if entry.type == "aws_cloudwatch_event_target":
                self._by_rule.setdefault(named(text(entry, "rule")), []).append(entry)

    def of(self, rule: Entry) -> Truth:
        """Return whether *rule* certainly has a target."""
        known = {name for name in (rule.address, named(text(rule, "name"))) if name}
        own = (target for name in known for target in self._by_rule.get(name, ()))
        doubts = [doubt(target, rule.maybe) for target in own]
        astray = (f"{target.address} may be its target" for target in self._by_rule.get("", ()))
        return any_true([*(Unresolved(why) if why else True for why in doubts), *map(Unresolved, astray)])
