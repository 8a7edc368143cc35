"""In which words is it said who can restore, whatever the format: what there is to restore, and what stops whom?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from restore_ready.history._records import show_time
from restore_ready.reports._locations import shown
from restore_ready.reports._safe_text import clean
from restore_ready.reports._who_can_restore import FileSystemAnswer, WhoCanRestore, yes_no_or_open
from restore_ready.who_can_restore._chain import Chain, FileSystemChains
from restore_ready.who_can_restore._lifting import DenyingVault, Lifter
from restore_ready.who_can_restore._points import PointsOnRecord
from restore_ready.who_can_restore._steps import Step, StepResult

COLUMNS: Final = {
    Step.POINT: "point",
    Step.START: "start",
    Step.VAULT: "vault",
    Step.PASS_ROLE: "pass role",
    Step.TRUST: "trust",
    Step.PERMISSIONS: "permissions",
    Step.KEY: "key",
}
"""What the links are called over a column."""

ANSWERS: Final = {True: "somebody can restore it", False: "nobody here can restore it", None: "not certain"}
YES_NO_OPEN: Final = {True: "yes", False: "no", None: "open"}


def links(answer: FileSystemAnswer) -> tuple[Step, ...]:
    """Return the links that the principals of a file system are asked about."""
    first = next(iter(answer.found.chains), None)
    return () if first is None else tuple(result.step for result in first.steps)


def answered(answer: FileSystemAnswer) -> bool | None:
    """Return whether somebody can restore the file system; ``None`` where that is open."""
    return yes_no_or_open(answer.found.somebody_can)


def called(answer: FileSystemAnswer) -> str:
    """Return what a file system is called: its address, its name where the address does not tell, its condition."""
    file_system = answer.found.file_system
    named = file_system.name and file_system.address.startswith("arn:")
    words = [file_system.address, f"({file_system.name})" if named else ""]
    words.append(f"when {answer.assuming}" if answer.assuming else "")
    return clean(" ".join(filter(None, words)))


def principal_name(chain: Chain) -> str:
    """Return the name of a principal and what it is."""
    return clean(f"{chain.principal.label} ({chain.principal.kind.value})")


def circumstances(answer: FileSystemAnswer) -> Iterator[str]:
    """Yield what is to be known of a file system before anybody is asked about, a sentence each."""
    found = answer.found
    if found.file_system.lost is not None:
        why = found.file_system.lost.why
        yield clean(f"known by its recovery points alone: {why}; a restore makes a new file system")
    if found.why:
        yield clean(found.why)
    held = ", ".join(_held(vault.name, vault.key, found.points) for vault in found.vaults)
    if found.points is None or found.points.answer is True:
        yield clean(f"recovery points in: {held or 'none in sight'}")
    elif held:
        yield clean(f"plans lay recovery points in: {held}")
    yield from map(clean, _copies(found))
    if found.hidden:
        yield clean(f"perhaps elsewhere: {found.hidden}")
    if found.points is not None and found.points.answer is True and found.points.lost:
        lost = ", ".join(f"{number} {state}" for state, number in found.points.lost.items())
        yield clean(f"can't be restored: {lost}")
    yield from map(denial, found.denying)


def _copies(found: FileSystemChains) -> Iterator[str]:
    """Yield what lies, or may lie, in vaults of other Regions and accounts."""
    points = found.points
    if points is None:
        return
    if points.elsewhere:
        held = (_held(vault, vault, points) for vault in points.elsewhere)
        yield f"copies in other Regions, to be restored there: {', '.join(held)}"
    for vault in found.elsewhere:
        if vault.key in points.failed_copies:
            yield f"no copies in {vault.name}, as far as is shown: every copy of the last 30 days failed"
        elif vault.key not in points.elsewhere:
            yield f"perhaps copies in {vault.name}, which is not shown here"


def _held(name: str, key: str, points: PointsOnRecord | None) -> str:
    there = None if points is None else {**points.elsewhere, **points.by_vault}.get(key)
    if there is None:
        return name
    return f"{name} ({there.number}, the newest of {show_time(there.newest)})"


def denial(found: DenyingVault) -> str:
    """Return that a vault denies restores, and who may lift that."""
    whom = "everyone" if found.for_everyone is True else "some"
    sure = [_lifter(lifter) for lifter in found.lifters or () if lifter.certain]
    unsure = [_lifter(lifter) for lifter in found.lifters or () if not lifter.certain]
    nobody = (
        "no user or role in this account may lift that" if found.complete else "nobody in sight certainly may lift that"
    )
    told = [f"it may be lifted by {', '.join(sure)}"] if sure else [nobody] if not unsure else []
    told += [f"perhaps it may be lifted by {', '.join(unsure)}"] if unsure else []
    return clean(f"vault {found.vault.name} denies restores to {whom}: {'; '.join(told)}")


def _lifter(lifter: Lifter) -> str:
    return f"{lifter.principal.label} ({lifter.principal.kind.value})"


def outcome(chain: Chain) -> Iterator[str]:
    """Yield with what a principal restores, or all that stops it, what is certain first."""
    if not chain.blocks:
        role = "" if chain.role is None else chain.role.label
        yield clean(f"restores from vault {chain.vault} with role {role}")
        if chain.lacks:
            yield clean(f"but somebody else has to {', '.join(chain.lacks)}: it may not (RR408)")
        return
    yield from (clean(_stopped(result)) for result in chain.blocks)
    if chain.suggestion:
        yield clean(f"a name that would do: {chain.suggestion}")


def _stopped(result: StepResult) -> str:
    verb = "is stopped by" if result.holds is False else "is not certain at"
    return f"{verb} {result.step.value}: {because(result)}"


def because(result: StepResult) -> str:
    """Return why a link holds or not, with the statement that decided."""
    by = result.by
    if by is None:
        return clean(result.why)
    at = "" if by.focus is None else str(shown(by.focus.place))
    if not result.why:
        return clean(f"allowed by statement {by.sid} of {by.policy}{at and f' ({at})'}")
    cited = [at] if by.policy in result.why else [by.policy, f"statement {by.sid}", at]
    told = ", ".join(filter(None, cited))
    return clean(f"{result.why} [{told}]" if told else result.why)


def not_read(who: WhoCanRestore) -> Iterator[str]:
    """Yield what could not be read."""
    for gap in who.not_read:
        yield clean(f"not read: {shown(gap.place)} {gap.address}: {gap.why}")
