"""Which accounts are read, and how to get at each: one, those of a file, those of an organization."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import yaml
from msgspec import Struct
from msgspec.structs import replace

from restore_ready._bounded_read import read_file
from restore_ready._errors import UnreadableError, UsageError
from restore_ready._words import did_you_mean
from restore_ready.live._role_names import check_role_name
from restore_ready.live._sessions import SignIn, role_account

ACCOUNT_PLACE: Final = "{account}"
"""Stands for the account's id in the ARN of a role that is in many accounts."""

_ACCOUNT: Final = re.compile(r"\d{12}\Z", re.ASCII)
_KEYS: Final = ("account", "role", "external_id", "profile")
_MOST_WORDS: Final = 3
_LARGEST: Final = 16 * 1024 * 1024


class Target(Struct, frozen=True):
    """An account to read.

    Attributes:
        account: its id, which the credentials must turn out to be of; ``None`` takes whichever account they are of.
        name: what its organization calls it.
    """

    account: str | None
    sign_in: SignIn
    name: str = ""


class RoleIn(Struct, frozen=True):
    """How to get into each of many accounts.

    Attributes:
        base: the credentials to start from.
        role: the role's name, or its ARN with ``{account}`` where the id belongs; without, those of *base* are used.
        partition: of AWS, where only a name is given.
    """

    base: SignIn
    role: str | None = None
    external_id: str | None = None
    partition: str = "aws"

    def target(self, account: str, name: str = "") -> Target:
        """Return how to read *account*.

        Raises:
            UsageError: if the role's ARN is none.
        """
        if self.role is None:
            return Target(account, self.base, name)
        arn = role_arn(self.role, account, self.partition)
        return Target(account, replace(self.base, role_arn=arn, external_id=self.external_id), name)


def role_arn(role: str, account: str, partition: str = "aws") -> str:
    """Return the ARN of *role*, a name or an ARN with or without ``{account}``, in *account*.

    Raises:
        UsageError: if it can be neither, or is of another account.
    """
    if not role.startswith("arn:"):
        check_role_name(role)
        return f"arn:{partition}:iam::{account}:role/{role.lstrip('/')}"
    arn = role.replace(ACCOUNT_PLACE, account)
    if role_account(arn) != account:
        msg = f"the role {arn} is not of account {account}: write {ACCOUNT_PLACE} where the id belongs"
        raise UsageError(msg)
    return arn


def read_targets(file: Path, how: RoleIn) -> tuple[Target, ...]:
    """Read the accounts that *file* names; what it does not say of one, *how* says.

    It is YAML, a list of accounts each with ``account`` and where needed ``role``, ``external_id`` and ``profile``;
    or it has an account a line: its id, its role and its external id, with blanks between.

    Raises:
        UsageError: if it can't be read, names no account, names one twice or says what it can't say.
    """
    try:
        text = read_file(file, _LARGEST).decode()
    except (UnreadableError, UnicodeDecodeError) as error:
        why = error.why if isinstance(error, UnreadableError) else "is not text in UTF-8"
        msg = f"can't read the accounts: {file} {why}"
        raise UsageError(msg) from error
    lines = (line.strip() for line in text.splitlines())
    first = next((line for line in lines if line and not line.startswith("#")), "")
    entries = _of_list(text, file) if first.startswith(("-", "[")) else _of_lines(text, file)
    targets = tuple(_targets(entries, how))
    if not targets:
        msg = f"{file}: names no account: give one a line"
        raise UsageError(msg)
    return targets


class _Entry(Struct, frozen=True):
    """An account, as the file has it, and where."""

    where: str
    said: dict[str, str]


def _of_lines(text: str, file: Path) -> Iterator[_Entry]:
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.partition("#")[0].split()
        where = f"{file}:{number}"
        if len(words) > _MOST_WORDS:
            msg = f"{where}: write an account's id, its role and its external id, and nothing more"
            raise UsageError(msg)
        if words:
            yield _Entry(where, dict(zip(_KEYS, words, strict=False)))


def _of_list(text: str, file: Path) -> Iterator[_Entry]:
    try:
        root = yaml.compose(text, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError) as error:
        msg = f"{file}: is no sound YAML: {' '.join(str(error).split())}"
        raise UsageError(msg) from error
    if not isinstance(root, yaml.SequenceNode):
        msg = f"{file}: is no list of accounts"
        raise UsageError(msg)
    for node in root.value:
        where = f"{file}:{node.start_mark.line + 1}"
        if isinstance(node, yaml.ScalarNode):
            yield _Entry(where, {"account": node.value})
        elif isinstance(node, yaml.MappingNode):
            yield _Entry(where, dict(_pairs(node, file)))
        else:
            msg = f"{where}: an account is its id, or {', '.join(_KEYS)}"
            raise UsageError(msg)


def _pairs(node: yaml.MappingNode, file: Path) -> Iterator[tuple[str, str]]:
    for key, value in node.value:
        where = f"{file}:{key.start_mark.line + 1}"
        if not isinstance(value, yaml.ScalarNode) or key.value not in _KEYS:
            near = did_you_mean(str(key.value), _KEYS)
            msg = f"{where}: an account has {', '.join(_KEYS)}, each a text.{near}"
            raise UsageError(msg)
        yield key.value, value.value


def _targets(entries: Iterable[_Entry], how: RoleIn) -> Iterator[Target]:
    seen: dict[str, str] = {}
    for entry in entries:
        account = entry.said.get("account", "")
        if not _ACCOUNT.match(account):
            msg = f"{entry.where}: '{account}' is no account's id: it has 12 digits"
            raise UsageError(msg)
        if account in seen:
            msg = f"{entry.where}: account {account} is named before, in {seen[account]}: take one of them out"
            raise UsageError(msg)
        seen[account] = entry.where
        yield _target(entry, account, how)


def _target(entry: _Entry, account: str, how: RoleIn) -> Target:
    base = replace(how.base, profile=entry.said.get("profile", how.base.profile))
    # an account with a profile of its own needs no role, unless it says so itself
    role = entry.said.get("role", None if "profile" in entry.said else how.role)
    external_id = entry.said.get("external_id", how.external_id)
    try:
        return RoleIn(base, role, external_id, how.partition).target(account)
    except UsageError as error:
        msg = f"{entry.where}: {error}"
        raise UsageError(msg) from error
