"""The reader of native syntax."""

from __future__ import annotations

from restore_ready.readers.terraform.syntax._native import Problem, parse, parse_expression, parse_template

__all__ = ["Problem", "parse", "parse_expression", "parse_template"]
