"""Runs the command: ``python -m restore_ready``."""

from restore_ready.cli import main

main()
