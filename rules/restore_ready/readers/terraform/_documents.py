"""Reads policies: JSON text, trees, and ``aws_iam_policy_document`` data sources merged as the provider merges them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from msgspec.structs import replace

from restore_ready.iam import managed_document, parse_document
from restore_ready.model import (
    Known,
    PolicyDocument,
    Ref,
    Statement,
    StatementEntry,
    Str,
    Text,
    Unresolved,
    unresolved_reason,
)
from restore_ready.readers._statement_places import in_document, in_statements
from restore_ready.readers.terraform._attributes import Values, nested_each, required_text, text, texts
from restore_ready.readers.terraform._aws_managed import managed_arn_of
from restore_ready.readers.terraform._block import Block

_DOCUMENT = "aws_iam_policy_document"
_LISTS = (
    ("actions", "Action"),
    ("not_actions", "NotAction"),
    ("resources", "Resource"),
    ("not_resources", "NotResource"),
)
_CARRIERS = frozenset({"aws_iam_policy"})
_DEEPEST: Final = 50


class Documents:
    """The policy documents of one estate, each built once."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        """Take *blocks*, among them the data sources and the policies that others refer to."""
        self._sources = {block.address: block for block in blocks if block.type == _DOCUMENT or block.type in _CARRIERS}
        self._built: dict[str, Known[PolicyDocument]] = {}
        self._open: set[str] = set()

    def read(self, value: object) -> Known[PolicyDocument]:
        """Return the document that a policy attribute holds: JSON text, its tree, or a `Ref` to where it is."""
        if isinstance(value, Ref) and value.target in self._sources:
            return self._of_block(self._sources[value.target])
        if value is None:
            return Unresolved("the policy is not given")
        return parse_document(value)

    def _of_block(self, block: Block) -> Known[PolicyDocument]:
        if block.address in self._open:
            return Unresolved(f"{block.address} refers to itself")
        if len(self._open) > _DEEPEST:
            return Unresolved(f"{block.address} is merged through more than {_DEEPEST} documents")
        if block.address not in self._built:
            self._open.add(block.address)
            self._built[block.address] = self._carried(block) if block.type in _CARRIERS else self._merged(block)
            self._open.discard(block.address)
        return self._built[block.address]

    def _carried(self, block: Block) -> Known[PolicyDocument]:
        """Return the document of a policy, or of the AWS managed policy that a data source looks up."""
        managed = managed_arn_of(block) if block.mode == "data" else ""
        found = managed_document(managed) if managed else None
        if found is not None:
            return found
        if block.mode == "data" and "policy" not in block.values:
            return Unresolved(f"{block.address} looks up a policy that is defined elsewhere")
        written = self.read(block.values.get("policy"))
        return written if isinstance(written, Unresolved) else in_document(written, block.marks.blocks("policy"))

    def _merged(self, block: Block) -> Known[PolicyDocument]:
        """Merge in the provider's order: sources, the block's own statements, overrides."""
        values = block.values
        own = _own_document(values)
        if isinstance(own, Unresolved):
            return own
        own = in_statements(own, block.marks.blocks("statement"))
        entries: list[StatementEntry] = []
        for source in _documents_of(values, "source_json", "source_policy_documents"):
            _merge(entries, self.read(source))
        _merge(entries, own)
        for override in _documents_of(values, "override_json", "override_policy_documents"):
            _override(entries, self.read(override))
        numbered = (
            replace(entry, index=at) if isinstance(entry, Statement) else entry for at, entry in enumerate(entries)
        )
        return PolicyDocument(tuple(numbered), own.version)


def _documents_of(values: Values, legacy: str, name: str) -> list[object]:
    listed = values.get(name)
    found = list(listed) if isinstance(listed, (list, tuple)) else [listed]
    return [document for document in (values.get(legacy), *found) if document is not None and document != ""]


def _merge(entries: list[StatementEntry], document: Known[PolicyDocument]) -> None:
    """Add a document's statements; one whose sid is there already takes that one's place."""
    if isinstance(document, Unresolved):
        entries.append(document)
        return
    at = {entry.sid: index for index, entry in enumerate(entries) if isinstance(entry, Statement) and entry.sid}
    for statement in document.statements:
        if isinstance(statement, Statement) and statement.sid in at:
            entries[at[statement.sid]] = statement
        else:
            if isinstance(statement, Statement) and statement.sid:
                at[statement.sid] = len(entries)
            entries.append(statement)


def _override(entries: list[StatementEntry], document: Known[PolicyDocument]) -> None:
    """Merge an override; one that can't be read may take the place of any statement with a sid."""
    if isinstance(document, Unresolved):
        why = Unresolved(f"an override of it can't be read: {document.why}")
        entries[:] = [why if isinstance(entry, Statement) and entry.sid else entry for entry in entries]
    _merge(entries, document)


