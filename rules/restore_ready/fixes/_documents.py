"""Where is the policy document of a resource written, and where its statements?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from restore_ready.fixes._node import ByHandError, Entry, Node, literal, mapping
from restore_ready.fixes._sources import Language, Resource, SourceFile, Sources
from restore_ready.fixes._yaml import read_json

TRUST: Final = {"aws_iam_role": "assume_role_policy", "AWS::IAM::Role": "AssumeRolePolicyDocument"}
"""The attribute of each type that holds a trust policy."""

ACCESS: Final = {
    "aws_backup_vault_policy": "policy",
    "aws_iam_group_policy": "policy",
    "aws_iam_policy": "policy",
    "aws_iam_role_policy": "policy",
    "aws_iam_user_policy": "policy",
    "aws_ssoadmin_permission_set_inline_policy": "inline_policy",
    "AWS::Backup::BackupVault": "AccessPolicy",
    "AWS::IAM::GroupPolicy": "PolicyDocument",
    "AWS::IAM::ManagedPolicy": "PolicyDocument",
    "AWS::IAM::Policy": "PolicyDocument",
    "AWS::IAM::RolePolicy": "PolicyDocument",
    "AWS::IAM::UserPolicy": "PolicyDocument",
}
"""The attribute of each type that holds any other policy."""

_INLINE: Final = "Policies"
_HOLDERS: Final = frozenset({"AWS::IAM::Group", "AWS::IAM::Role", "AWS::IAM::User"})
_DATA: Final = re.compile(r"data\.aws_iam_policy_document\.([A-Za-z_][\w-]*)(?:\[0\])?\.(?:json|minified_json)")
_USES: Final = re.compile(r"\bdata\.aws_iam_policy_document\.([A-Za-z_][\w-]*)")
_MERGING: Final = (
    "override_json",
    "override_policy_documents",
    "source_json",
    "source_policy_documents",
)


class Names(Struct, frozen=True):
    """What the parts of a statement are called."""

    action: str
    not_action: str


_JSON: Final = Names("Action", "NotAction")
_BLOCKS: Final = Names("actions", "not_actions")


class Document(Struct, frozen=True):
    """A policy document where it is written.

    Attributes:
        file: in which it stands: that of its resource, or of the data source that makes it.
        node: its mapping, or the body of the data source.
        label: the name of the data source; empty for other documents.
    """

    file: SourceFile
    node: Node
    label: str = ""

    @property
    def names(self) -> Names:
        """What the parts of its statements are called."""
        return _BLOCKS if self.label else _JSON

    @property
    def list(self) -> Entry:
        """The entry with the statements of a document that is no data source.

        Raises:
            ByHandError: if there is none, or it is not written out.
        """
        found = self.node.entry("Statement")
        if found is None:
            msg = "its policy has no Statement"
            raise ByHandError(msg)
        literal(found.value)
        return found

    def statements(self) -> Sequence[Node]:
        """Return its statements.

        Raises:
            ByHandError: if they are not all written there.
        """
        if self.label:
            if self.node.entries and any(block.value.labels == ("statement",) for block in self.node.all("dynamic")):
                msg = "its statements are dynamic"
                raise ByHandError(msg)
            return [block.value for block in self.node.all("statement")]
        value = self.list.value
        found = [value] if value.items is None else value.items
        return [mapping(node) for node in found]


def document_of(resource: Resource, attributes: dict[str, str], policy: str, sources: Sources) -> Document:
    """Return the policy document of *resource*.

    Args:
        resource: that holds it.
        attributes: `TRUST` or `ACCESS`.
        policy: the name of an inline policy, where the resource is the principal that holds it.
        sources: where the documents of data sources are found.

    Raises:
        ByHandError: if it is not written out where it can be found.
    """
    if resource.type in _HOLDERS and attributes is ACCESS:
        return _inline(resource, policy)
    name = attributes.get(resource.type)
    entry = resource.body.entry(name) if name else None
    if entry is None:
        msg = f"policies of {resource.type} are not changed by this version"
        raise ByHandError(msg)
    return _written(resource.file, entry.value, sources)


def _inline(resource: Resource, policy: str) -> Document:
    entry = resource.body.entry(_INLINE)
    for item in literal(entry.value).items or () if entry else ():
        name = mapping(item).entry("PolicyName")
        body = item.entry("PolicyDocument")
        if name is not None and body is not None and name.value.text == policy:
            return Document(resource.file, mapping(body.value))
    msg = "its policy is not written there, or has no fixed name"
    raise ByHandError(msg)


def _written(file: SourceFile, value: Node, sources: Sources) -> Document:
    if value.content is not None:
        start, end = value.content
        return Document(file, mapping(read_json(file.text[start:end], start)))
    if value.computed.startswith("jsonencode(") and value.argument is not None:
        return Document(file, mapping(value.argument))
    found = _DATA.fullmatch(value.computed) if file.language is Language.HCL else None
    if found is not None:
        return _data_document(file, found[1], sources)
    if value.text is not None:
        msg = "its policy is written as one string"
        raise ByHandError(msg)
    return Document(file, mapping(value))


def _data_document(file: SourceFile, label: str, sources: Sources) -> Document:
    neighbours = list(sources.neighbours(file))
    if sum(found == label for neighbour in neighbours for found in _USES.findall(neighbour.text)) != 1:
        msg = f"data.aws_iam_policy_document.{label} serves several policies"
        raise ByHandError(msg)
    for neighbour in neighbours:
        for entry in neighbour.root.all("data"):
            if entry.value.labels == ("aws_iam_policy_document", label):
                if any(entry.value.entry(name) is not None for name in _MERGING):
                    msg = f"data.aws_iam_policy_document.{label} is merged from several documents"
                    raise ByHandError(msg)
                return Document(neighbour, entry.value, label)
    msg = f"data.aws_iam_policy_document.{label} is not found beside it"
    raise ByHandError(msg)
