"""Where things lie in the repository."""

from pathlib import Path
from typing import Final

TESTS: Final = Path(__file__).resolve().parent.parent
ROOT: Final = TESTS.parent
FIXTURES: Final = ROOT / "fixtures"
DATA: Final = TESTS / "data"
DEMO_ACCOUNT: Final = ROOT / "rules" / "restore_ready" / "cli" / "demo-account.jsonl"
"""An account with one of each fault, as an audit read it; `tests.make_account` makes it."""
