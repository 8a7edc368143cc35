"""What stands for callers of which only the account is known, and not what they may do there."""

from __future__ import annotations

from typing import Final

from restore_ready.model import Place, Policy, PolicyDocument, Statement

EVERYTHING: Final = Policy("", Place(""), "", PolicyDocument((Statement(0, "", "Allow", ("*",)),)))
"""An identity policy that allows everything: what is refused in spite of it, the vault's policy refuses."""
