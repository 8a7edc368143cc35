"""What restore tests name that a live account does not have: roles and vaults are listed whole there."""

from __future__ import annotations

from collections.abc import Iterator

from restore_ready.iam import arn_matches
from restore_ready.index import EstateIndex, Missing
from restore_ready.model import RestoreTestPlan, RestoreTestSelection, Str, Unresolved, any_true
from restore_ready.restore_testing._settings import Fault, Finding

_WILDCARDS = frozenset("*?")


def without_vaults(plan: RestoreTestPlan, estate: EstateIndex) -> Iterator[Finding]:
    """Yield the fault of a plan that takes recovery points from vaults none of which exists."""
    included = plan.include_vaults
    if isinstance(included, Unresolved) or not (included and estate.listings):
        return
    found = [_seen(entry, plan, estate) for entry in included if not isinstance(entry, str) or ":" in entry]
    missing = [vault for vault in found if isinstance(vault, Missing)]
    if missing and len(missing) == len(included):
        names = ", ".join(vault.name for vault in missing)
        yield Fault(
            f"it takes recovery points only from {names}, and no such vault exists in {missing[0].where}: "
            "nothing is tested",
            fix="Include the vault of the backups by its ARN, or all vaults by *.",
            field="include_vaults",
        )
        return
    unknown = [vault for vault in found if isinstance(vault, Unresolved)]
    if unknown and len(unknown) + len(missing) == len(included):
        yield unknown[0]


def _seen(entry: Str, plan: RestoreTestPlan, estate: EstateIndex) -> object:
    """Return what an entry of a plan's vaults means, a pattern included."""
    if not (isinstance(entry, str) and _WILDCARDS & set(entry)):
        return estate.sight.vault(entry, plan.aws_place)
    names, place = estate.sight.vaults_in(plan.aws_place), plan.aws_place
    if names is None or isinstance(names, Unresolved) or entry == "*":
        return names
    arns = (place.arn("backup", f"backup-vault:{name}") for name in names)
    matched = any_true(arn_matches(entry, arn) for arn in arns)
    return Missing(entry, f"{estate.here} in {place.arn_region}") if matched is False else matched


def without_role(test: RestoreTestSelection, estate: EstateIndex) -> Iterator[Finding]:
    """Yield the fault of a selection whose role does not exist, and why that is not known."""
    found = estate.sight.role(test.role, test.aws_place.account)
    if isinstance(found, Missing):
        yield Fault(
            f"its role {found.name} {found.said}: every test fails", "Create the role, or name one that exists."
        )
    elif isinstance(found, Unresolved):
        yield found
