"""Lambda: the file systems a function mounts, which moto drops."""

from typing import Any

from moto.awslambda import models
from moto.awslambda.models import LambdaFunction

MOUNTS = "FileSystemConfigs"
start_in_moto = LambdaFunction.__init__
describe_in_moto = LambdaFunction.get_configuration
change_in_moto = LambdaFunction.update_configuration


def start(self: LambdaFunction, account_id: str, spec: dict[str, Any], *more: Any, **named: Any) -> None:  # noqa: ANN401  # moto's own
    """Make a function and keep what it mounts."""
    start_in_moto(self, account_id, spec, *more, **named)
    self.__dict__["_mounts"] = spec.get(MOUNTS) or []


def describe(self: LambdaFunction, *given: Any, **named: Any) -> dict[str, Any]:  # noqa: ANN401  # moto's own
    """Describe a function with what it mounts."""
    return describe_in_moto(self, *given, **named) | {MOUNTS: self.__dict__["_mounts"]}


def change(self: LambdaFunction, config_updates: dict[str, Any]) -> dict[str, Any]:
    """Change a function's configuration, what it mounts too."""
    if MOUNTS in config_updates:
        self.__dict__["_mounts"] = config_updates[MOUNTS]
    change_in_moto(self, config_updates)
    return self.get_configuration()


LambdaFunction.__init__ = start  # type: ignore[method-assign]  # moto has no other place for it
LambdaFunction.get_configuration = describe  # type: ignore[method-assign]  # as above
LambdaFunction.update_configuration = change  # type: ignore[method-assign]  # as above


class AnyRole:
    """Finds every role: a function's may be made elsewhere, in another stack that a test leaves out."""

    def __getitem__(self, _: str) -> "AnyRole":
        """Go down to an account or partition."""
        return self

    def get_role_by_arn(self, _: str) -> None:
        """Find it."""


setattr(models, "iam_backends", AnyRole())  # noqa: B010  # moto only looks there whether a role exists
