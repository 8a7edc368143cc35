"""Which edits of which files does a change of a finding come to?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from restore_ready.fixes._align import aligned
from restore_ready.fixes._documents import ACCESS, TRUST, document_of
from restore_ready.fixes._layout import Edit, edited
from restore_ready.fixes._node import ByHandError, Form, literal, mapping
from restore_ready.fixes._render import Value, Verbatim
from restore_ready.fixes._settings import set_value
from restore_ready.fixes._sources import Language, Resource, SourceFile, Sources
from restore_ready.fixes._statements import (
    add_statement,
    pass_role_lines,
    pass_role_statement,
    remove_denies,
    restrict_pass_role,
    trust_lines,
    trust_statement,
    unused_names,
)
from restore_ready.fixes._write import Writer
from restore_ready.model import (
    AllowPassRole,
    AttachManagedPolicy,
    Change,
    RemoveDeny,
    ReplaceEvents,
    RestrictPassRole,
    Setting,
    SetValue,
    TrustBackup,
)
from restore_ready.readers.terraform._addresses import module_of

_MENTION: Final = re.compile(r"""(?:\bRef\b|\bFn::GetAtt\b|!GetAtt\b|\$\{|\bDependsOn\b)["':\s\[]{0,20}(\w+)""")
_ATTACHMENT: Final = "aws_iam_role_policy_attachment"
_SMALLEST_WINS: Final = frozenset({Setting.START_WINDOW, Setting.COMPLETION_WINDOW})


class Patcher:
    """Makes new texts of files."""

    def __init__(self) -> None:
        """Begin with no file read."""
        self._sources = Sources()

    def texts(self, changes: Iterable[Change]) -> dict[Path, str]:
        """Return the files that *changes* concern, each with its new text.

        Raises:
            ByHandError: if a change can't be made by an exact edit.
        """
        edits: dict[Path, list[Edit]] = {}
        try:
            for together in grouped(changes):
                file, writer = self._written(together)
                edits.setdefault(file.path, []).extend(writer.edits)
            return {path: self._new_text(self._sources.file(path), found) for path, found in edits.items()}
        except RecursionError as error:
            msg = "its file is nested too deep"
            raise ByHandError(msg) from error

    def old_text(self, path: Path) -> str:
        """Return the text of a file as it was when it was first read."""
        return self._sources.file(path).text

    def _new_text(self, file: SourceFile, edits: Sequence[Edit]) -> str:
        text = edited(file.text, edits)
        if file.language is Language.HCL and aligned(file.text) == file.text:
            return aligned(text)
        return text

    def _written(self, together: Sequence[Change]) -> tuple[SourceFile, Writer]:
        change = together[0]
        resource = self._sources.resource(change.target)
        if isinstance(change, RemoveDeny):
            document = document_of(resource, ACCESS, "", self._sources)
            writer = document.file.writer()
            remove_denies([removal for removal in together if isinstance(removal, RemoveDeny)], document, writer)
            return document.file, writer
        if isinstance(change, (AllowPassRole, RestrictPassRole, TrustBackup)):
            return self._policy(change, resource)
        writer = resource.file.writer()
        if isinstance(change, SetValue):
            set_value(change, resource, writer)
        elif isinstance(change, AttachManagedPolicy):
            self._attach(change, resource, writer)
        else:
            _replace_events(change, resource, writer)
        return resource.file, writer

    def _policy(
        self, change: AllowPassRole | RestrictPassRole | TrustBackup, resource: Resource
    ) -> tuple[SourceFile, Writer]:
        attributes = TRUST if isinstance(change, TrustBackup) else ACCESS
        policy = "" if isinstance(change, TrustBackup) else change.policy
        document = document_of(resource, attributes, policy, self._sources)
        writer = document.file.writer()
        if isinstance(change, TrustBackup):
            add_statement(document, trust_statement(), trust_lines(), writer)
            return document.file, writer
        role = self._reference(change, resource, document.node.form)
        if isinstance(change, RestrictPassRole):
            restrict_pass_role(change, document, role, writer)
        else:
            lines = pass_role_lines(role) if isinstance(role, Verbatim) else ()
            add_statement(document, pass_role_statement(role), lines, writer)
        return document.file, writer

    def _reference(self, change: AllowPassRole | RestrictPassRole, resource: Resource, form: Form) -> Value:
        """Write the ARN of the role that is to be passed, as *resource* can refer to it."""
        role = self._sources.resource(change.role)
        if role.is_repeated:
            msg = f"{change.role.address} is not there always, or several times"
            raise ByHandError(msg)
        if change.role.address == change.target.address or _leads_to(role, resource):
            msg = f"{change.role.address} refers to it, so that a reference back would make a circle"
            raise ByHandError(msg)
        if not resource.is_template:
            if module_of(change.role.address) != module_of(change.target.address):
                msg = f"{change.role.address} is in another module"
                raise ByHandError(msg)
            arn = f"{role.type}.{role.name}.arn"
            return Verbatim(arn) if form in (Form.HCL, Form.BODY) else f"${{{arn}}}"
        if form is Form.JSON:
            return {"Fn::GetAtt": [role.name, "Arn"]}
        return Verbatim(f"!GetAtt {role.name}.Arn")

    def _attach(self, change: AttachManagedPolicy, resource: Resource, writer: Writer) -> None:
        path = f"iam::aws:policy/{change.policy}"
        listed = resource.body.entry("ManagedPolicyArns" if resource.is_template else "managed_policy_arns")
        arn: Value = f"arn:aws:{path}"
        if resource.is_template:
            sub = f"arn:${{AWS::Partition}}:{path}"
            as_json = resource.body.form is Form.JSON
            arn = {"Fn::Sub": sub} if as_json else Verbatim(f'!Sub "{sub}"')
        if listed is not None:
            if literal(listed.value).items is None:
                msg = "its managed policies are not written as a list"
                raise ByHandError(msg)
            writer.append(listed.value, arn)
        elif resource.is_template:
            writer.set_entry(resource.body, "ManagedPolicyArns", [arn])
        else:
            self._add_attachment(resource, str(arn), change.policy, writer)

    def _add_attachment(self, resource: Resource, arn: str, policy: str, writer: Writer) -> None:
        if resource.file.language is not Language.HCL or resource.is_repeated:
            msg = "it is not there always, or several times"
            raise ByHandError(msg)
        files = self._sources.neighbours(resource.file)
        blocks = [block.value.labels for file in files for block in file.root.all("resource")]
        taken = {labels[-1] for labels in blocks if labels[:1] == (_ATTACHMENT,)}
        purpose = "restore" if policy.endswith("Restores") else "backup"
        wished = f"{resource.name}_{purpose}_permissions"
        lines = [
            f'resource "{_ATTACHMENT}" "{unused_names(taken, wished)}" {{',
            f"  role       = {resource.type}.{resource.name}.name",
            f'  policy_arn = "{arn}"',
            "}",
        ]
        writer.add_top_level(resource.whole, lines)


def _leads_to(role: Resource, resource: Resource) -> bool:
    """Return whether *role* refers to *resource*, in a template by whatever way."""
    if not resource.is_template:
        return f"{resource.type}.{resource.name}." in role.file.text[role.whole.start : role.whole.end]
    section = mapping(role.file.root).entry("Resources")
    found = {entry.key: entry for entry in section.value.entries or ()} if section else {}
    todo, seen = [role.name], {role.name}
    while todo:
        entry = found[todo.pop()]
        mentioned = set(_MENTION.findall(role.file.text[entry.start : entry.end])) & set(found) - seen
        seen |= mentioned
        todo += mentioned
    return resource.name in seen


def _replace_events(change: ReplaceEvents, resource: Resource, writer: Writer) -> None:
    parent = resource.body
    if resource.is_template:
        notifications = parent.entry("Notifications")
        parent = parent if notifications is None else mapping(notifications.value)
    entry = parent.entry("BackupVaultEvents" if resource.is_template else "backup_vault_events")
    items = literal(entry.value).items if entry else None
    if entry is None or not items or any(item.text is None for item in items):
        msg = "its events are not written as a list"
        raise ByHandError(msg)
    replaced = dict(change.replaced)
    names = [replaced.get(item.text or "", item.text or "") for item in items]
    if writer.is_on_one_line(entry.value):
        writer.set_list(parent, entry, list(dict.fromkeys([*names, change.wanted])))
        return
    twice = [number for number, name in enumerate(names) if name in names[:number]]
    for number, item in enumerate(items):
        if number not in twice and item.text != names[number]:
            writer.replace(item, names[number])
    if twice:
        writer.remove(entry.value, twice)
    if change.wanted not in names:
        writer.append(entry.value, change.wanted)


def grouped(changes: Iterable[Change]) -> Iterable[Sequence[Change]]:
    """Return the changes that have to be written one by one, and together those of one vault policy.

    Raises:
        ByHandError: if two of them ask for different values.
    """
    found: dict[object, list[Change]] = {}
    for number, change in enumerate(merged(changes)):
        found.setdefault(change.target if isinstance(change, RemoveDeny) else number, []).append(change)
    return found.values()


def merged(changes: Iterable[Change]) -> list[Change]:
    """Return one change for those that meet at one place: the narrower window, all actions let out of one statement.

    Raises:
        ByHandError: if two of them ask for different values.
    """
    found: dict[object, Change] = {}
    for change in changes:
        key: object = change
        if isinstance(change, SetValue):
            key = (change.target, change.setting, change.rule)
        elif isinstance(change, RemoveDeny):
            key = (change.target, change.statement)
        before = found.get(key)
        found[key] = change if before is None else _both(before, change)
    return list(found.values())


def _both(first: Change, second: Change) -> Change:
    if isinstance(first, RemoveDeny) and isinstance(second, RemoveDeny):
        lifted = {action.lower() for action in (*first.actions, *second.actions)}
        kept = tuple(dict.fromkeys(action for action in (*first.kept, *second.kept) if action.lower() not in lifted))
        return replace(first, actions=(*first.actions, *second.actions), kept=kept)
    if isinstance(first, SetValue) and isinstance(second, SetValue) and first.value != second.value:
        if first.setting in _SMALLEST_WINS:
            return min(first, second, key=lambda change: int(change.value))
        msg = "two findings ask for different values"
        raise ByHandError(msg)
    return first
