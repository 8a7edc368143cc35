"""CloudFormation types that moto drops or half makes, made as CloudFormation makes them: through the services' APIs.

moto's engine stays: it resolves functions, conditions and the order; only the making of a resource is ours.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.cloudformation import parsing
from moto.core.common_models import CloudFormationModel
from tests.aws_server._loopback import Api

Properties = dict[str, Any]


@dataclass(frozen=True)
class Made:
    """A resource as made: what Ref gives, and what GetAtt gives."""

    ref: str
    attributes: Mapping[str, str] = field(default_factory=dict)


Maker = Callable[[Api, str, Properties], Made]
"""Makes a resource: the API, a name for it if it has none of its own, its properties."""

TYPES: dict[str, type[CloudFormationModel]] = {}


def makes(kind: str, name_property: str = "") -> Callable[[Maker], Maker]:
    """Let the decorated function make the resources of the type *kind*."""

    def add(maker: Maker) -> Maker:
        TYPES[kind] = resource_class(kind, name_property, maker)
        return maker

    return add


class Attributes:
    """What moto's engine asks of a resource it has made."""

    made: Made

    @property
    def physical_resource_id(self) -> str:
        """Return what Ref gives."""
        return self.made.ref

    @classmethod
    def has_cfn_attr(cls, _: str) -> bool:
        """Let GetAtt try."""
        return True

    def get_cfn_attribute(self, attribute: str) -> str:
        """Return what GetAtt gives.

        Raises:
            LookupError: for an attribute that our maker doesn't know.
        """
        if attribute not in self.made.attributes:
            message = f"{type(self).__name__} has no attribute {attribute}"
            raise LookupError(message)
        return self.made.attributes[attribute]

    def is_created(self) -> bool:
        """Say that it's there."""
        return True


def resource_class(kind: str, name_property: str, maker: Maker) -> type[CloudFormationModel]:
    """Return a class of moto's kind that makes resources with *maker*."""

    def create(
        cls: type[Any],
        /,
        resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
        **_: object,
    ) -> object:
        resource = cls()
        resource.made = maker(Api(account_id, region_name), resource_name, cloudformation_json.get("Properties") or {})
        return resource

    members = {
        "__module__": "moto.cloudformation.ours",  # moto's metaclass wants a service's module
        "cloudformation_type": staticmethod(lambda: kind),
        "cloudformation_name_type": staticmethod(lambda: name_property),
        "create_from_cloudformation_json": classmethod(create),
    }
    return type(kind.replace("::", ""), (Attributes, CloudFormationModel), members)


def model_list() -> list[type[CloudFormationModel]]:
    """Return moto's resource classes, ours in place of those of the same type."""
    others = [model for model in CloudFormationModel.__subclasses__() if not issubclass(model, Attributes)]
    return [*(model for model in others if model.cloudformation_type() not in TYPES), *TYPES.values()]


parsing.get_model_list = model_list  # type: ignore[assignment]  # the one place where moto looks for them
