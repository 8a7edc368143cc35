"""A partial evaluator of Terraform configuration: what is not known says why and where."""

from restore_ready.readers.terraform.configuration._read import (
    AttributeValue,
    BlockValue,
    BodyValue,
    Evaluation,
    Gap,
    read_root,
)

__all__ = ["AttributeValue", "BlockValue", "BodyValue", "Evaluation", "Gap", "read_root"]
