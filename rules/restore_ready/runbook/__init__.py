"""What is to be done, step by step, to restore one file system? Its runbook says it, in Markdown."""

from restore_ready.runbook._find_file_system import Chosen, find_file_system
from restore_ready.runbook._render import write_runbook

__all__ = ["Chosen", "find_file_system", "write_runbook"]
