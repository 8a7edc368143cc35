"""The ``restore-ready`` command."""
