"""The languages that stacks are written in: what writes each, by the name of the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from tests.fuzz.cloudformation import template_json, template_yaml
from tests.fuzz.stacks import Stack
from tests.fuzz.terraform import hcl, plan, tf_json

LANGUAGES: Final[Mapping[str, Callable[[Stack], str]]] = {
    "main.tf": hcl,
    "main.tf.json": tf_json,
    "plan.json": plan,
    "template.json": template_json,
    "template.yaml": template_yaml,
}
