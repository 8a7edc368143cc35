"""Finds the file systems that recovery points are of and that are not there: deleted, out of reach, of others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from restore_ready.model import TEST_LEFTOVER, AwsPlace, FileSystem, Loss, Lost, Unresolved
from restore_ready.model._why_open import OTHER_ACCOUNT, UNREAD_REGION
from restore_ready.readers.account._account_facts import AccountFacts
from restore_ready.readers.account._recovery_points import PointsOfRegion

_REGION, _ACCOUNT, _RESOURCE = 3, 4, 5
_FILE_SYSTEM: Final = "file-system/"
_TAGS: Final = Unresolved("the file system is known by its recovery points alone, which do not have its tags")


def lost_file_systems(
    facts: AccountFacts, points: PointsOfRegion, regions: Mapping[str, PointsOfRegion]
) -> Iterator[FileSystem]:
    """Yield the file systems with recovery points in a Region, or that once were backed up, which are not there.

    One of a Region whose vaults can't be read is as good as lost: what it has elsewhere is all there is to restore.

    Args:
        facts: of the Region.
        points: its recovery points.
        regions: all Regions that were asked.
    """
    for arn, name in _named(facts, points).items():
        fields = arn.split(":", _RESOURCE)
        if len(fields) <= _RESOURCE or not fields[_RESOURCE].startswith(_FILE_SYSTEM):
            continue
        place = AwsPlace(fields[_REGION], fields[_ACCOUNT])
        lost = _lost(fields, facts, regions)
        if lost is not None and not name.startswith(TEST_LEFTOVER):
            yield FileSystem(arn, facts.place, arn, _TAGS, aws_place=place, lost=lost, known_as=name)


def _named(facts: AccountFacts, points: PointsOfRegion) -> Mapping[str, str]:
    """Return the ARNs of what has recovery points, or may have, with the names that it has there."""
    found: dict[str, str] = {}
    for arn, held in points.by_resource.items():
        newest_first = sorted(held, key=lambda point: point.created, reverse=True)
        found[arn] = next((point.name for point in newest_first if point.name), "")
    if points.hidden is not None:
        for entry in facts.entries("protected_resources"):
            found.setdefault(entry["ResourceArn"], str(entry.get("ResourceName") or ""))
    return found


def _lost(fields: list[str], facts: AccountFacts, regions: Mapping[str, PointsOfRegion]) -> Lost | None:
    """Return why the file system of an ARN is not there, ``None`` where it is."""
    region, account = fields[_REGION], fields[_ACCOUNT]
    if account != facts.account:
        return Lost(Loss.FOREIGN, OTHER_ACCOUNT.said(account=account))
    there = regions.get(region)
    if there is None:
        return Lost(Loss.NOT_ASKED, UNREAD_REGION.said(region=region))
    listed = there.existing
    if isinstance(listed, Unresolved):
        return Lost(Loss.UNREADABLE, f"the file systems of {region} could not be read: {listed.why}")
    if fields[_RESOURCE].removeprefix(_FILE_SYSTEM) not in listed:
        return Lost(Loss.DELETED, f"{region} has no such file system")
    vaults = there.facts.listed("vaults")
    if region != facts.region and isinstance(vaults, Unresolved):
        return Lost(Loss.UNREADABLE, f"the backup vaults of {region} could not be read: {vaults.why}")
    return None
