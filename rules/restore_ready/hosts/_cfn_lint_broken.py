"""What does cfn-lint show of a pack that can't be loaded? ERR000. Imports nothing of the pack, so that it can be."""

from __future__ import annotations

from collections.abc import Iterator

from cfnlint.rules import CloudFormationLintRule, RuleMatch
from cfnlint.template import Template


def rule_classes_or_broken() -> dict[str, type[CloudFormationLintRule]]:
    """Return the rules as cfn-lint classes, by class name; if they can't be loaded, one that always fails."""
    try:
        from restore_ready.hosts._cfn_lint import rule_classes  # noqa: PLC0415  # a failure here is what this is for

        return rule_classes()
    except (Exception, SystemExit) as error:  # noqa: BLE001  # whatever it is, it must be seen
        return {"ERR000": _always(f"restore-ready could not load, and judged nothing: {type(error).__name__}: {error}")}


def _always(message: str) -> type[CloudFormationLintRule]:
    def match(_self: CloudFormationLintRule, _cfn: Template) -> Iterator[RuleMatch]:
        yield RuleMatch(["Resources"], message)

    fields = {"id": "ERR000", "shortdesc": "The pack itself works", "description": message, "match": match}
    return type("ERR000", (CloudFormationLintRule,), fields)