def _own_document(values: Values) -> Known[PolicyDocument]:
    statements = nested_each(values, "statement")
    if isinstance(statements, Unresolved):
        return statements
    version = text(values, "version")
    tree = {
        "Version": version if isinstance(version, str) and version else "2012-10-17",
        "Statement": [
            statement if isinstance(statement, Unresolved) else _statement(statement) for statement in statements
        ],
    }
    return parse_document(tree) if statements else PolicyDocument((), "2012-10-17")


def _statement(values: Values) -> dict[str, object]:
    effect = text(values, "effect")
    tree: dict[str, object] = {"Effect": "Allow" if effect is None else effect}
    sid = values.get("sid")
    if isinstance(sid, str) and sid:
        tree["Sid"] = sid
    for name, element in _LISTS:
        listed = texts(values, name)
        if listed != ():
            tree[element] = listed if isinstance(listed, Unresolved) else [_with_variables(value) for value in listed]
    for name, element in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        principals = _principals(values, name)
        if principals is not None:
            tree[element] = principals
    conditions = _conditions(values)
    if conditions != {}:
        tree["Condition"] = conditions
    return tree


def _principals(values: Values, name: str) -> object:
    blocks = nested_each(values, name)
    if isinstance(blocks, Unresolved):
        return blocks
    tree: dict[str, list[Str]] = {}
    for block in blocks:
        if isinstance(block, Unresolved):
            tree.setdefault("AWS", []).append(block)
            continue
        kind = required_text(block, "type")
        identifiers = texts(block, "identifiers")
        if not isinstance(kind, str):
            return Unresolved(f"the type of {name} is not known: {unresolved_reason(kind)}")
        if kind == "*":
            return "*"
        known = (identifiers,) if isinstance(identifiers, Unresolved) else identifiers
        tree.setdefault(kind, []).extend(_with_variables(value) for value in known)
    return tree or None


def _conditions(values: Values) -> Known[Mapping[str, object]]:
    """Return the tests by their operators; one that can't be read has none and is open."""
    blocks = nested_each(values, "condition")
    if isinstance(blocks, Unresolved):
        return blocks
    tree: dict[str, object] = {}
    tests: dict[str, dict[str, object]] = {}
    for block in blocks:
        if isinstance(block, Unresolved):
            tree[""] = block
            continue
        test, variable = required_text(block, "test"), required_text(block, "variable")
        if not isinstance(test, str) or not isinstance(variable, str):
            return Unresolved(f"a condition is not known: {unresolved_reason(test) or unresolved_reason(variable)}")
        _add_condition(tests.setdefault(test, {}), variable, texts(block, "values"))
    return {**tree, **tests}


def _add_condition(tests: dict[str, object], variable: str, listed: Known[tuple[Str, ...]]) -> None:
    before = tests.get(variable, [])
    if isinstance(listed, Unresolved) or not isinstance(before, list):
        tests[variable] = listed if isinstance(listed, Unresolved) else before
    else:
        tests[variable] = [*before, *(_with_variables(value) for value in listed)]


def _with_variables(value: Str) -> Str:
    """Write IAM's policy variables as IAM does: Terraform has ``&{aws:username}`` for ``${aws:username}``."""
    if isinstance(value, str):
        return value.replace("&{", "${")
    if isinstance(value, Text):
        return Text(tuple(part.replace("&{", "${") if isinstance(part, str) else part for part in value.parts))
    return value
