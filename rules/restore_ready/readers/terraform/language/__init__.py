"""Terraform's values and expressions: what is not known says why and where."""

from restore_ready.readers.terraform.language._evaluate import Budget, Names, Scope, elements, evaluate, settled
from restore_ready.readers.terraform.language._operators import attribute, equal, index
from restore_ready.readers.terraform.language._types import ANY, BOOL, NUMBER, STRING, Type, convert, read_type
from restore_ready.readers.terraform.language._values import (
    Encoded,
    EvalError,
    Lazy,
    Obj,
    Ref,
    Rest,
    Seq,
    Text,
    TooMuch,
    Unknown,
    Value,
    first_open,
    is_open,
    opened,
    walk,
)  # fmt: skip

__all__ = [
    "ANY", "BOOL", "Budget", "Encoded", "EvalError", "Lazy", "NUMBER", "Names", "Obj", "Ref", "Rest", "STRING", "Scope", "Seq",
    "Text", "TooMuch", "Type", "Unknown", "Value", "attribute", "convert", "elements", "equal", "evaluate", "first_open", "index",
    "is_open", "opened", "read_type", "settled", "walk",
]  # fmt: skip
