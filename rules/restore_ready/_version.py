"""The version of the pack, as reports and snapshots name it."""

__version__ = "0.1.0"
