"""Merges override files as Terraform does.

https://developer.hashicorp.com/terraform/language/files/override
"""

from __future__ import annotations

from restore_ready.readers.terraform.syntax import Body, Written

_MERGED_INSIDE = "lifecycle"
"""A block of a resource whose arguments are overridden one by one."""


def overridden(base: Written, override: Written) -> Written:
    """Return the block *base* as the block *override* changes it: arguments by name, nested blocks by type."""
    return Written(base.kind, base.labels, base.span, base.braces, lambda: _merged(base.body, override.body, base.kind))


def _merged(base: Body, override: Body, kind: str) -> Body:
    replaced = {_type(block) for block in override.blocks}
    lifecycle = _both_lifecycles(base, override) if kind in ("resource", "data") else None
    kept = [block for block in base.blocks if _type(block) not in replaced]
    added = [block for block in override.blocks if lifecycle is None or block.kind != _MERGED_INSIDE]
    merged = [overridden(*lifecycle)] if lifecycle is not None else []
    blocks, problems = [*kept, *merged, *added], [*base.problems, *override.problems]
    found = Body({**base.attributes, **override.attributes}, blocks, problems)
    found.repeated = [*base.repeated, *override.repeated]
    return found


def _both_lifecycles(base: Body, override: Body) -> tuple[Written, Written] | None:
    first, second = (
        next((block for block in body.blocks if block.kind == _MERGED_INSIDE), None) for body in (base, override)
    )
    return (first, second) if first is not None and second is not None else None


def _type(block: Written) -> str:
    return block.labels[0] if block.kind == "dynamic" and block.labels else block.kind
