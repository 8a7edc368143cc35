"""Adding operations to moto: parsed parameters in, a plain answer out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult, BaseResponse

Answer = Mapping[str, Any] | None
"""What an operation answers: the members of its output shape, in Python's types; None for nothing."""


class AwsError(JsonRESTError):
    """An error answer of a JSON service, with its HTTP status."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        """Say what AWS says."""
        self.code = status
        super().__init__(code, message)


@dataclass(frozen=True)
class Place:
    """Where a call arrives."""

    account: str
    region: str


Operation = Callable[[Place, dict[str, Any]], Answer]


def operation(response: type[BaseResponse]) -> Callable[[Operation], Operation]:
    """Let *response* answer the operation that the decorated function is named after.

    The function gets the place and the parameters as botocore's model names them.
    """

    def add(function: Operation) -> Operation:
        def answer(self: Any) -> ActionResult:  # noqa: ANN401  # moto's class, one for each service
            self.parse_parameters(self.normalized_request)
            parameters = given(self.params)
            return ActionResult(function(Place(self.current_account, self.region), parameters))

        setattr(response, function.__name__, answer)
        return function

    return add


def given(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was really given, under the model's own names."""
    named = parameters.original_dict() if hasattr(parameters, "original_dict") else parameters
    return {name: value for name, value in named.items() if value is not None}


def now() -> datetime:
    """Return the time of a new object, to the second as AWS tells it."""
    return datetime.now(timezone.utc).replace(microsecond=0)


def without_nothing(members: Mapping[str, Any]) -> dict[str, Any]:
    """Return *members* that have a value: AWS leaves the others out."""
    return {name: value for name, value in members.items() if value is not None}
