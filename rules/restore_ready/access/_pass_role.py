"""Whether a caller's ``iam:PassRole`` reaches a role that AWS Backup can restore with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from restore_ready.access._constants import BACKUP_SERVICE, PASS_ROLE
from restore_ready.access._default_role import may_pass_default_role
from restore_ready.access._grants import Caller
from restore_ready.access._pass_role_reach import pass_role_statements, reaches_any, serves_backup
from restore_ready.access._pass_role_targets import PassTarget, may_serve, pass_targets, why_unseen
from restore_ready.access._statements import condition_values, written
from restore_ready.index import EstateIndex, Missing, RoleIndex
from restore_ready.model import (
    Fail,
    Pass,
    Principal,
    Statement,
    Unknown,
    Verdict,
    any_true,
    joined,
    open_is_unknown,
    settled,
    show,
)

_FIX = "Allow iam:PassRole on the restore role, with iam:PassedToService = backup.amazonaws.com."


def judge_pass_role(callers: Iterable[Caller], roles: RoleIndex, estate: EstateIndex) -> Verdict:
    """Return the verdict on the PassRole statements of *callers*, by the restore roles of *estate*.

    A Fail names all whom it concerns; one for whom it is open hides none of them.
    """
    verdicts = [(caller.name, _judge_caller(caller, roles, estate)) for caller in callers]
    stuck: dict[str, tuple[Fail, list[str]]] = {}
    for name, verdict in verdicts:
        if isinstance(verdict, Fail):
            stuck.setdefault(verdict.message, (verdict, []))[1].append(name)
    if stuck:
        return joined(_of_callers(fail, names) for fail, names in stuck.values())
    return next((verdict for _, verdict in verdicts if isinstance(verdict, Unknown)), Pass())


def _of_callers(fail: Fail, names: list[str]) -> Fail:
    return replace(fail, message=f"{', '.join(names)} {fail.message}", evidence={"callers": names, **fail.evidence})


def _judge_caller(caller: Caller, roles: RoleIndex, estate: EstateIndex) -> Verdict:
    """Return the verdict on one caller, whose name is still to be put before the message."""
    passing, roles = pass_role_statements(caller.policies), roles.in_account(caller.account)
    usable = [statement for statement in passing if serves_backup(statement) is not False]
    verdict = _judge_reach(caller, usable, roles, estate) if usable else _wrong_service(passing)
    if isinstance(verdict, Fail):
        parts = ("resources",) if usable else ("conditions",)
        verdict = replace(verdict, focus=written(caller.policies, (usable or passing).__contains__, *parts))
    unread = caller.open_grant(PASS_ROLE) if isinstance(verdict, Fail) else None
    return verdict if unread is None else Unknown(unread.why)


def _wrong_service(passing: Sequence[Statement]) -> Fail:
    values = (value for statement in passing for value in condition_values(statement, "iam:passedtoservice"))
    services = sorted({show(value) for value in values})
    return Fail(
        f"may pass roles only to {', '.join(services) or 'other services'}, not to {BACKUP_SERVICE}: "
        "the restore will be refused",
        fix=_FIX,
        evidence={"passed_to": services},
    )


@open_is_unknown
def _judge_reach(caller: Caller, usable: list[Statement], roles: RoleIndex, estate: EstateIndex) -> Verdict:
    by_default = may_pass_default_role(usable, caller.account, estate)
    if by_default is True or settled(reaches_any(usable, roles)) or settled(by_default):
        return Pass()
    targets = pass_targets(usable, caller.account, estate)
    if any(target.is_any_role for target in targets):
        return _judge_any(usable, roles)
    foreign = [account for target in targets if (account := target.foreign_to(caller.account))]
    if targets and len(foreign) == len(targets):
        return _out_of_account(caller, targets, foreign[0])
    own = [target for target in targets if not target.foreign_to(caller.account)]
    return _judge_targets(own, usable, roles, estate)


def _judge_targets(
    targets: Sequence[PassTarget], usable: Sequence[Statement], roles: RoleIndex, estate: EstateIndex
) -> Verdict:
    """Return the verdict on what is named, none of which is a restore role."""
    if why := why_unseen(targets, estate, patterns_count=not roles.roles):
        return Unknown(f"whether the role it may pass serves is not known: {why}")
    served = None if roles.roles else next(may_serve(targets, usable, estate), None)
    if served is not None:
        return Unknown(f"whether AWS Backup can restore with {served.label} is not known")
    if any(isinstance(target.role, Missing) for target in targets):
        return _missing(targets)
    return _unreached(roles.roles) if roles.roles else _useless(targets, estate)


def _judge_any(usable: Sequence[Statement], roles: RoleIndex) -> Verdict:
    """Return the verdict on statements of which one names any role.

    Raises:
        Open: if it is not known whether they serve AWS Backup.
    """
    settled(any_true(serves_backup(statement) for statement in usable))
    return Unknown("a condition on iam:PassRole could not be judged") if roles.roles else Pass()


def _out_of_account(caller: Caller, targets: Sequence[PassTarget], account: str) -> Fail:
    shown = [target.label for target in targets]
    return Fail(
        f"may pass only {', '.join(shown)}, which is of account {account}: roles are passed within one "
        f"account, and the caller's is {caller.account}",
        fix=_FIX,
        evidence={"passable": shown, "account": account},
    )


def _unreached(roles: Sequence[Principal]) -> Fail:
    names = [role.label for role in roles]
    return Fail(
        f"may use iam:PassRole, but it reaches no restore role here: {', '.join(names)} "
        "(the AWS Backup managed policies pass only names with AwsBackup or AWSBackup)",
        fix=f'{_FIX} Or call the role so that its name contains "AWSBackup".',
        evidence={"restore_roles": names},
    )


def _missing(targets: Sequence[PassTarget]) -> Fail:
    names = list(dict.fromkeys(target.label for target in targets))
    missing = {target.label: target.role.said for target in targets if isinstance(target.role, Missing)}
    said = [f"{name} {why}" for name, why in missing.items()] if len(names) > 1 else [f"which {missing[names[0]]}"]
    return Fail(
        f"may pass only {', '.join(names)}, {'; '.join(said)}",
        fix=f"{_FIX} Give its whole ARN, with the path.",
        evidence={"passable": names, "missing": list(missing)},
    )


def _useless(targets: Sequence[PassTarget], estate: EstateIndex) -> Fail:
    names = ", ".join(dict.fromkeys(target.label for target in targets))
    why = f"which {BACKUP_SERVICE} can't assume"
    if any(target.role is None for target in targets):
        why = f"and no role of {estate.here} that it reaches can restore"
    return Fail(f"may pass only {names}, {why}: the restore will be refused", fix=_FIX, evidence={"passable": names})
