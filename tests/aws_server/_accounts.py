"""Regions of an account: which are on by default, which an account opts in to."""

from typing import Any

from moto.account import urls
from moto.account.models import account_backends
from moto.account.responses import AccountResponse
from moto.ec2.responses import EC2Response
from tests.aws_server._operations import Answer, AwsError, Place, operation

BY_DEFAULT = (
    *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"),
    *("eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1", "eu-north-1"),
    *("ap-south-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-southeast-1", "ap-southeast-2"),
)
"""Regions that every account can use."""

OPT_IN = ("af-south-1", "ap-east-1", "ap-southeast-3", "eu-central-2", "eu-south-1", "me-central-1", "me-south-1")
"""Regions that an account must switch on first."""

for path in ("listRegions", "getRegionOptStatus", "enableRegion", "disableRegion"):
    urls.url_paths["{0}/" + path + "$"] = AccountResponse.dispatch


@operation(AccountResponse)
def list_regions(place: Place, parameters: dict[str, Any]) -> Answer:
    """Answer with the Regions and whether the account can use them."""
    wanted = parameters.get("RegionOptStatusContains")
    listed = [{"RegionName": name, "RegionOptStatus": status(place.account, name)} for name in (*BY_DEFAULT, *OPT_IN)]
    return {"Regions": [one for one in listed if not wanted or one["RegionOptStatus"] in wanted]}


@operation(AccountResponse)
def get_region_opt_status(place: Place, parameters: dict[str, Any]) -> Answer:
    """Answer whether the account can use one Region."""
    name = parameters["RegionName"]
    if name not in (*BY_DEFAULT, *OPT_IN):
        raise AwsError(code="ValidationException", message=f"Region name {name} is invalid")
    return {"RegionName": name, "RegionOptStatus": status(place.account, name)}


@operation(AccountResponse)
def enable_region(place: Place, parameters: dict[str, Any]) -> Answer:
    """Switch a Region on, at once."""
    opted_in(place.account).add(parameters["RegionName"])
    return None


@operation(AccountResponse)
def disable_region(place: Place, parameters: dict[str, Any]) -> Answer:
    """Switch a Region off, at once."""
    opted_in(place.account).discard(parameters["RegionName"])
    return None


@operation(EC2Response)
def describe_regions(place: Place, parameters: dict[str, Any]) -> Answer:
    """Answer with the Regions the account can use, or with all."""
    names = parameters.get("RegionNames") or (*BY_DEFAULT, *OPT_IN)
    shown = [name for name in names if parameters.get("AllRegions") or usable(place.account, name)]
    words = {"ENABLED_BY_DEFAULT": "opt-in-not-required", "ENABLED": "opted-in", "DISABLED": "not-opted-in"}
    return {
        "Regions": [
            {
                "RegionName": name,
                "Endpoint": f"ec2.{name}.amazonaws.com",
                "OptInStatus": words[status(place.account, name)],
            }
            for name in shown
        ]
    }


def usable(account: str, region: str) -> bool:
    """Tell whether *account* can use *region*."""
    return status(account, region) != "DISABLED"


def status(account: str, region: str) -> str:
    """Return the RegionOptStatus of *region*; a Region we don't list counts as usable."""
    if region not in OPT_IN:
        return "ENABLED_BY_DEFAULT"
    return "ENABLED" if region in opted_in(account) else "DISABLED"


def opted_in(account: str) -> set[str]:
    """Return the Regions that *account* switched on, to be changed in place."""
    kept: set[str] = account_backends[account]["aws"].__dict__.setdefault("opted_in", set())
    return kept
