"""Which KMS key stands behind a vault or file system, and whether a restore role may use it.

A key's own policy comes first: it allows the role, or leaves the key to the account's IAM policies, or the role has no
way to the key (https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html). Grants count where the
source declares them; those that AWS Backup makes for itself are not in sight.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.access._decisions import EVERYTHING, ruled
from restore_ready.access._statements import allows, condition_values, statements
from restore_ready.iam import Allowed, Cause, Decision, Denied, Identity, PolicyType, Request, evaluate
from restore_ready.index import EstateIndex
from restore_ready.kms._key_policy import key_policy
from restore_ready.model import (
    DOCUMENT,
    THIS_ACCOUNT,
    AwsPlace,
    Estate,
    Focus,
    Key,
    PlaceName,
    PolicyDocument,
    Principal,
    Statement,
    Str,
    Text,
    Truth,
    Unresolved,
    same_name,
)

READ_BACKUP: Final = ("kms:Decrypt",)
"""What a restore does with the key of the vault, which encrypts every EFS backup in it.

AWS says that the role must have access to the key, and that otherwise a job may succeed with nothing restored
(https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html); reading is the least that this can mean.
"""

ENCRYPT_TARGET: Final = ("kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:CreateGrant")
"""What a restore to a new, encrypted file system does with the key of that
(https://repost.aws/knowledge-center/backup-insufficient-privileges-efs)."""

_SERVICES: Final = ("elasticfilesystem", "backup")
"""Services through which the role's access may be used. AWS does not say which, so one that is let in is enough."""

_VIA_SERVICE: Final = "kms:viaservice"
_MOST_SERVICES: Final = 16


_BEING_DELETED: Final = frozenset({"PendingDeletion", "PendingReplicaDeletion"})


class KeyAnswer(Struct, frozen=True):
    """Whether a role may use a key.

    Attributes:
        action: the first action that is refused or, if none is, open; empty where all are allowed.
        by: the statement that denies it; ``None`` where nothing allows it.
        stage: `PolicyType.RESOURCE` where the key's policy decided, else the kind of the role's policies that did.
    """

    answer: Truth
    action: str = ""
    by: Cause | None = None
    why: str = ""
    policy_type: PolicyType = PolicyType.RESOURCE

    def focus(self, key: Key) -> Focus | None:
        """Return where it is refused: by a statement that denies, or in the policy of *key* that does not allow it."""
        if self.by is not None:
            return self.by.focus
        return _absence(key, self.action) if self.policy_type is PolicyType.RESOURCE else None


_Context: TypeAlias = Mapping[str, tuple[Str, ...]]

_WRITING: Final[_Context] = {
    "kms:encryptioncontextkeys": ("aws:backup:backup-vault", Unresolved("what else the encryption context has")),
}
"""What a request with a vault's key carries beside: AWS's sample of its policy asks for it
(https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html)."""

_Decide: TypeAlias = Callable[[Request], Decision]

_NOT_LET_IN: Final = "it neither allows the role nor leaves the key to the IAM policies of the account"
_ALLOWED: Final = KeyAnswer(answer=True)


def key_behind(value: Str | None, at: AwsPlace, estate: EstateIndex) -> Key | Unresolved | None:
    """Return the customer managed key that *value* means *at* a place: a reference, an ARN, a key id or an alias.

    ``None`` stands for AWS's own key, which asks for no permissions; a key that is not in sight is unresolved.
    """
    return None if value is None or value == "" else estate.kms_keys.find(value, at)


def may_use_key(
    role: Principal, key: Str | None, at: AwsPlace, estate: EstateIndex, actions: Sequence[str] = READ_BACKUP
) -> KeyAnswer:
    """Return whether AWS Backup may use *key* with *role* in a restore.

    Args:
        role: the restore role.
        key: as `Vault.key` or `FileSystem.key` has it.
        at: where in AWS that lies which names the key.
        estate: where the key is looked for.
        actions: `READ_BACKUP` for the key of a vault, `ENCRYPT_TARGET` for that of a file system.
    """
    found = key_behind(key, at, estate)
    if isinstance(found, Unresolved):
        return KeyAnswer(found, actions[0], why=found.why)
    if found is None:
        return _ALLOWED
    if found.enabled is False:
        return KeyAnswer(answer=False, action=actions[0], why=f"it can't be used: {state_of(found)}")
    if isinstance(found.enabled, Unresolved):
        why = f"whether it is enabled is not known: {found.enabled.why}"
        return KeyAnswer(Unresolved(why), actions[0], why=why)
    return may_use(role, found, actions, estate)


def state_of(key: Key) -> str:
    """Return why a key can't be used, for people: ``it will be deleted on 2026-12-07``."""
    if key.state in _BEING_DELETED:
        return "it will be deleted" + (f" on {key.deletion:%Y-%m-%d}" if key.deletion is not None else "")
    return f"it is {key.state}" if key.state not in {"", "Disabled"} else "it is disabled"


def may_use(role: Principal, key: Key, actions: Sequence[str], estate: Estate, *, backs_up: bool = False) -> KeyAnswer:
    """Return what `may_use_key` does, of a key of the estate; *backs_up* where it is to write to a vault."""
    policy, purpose = key_policy(key), _WRITING if backs_up else {}
    return _over_actions(role, key, actions, purpose, lambda request: ruled(role, request, estate, policy))


def is_let_in(role: Principal, key: Key, actions: Sequence[str], *, backs_up: bool = False) -> KeyAnswer:
    """Return whether the key's own policy lets *role* in, be it by leaving the key to IAM."""
    boundary = None if role.boundary is None else EVERYTHING
    mightiest = replace(role, policies=(EVERYTHING,), unread=(), boundary=boundary)
    identity, policy, purpose = Identity.of(mightiest), key_policy(key), _WRITING if backs_up else {}
    return _over_actions(
        role, key, actions, purpose, lambda request: evaluate(identity, request, resource_policy=policy)
    )


def _over_actions(role: Principal, key: Key, actions: Sequence[str], purpose: _Context, decided: _Decide) -> KeyAnswer:
    """Return what is refused, else what is open, else that all is allowed."""
    services = tuple(_services(role, key))
    answers = [
        _kindest(_answer(request, decided(request)) for request in _requests(key, action, purpose, services))
        for action in actions
    ]
    refused = (answer for answer in answers if answer.answer is False)
    left_open = (answer for answer in answers if answer.answer is not True)
    return next(refused, None) or next(left_open, _ALLOWED)


def _kindest(answers: Iterable[KeyAnswer]) -> KeyAnswer:
    """Return an answer that allows, else an open one, else the first."""
    found: list[KeyAnswer] = []
    for answer in answers:
        if answer.answer is True:
            return answer
        found.append(answer)
    return next((answer for answer in found if isinstance(answer.answer, Unresolved)), found[0])


def _answer(request: Request, decision: Decision) -> KeyAnswer:
    outcome = decision.outcome
    if isinstance(outcome, Allowed):
        return _ALLOWED
    if isinstance(outcome, Denied):
        unnamed = outcome.by is None and decision.policy_type is PolicyType.RESOURCE
        why = _NOT_LET_IN if unnamed else outcome.why
        return KeyAnswer(answer=False, action=request.action, by=outcome.by, why=why, policy_type=decision.policy_type)
    return KeyAnswer(Unresolved(outcome.why), request.action, why=outcome.why, policy_type=decision.policy_type)


def _requests(key: Key, action: str, purpose: _Context, services: Iterable[str]) -> Iterator[Request]:
    """Yield the requests for *action* that AWS Backup may make: one for each service through which it may come."""
    unknown_id = Text((key.aws_place.arn("kms", "key/"), Unresolved("its key id is not known")))
    arn = key.arn if isinstance(key.arn, str) else unknown_id
    context: dict[str, tuple[Str, ...]] = {
        "aws:resourceaccount": (THIS_ACCOUNT,),
        "kms:calleraccount": (THIS_ACCOUNT,),
        **purpose,
    }
    grants = action == "kms:CreateGrant"
    if grants:
        context["kms:grantisforawsresource"] = ("true",)
    absent = frozenset() if grants else frozenset({"kms:grantisforawsresource"})
    for service in services:
        yield Request(action, arn, key.address, {**context, _VIA_SERVICE: (service,)}, absent)


def _services(role: Principal, key: Key) -> Iterator[str]:
    """Return the service names that the call may carry, those that policies write out too if they may be of its Region.

    Of a key whose Region is not known, any Region that a policy writes out is taken for that.
    """
    own = [f"{service}.{key.aws_place.arn_region}.amazonaws.com" for service in _SERVICES]
    document = key.document if isinstance(key.document, PolicyDocument) else PolicyDocument(())
    of_key = [entry for entry in document.statements if isinstance(entry, Statement)]
    written = (
        value for statement in (*of_key, *statements(role.policies)) for value in _via(statement, key.aws_place.region)
    )
    return islice(dict.fromkeys((*own, *written)), _MOST_SERVICES)


def _via(statement: Statement, region: PlaceName) -> Iterator[str]:
    for value in condition_values(statement, _VIA_SERVICE):
        service, _, rest = value.partition(".") if isinstance(value, str) else ("", "", "")
        is_plain = service in _SERVICES and not set("*?$") & set(rest)
        if isinstance(value, str) and is_plain and same_name(rest.partition(".")[0], region) is not False:
            yield value


def _absence(key: Key, action: str) -> Focus | None:
    """Return where *key* would let a role in: in its only statement that allows something, else in its whole policy."""
    entries = key.document.statements if isinstance(key.document, PolicyDocument) else ()
    allowing = [entry for entry in entries if isinstance(entry, Statement) and entry.effect == "Allow"]
    told = None
    if len(allowing) == 1:
        told = allowing[0].places.of("principals") if allows(allowing[0], action) else allowing[0].focus
    return told or key.places.of(DOCUMENT)
