"""Networks with ids that a test chooses; the API would make them up."""

from typing import Any
from unittest.mock import patch

from moto.ec2.models import ec2_backends, security_groups, subnets, vpcs
from tests.aws_server._operations import Place

BLOCK = "10.0.0.0/16"
FIRST_FREE = 200


def network(place: Place, given: dict[str, Any]) -> dict[str, Any]:
    """Make a VPC with the ids in *given*: its VpcId, where not empty, its Groups and its Subnets, a zone each."""
    backend = ec2_backends[place.account][place.region]
    name = given["VpcId"]
    with patch.object(vpcs, "random_vpc_id", lambda: name) if name else patch.dict({}):
        vpc = backend.create_vpc(BLOCK).id
    for group in given["Groups"]:
        with patch.object(security_groups, "random_security_group_id", lambda group=group: group):
            backend.create_security_group(group, "for tests", vpc)
    zones = sorted(one.name for one in backend.describe_availability_zones())
    for number, (zone, subnet) in enumerate(zip(zones, given["Subnets"], strict=False), start=FIRST_FREE):
        with patch.object(subnets, "random_subnet_id", lambda subnet=subnet: subnet):
            backend.create_subnet(vpc, f"10.0.{number}.0/24", availability_zone=zone)
    return given
