"""What the backup policies of the organization come to is valid in every account.

## What it does
Finds accounts whose effective backup policy fails the checks of AWS Organizations. `restore-ready audit --org` asks the
organization for them once; a member account can't ask for itself.

It is not judged where the organization does not answer, or the installed botocore does not know the call.

## Why is this bad?
Each backup policy may be sound by itself, and what the root, an organizational unit and the account come to together
may not be: a plan without a rule, more than AWS allows. AWS does not fully enforce such a policy. Nothing in the member
account says so: the plans that everybody counts on are missing there, or are those of last year.

## Example
The organization names the account among those whose effective policy is invalid:
```account
now: 2026-11-20T06:00:00Z
facts:
  - fact: invalid_backup_policies
    data: {Accounts: [{Id: "111122223333"}]}
```

Use instead:
```account
now: 2026-11-20T06:00:00Z
facts:
  - fact: invalid_backup_policies
    data: {Accounts: []}
```

## References
- https://docs.aws.amazon.com/organizations/latest/userguide/invalid-policy-alerts.html
- https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccountsWithInvalidEffectivePolicy.html
- https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_backup.html
"""

from collections.abc import Iterable

from restore_ready.model import (
    EffectiveBackupPolicy,
    Estate,
    Fail,
    Pass,
    Requirements,
    Rule,
    Severity,
    Verdict,
    settled,
)


def judge(policy: EffectiveBackupPolicy, _estate: Estate, _requirements: Requirements) -> Verdict:
    """Fail an account whose effective backup policy is invalid.

    Raises:
        Open: if that is not known.
    """
    if not settled(policy.invalid, "whether its effective backup policy is valid is not known"):
        return Pass()
    account = policy.address.rpartition(":")[2]
    return Fail(
        "its effective backup policy is invalid, so AWS does not fully enforce what the organization lays down for it",
        fix="Mend the policies above it. The errors: aws organizations list-effective-policy-validation-errors "
        f"--policy-type BACKUP_POLICY --account-id {account}",
        evidence={"account": account},
    )


def _subjects(estate: Estate, _requirements: Requirements) -> Iterable[EffectiveBackupPolicy]:
    return estate.effective_policies


RULE = Rule(
    "RR610", "backup-policy-invalid", Severity.ERROR, _subjects, judge, since="0.1.0", terraform=(), cloudformation=()
)
