"""Offers cures for what a scan found, and makes them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from restore_ready.fixes._apply import write_all
from restore_ready.fixes._clean import outside, unclean
from restore_ready.fixes._diff import unified
from restore_ready.fixes._offer import ByHand, Offer, Patch, Rescan, offer
from restore_ready.scanning._scan import Scan

__all__ = ["ByHand", "Offer", "Patch", "Rescan", "apply", "diff_of", "offered"]


def offered(result: Scan, paths: Sequence[Path], rescan: Rescan, *, clean_only: bool, force: bool = False) -> Offer:
    """Return the cures of what *result* found under *paths*, proved on a copy.

    Args:
        result: the findings.
        paths: what was scanned.
        rescan: judges paths by all rules as they were judged before.
        clean_only: leave out what would change a file that git could not bring back.
        force: leave out nothing for the sake of its file.
    """

    def refusal(path: Path) -> str:
        return outside(path, paths, follow=force) or (unclean(path) if clean_only and not force else "")

    return offer(result, paths, rescan, refusal)


def apply(found: Offer) -> None:
    """Write the new texts of *found*.

    Raises:
        UsageError: if a file has changed meanwhile or can't be written.
    """
    write_all(found.old, found.new)


def diff_of(patch: Patch, found: Offer) -> str:
    """Write what one patch changes by itself."""
    return unified({path: found.old[path] for path in patch.texts}, patch.texts)
