"""Functions are loaded when they are looked up, each from the file that the table names."""

from __future__ import annotations

from importlib import import_module

from restore_ready.readers.terraform import functions
from restore_ready.readers.terraform.functions import FUNCTIONS, MODULES, _registry


def test_every_function_is_found_and_none_is_left_out_of_the_table() -> None:
    for module in MODULES:
        import_module(f"{functions.__name__}.{module}")
    assert set(_registry.FUNCTIONS) == set(FUNCTIONS)
    assert len(FUNCTIONS) == len(set(FUNCTIONS))
    assert all(callable(FUNCTIONS[name]) for name in FUNCTIONS)


def test_what_is_no_function_is_not_found() -> None:
    assert FUNCTIONS.get("provider::aws::arn_parse") is None
