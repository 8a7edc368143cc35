"""Makes blocks as both Terraform readers hand them over, for tests of what is built from them."""

from __future__ import annotations

from restore_ready import Estate, Place, Principal, Source
from restore_ready.readers.terraform._addresses import module_of
from restore_ready.readers.terraform._block import Block
from restore_ready.readers.terraform._estate import estate_from_blocks

OPERATOR = "arn:aws:iam::aws:policy/AWSBackupOperatorAccess"
RESTORES = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores"
BACKUP = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"
TRUST = {
    "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "backup.amazonaws.com"}}]
}
START = {"Statement": [{"Effect": "Allow", "Action": "backup:StartRestoreJob", "Resource": "*"}]}
OTHER = {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}


def block(address: str, **values: object) -> Block:
    """Return a block; type and mode are read from its address."""
    rest = address.removeprefix(module_of(address)).lstrip(".")
    mode = "data" if rest.startswith("data.") else "managed"
    return Block(address, rest.removeprefix("data.").partition(".")[0], mode, values, Place("main.tf", 1, 9), {})


def provider(**values: object) -> Block:
    """Return the block of a ``provider "aws"`` configuration."""
    address = f"provider.aws.{values['alias']}" if "alias" in values else "provider.aws"
    return Block(address, "provider", "provider", values, Place("main.tf", 1, 2), {})


def estate(*blocks: Block) -> Estate:
    """Return the estate of *blocks*."""
    return estate_from_blocks(blocks, source=Source.TERRAFORM, root=".")


def role(name: str = "ops", **values: object) -> Block:
    """Return the block of ``aws_iam_role.ops``."""
    return block(f"aws_iam_role.{name}", **{"name": name, "assume_role_policy": TRUST, **values})


def principal(found: Estate, address: str) -> Principal:
    """Return the principal at *address*."""
    return next(one for one in found.principals if one.address == address)


def held(found: Estate, address: str) -> list[tuple[str, object]]:
    """Return where findings about each policy of a principal land, and the policy's name."""
    return [(policy.address, policy.name) for policy in principal(found, address).policies]
