"""CloudFormation templates, SAM and CDK output included."""

from restore_ready.readers.cloudformation._estate import estate_from_resources
from restore_ready.readers.cloudformation._load import load_template, load_text
from restore_ready.readers.cloudformation._read import read_template, read_template_text
from restore_ready.readers.cloudformation._resolve import Scenario, loop_resources, resolve
from restore_ready.readers.cloudformation._resource import Resource
from restore_ready.readers.cloudformation._template import Template, is_template, looks_like_template

__all__ = [
    "Resource",
    "Scenario",
    "Template",
    "estate_from_resources",
    "is_template",
    "load_template",
    "load_text",
    "looks_like_template",
    "loop_resources",
    "read_template",
    "read_template_text",
    "resolve",
]
