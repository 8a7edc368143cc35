"""How does a live account stand, or what a snapshot that was taken before says of several?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from restore_ready._temporary_folder import temporary_folder
from restore_ready.catalog._finder import all_rules
from restore_ready.model import Rule
from restore_ready.requirements._find import RequirementsFinder
from restore_ready.scanning._snapshots import AccountScan, LeftOut, scan_snapshot


def audit(  # noqa: PLR0913  # one keyword for each thing a caller may choose
    snapshot: Path | None = None,
    *,
    profile: str | None = None,
    role_arn: str | None = None,
    external_id: str | None = None,
    regions: Sequence[str] = (),
    requirements: Path | None = None,
    rules: Iterable[Rule] | None = None,
) -> Iterator[AccountScan | LeftOut]:
    """Yield the accounts of *snapshot*, judged, or, without one, the live account that the credentials are of.

    Args:
        snapshot: a file that `restore-ready audit --snapshot` wrote; AWS is then not asked.
        profile: the profile of the AWS configuration to sign in with; without, boto3's default chain.
        role_arn: a role to assume in the account.
        external_id: what the role's trust policy asks for.
        regions: Regions to read, such as ``eu-central-1``; without, those that the account has enabled.
        requirements: the requirements file; without, the one that the environment names or the nearest one.
        rules: the rules to put; without, the whole catalogue.

    Yields:
        each account, judged, and those of the snapshot's roster that can't be used any more.

    Raises:
        StartError: if reading can't begin: no credentials, or those of another account.
        UnreadableError: if the snapshot can't be read.
        UsageError: if the requirements file can't be used.
    """
    chosen = all_rules() if rules is None else tuple(rules)
    required = RequirementsFinder([Path()], requirements).requirements_file(Path())
    if snapshot is not None:
        yield from scan_snapshot(snapshot, chosen, required)
        return
    with temporary_folder() as folder:
        taken = folder / "account.jsonl"
        _take(taken, profile, role_arn, external_id, regions)
        yield from scan_snapshot(taken, chosen, required)


def _take(
    path: Path, profile: str | None, role_arn: str | None, external_id: str | None, regions: Sequence[str]
) -> None:
    from restore_ready.live._audit import Settings, take_one  # noqa: PLC0415  # boto3 is for live accounts only
    from restore_ready.live._regions import given_regions  # noqa: PLC0415
    from restore_ready.live._sessions import SignIn  # noqa: PLC0415
    from restore_ready.live._targets import Target  # noqa: PLC0415

    how = SignIn(profile, role_arn, external_id)
    take_one(Target(how.account, how), Settings(path, given_regions(regions)))
