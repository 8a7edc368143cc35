"""Networks that a story names but leaves to others, with the ids it names; the API would choose others."""

from typing import Any
from unittest.mock import patch

from moto.ec2.models import ec2_backends
from tests.aws_server._operations import Place

BLOCK = "10.0.0.0/16"
FIRST = 240


def add_network(place: Place, given: dict[str, Any]) -> dict[str, Any]:
    """Keep the VPC *VpcId*, the subnets *SubnetIds* and the groups *SecurityGroupIds* of *given*."""
    backend = ec2_backends[place.account][place.region]
    with patch("moto.ec2.models.vpcs.random_vpc_id", return_value=given["VpcId"]):
        backend.create_vpc(BLOCK)
    for number, subnet in enumerate(given["SubnetIds"]):
        with patch("moto.ec2.models.subnets.random_subnet_id", return_value=subnet):
            backend.create_subnet(given["VpcId"], f"10.0.{FIRST + number}.0/24", f"{place.region}a")
    for group in given["SecurityGroupIds"]:
        with patch("moto.ec2.models.security_groups.random_security_group_id", return_value=group):
            backend.create_security_group(group, "made elsewhere", vpc_id=given["VpcId"])
    return given
