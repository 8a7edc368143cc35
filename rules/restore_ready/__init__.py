"""Tells before the emergency whether an EFS backup meets its requirements and can be restored."""

__version__ = "0.1.0"
