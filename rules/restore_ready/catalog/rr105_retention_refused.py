"""AWS Backup accepts the retention that the plan asks for.

## What it does
Finds rules and copies of backup plans whose retention AWS refuses: deleted after less than 1 or more than 36,500 days,
or less than 90 days after the move to cold storage; continuous backups that are kept more than 35 days or move to cold
storage; shorter or longer than the lock of the target vault allows, or kept for ever where it has a maximum.
A lock is `aws_backup_vault_lock_configuration`, `LockConfiguration`, or the range that every logically air-gapped vault
has. It counts for the vault of its own Region and account: in another Region, the same name is another vault. Plans are
found as well whose vault has a lock that AWS refuses: its least days are more than its most, fewer than 7 for a
logically air-gapped vault, or it can be changed for fewer than 3 days.

## Why is this bad?
A lifecycle that AWS refuses stops the deployment. A retention outside of the lock's range does not: the plan is
accepted, and then every single backup or copy job fails.

## Example
```terraform
resource "aws_backup_vault" "efs" {
  name = "efs"
}

resource "aws_backup_vault_lock_configuration" "efs" {
  backup_vault_name  = aws_backup_vault.efs.name
  min_retention_days = 30
  max_retention_days = 365
}

resource "aws_backup_plan" "nightly" {
  name = "nightly"
  rule {
    rule_name         = "nightly"
    target_vault_name = aws_backup_vault.efs.name
    lifecycle {
      delete_after = 14
    }
  }
}
```

Use instead:
```terraform
resource "aws_backup_vault" "efs" {
  name = "efs"
}

resource "aws_backup_vault_lock_configuration" "efs" {
  backup_vault_name  = aws_backup_vault.efs.name
  min_retention_days = 30
  max_retention_days = 365
}

resource "aws_backup_plan" "nightly" {
  name = "nightly"
  rule {
    rule_name         = "nightly"
    target_vault_name = aws_backup_vault.efs.name
    lifecycle {
      delete_after = 35
    }
  }
}
```

## References
- https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/logicallyairgappedvault.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/API_PutBackupVaultLockConfiguration.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery.html
- https://github.com/hashicorp/terraform-provider-aws/issues/24960
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from restore_ready.catalog._plans import PLAN_CLOUDFORMATION, PLAN_TERRAFORM, judge_each
from restore_ready.index import EstateIndex
from restore_ready.model import (
    Fail,
    Known,
    Pass,
    Place,
    Plan,
    PlanRule,
    Requirements,
    Rule,
    Severity,
    Str,
    Unknown,
    Unresolved,
    Verdict,
    open_is_unknown,
    settled,
)
from restore_ready.vaults._lock import Locks
from restore_ready.vaults._refused_locks import RefusedLocks

_COLD_DAYS = 90
_MOST_DAYS = 36_500
_MOST_CONTINUOUS = 35


class KeptPlan(Struct, frozen=True):
    """A plan beside the locks of the vaults that it may fill."""

    address: str
    place: Place
    plan: Plan
    locks: Locks
    refused: RefusedLocks

    def in_vault(self, vault: Str, days: Known[int | None], what: str, *, here: bool) -> Iterator[Verdict]:
        """Yield whether *vault* takes what is kept for *days*; for the arguments see `Locks.judge`."""
        refused = self.refused.judge(vault, self.plan, here=here)
        yield refused
        if not isinstance(refused, Fail):
            yield self.locks.judge(vault, self.plan, days, what, here=here)


def _subjects(estate: EstateIndex, _requirements: Requirements) -> Iterable[KeptPlan]:
    locks, refused = Locks(estate), RefusedLocks(estate)
    return (KeptPlan(plan.address, plan.place, plan, locks, refused) for plan in estate.plans)


def judge(subject: KeptPlan, _estate: EstateIndex, _requirements: Requirements) -> Verdict:
    """Fail a plan with a retention that AWS refuses or that makes its jobs fail.

    Raises:
        Open: if the plan's rules are not known.
    """
    return judge_each(subject.plan, lambda rule: _gravest(_verdicts(rule, subject)), "delete_after_days")


def _verdicts(rule: PlanRule, subject: KeptPlan) -> Iterator[Verdict]:
    own = "its recovery points"
    yield _judge_days(rule.delete_after_days, own)
    yield _judge_cold(rule.cold_after_days, rule.delete_after_days, own)
    yield _judge_continuous(rule)
    yield from subject.in_vault(rule.efs_vault, rule.delete_after_days, own, here=True)
    if isinstance(rule.copies, Unresolved):
        yield Unknown(f"its copies are not known: {rule.copies.why}")
        return
    for copy in rule.copies:
        kept = rule.delete_after_days if copy.delete_after_days is None else copy.delete_after_days
        yield _judge_days(copy.delete_after_days, "its copies")
        yield _judge_cold(copy.cold_after_days, copy.delete_after_days, "its copies")
        yield from subject.in_vault(copy.destination, kept, "its copies", here=False)


def _judge_days(days: int | Unresolved | None, what: str) -> Verdict:
    if not isinstance(days, int) or 1 <= days <= _MOST_DAYS:
        return Unknown(f"how long {what} are kept is not known: {days.why}") if isinstance(days, Unresolved) else Pass()
    return Fail(
        f"{what} are deleted after {days} days: AWS takes 1 to {_MOST_DAYS}",
        fix=f"Delete them after 1 to {_MOST_DAYS} days, or leave the days out to keep them for ever.",
        evidence={"delete_after_days": days},
    )


@open_is_unknown
def _judge_continuous(rule: PlanRule) -> Verdict:
    """Return whether AWS takes a rule that asks for continuous backups, which are kept for 35 days at most."""
    days, cold = rule.delete_after_days, rule.cold_after_days
    certain = [f"are deleted after {days} days"] if isinstance(days, int) and days > _MOST_CONTINUOUS else []
    certain += ["move to cold storage"] if isinstance(cold, int) else []
    if rule.continuous is False or (days is None and cold is None):
        return Pass()
    if not certain:
        settled(days, "how long its continuous backups are kept is not known")
        settled(cold, "when its continuous backups move to cold storage is not known")
        return Pass()
    settled(rule.continuous, "whether its backups are continuous is not known")
    return Fail(
        f"its continuous backups {' and '.join(certain)}: AWS takes {_MOST_CONTINUOUS} days, and no cold storage",
        fix=f"Keep continuous backups for {_MOST_CONTINUOUS} days at most, or switch them off: EFS has none.",
        evidence={"delete_after_days": days if isinstance(days, int) else None, "continuous": True},
    )


@open_is_unknown
def _judge_cold(cold: int | Unresolved | None, delete: int | Unresolved | None, what: str) -> Verdict:
    """Return whether deletion leaves the 90 days in cold storage for which AWS keeps everything at least."""
    if cold is None or delete is None:
        return Pass()
    moved = settled(cold, f"when {what} move to cold storage is not known")
    deleted = settled(delete, f"how long {what} are kept is not known")
    if deleted >= moved + _COLD_DAYS:
        return Pass()
    return Fail(
        f"{what} move to cold storage after {moved} days and are deleted after {deleted}: AWS refuses less than "
        f"{moved + _COLD_DAYS}",
        fix=f"Delete them {_COLD_DAYS} or more days after the move to cold storage.",
        evidence={"cold_after_days": moved, "delete_after_days": deleted},
    )


def _gravest(verdicts: Iterable[Verdict]) -> Verdict:
    found = list(verdicts)
    fails = {verdict.message: verdict for verdict in found if isinstance(verdict, Fail)}
    if fails:
        first = next(iter(fails.values()))
        return Fail(", ".join(fails), fix=first.fix, evidence=first.evidence)
    return next((verdict for verdict in found if isinstance(verdict, Unknown)), Pass())


RULE = Rule(
    "RR105",
    "retention-refused",
    Severity.ERROR,
    _subjects,
    judge,
    since="0.1.0",
    terraform=PLAN_TERRAFORM,
    cloudformation=PLAN_CLOUDFORMATION,
)
