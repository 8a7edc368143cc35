"""Terraform configuration: what it deploys, on what that depends, and what could not be read."""

from restore_ready.readers.terraform.configuration._blocks import (
    AttributeValue,
    BlockBody,
    Evaluation,
    NestedBlock,
    ProviderConfiguration,
    ResourceInstance,
    UnreadModule,
)
from restore_ready.readers.terraform.configuration._declarations import ResourceKey
from restore_ready.readers.terraform.configuration._declared_files import DeclaredFiles
from restore_ready.readers.terraform.configuration._definitions import followed
from restore_ready.readers.terraform.configuration._existence import Condition, Conditions
from restore_ready.readers.terraform.configuration._files import configuration_files, ending
from restore_ready.readers.terraform.configuration._gap import Gap
from restore_ready.readers.terraform.configuration._given import Given, Refusal, check_given
from restore_ready.readers.terraform.configuration._read import read_root
from restore_ready.readers.terraform.configuration._wrapped import Wrapped

__all__ = [
    "AttributeValue",
    "BlockBody",
    "Condition",
    "Conditions",
    "DeclaredFiles",
    "Evaluation",
    "Gap",
    "Given",
    "NestedBlock",
    "ProviderConfiguration",
    "Refusal",
    "ResourceInstance",
    "ResourceKey",
    "UnreadModule",
    "Wrapped",
    "check_given",
    "configuration_files",
    "ending",
    "followed",
    "read_root",
]
