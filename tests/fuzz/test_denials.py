"""A Deny more, or an Allow less, lets nobody restore who could not before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz.account import facts
from tests.fuzz.changes import parts, policies_of, put, statements_of
from tests.fuzz.judged import account_verdicts, estate_of, examples
from tests.fuzz.stacks import Stack, Statement, resource_statements, stacks, statements
from tests.fuzz.terraform import hcl

from restore_ready import Requirements, Truth, Unresolved
from restore_ready.who_can_restore._paths import chains

ABOUT_GRANTS: Final = frozenset({"RR404", "RR405"})
"""Rules by which grants do not suffice. RR408, about those who may start a restore, passes where that is denied."""


@st.composite
def narrowed(draw: st.DrawFn) -> tuple[Stack, Stack]:
    """Return a stack, and the same with a Deny more in a policy that has statements, or an Allow less."""
    stack = draw(stacks.filter(statements_of))
    policy = draw(st.sampled_from([path for path in policies_of(stack) if dict(parts(stack))[path]]))
    listed: Sequence[Statement] = dict(parts(stack))[policy]
    allows = [number for number, statement in enumerate(listed) if statement.effect == "Allow"]
    if allows and len(listed) > 1 and draw(st.booleans()):
        gone = draw(st.sampled_from(allows))
        return stack, put(stack, policy, (*listed[:gone], *listed[gone + 1 :]))
    about_principals = bool(listed[0].principals)
    added = draw(resource_statements if about_principals else statements)
    denied = Statement("Deny", added.actions, added.resources, added.principals, added.service)
    return stack, put(stack, policy, (*listed, denied))


def may_restore(stack: Stack) -> Mapping[tuple[str, str], int]:
    """Return whether a principal, or anybody, can restore a file system: 0 for no, 1 for open, 2 for yes."""
    estate = estate_of("main.tf", hcl(stack))
    found: dict[tuple[str, str], int] = {}
    for answer in chains(estate, Requirements()):
        name = answer.file_system.address
        found[name, ""] = _rank(answer.somebody_can)
        found |= {(name, chain.principal.address): _rank(chain.can_restore) for chain in answer.chains}
    return found


def _rank(truth: Truth) -> int:
    return 1 if isinstance(truth, Unresolved) else 2 * truth


@examples(12)
@given(narrowed())
def test_nobody_can_restore_because_of_a_deny_more_or_an_allow_less(pair: tuple[Stack, Stack]) -> None:
    before, after = map(may_restore, pair)

    assert {key: rank for key, rank in after.items() if rank > before.get(key, 0)} == {}


@examples(12)
@given(narrowed())
def test_no_rule_about_grants_passes_because_of_a_deny_more_or_an_allow_less(pair: tuple[Stack, Stack]) -> None:
    before, after = (account_verdicts(facts(stack)) for stack in pair)

    found = {key: before[key] for key, verdict in after.items() if verdict == "Pass" and key in before}
    assert {key: verdict for key, verdict in found.items() if key[0] in ABOUT_GRANTS and verdict == "Fail"} == {}
