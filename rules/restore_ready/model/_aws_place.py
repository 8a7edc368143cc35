"""Where in AWS a resource lies: its Region and its account."""

from __future__ import annotations

from typing import Final, TypeAlias

from msgspec import Struct

from restore_ready.model._values import THIS_ACCOUNT, THIS_REGION, Truth, Unresolved, all_true
from restore_ready.model._why_open import DEPLOYED_TO

_DEPLOYED_TO: Final = {
    THIS_REGION: DEPLOYED_TO.said(part="Region"),
    THIS_ACCOUNT: DEPLOYED_TO.said(part="account"),
}
_PARTITIONS: Final = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}


class Unnamed(Struct, frozen=True):
    """A Region or account without a known name: all that is in the same one says so by the same *of*.

    Attributes:
        of: what names it, such as ``var.region``.
        why: why its name is not known.
    """

    of: str
    why: str


PlaceName: TypeAlias = "str | Unnamed"


class AwsPlace(Struct, frozen=True):
    """The Region and the account that a resource lies in.

    Attributes:
        region: ``eu-central-1``; ``this-region`` is the one deployed to, whichever that is.
        account: its id; ``this-account`` is the one deployed to. Of IAM's resources the account alone tells the place.
    """

    region: PlaceName = THIS_REGION
    account: PlaceName = THIS_ACCOUNT

    @property
    def partition(self) -> str:
        """The partition that its Region lies in, ``aws`` where that is not known."""
        known = self.region if isinstance(self.region, str) else ""
        return next((found for prefix, found in _PARTITIONS.items() if known.startswith(prefix)), "aws")

    @property
    def arn_region(self) -> str:
        """The Region as ARNs have it, ``this-region`` where it has no known name."""
        return self.region if isinstance(self.region, str) else THIS_REGION

    @property
    def arn_account(self) -> str:
        """The account as ARNs have it, ``this-account`` where it has no known id."""
        return self.account if isinstance(self.account, str) else THIS_ACCOUNT

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of something that lies here."""
        return f"arn:{self.partition}:{service}:{self.arn_region}:{self.arn_account}:{resource}"

    def differs(self, other: AwsPlace) -> tuple[str, str]:
        """Return in words where this and the *other* place certainly differ: ``eu-central-1`` and ``eu-west-1``."""
        if same_name(self.region, other.region) is False:
            return str(self.region), str(other.region)
        return f"account {self.account}", f"account {other.account}"


HERE: Final = AwsPlace()
"""The Region and the account deployed to, whichever these are: the place of all for which no source says another."""


def same_place(place: AwsPlace, other: AwsPlace) -> Truth:
    """Return whether two places are the same Region of the same account."""
    return place == other or all_true((same_region(place, other), same_account_of(place, other)))


def same_region(place: AwsPlace, other: AwsPlace) -> Truth:
    """Return whether two places are in the same Region."""
    return same_name(place.region, other.region)


def same_account_of(place: AwsPlace, other: AwsPlace) -> Truth:
    """Return whether two places are in the same account."""
    return same_name(place.account, other.account)


def same_name(name: PlaceName, other: PlaceName) -> Truth:
    """Return whether two names of Regions, or of accounts, mean the same one."""
    if _identity(name) == _identity(other):
        return True
    reasons = [why for why in (_why_open(name), _why_open(other)) if why]
    return Unresolved(reasons[0]) if reasons else False


def _identity(name: PlaceName) -> tuple[str, bool]:
    return (name.of, False) if isinstance(name, Unnamed) else (name, True)


def is_named(name: PlaceName) -> bool:
    """Return whether a Region or an account is known by its name."""
    return not _why_open(name)


def _why_open(name: PlaceName) -> str:
    return name.why if isinstance(name, Unnamed) else _DEPLOYED_TO.get(name, "")
