"""Terraform's values and expressions: what is not known says why and where."""

from restore_ready.readers.terraform.language._branches import accepted, either, given, leaves, negated, spread
from restore_ready.readers.terraform.language._conversion import convert
from restore_ready.readers.terraform.language._equality import equal
from restore_ready.readers.terraform.language._evaluate import evaluate, settled
from restore_ready.readers.terraform.language._loops import Element, elements, possible
from restore_ready.readers.terraform.language._operators import truth
from restore_ready.readers.terraform.language._scope import Budget, Function, Names, Scope
from restore_ready.readers.terraform.language._steps import attribute, index
from restore_ready.readers.terraform.language._type_constraints import read_type
from restore_ready.readers.terraform.language._type_records import ANY, BOOL, NUMBER, STRING, Type
from restore_ready.readers.terraform.language._unknowns import (
    first_open,
    fresh,
    identical,
    is_null,
    is_open,
    opened,
    origin_of,
    walk,
)
from restore_ready.readers.terraform.language._values import (
    Either,
    Encoded,
    EvalError,
    Lazy,
    LimitError,
    Maybe,
    Null,
    Obj,
    Ref,
    Refused,
    Rest,
    Seq,
    Text,
    TooMuchError,
    Unknown,
    Value,
)  # fmt: skip

__all__ = [
    "ANY",
    "BOOL",
    "NUMBER",
    "STRING",
    "Budget",
    "Either",
    "Element",
    "Encoded",
    "EvalError",
    "Function",
    "Lazy",
    "LimitError",
    "Maybe",
    "Names",
    "Null",
    "Obj",
    "Ref",
    "Refused",
    "Rest",
    "Scope",
    "Seq",
    "Text",
    "TooMuchError",
    "Type",
    "Unknown",
    "Value",
    "accepted",
    "attribute",
    "convert",
    "either",
    "elements",
    "equal",
    "evaluate",
    "first_open",
    "fresh",
    "given",
    "identical",
    "index",
    "is_null",
    "is_open",
    "leaves",
    "negated",
    "opened",
    "origin_of",
    "possible",
    "read_type",
    "settled",
    "spread",
    "truth",
    "walk",
]  # fmt: skip
