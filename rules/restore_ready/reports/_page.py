"""Reads the pages of rules: a title line, then sections under ``## `` headings."""

from __future__ import annotations


def section(page: str, heading: str) -> str:
    """Give the text under ``## heading``, or an empty string."""
    _, found, rest = f"\n{page}".partition(f"\n## {heading}\n")
    return rest.partition("\n## ")[0].strip() if found else ""


_SENTENCES = 2


def why(page: str) -> str:
    """Give the first two sentences of "Why is this bad?" on one line."""
    paragraph = " ".join(section(page, "Why is this bad?").partition("\n\n")[0].split())
    sentences = paragraph.split(". ")
    return ". ".join(sentences[:_SENTENCES]) + ("." if len(sentences) > _SENTENCES else "")
