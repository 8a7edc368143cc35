"""Reads the facts of a live account, or of its snapshot."""

from restore_ready.readers.account._read import read_account

__all__ = ["read_account"]
