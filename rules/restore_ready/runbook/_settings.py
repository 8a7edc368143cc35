"""The shell variables at the top of a runbook: known from the source, looked up in the account, or to be filled in."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from restore_ready.model import Estate, Source, Str
from restore_ready.runbook._shell import FILL_IN, comment, expression, quote

_SAFE: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 _-./:@+=")
STACK: Final = "STACK_NAME"


class Setting(Struct, frozen=True):
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


def known(name: str, value: str, *remarks: str) -> Setting:
    """Return a variable whose value the source gives; placeholders for account and Region become variables."""
    return Setting(name, expression(value), remarks=tuple(comment(one) for one in remarks))


def deployed(  # noqa: PLR0913  # one argument for each thing that a comment names
    name: str, value: Str, address: str, estate: Estate, *, what: str, tail: str = ""
) -> Setting:
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
        return known(name, value, f"{what}: {address}" if address else what)
    return unknown(name, address, estate, what=what, tail=tail)


def unknown(name: str, address: str, estate: Estate, *, what: str, tail: str = "") -> Setting:
    """Return a variable for what exists only once it is deployed: looked up in the stack, or to be filled in."""
    if estate.source is Source.CLOUDFORMATION and address.isalnum():
        return Setting(name, command=stack_lookup(address), remarks=(comment(f"{what}: {address} of the stack"),))
    remarks = [f"{what}: {address}" if address else f"{what}: the source does not say"]
    if estate.source in (Source.TERRAFORM, Source.PLAN) and address:
        attribute = f" ({tail})" if tail else ""
        remarks.append(f"find it by: terraform state show {quote(address)}{attribute}")
    return Setting(name, quote(FILL_IN), remarks=tuple(comment(one) for one in remarks))


def stack_lookup(logical_id: str) -> str:
    """Return the command that prints the name or id of a stack's resource."""
    return (
        f'aws cloudformation describe-stack-resource --stack-name "${STACK}" '
        f"--logical-resource-id {quote(logical_id)} "
        "--query StackResourceDetail.PhysicalResourceId --output text"
    )


def by_tag_name(name: str) -> str:
    """Return the command that prints the id of the file system of that name; empty for names with odd characters."""
    if not name or not set(name) <= _SAFE:
        return ""
    return f"aws efs describe-file-systems --query \"FileSystems[?Name=='{name}'].FileSystemId\" --output text | xargs"
