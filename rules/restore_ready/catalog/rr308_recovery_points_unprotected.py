"""Recovery points are safe from deletion, as `vaults.protect` of the requirements asks.

## What it does
Finds backup vaults that are not protected as `vaults.protect` of the requirements asks; without it, nothing is judged.
`lock` asks for a vault lock, in governance or compliance mode, or a logically air-gapped vault. `deny` asks for
that, or for an access policy that denies everyone but named roles `backup:DeleteRecoveryPoint`,
`backup:UpdateRecoveryPointLifecycle`, `backup:PutBackupVaultAccessPolicy` and `backup:DeleteBackupVaultAccessPolicy`.
An exemption of everyone, such as `arn:aws:iam::*:role/*`, names nobody.

## Why is this bad?
Whoever takes an account over deletes its backups first. An administrator may do so as well, unless something stronger
than a missing permission is in the way. Restores have to stay allowed: RR301 and RR302 look at that.

## Example
```requirements
version: 1
vaults:
  protect: deny
```

```terraform
resource "aws_backup_vault" "efs" {
  name = "efs"
}

resource "aws_backup_vault_policy" "efs" {
  backup_vault_name = aws_backup_vault.efs.name
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
```

Use instead:
```terraform
resource "aws_backup_vault" "efs" {
  name = "efs"
}

resource "aws_backup_vault_policy" "efs" {
  backup_vault_name = aws_backup_vault.efs.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action = [
        "backup:DeleteRecoveryPoint",
        "backup:UpdateRecoveryPointLifecycle",
        "backup:PutBackupVaultAccessPolicy",
        "backup:DeleteBackupVaultAccessPolicy",
      ]
      Resource  = "*"
      Condition = { ArnNotLike = { "aws:PrincipalArn" = "arn:aws:iam::111122223333:role/backup-admin" } }
    }]
  })
}
```

## References
- https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/logicallyairgappedvault.html
"""

from collections.abc import Iterable

from restore_ready.index import EstateIndex
from restore_ready.model import (
    Fail,
    Pass,
    Requirements,
    Rule,
    Severity,
    Unknown,
    Vault,
    Verdict,
    settled,
)
from restore_ready.vaults._lookup import VAULT_CLOUDFORMATION, VAULT_TERRAFORM
from restore_ready.vaults._protection import is_locked, open_actions


def _subjects(estate: EstateIndex, requirements: Requirements) -> Iterable[Vault]:
    """Return the vaults of *estate* where the requirements ask for protection, without those that EFS goes past."""
    if requirements.protect == "none":
        return ()
    return (vault for vault in estate.vaults if vault.address not in estate.bypassed_vaults)


def judge(vault: Vault, estate: EstateIndex, requirements: Requirements) -> Verdict:
    """Fail a vault whose recovery points anyone may delete who has the permission.

    Raises:
        Open: if whether it is protected is not known.
    """
    locked = is_locked(vault, estate)
    if locked is True:
        return Pass()
    if requirements.protect == "lock":
        settled(locked)
        return _unless_hidden(
            estate,
            Fail(
                "no vault lock keeps its recovery points: whoever has the permission may delete them",
                fix="Lock the vault, in governance or compliance mode, or back up into a logically air-gapped vault.",
                evidence={"protect": "lock"},
            ),
        )
    found = dict(open_actions(vault, estate))
    allowed = [action for action, answer in found.items() if answer is True]
    if not found:
        return Pass()
    settled(locked)
    if not allowed:
        for answer in found.values():
            settled(answer)
    return _unless_hidden(
        estate,
        Fail(
            f"its access policy leaves {', '.join(allowed)} to anyone with the permission",
            fix="Deny these actions to everyone but named roles, by ArnNotLike on aws:PrincipalArn, and leave "
            "backup:StartRestoreJob allowed.",
            evidence={"protect": "deny", "actions": allowed},
        ),
    )


def _unless_hidden(estate: EstateIndex, fail: Fail) -> Verdict:
    hidden = next((gap for gap in estate.gaps if gap.hides_backups), None)
    return fail if hidden is None else Unknown(f"{hidden.address} may hold what protects it: {hidden.why}")


RULE = Rule(
    "RR308",
    "recovery-points-unprotected",
    Severity.WARNING,
    _subjects,
    judge,
    since="0.1.0",
    terraform=VAULT_TERRAFORM,
    cloudformation=VAULT_CLOUDFORMATION,
)
