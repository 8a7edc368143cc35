"""What is to be done, step by step, to restore one file system? Its runbook says it, in Markdown or as a page."""

from restore_ready.runbook._all_runbooks import NamedRunbook, named_runbooks, write_index
from restore_ready.runbook._find_file_system import Chosen, all_file_systems, find_file_system
from restore_ready.runbook._html import as_html
from restore_ready.runbook._render import write_page, write_runbook
from restore_ready.runbook._shared_answers import SharedAnswers

__all__ = [
    "Chosen",
    "NamedRunbook",
    "SharedAnswers",
    "all_file_systems",
    "as_html",
    "find_file_system",
    "named_runbooks",
    "write_index",
    "write_page",
    "write_runbook",
]
