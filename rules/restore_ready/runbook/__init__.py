"""Writes the restore runbook of one file system, in Markdown."""

from restore_ready.runbook._find import Chosen, find_file_system
from restore_ready.runbook._page import write_runbook

__all__ = ["Chosen", "find_file_system", "write_runbook"]
