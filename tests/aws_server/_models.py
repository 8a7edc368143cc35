"""Operations of AWS that are newer than the botocore in use: that of Checkov is older than what an audit asks for."""

from pathlib import Path

from botocore.loaders import Loader
from moto.core.loaders import Loader as MotoLoader

MODELS = Path(__file__).parent / "models"
"""Additions to botocore's models, in the form that botocore merges into them."""


def add_models() -> None:
    """Let every loader of this process, moto's too, know them."""
    setattr(Loader, "CUSTOMER_DATA_PATH", str(MODELS))  # noqa: B010  # botocore has no stubs for it
    setattr(MotoLoader, "BUILTIN_EXTRAS_TYPES", ["moto", "sdk"])  # noqa: B010  # as above
