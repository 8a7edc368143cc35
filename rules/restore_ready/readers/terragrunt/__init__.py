"""Reads Terragrunt: the units, each with what it includes, the module that it deploys and the inputs for that.

Nothing is executed, downloaded or decrypted: what Terragrunt would learn that way is unknown.
https://terragrunt.gruntwork.io/docs/
"""

from restore_ready.readers.terragrunt._read import readers_of
from restore_ready.readers.terragrunt._units import Unit, UnitsFound, find_units

__all__ = ["Unit", "UnitsFound", "find_units", "readers_of"]
