"""Deploying a CloudFormation template to the server."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from tests.aws_server.server import ACCOUNT, REGION, AwsServer
from tests.support.yaml_loading import FastLoader


def deploy(
    server: AwsServer,
    template: Path,
    parameters: Mapping[str, str] | None = None,
    *,
    account: str = ACCOUNT,
    region: str = REGION,
) -> dict[str, str]:
    """Deploy *template* and return the physical id of each logical id.

    Raises:
        AssertionError: if a resource was silently left out; CloudFormation engines that don't know a type do that.
    """
    client = server.client("cloudformation", account, region)
    name = f"stack-{template.parent.name.replace('_', '-')}"
    given = [{"ParameterKey": key, "ParameterValue": value} for key, value in (parameters or {}).items()]
    client.create_stack(StackName=name, TemplateBody=template.read_text(), Parameters=given)
    pages = client.get_paginator("list_stack_resources").paginate(StackName=name)
    made = {
        one["LogicalResourceId"]: one.get("PhysicalResourceId", "")
        for page in pages
        for one in page["StackResourceSummaries"]
    }
    declared = resources_in(template.read_text())
    unconditional = {key for key, one in declared.items() if "Condition" not in one}
    missing = sorted(key for key in unconditional | set(made) if key and not made.get(key))
    assert not missing, f"{template}: not made: {', '.join(missing)}"
    return {key: one for key, one in made.items() if key}


def resources_in(text: str) -> dict[str, dict[str, Any]]:
    """Return the resources of a template; functions written as tags become their arguments."""

    class Loader(FastLoader):
        """Reads tags as if they were not there."""

    def untagged(loader: yaml.SafeLoader, _: str, node: yaml.Node) -> object:
        if isinstance(node, yaml.MappingNode):
            return loader.construct_mapping(node, deep=True)
        if isinstance(node, yaml.SequenceNode):
            return loader.construct_sequence(node, deep=True)
        return node.value

    Loader.add_multi_constructor("!", untagged)
    declared: dict[str, dict[str, Any]] = yaml.load(text, Loader)["Resources"]  # noqa: S506  # a safe loader
    return declared
