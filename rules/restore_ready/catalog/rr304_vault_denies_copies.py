"""The backup vault lets its recovery points be copied where a plan copies them.

## What it does
Finds vault access policies that deny `backup:StartCopyJob` to everyone, while a rule of a backup plan that targets
the vault has a copy action.

## Why is this bad?
Every copy job of that rule is refused. The second copy, in another Region or account, on which the recovery from a
disaster relies, never comes about. The vault of AWS's automatic EFS backups carries this Deny, and its policy is often
copied.

## Example
```terraform
resource "aws_backup_vault_policy" "efs" {
  backup_vault_name = "efs"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = ["backup:DeleteRecoveryPoint", "backup:StartCopyJob"]
      Resource  = "*"
    }]
  })
}

resource "aws_backup_plan" "nightly" {
  name = "nightly"
  rule {
    rule_name         = "nightly"
    target_vault_name = "efs"
    copy_action {
      destination_vault_arn = "arn:aws:backup:eu-central-1:111122223333:backup-vault:dr"
    }
  }
}
```

Use instead:
```terraform
resource "aws_backup_vault_policy" "efs" {
  backup_vault_name = "efs"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "backup:DeleteRecoveryPoint"
      Resource  = "*"
    }]
  })
}

resource "aws_backup_plan" "nightly" {
  name = "nightly"
  rule {
    rule_name         = "nightly"
    target_vault_name = "efs"
    copy_action {
      destination_vault_arn = "arn:aws:backup:eu-central-1:111122223333:backup-vault:dr"
    }
  }
}
```

## References
- https://docs.aws.amazon.com/aws-backup/latest/devguide/recov-point-create-a-copy.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
"""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from restore_ready.catalog._changes import remove_deny
from restore_ready.catalog._related import named, resources
from restore_ready.iam import denies_everyone
from restore_ready.index import EstateIndex
from restore_ready.model import (
    Fail,
    Pass,
    Place,
    Places,
    Plan,
    PolicyDocument,
    Requirements,
    Rule,
    Severity,
    Statement,
    Unknown,
    Unresolved,
    VaultPolicy,
    Verdict,
    doubt,
    settled,
    statement_focus,
)
from restore_ready.vaults._lookup import POLICY_TERRAFORM, VAULT_CLOUDFORMATION, plan_rules

_COPY = "backup:StartCopyJob"


class CopiedFrom(Struct, frozen=True):
    """The policy of a vault, and the addresses of the plans that copy out of it: certainly, or only perhaps."""

    address: str
    place: Place
    document: PolicyDocument | Unresolved
    plans: tuple[str, ...]
    perhaps: Unresolved | None = None
    places: Places = Places()


def _subjects(estate: EstateIndex, _requirements: Requirements) -> Iterable[CopiedFrom]:
    """Return the policies of vaults that a plan copies out of, or may."""
    if not estate.vault_policies:
        return
    vaults = estate.vault_keys
    copying: dict[str, dict[str, Plan]] = {}
    perhaps: dict[str, Unresolved] = {}
    for plan, rule in plan_rules(estate):
        key = vaults.key(rule.efs_vault, plan.aws_place, here=True)
        if rule.copies == ():
            continue
        if isinstance(key, Unresolved):
            perhaps.setdefault("", Unresolved(f"{plan.address} may copy out of it: {key.why}"))
        elif isinstance(rule.copies, Unresolved):
            perhaps.setdefault(key, Unresolved(f"{plan.address} may copy out of it: {rule.copies.why}"))
        else:
            copying.setdefault(key, {})[plan.address] = plan
    for policy in estate.vault_policies:
        subject = _copied_from(policy, estate, copying, perhaps)
        if subject.plans or subject.perhaps is not None:
            yield subject


def _copied_from(
    policy: VaultPolicy,
    estate: EstateIndex,
    copying: Mapping[str, Mapping[str, Plan]],
    perhaps: Mapping[str, Unresolved],
) -> CopiedFrom:
    """Return *policy* with the plans that certainly copy out of its vault, and one that may."""
    key = estate.vault_keys.key(policy.vault, policy.aws_place)
    open_part = _open_part(key, perhaps, any_copies=bool(copying))
    if isinstance(key, Unresolved):
        return CopiedFrom(policy.address, policy.place, policy.document, (), open_part, policy.places)
    met = (*policy.maybe, *estate.vault_keys.maybe(key))
    doubts = {plan.address: doubt(plan, met) for plan in copying.get(key, {}).values()}
    missing = next((Unresolved(why) for why in doubts.values() if why), None)
    certain = tuple(address for address, why in doubts.items() if not why)
    left_open = missing if open_part is None else open_part
    return CopiedFrom(policy.address, policy.place, policy.document, certain, left_open, policy.places)


def _open_part(key: str | Unresolved, perhaps: Mapping[str, Unresolved], *, any_copies: bool) -> Unresolved | None:
    if isinstance(key, Unresolved):
        return Unresolved(f"a plan may copy out of it: {key.why}") if any_copies else None
    return perhaps.get(key, perhaps.get(""))


def judge(subject: CopiedFrom, estate: EstateIndex, _requirements: Requirements) -> Verdict:
    """Fail a vault policy that denies the copies a plan makes.

    Raises:
        Open: if the policy, or whether it denies copies to everyone, is not known.
    """
    document = settled(subject.document, "the vault's policy could not be read")
    denied = denies_everyone(document, _COPY)
    if denied.answer is False:
        return Pass()
    settled(denied.answer)
    if not subject.plans:
        return Unknown(subject.perhaps.why if subject.perhaps is not None else "no plan is known to copy out of it")
    if denied.together or _has_conditions(document, denied.statement):
        return Unknown(
            f"whether copies made by AWS Backup meet the conditions of statement {denied.statement} is not known"
        )
    return Fail(
        f"statement {denied.statement} denies {_COPY} to everyone: every copy out of this vault by "
        f"{', '.join(subject.plans)} is refused",
        fix=f"Take {_COPY} out of the Deny, or the copy action out of the plan.",
        evidence={"statement": denied.statement, "plans": list(subject.plans)},
        changes=remove_deny(subject, document, _COPY, "recovery-point"),
        related=resources("Copies out of it:", named(subject.plans, estate.plans)),
        focus=statement_focus(subject.places, document, denied.statement),
    )


def _has_conditions(document: PolicyDocument, name: str) -> bool:
    found = (
        entry
        for entry in document.statements
        if isinstance(entry, Statement) and (entry.sid or str(entry.index)) == name
    )
    return any(isinstance(statement.conditions, Unresolved) or statement.conditions for statement in found)


RULE = Rule(
    "RR304",
    "vault-denies-copies",
    Severity.ERROR,
    _subjects,
    judge,
    since="0.1.0",
    terraform=POLICY_TERRAFORM,
    cloudformation=VAULT_CLOUDFORMATION,
)
