"""Which identity policies does IAM refuse because a key of their JSON is given twice? What they would grant is open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from restore_ready.iam import GIVEN_TWICE
from restore_ready.model import Gap, Known, Policy, PolicyDocument, Principal, Statement, Unresolved


def refused_policies(principals: Iterable[Principal], policies: Iterable[Policy]) -> Iterator[Gap]:
    """Yield the policies of *principals*, and customer managed *policies*, that IAM refuses, each once."""
    held = (policy for principal in principals for policy in principal.policies)
    for policy in {policy.address: policy for policy in (*held, *policies)}.values():
        why = next((part.why for part in _open_parts(policy.document) if part.why.endswith(GIVEN_TWICE)), None)
        if why is not None:
            yield Gap(policy.address, policy.place, f"IAM refuses the policy: {why}")


def _open_parts(document: Known[PolicyDocument]) -> Iterator[Unresolved]:
    if isinstance(document, Unresolved):
        yield document
        return
    for statement in document.statements:
        parts = _parts(statement) if isinstance(statement, Statement) else (statement,)
        yield from (part for part in parts if isinstance(part, Unresolved))


def _parts(statement: Statement) -> tuple[object, ...]:
    return statement.effect, statement.actions, statement.resources, statement.principals, statement.conditions
