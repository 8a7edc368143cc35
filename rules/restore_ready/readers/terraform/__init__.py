"""Reads Terraform: HCL and JSON configuration of Terraform and OpenTofu, and plans as JSON."""

from restore_ready.readers.terraform._evaluate import Evaluation, Readable, evaluate_root
from restore_ready.readers.terraform._read import read_root
from restore_ready.readers.terraform._roots import RootsFound, find_roots
from restore_ready.readers.terraform._variables import VariableValues, check_values

__all__ = [
    "Evaluation",
    "Readable",
    "RootsFound",
    "VariableValues",
    "check_values",
    "evaluate_root",
    "find_roots",
    "read_root",
]
