"""Write the rules' pages, ``docs/rules/*.md``, from the rule files; ``--check`` only says which are stale."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from restore_ready.catalog._codes import OwnCode, all_codes
from restore_ready.catalog._controls import CONTROLS, OPPOSITES, controls_of
from restore_ready.model import Rule

PAGES = Path(__file__).parent.parent / "docs" / "rules"
NOTHING = "nothing to judge"
FIRST = "0.1.0"
"""The version since which the pack reports about itself."""

HEADINGS = ("## What it does", "## Why is this bad?", "## Example", "Use instead:", "## References")


def page(code: Rule | OwnCode) -> str:
    """Return the page of a rule, or of a code that the pack reports about itself.

    Raises:
        SystemExit: if a rule's docstring lacks a heading.
    """
    title, _, body = code.doc.partition("\n")
    head = f"# {code.code}: {code.slug}\n\n{title}\n\n"
    if isinstance(code, OwnCode):
        return f"{head}{body.strip()}\n"
    missing = [heading for heading in HEADINGS if heading not in code.doc]
    if missing:
        sys.exit(f"{code.code}: the docstring lacks {', '.join(missing)}")
    return f"{head}{_facts(code)}\n{body.strip()}\n"


def _facts(rule: Rule) -> str:
    ids = [f"`{severity.letter}{rule.code}`" for severity in (rule.severity, *rule.milder)]
    rows = {
        "severity": " or ".join(severity.value for severity in (rule.severity, *rule.milder)),
        "in Checkov": f"`{rule.code}`" if rule.terraform or rule.cloudformation else NOTHING,
        "in cfn-lint": " or ".join(ids) if rule.cloudformation else NOTHING,
        "Terraform and plans": ", ".join(f"`{kind}`" for kind in rule.terraform) or NOTHING,
        "CloudFormation": ", ".join(f"`{kind}`" for kind in rule.cloudformation) or NOTHING,
        "controls": "; ".join(control.name for control in controls_of(rule.code)) or "none",
        "since": rule.since,
    }
    lines = ["|  |  |", "| --- | --- |", *(f"| {name} | {value} |" for name, value in rows.items())]
    return "\n".join(lines) + "\n"


def index(codes: tuple[Rule | OwnCode, ...]) -> str:
    """Return the table of all codes."""
    head = ("code", "severity", "what is required", "sources", "since")
    rows = [_row(head), _row(["---"] * len(head)), *(_row(_cells(code)) for code in codes)]
    return "\n".join(["# Rules", "", *rows, ""])


def controls_page() -> str:
    """Return the table of the controls that rules speak to, by framework."""
    lines = [
        "# Controls",
        "",
        "Which controls of security frameworks the rules speak to. A rule is evidence for a control, never proof of",
        "it: it looks at EFS and AWS Backup only.",
    ]
    for framework in dict.fromkeys(control.framework for control in CONTROLS):
        lines += ["", f"## {framework.name}", "", f"Read at <{framework.source}>.", ""]
        lines += [_row(("control", "title", "rules")), _row(["---"] * 3)]
        for control in CONTROLS:
            if control.framework == framework:
                codes = ", ".join(f"[{code}](rules/{code}.md)" for code in sorted(control.rules))
                lines.append(_row((control.id, control.title, codes)))
    lines += ["", "## Controls that want the opposite", ""]
    lines += [_row(("control", "rule", "what it wants, and what to do")), _row(["---"] * 3)]
    for opposite in OPPOSITES:
        name = f"[{opposite.framework.name} {opposite.id}]({opposite.framework.source})"
        lines.append(_row((name, f"[{opposite.rule}](rules/{opposite.rule}.md)", opposite.advice)))
    return "\n".join([*lines, ""])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cells(code: Rule | OwnCode) -> list[str]:
    cells = [f"[{code.code}]({code.code}.md)", code.severity.value, code.title]
    return [*cells, "all", FIRST] if isinstance(code, OwnCode) else [*cells, _sources(code), code.since]


def _sources(rule: Rule) -> str:
    """Name the sources that a rule judges, by the types that its findings land on."""
    named = ["Terraform, plan"] * bool(rule.terraform) + ["CloudFormation"] * bool(rule.cloudformation)
    return ", ".join(named) or "live account"


def main(arguments: list[str]) -> int:
    """Write or check the pages; return the exit code."""
    codes = all_codes()
    wanted = {PAGES / f"{code.code}.md": page(code) for code in codes} | {PAGES / "README.md": index(codes)}
    wanted[PAGES.parent / "controls.md"] = controls_page()
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
