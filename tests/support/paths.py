"""Where things lie in the repository."""

from pathlib import Path
from typing import Final

TESTS: Final = Path(__file__).resolve().parent.parent
ROOT: Final = TESTS.parent
FIXTURES: Final = ROOT / "fixtures"
DATA: Final = TESTS / "data"
