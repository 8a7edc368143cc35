"""When are two places in AWS the same?"""

from __future__ import annotations

import pytest

from restore_ready import AwsPlace, Unnamed, Unresolved
from restore_ready.model import same_place

BY_VARIABLE = Unnamed("var.region", "var.region has no value")
SAME_VARIABLE = Unnamed("var.region", "said elsewhere in other words")


@pytest.mark.parametrize(
    ("place", "other", "expected"),
    [
        (AwsPlace(), AwsPlace(), True),
        (AwsPlace("eu-west-1"), AwsPlace("eu-west-1"), True),
        (AwsPlace("eu-west-1"), AwsPlace("eu-central-1"), False),
        (AwsPlace(BY_VARIABLE), AwsPlace(SAME_VARIABLE), True),
        (AwsPlace(account="111122223333"), AwsPlace(account="444455556666"), False),
        (AwsPlace("eu-west-1", Unnamed("a", "")), AwsPlace("eu-central-1", Unnamed("b", "")), False),
    ],
)
def test_what_is_known_is_compared(place: AwsPlace, other: AwsPlace, *, expected: bool) -> None:
    assert same_place(place, other) is expected
    assert same_place(other, place) is expected


@pytest.mark.parametrize("region", ["this-region", Unnamed("var.other", "var.other has no value")])
def test_what_has_no_known_name_may_be_any(region: str | Unnamed) -> None:
    for other in ("eu-west-1", BY_VARIABLE):
        assert isinstance(same_place(AwsPlace(region), AwsPlace(other)), Unresolved)


def test_arns_name_what_is_known_in_the_partition_of_the_region() -> None:
    assert AwsPlace("cn-north-1", "1").arn("kms", "key/k") == "arn:aws-cn:kms:cn-north-1:1:key/k"
    assert AwsPlace(BY_VARIABLE).arn("kms", "key/k") == "arn:aws:kms:this-region:this-account:key/k"
