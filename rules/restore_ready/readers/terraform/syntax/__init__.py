"""Terraform's syntax: bodies, blocks and expressions as they are written, each with its place."""

from restore_ready.readers.terraform.syntax import _nodes as nodes
from restore_ready.readers.terraform.syntax._front import Problem, parse, parse_expression, parse_template
from restore_ready.readers.terraform.syntax._json import parse_json
from restore_ready.readers.terraform.syntax._nodes import Attribute, Body, Expr, Written, names
from restore_ready.readers.terraform.syntax._span import Span

__all__ = [
    "Attribute", "Body", "Expr", "Problem", "Span", "Written", "names", "nodes", "parse", "parse_expression", "parse_json",
    "parse_template",
]  # fmt: skip
