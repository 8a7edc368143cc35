"""Reads policies that are files of their own: backup policies of Organizations, identity policies, vault policies.

A backup policy is ``{"plans": {…}}``
(https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_backup_syntax.html). A policy of IAM
whose statements have principals belongs to a resource: to a backup vault if all of its actions are of AWS Backup.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from restore_ready._bounded_read import read_start
from restore_ready._errors import OtherKindError, UnreadableError
from restore_ready.iam import parse_document, read_json
from restore_ready.model import (
    Estate,
    Place,
    PolicyDocument,
    Reading,
    Source,
    Statement,
    StatementEntry,
    Unresolved,
    VaultPolicy,
)
from restore_ready.readers.cloudformation import Resource, estate_from_resources

_BIGGEST: Final = 256 * 1024
"""Bytes. Organizations and IAM take far less."""

_OF_IAM: Final = frozenset({"Id", "Statement", "Version"})
_OF_PLANS: Final = frozenset({"regions", "rules", "selections"})
_OF_BACKUP: Final = "backup:"
_PASSING: Final = "iam:passrole"
_CONTROLLING: Final = re.compile(r"(?:^|[^a-z])(?:scps?|boundary|boundaries|service-?control)(?:$|[^a-z])")
"""In the name of a file: it limits what others grant, and grants nothing itself."""


def read_policy_file(path: Path) -> Reading:
    """Read the policy in a JSON file.

    Raises:
        OtherKindError: if it is none that says something about backups and restores.
        UnreadableError: if it can't be opened or judged, or is not text.
    """
    text = _text(path)
    tree = read_json(text)
    place = Place(str(path), 1, text.count("\n", 0, len(text.rstrip())) + 1)
    if isinstance(tree, Mapping) and _is_backup_policy(tree):
        return _reading(path, place, "AWS::Organizations::Policy", Content=tree, Name=path.stem, Type="BACKUP_POLICY")
    document = parse_document(tree) if isinstance(tree, Mapping) and {"Statement"} <= tree.keys() <= _OF_IAM else None
    if isinstance(document, Unresolved):
        raise UnreadableError(path, f"is a policy that can't be judged: {document.why}")
    if isinstance(document, PolicyDocument):
        statements = [entry for entry in document.statements if isinstance(entry, Statement)]
        wrong = next((entry.effect for entry in statements if isinstance(entry.effect, Unresolved)), None)
        if wrong is not None:
            raise UnreadableError(path, f"is a policy that can't be judged: {wrong.why}")
        is_control = _CONTROLLING.search(path.stem.lower().replace("_", "-")) is not None
        if _is_of_identity(statements) and not is_control:
            properties = {"PolicyDocument": tree, "ManagedPolicyName": path.stem}
            return _reading(path, place, "AWS::IAM::ManagedPolicy", **properties)
        if _is_of_vault(statements, document.statements):
            vault = Unresolved("the file does not tell which vault it is the policy of")
            policy = VaultPolicy(path.name, place, vault, document)
            return Reading((Estate(Source.CLOUDFORMATION, str(path), vault_policies=(policy,)),))
    raise OtherKindError(path, "is no policy that says something about backups and restores")


def _text(path: Path) -> str:
    try:
        content = read_start(path, _BIGGEST + 1)
        if len(content) > _BIGGEST:
            raise OtherKindError(path, "is too big for a policy")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError(path, "is not text in UTF-8") from error


def _reading(path: Path, place: Place, kind: str, **properties: object) -> Reading:
    resource = Resource(path.name, kind, properties, place)
    return Reading((estate_from_resources([resource], source=Source.CLOUDFORMATION, root=str(path)),))


def _is_backup_policy(tree: Mapping[str, object]) -> bool:
    plans = tree.get("plans")
    if tree.keys() != {"plans"} or not isinstance(plans, Mapping):
        return False
    return any(isinstance(plan, Mapping) and not _OF_PLANS.isdisjoint(plan) for plan in plans.values())


def _is_of_identity(statements: list[Statement]) -> bool:
    """Return whether a policy is one of identities that lets somebody restore or pass a role.

    One that only denies may be a service control policy as well, and says nothing by itself.
    """
    if any(statement.principals is not None for statement in statements):
        return False
    granting = [statement for statement in statements if statement.effect != "Deny"]
    if any(isinstance(statement.actions, Unresolved) for statement in granting):
        return True
    named = [action.lower() for statement in granting for action in _actions(statement)]
    return any(action.startswith(_OF_BACKUP) or action == _PASSING for action in named)


def _is_of_vault(statements: list[Statement], entries: tuple[StatementEntry, ...]) -> bool:
    if not statements or len(statements) < len(entries) or any(each.principals is None for each in statements):
        return False
    return all(
        not statement.not_actions and all(action.lower().startswith(_OF_BACKUP) for action in _actions(statement))
        for statement in statements
    )


def _actions(statement: Statement) -> list[str]:
    actions = statement.actions
    if isinstance(actions, Unresolved):
        return []
    return [action if isinstance(action, str) else "" for action in actions]
