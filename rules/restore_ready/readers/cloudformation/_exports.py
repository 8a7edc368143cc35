"""What a template hands to other stacks, and what it takes from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from restore_ready.model import Export
from restore_ready.readers.cloudformation._evaluate import evaluate
from restore_ready.readers.cloudformation._scope import Scope, text_of


def exports(outputs: Mapping[str, object], scope: Scope) -> Iterator[Export]:
    """Yield the outputs that are exported under a name that is known."""
    for output in outputs.values():
        exported = output.get("Export") if isinstance(output, dict) else None
        if isinstance(output, dict) and isinstance(exported, dict):
            name = evaluate(exported.get("Name"), scope)
            if isinstance(name, str):
                yield Export(name, text_of(evaluate(output.get("Value"), scope)))


def imports(tree: object) -> Iterator[str]:
    """Yield the names, as far as they are written out, of what a template imports."""
    waiting = [tree]
    while waiting:
        current = waiting.pop()
        if isinstance(current, list):
            waiting += current
        elif isinstance(current, dict):
            name = current.get("Fn::ImportValue")
            if isinstance(name, str):
                yield name
            waiting += current.values()
