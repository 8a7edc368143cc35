"""What must hold of every evaluation, whatever the policies: tried on worlds made up at random."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from typing import Any, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.iam_cases import (
    FOREIGN,
    HOLE,
    KINDS,
    OTHER,
    OWN,
    POINT,
    ROLE,
    ROOT,
    SERVICE,
    SESSION,
    USER,
    explain,
    policy,
)

from restore_ready import Policy, Text, Unresolved
from restore_ready.iam import Allowed, Decision, Denied, Identity, Level, Request, Undecided, evaluate

RANK = {Denied: 0, Undecided: 1, Allowed: 2}
CERTAIN = (Allowed, Denied)
OFTEN = settings(max_examples=150, deadline=None, derandomize=True)
WHOS = [ROLE, SESSION, USER, ROOT, SERVICE]
KEY = f"arn:aws:kms:eu-west-1:{OWN}:key/1"
REQUESTS = [
    ("backup:StartRestoreJob", POINT),
    ("backup:StartRestoreJob", FOREIGN),
    ("kms:Decrypt", KEY),
    ("sts:AssumeRole", f"arn:aws:iam::{OWN}:role/target"),
    ("iam:PassRole", f"arn:aws:iam::{OWN}:role/target"),
    ("s3:GetObject", "arn:aws:s3:::b/anna"),
]

Tree: TypeAlias = Any
Path: TypeAlias = tuple[str | int, ...]


def some(strategy: st.SearchStrategy[Tree], most: int = 2) -> st.SearchStrategy[Tree]:
    return st.lists(strategy, min_size=1, max_size=most)


actions = st.sampled_from(["*", "*", "backup:*", "backup:StartRestoreJob", "kms:*", "s3:Get?bject", "iam:*", "b*job"])
resources = st.sampled_from(
    ["*", "*", POINT, "arn:aws:backup:*", f"arn:aws:*:*:{OWN}:*", "arn:aws:s3:::b/${aws:username}", "arn:aws:s3:::${*}"]
)
principals = st.one_of(
    st.just("*"),
    st.fixed_dictionaries({"AWS": some(st.sampled_from(["*", ROLE, SESSION, USER, ROOT, OWN, OTHER, "AROAX"]), 3)}),
    st.just({"Service": [SERVICE]}),
)
operators = st.sampled_from(
    ["StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "ArnLike", "ArnNotLike", "StringEqualsIfExists",
     "ForAnyValue:StringLike", "ForAllValues:StringEquals", "ForAllValues:StringNotLike", "Null"]
)  # fmt: skip
keys = st.sampled_from(["aws:PrincipalArn", "aws:username", "aws:PrincipalTag/team", "x:given", "x:absent", "x:many"])
values = st.sampled_from(
    ["*", "a", "true", "${aws:username}", "${aws:PrincipalTag/team}", ROLE, "arn:aws:iam::*:user*"]
)
conditions = st.dictionaries(operators, st.dictionaries(keys, some(values), min_size=1, max_size=2), max_size=1)


@st.composite
def statements(draw: st.DrawFn, effects: tuple[str, ...] = ("Allow", "Allow", "Deny"), *, named: bool = False) -> Tree:
    made: dict[str, Tree] = {"Effect": draw(st.sampled_from(effects)), "Condition": draw(conditions)}
    made[draw(st.sampled_from(["Action", "Action", "Action", "NotAction"]))] = draw(some(actions))
    made[draw(st.sampled_from(["Resource", "Resource", "Resource", "NotResource"]))] = draw(some(resources))
    if named:
        made[draw(st.sampled_from(["Principal", "Principal", "Principal", "NotPrincipal"]))] = draw(principals)
    return made


def documents(*, named: bool = False) -> st.SearchStrategy[Tree]:
    versions = st.sampled_from(["2012-10-17", "2012-10-17", "2008-10-17"])
    listed = st.lists(statements(named=named), max_size=3)
    return st.fixed_dictionaries({"Version": versions, "Statement": listed})


def levels(*, named: bool = False) -> st.SearchStrategy[Tree]:
    full = {"Effect": "Allow", "Action": ["*"], "Resource": ["*"], **({"Principal": "*"} if named else {})}
    everything = {"Version": "2012-10-17", "Statement": [full]}
    return st.lists(st.lists(documents(named=named), max_size=1).map(lambda some: [everything, *some]), max_size=2)


worlds = st.fixed_dictionaries(
    {
        "who": st.sampled_from(WHOS),
        "identity": st.lists(documents(), max_size=2),
        "boundary": st.none() | documents(),
        "service controls": levels(),
        "resource controls": levels(named=True),
        "resource": st.none() | documents(named=True),
        "request": st.sampled_from(REQUESTS).map(list),
        "context": st.fixed_dictionaries(
            {"x:given": st.sampled_from([["true"], ["*"]]), "x:many": st.just(["a", "b"])},
            optional={"aws:principaltag/team": st.sampled_from([["true"], [""]])},
        ),
    }
)


def document(tree: Tree, name: str) -> Policy | Unresolved:
    return tree if isinstance(tree, Unresolved) else policy(name, tree["Statement"], tree["Version"])


def answer(world: Tree, kind: object = None) -> Decision:
    held = [document(one, f"p{n}") for n, one in enumerate(world["identity"])]
    unread = tuple(one for one in held if isinstance(one, Unresolved))
    who = Identity(
        world["who"],
        kind if kind is not None else KINDS.get(world["who"]) if isinstance(world["who"], str) else None,  # type: ignore[arg-type]
        tuple(one for one in held if not isinstance(one, Unresolved)),
        unread,
        None if world["boundary"] is None else document(world["boundary"], "b"),
        tuple(Level(tuple(document(one, "c") for one in level), complete=True) for level in world["service controls"]),
    )
    context = {key: tuple(given) for key, given in world["context"].items()}
    absent = frozenset({"x:absent", "aws:principaltag/team"} - context.keys() - set(world.get("open", ())))
    return evaluate(
        who,
        Request(*world["request"], context=context, absent=absent),
        resource_policy=None if world["resource"] is None else document(world["resource"], "r"),
        resource_controls=[
            Level(tuple(document(one, "c") for one in level), complete=True) for level in world["resource controls"]
        ],
    )


def kind_of(decision: Decision) -> type:
    return type(decision.outcome)


def documents_of(world: Tree) -> Iterator[list[Tree]]:
    """Yield the lists of statements of every policy."""
    yield from (one["Statement"] for one in world["identity"])
    for name in ("service controls", "resource controls"):
        yield from (one["Statement"] for level in world[name] for one in level)
    yield from (world[name]["Statement"] for name in ("boundary", "resource") if world[name])


def copied(tree: Tree) -> Tree:
    if isinstance(tree, dict):
        return {key: copied(value) for key, value in tree.items()}
    return [copied(one) for one in tree] if isinstance(tree, list) else tree


@pytest.mark.thorough
@OFTEN
@given(world=worlds, denial=statements(("Deny",), named=True), chance=st.randoms(use_true_random=False))
def test_adding_a_deny_never_allows(world: Tree, denial: Tree, chance: random.Random) -> None:
    before = answer(world)
    for place, _ in enumerate(documents_of(world)):
        more = copied(world)
        listed = list(documents_of(more))[place]
        listed.insert(chance.randint(0, len(listed)), denial)
        after = answer(more)
        assert RANK[kind_of(after)] <= RANK[kind_of(before)], (explain(before), explain(after))


@OFTEN
@given(world=worlds, chance=st.randoms(use_true_random=False))
def test_the_order_of_statements_and_policies_never_matters(world: Tree, chance: random.Random) -> None:
    mixed = copied(world)
    for listed in documents_of(mixed):
        chance.shuffle(listed)
    for name in ("identity", "service controls", "resource controls"):
        chance.shuffle(mixed[name])
    assert kind_of(answer(mixed)) is kind_of(answer(world))


def places(tree: Tree, path: Path = ()) -> Iterator[Path]:
    """Yield the path to everything in a world whose value may be unknown."""
    branches: list[tuple[str | int, Tree]] = []
    if isinstance(tree, dict):
        branches = list(tree.items())
    elif isinstance(tree, list):
        branches = list(enumerate(tree))
    for step, branch in branches:
        if _may_be_unknown((*path, step), branch):
            yield (*path, step)
        yield from places(branch, (*path, step))


def _may_be_unknown(path: Path, branch: Tree) -> bool:
    if path[0] in ("service controls", "resource controls"):
        return "Statement" in path[:-1] or path[-1] == "Version"
    if path[0] == "request":
        return path == ("request", 1)
    if path[0] == "context":
        return isinstance(branch, str)
    return branch is not None and path != ("identity",)


def hidden(world: Tree, path: Path) -> Tree:
    """Return *world* with one part of it unknown."""
    if not path:
        return HOLE
    made = dict(world) if isinstance(world, dict) else list(world)
    made[path[0]] = hidden(world[path[0]], path[1:])
    return made


@pytest.mark.thorough
@OFTEN
@given(world=worlds, chance=st.randoms(use_true_random=False))
def test_what_is_unknown_never_turns_one_certainty_into_the_other(world: Tree, chance: random.Random) -> None:
    known = answer(world)
    paths = [*places(world)]
    for path in chance.sample(paths, min(len(paths), 12)):
        blind = answer(hidden(world, path), KINDS.get(world["who"]) if path == ("who",) else None)
        if isinstance(blind.outcome, CERTAIN):
            assert kind_of(blind) is kind_of(known), (path, explain(blind), explain(known))


@pytest.mark.thorough
@OFTEN
@given(world=worlds, chance=st.randoms(use_true_random=False))
def test_learning_more_never_contradicts(world: Tree, chance: random.Random) -> None:
    steps = [world]
    for _ in range(4):
        paths = [path for path in places(steps[-1]) if not isinstance(_at(steps[-1], path), Unresolved)]
        steps.append(hidden(steps[-1], chance.choice(paths)))
    kind = KINDS.get(world["who"])
    answers = [answer(one, None if isinstance(one["who"], str) else kind) for one in steps]
    for more, less in itertools.pairwise(answers):
        assert kind_of(less) is Undecided or kind_of(less) is kind_of(more), (explain(less), explain(more))


def _at(tree: Tree, path: Path) -> Tree:
    return _at(tree[path[0]], path[1:]) if path else tree


@pytest.mark.thorough
@OFTEN
@given(world=worlds, key=st.sampled_from(["x:given", "x:absent", "aws:principaltag/team", "x:many"]))
def test_keys_that_may_be_missing_never_turn_one_certainty_into_the_other(world: Tree, key: str) -> None:
    known = answer(world)
    context = {name: values for name, values in world["context"].items() if name != key}
    blind = answer({**world, "context": context, "open": [key]})
    assert kind_of(blind) is Undecided or kind_of(blind) is kind_of(known), (explain(blind), explain(known))


@OFTEN
@given(world=worlds)
def test_a_decision_is_explained_by_its_trace(world: Tree) -> None:
    found = answer(world)
    outcome = found.outcome
    policy_types = [list(type(found.policy_type)).index(step.policy_type) for step in found.trace]
    assert policy_types == sorted(policy_types)
    assert all(step.applies is not False for step in found.trace)
    if isinstance(outcome, Allowed):
        assert not any(step.effect == "Deny" for step in found.trace)
        granting = {(step.policy_address, step.statement) for step in found.trace if step.effect == "Allow"}
        by = outcome.by
        assert (by.policy_address, by.statement) in granting or by.statement == "root user" or not found.trace
    elif isinstance(outcome, Denied) and outcome.by:
        assert any(step.effect == "Deny" and step.applies is True for step in found.trace)
    assert len(explain(found)) == 1 + len(found.trace)


@pytest.mark.thorough
@OFTEN
@given(world=worlds, cut=st.integers(0, len(POINT)))
def test_a_partly_known_resource_is_no_surer_than_the_whole(world: Tree, cut: int) -> None:
    arn = world["request"][1]
    blind = answer({**world, "request": [world["request"][0], Text((arn[:cut] or "a", HOLE)) if cut else HOLE]})
    known = answer(world)
    assert kind_of(blind) is Undecided or kind_of(blind) is kind_of(known), (explain(blind), explain(known))
