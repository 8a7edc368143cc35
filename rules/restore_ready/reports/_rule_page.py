"""What does a rule's page say: a title line, then sections under ``## `` headings?"""

from __future__ import annotations

_SENTENCES = 2


def why(page: str) -> str:
    """Return the first two sentences of "Why is this bad?" on one line; empty where the page has no such section."""
    _, _, section = f"\n{page}".partition("\n## Why is this bad?\n")
    paragraph = " ".join(section.partition("\n## ")[0].strip().partition("\n\n")[0].split())
    sentences = paragraph.split(". ")
    return ". ".join(sentences[:_SENTENCES]) + ("." if len(sentences) > _SENTENCES else "")
