"""Whether a caller's ``iam:PassRole`` reaches a role that AWS Backup can restore with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from restore_ready.access._constants import BACKUP_SERVICE
from restore_ready.access._default_role import may_pass_default_role
from restore_ready.access._grants import Caller
from restore_ready.access._pass_role_reach import pass_role_statements, reaches_any, serves_backup
from restore_ready.access._statements import condition_values, trusts_backup
from restore_ready.index import EstateIndex, RoleIndex, account_of_role, arn_account
from restore_ready.model import (
    Fail,
    Known,
    Pass,
    PlaceName,
    Principal,
    Statement,
    Str,
    Unknown,
    Unresolved,
    Verdict,
    any_true,
    joined,
    open_is_unknown,
    same_name,
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
    unread = caller.unread_part if isinstance(verdict, Fail) else None
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
    by_default = may_pass_default_role(usable, caller.account)
    if by_default is True or settled(reaches_any(usable, roles)) or settled(by_default):
        return Pass()
    targets = [target for statement in usable for target in _targets(statement, estate)]
    if any(isinstance(target, str) and _is_any_role(target) for target in targets):
        return _judge_any(usable, roles)
    foreign = [account for target in targets if (account := _foreign_account(target, caller.account))]
    if targets and len(foreign) == len(targets):
        return _out_of_account(caller, targets, foreign[0])
    unseen = [target for target in targets if not isinstance(target, Principal) and (not roles.roles or _exact(target))]
    if unseen:
        return Unknown(f"the role it may pass is not in this configuration: {show(unseen[0])}")
    return _unreached(roles.roles) if roles.roles else _useless(targets)


def _judge_any(usable: Sequence[Statement], roles: RoleIndex) -> Verdict:
    """Return the verdict on statements of which one names any role.

    Raises:
        Open: if it is not known whether they serve AWS Backup.
    """
    settled(any_true(serves_backup(statement) for statement in usable))
    return Unknown("a condition on iam:PassRole could not be judged") if roles.roles else Pass()


def _targets(statement: Statement, estate: EstateIndex) -> Iterator[Principal | Str]:
    """Yield what a PassRole statement names: the role where it is in sight, else the pattern as written."""
    resources: Known[tuple[Str, ...]] = statement.resources
    if isinstance(resources, Unresolved) or statement.not_resources:
        yield resources if isinstance(resources, Unresolved) else "*"
        return
    roles = estate.all_roles
    for entry in resources:
        yield roles.find(entry) or entry


def _foreign_account(target: Principal | Str, own: PlaceName) -> str:
    """Return the account of a role, or of what names one, if that certainly is another than the caller's."""
    account = account_of_role(target) if isinstance(target, Principal) else arn_account(target)
    return str(account) if account is not None and same_name(account, own) is False else ""


def _out_of_account(caller: Caller, targets: Sequence[Principal | Str], account: str) -> Fail:
    shown = [target.label if isinstance(target, Principal) else show(target) for target in targets]
    return Fail(
        f"may pass only {', '.join(shown)}, which is of account {account}: roles are passed within one "
        f"account, and the caller's is {caller.account}",
        fix=_FIX,
        evidence={"passable": shown, "account": account},
    )


def _is_any_role(pattern: str) -> bool:
    return pattern == "*" or pattern.endswith(":role/*")


def _exact(target: Str) -> bool:
    """Return whether a pattern names one role, or can't be read well enough to deny it."""
    return not isinstance(target, str) or not set("*?") & set(target)


def _unreached(roles: Sequence[Principal]) -> Fail:
    names = [role.label for role in roles]
    return Fail(
        f"may use iam:PassRole, but it reaches no restore role here: {', '.join(names)} "
        "(the AWS Backup managed policies pass only names with AwsBackup or AWSBackup)",
        fix=f'{_FIX} Or call the role so that its name contains "AWSBackup".',
        evidence={"restore_roles": names},
    )


def _useless(targets: list[Principal | Str]) -> Verdict:
    roles = [target for target in targets if isinstance(target, Principal)]
    names = ", ".join(role.label for role in roles)
    if any(trusts_backup(role) is not False for role in roles):
        return Unknown(f"whether AWS Backup can restore with {names} is not known")
    return Fail(
        f"may pass only {names}, which {BACKUP_SERVICE} can't assume: the restore will be refused",
        fix=_FIX,
        evidence={"passable": names},
    )
