"""Write the rules' pages, ``docs/rules/*.md``, from the rule files; ``--check`` only says which are stale."""

from __future__ import annotations

import sys
from pathlib import Path

from restore_ready._rule import Rule, all_rules

PAGES = Path(__file__).parent.parent / "docs" / "rules"
HEADINGS = ("## What it does", "## Why is this bad?", "## Example", "Use instead:", "## References")


def page(rule: Rule) -> str:
    """Return the page of *rule*.

    Raises:
        SystemExit: if its docstring lacks a heading.
    """
    missing = [heading for heading in HEADINGS if heading not in rule.doc]
    if missing:
        sys.exit(f"{rule.code}: the docstring lacks {', '.join(missing)}")
    title, _, body = rule.doc.partition("\n")
    return f"# {rule.code}: {rule.slug}\n\n{title}\n\n{_facts(rule)}\n{body.rstrip()}\n"


def _facts(rule: Rule) -> str:
    ids = [f"`{one.letter}{rule.code}`" for one in (rule.severity, *rule.milder)]
    rows = {
        "severity": " or ".join(one.value for one in (rule.severity, *rule.milder)),
        "in Checkov": f"`{rule.code}`",
        "in cfn-lint": " or ".join(ids),
        "Terraform and plans": ", ".join(f"`{one}`" for one in rule.terraform),
        "CloudFormation": ", ".join(f"`{one}`" for one in rule.cloudformation),
        "since": rule.since,
    }
    lines = ["|  |  |", "| --- | --- |", *(f"| {name} | {value} |" for name, value in rows.items())]
    return "\n".join(lines) + "\n"


def index(rules: tuple[Rule, ...]) -> str:
    """Return the table of all rules."""
    rows = [f"| [{rule.code}]({rule.code}.md) | {rule.severity.value} | {rule.title} |" for rule in rules]
    return "\n".join(["# Rules", "", "| code | severity | what is required |", "| --- | --- | --- |", *rows, ""])


def main(arguments: list[str]) -> int:
    """Write or check the pages; return the exit code."""
    rules = all_rules()
    wanted = {PAGES / f"{rule.code}.md": page(rule) for rule in rules} | {PAGES / "README.md": index(rules)}
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text() != text]
    orphans = [path for path in PAGES.glob("*.md") if path not in wanted]
    if "--check" in arguments:
        print(*(f"stale: {path.name}; run make docs" for path in stale + orphans), sep="\n")  # noqa: T201  # a command
        return 1 if stale or orphans else 0
    for path in orphans:
        path.unlink()
    for path in stale:
        path.write_text(wanted[path])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
