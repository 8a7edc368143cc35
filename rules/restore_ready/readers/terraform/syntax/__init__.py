"""Terraform's syntax: bodies, blocks and expressions as they are written, each with its place."""

from restore_ready.readers.terraform.syntax import _nodes as nodes
from restore_ready.readers.terraform.syntax._bodies import Attribute, Body, Problem, Written
from restore_ready.readers.terraform.syntax._json import parse_json
from restore_ready.readers.terraform.syntax._lexer import normal
from restore_ready.readers.terraform.syntax._native import parse, parse_expression, parse_source, parse_template
from restore_ready.readers.terraform.syntax._nodes import Expr, names
from restore_ready.readers.terraform.syntax._numbers import Number, Real
from restore_ready.readers.terraform.syntax._span import Source, Span

__all__ = [
    "Attribute",
    "Body",
    "Expr",
    "Number",
    "Problem",
    "Real",
    "Source",
    "Span",
    "Written",
    "names",
    "nodes",
    "normal",
    "parse",
    "parse_expression",
    "parse_json",
    "parse_source",
    "parse_template",
]
