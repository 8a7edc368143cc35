"""The services as CloudFormation calls them: over HTTP, from inside the server, uncounted and unhindered."""

import functools
import json
from collections.abc import Mapping
from typing import Any

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.model import ListShape, MapShape, Shape, StructureShape
from moto.cloudformation.exceptions import ValidationError
from tests.aws_server._calls import own_key

ENDPOINT: list[str] = []
"""Where the server listens, once it does."""


class Api:
    """AWS's services in one account and Region."""

    def __init__(self, account: str, region: str) -> None:
        """Call in *account* and *region*."""
        self.account = account
        self.region = region

    def call(self, service: str, operation: str, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401  # a template's JSON
        """Call *operation* with the *parameters* that have a value, each in the type that the API wants.

        Raises:
            ValidationError: with the service's own words, if it refuses; it fails the stack.
        """
        client = client_at(service, self.account, self.region)
        model = client.meta.service_model.operation_model(operation)
        given = {name: value for name, value in parameters.items() if value is not None}
        try:
            answer: dict[str, Any] = getattr(client, xform_name(operation))(**typed(given, model.input_shape))
        except ClientError as refused:
            raise ValidationError(message=str(refused)) from None
        return answer


@functools.cache
def client_at(service: str, account: str, region: str) -> Any:  # noqa: ANN401  # boto3 makes its clients at run time
    """Return a client of the server itself."""
    session = boto3.Session(own_key(account), "made-up", region_name=region)
    config = Config(retries={"total_max_attempts": 1})
    return session.client(service, endpoint_url=ENDPOINT[0], config=config)


def typed(value: Any, shape: Shape | None) -> Any:  # noqa: ANN401  # a template's JSON
    """Return *value* as *shape* wants it: templates write numbers and truth as text, and documents as objects."""
    if isinstance(shape, StructureShape) and isinstance(value, Mapping):
        return {name: typed(one, shape.members.get(name)) for name, one in value.items() if one is not None}
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [typed(one, shape.member) for one in value if one is not None]
    if isinstance(shape, MapShape) and isinstance(value, Mapping):
        return {name: typed(one, shape.value) for name, one in value.items()}
    return scalar(value, shape.type_name if shape is not None else "")


def scalar(value: Any, kind: str) -> Any:  # noqa: ANN401  # a template's JSON
    """Return a single *value* as the API's type *kind*."""
    if kind in ("integer", "long"):
        return int(value)
    if kind == "boolean":
        return value if isinstance(value, bool) else str(value).lower() == "true"
    if kind == "string":
        return json.dumps(value, default=str) if isinstance(value, (dict, list)) else str(value)
    return value
