"""What means the same has the same verdicts: in another order, in another spelling, in another language."""

from __future__ import annotations

import json
import re
from random import Random
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz.changes import shuffled
from tests.fuzz.cloudformation import template
from tests.fuzz.judged import Verdicts, examples, verdicts
from tests.fuzz.languages import LANGUAGES
from tests.fuzz.stacks import REQUIREMENTS, Stack, stacks
from tests.fuzz.terraform import hcl
from tests.fuzz.test_unknowns import opened_stacks

from restore_ready import Requirements

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


_REFERENCE: Final = re.compile(r"(?<!data\.)\b(aws_\w+\.[\w-]+)\.(?=\w)")


@examples(8)
@given(both_kinds, required)
def test_resources_for_each_of_one_are_judged_as_without(stack: Stack, requirements: Requirements) -> None:
    written = _REFERENCE.sub(r'\1["x"].', hcl(stack))
    each = re.sub(r"(?m)^resource .*{$", r'\g<0>\nfor_each = toset(["x"])', written)
    found = verdicts("main.tf", each, requirements)

    assert {(code, address.replace('["x"]', "")): verdict for (code, address), verdict in found.items()} == _judged(
        "main.tf", stack, requirements
    )


@examples(8)
@given(both_kinds, required)
def test_a_list_of_one_in_a_policy_is_as_good_as_its_element(stack: Stack, requirements: Requirements) -> None:
    spelled = json.dumps(_alone(template(stack)))

    assert verdicts("template.json", spelled, requirements) == _judged("template.json", stack, requirements)


def _alone(tree: Any) -> Any:  # noqa: ANN401  # any part of a template
    """Return *tree* with each list of one in a policy written as its element."""
    if isinstance(tree, dict):
        return {key: _element(value) if key in _EITHER else _alone(value) for key, value in tree.items()}
    return [_alone(value) for value in tree] if isinstance(tree, list) else tree


def _element(value: Any) -> Any:  # noqa: ANN401  # any part of a policy
    return _alone(value[0] if isinstance(value, list) and len(value) == 1 else value)


_EITHER: Final = frozenset({"Action", "AWS", "Resource", "Statement"})


def _judged(name: str, stack: Stack, requirements: Requirements) -> Verdicts:
    return verdicts(name, LANGUAGES[name](stack), requirements)
