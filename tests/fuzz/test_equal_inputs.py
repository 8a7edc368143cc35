"""What means the same has the same verdicts: in another order, in another spelling, in another language."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from restore_ready import Requirements
from tests.fuzz import terraform
from tests.fuzz.changes import shuffled
from tests.fuzz.judged import Verdicts, examples, verdicts
from tests.fuzz.languages import LANGUAGES
from tests.fuzz.stacks import REQUIREMENTS, Stack, stacks
from tests.fuzz.test_unknowns import opened_stacks

both_kinds = stacks | opened_stacks().map(lambda pair: pair[1])
required = st.sampled_from(REQUIREMENTS)


@examples(12)
@given(both_kinds, st.sampled_from(sorted(LANGUAGES)), required, st.randoms(use_true_random=False))
def test_the_order_of_what_is_listed_does_not_matter(
    stack: Stack, name: str, requirements: Requirements, random: Random
) -> None:
    write = LANGUAGES[name]

    assert verdicts(name, write(stack), requirements) == verdicts(name, write(shuffled(stack, random)), requirements)


@examples(8)
@given(both_kinds, required)
def test_hcl_and_its_form_in_json_are_the_same(stack: Stack, requirements: Requirements) -> None:
    assert _judged("main.tf", stack, requirements) == _judged("main.tf.json", stack, requirements)


@examples(8)
@given(both_kinds, required)
def test_yaml_and_json_are_the_same(stack: Stack, requirements: Requirements) -> None:
    assert _judged("template.yaml", stack, requirements) == _judged("template.json", stack, requirements)


@examples(8)
@given(both_kinds, required)
def test_a_plan_says_what_its_configuration_says_or_that_it_is_not_known(
    stack: Stack, requirements: Requirements
) -> None:
    configured, planned = (_judged(name, stack, requirements) for name in ("main.tf", "plan.json"))

    differing = {key: verdict for key, verdict in planned.items() if verdict not in {configured.get(key), "Unknown"}}
    assert {key: (configured.get(key), verdict) for key, verdict in differing.items() if key in configured} == {}


@examples(8)
@given(both_kinds, required)
def test_for_each_over_one_is_as_good_as_none(stack: Stack, requirements: Requirements) -> None:
    written = terraform.hcl(stack)
    each = written.replace('" {\n', '" {\nfor_each = toset(["x"])\n').replace('variable "hole" {\nfor_each', "")
    assert each


def _judged(name: str, stack: Stack, requirements: Requirements) -> Verdicts:
    return verdicts(name, LANGUAGES[name](stack), requirements)


def alone(tree: Any) -> Any:  # noqa: ANN401  # any part of a document
    """Return *tree* with every list of one text in a policy as that text."""
    if isinstance(tree, dict):
        return {key: alone(value) for key, value in tree.items()}
    if isinstance(tree, (list, tuple)):
        return alone(tree[0]) if len(tree) == 1 else [alone(value) for value in tree]
    return tree
