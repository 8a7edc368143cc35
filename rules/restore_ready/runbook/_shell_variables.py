"""Which shell variables stand at the top of a runbook: known from the source, looked up there, or to be filled in?"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from restore_ready.index import EstateIndex
from restore_ready.model import THIS_ACCOUNT, FileSystem, Mover, MoverKind, Principal, Source, Str
from restore_ready.runbook._markdown import code
from restore_ready.runbook._shell import FILL_IN, comment, expression, quote

_SAFE: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 _-./:@+=")
STACK: Final = "STACK_NAME"
_DEFAULT_ROLE: Final = "AWSBackupDefaultServiceRole"
DEFAULT_ROLE_ARN: Final = f"arn:aws:iam::{THIS_ACCOUNT}:role/service-role/{_DEFAULT_ROLE}"
_ARN: Final = "arn:${PARTITION}:elasticfilesystem:${AWS_REGION}:${ACCOUNT_ID}:file-system/${FILE_SYSTEM_ID}"


class ShellVariable(Struct, frozen=True):
    """One variable.

    Attributes:
        value: what is assigned, written for bash.
        command: a command whose output is assigned; then *value* is not used.
        remarks: where the value comes from, one comment each.
    """

    name: str
    value: str = ""
    command: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def needs_stack(self) -> bool:
        """Whether it asks for a resource of the CloudFormation stack."""
        return STACK in self.command


def _known(name: str, value: str, *remarks: str) -> ShellVariable:
    """Return a variable whose value the source gives; placeholders for account and Region become variables."""
    return ShellVariable(name, expression(value), remarks=tuple(map(comment, remarks)))


def _deployed(  # noqa: PLR0913  # one argument for each thing that a comment names
    name: str, value: Str, address: str, estate: EstateIndex, *, what: str, tail: str = ""
) -> ShellVariable:
    """Return a variable for a resource that may get its name only when it is deployed.

    Args:
        name: of the variable.
        value: the name or ARN that the source gives, if it does.
        address: where the source declares it.
        estate: says how deployed names are found.
        what: ``the restore role``, for the comment.
        tail: what Terraform calls the value: ``arn``, say.
    """
    if isinstance(value, str) and value:
        return _known(name, value, f"{what}: {address}" if address else what)
    return _unknown(name, address, estate, what=what, tail=tail)


def _unknown(name: str, address: str, estate: EstateIndex, *, what: str, tail: str = "") -> ShellVariable:
    """Return a variable for what exists only once it is deployed: looked up in the stack, or to be filled in."""
    if estate.source is Source.CLOUDFORMATION and address.isalnum():
        return ShellVariable(
            name, command=_stack_lookup(address), remarks=(comment(f"{what}: {address} of the stack"),)
        )
    remarks = [f"{what}: {address}" if address else f"{what}: the source does not say"]
    if estate.source in (Source.TERRAFORM, Source.PLAN) and address:
        attribute = f" ({tail})" if tail else ""
        remarks.append(f"find it by: terraform state show {quote(address)}{attribute}")
    return ShellVariable(name, quote(FILL_IN), remarks=tuple(map(comment, remarks)))


def _stack_lookup(logical_id: str) -> str:
    """Return the command that prints the name or id of a stack's resource."""
    return (
        f'aws cloudformation describe-stack-resource --stack-name "${STACK}" '
        f"--logical-resource-id {quote(logical_id)} "
        "--query StackResourceDetail.PhysicalResourceId --output text"
    )


def _by_tag_name(name: str) -> str:
    """Return the command that prints the id of the file system of that name; empty for names with odd characters."""
    if not name or not set(name) <= _SAFE:
        return ""
    return f"aws efs describe-file-systems --query \"FileSystems[?Name=='{name}'].FileSystemId\" --output text | xargs"


class RoleFacts(Struct, frozen=True):
    """The restore role: what it is called, how the text speaks of it, and its variables."""

    label: str
    says: str
    variables: tuple[ShellVariable, ...]


class MoverFacts(Struct, frozen=True):
    """One mover, as the template shows it; *timeout* in seconds, 0 where nothing ends it or that is not known."""

    kind: str
    label: str
    timeout: int
    variable: ShellVariable


def file_system_variables(file_system: FileSystem, estate: EstateIndex) -> tuple[ShellVariable, ...]:
    """Return the variables for id and ARN of *file_system*."""
    arn, what = file_system.arn, "the file system"
    if isinstance(arn, str):
        return (
            _known("FILE_SYSTEM_ID", arn.rpartition("/")[2], f"{what}: {file_system.address}"),
            _known("FILE_SYSTEM_ARN", arn),
        )
    lookup = _by_tag_name(file_system.name)
    if lookup and estate.source is not Source.CLOUDFORMATION:
        remark = f"{what}: {file_system.address}, found by its tag Name; write its id instead if it is gone"
        found = ShellVariable("FILE_SYSTEM_ID", command=lookup, remarks=(remark,))
    else:
        found = _unknown("FILE_SYSTEM_ID", file_system.address, estate, what=what, tail="id")
    return (found, ShellVariable("FILE_SYSTEM_ARN", f'"{_ARN}"'))


def role_facts(role: Principal | None, estate: EstateIndex) -> RoleFacts:
    """Return what the runbook says of the restore role."""
    name = "RESTORE_ROLE_ARN"
    if role is None:
        variable = _known(name, DEFAULT_ROLE_ARN, "AWS's default role: the source declares no restore role")
        says = (
            f"AWS's default role {code(_DEFAULT_ROLE)}, for this source declares no restore role; it exists once "
            "somebody has used the console of AWS Backup"
        )
        return RoleFacts(_DEFAULT_ROLE, says, (variable,))
    says = f"the role {code(role.label)}" + (f" ({code(role.address)})" if role.label != role.address else "")
    if isinstance(role.arn, str) or estate.source is not Source.CLOUDFORMATION:
        variable = _deployed(name, role.arn, role.address, estate, what="the restore role", tail="arn")
        return RoleFacts(role.label, says, (variable,))
    called = _unknown("RESTORE_ROLE", role.address, estate, what="the restore role")
    command = 'aws iam get-role --role-name "$RESTORE_ROLE" --query Role.Arn --output text'
    return RoleFacts(role.label, says, (called, ShellVariable(name, command=command)))


def mover_facts(mover: Mover, estate: EstateIndex) -> MoverFacts:
    """Return what the runbook says of one mover."""
    value = "" if mover.kind is MoverKind.TRANSFER else mover.name
    tail = "arn" if mover.kind is MoverKind.TRANSFER else "name"
    variable = _deployed("MOVER", value, mover.address, estate, what="the mover", tail=tail)
    name = mover.name if isinstance(mover.name, str) and mover.name else mover.address
    timeout = mover.timeout if isinstance(mover.timeout, int) else 0
    return MoverFacts(mover.kind.value, name, timeout, variable)
