"""Somebody can repair the backup vault's access policy.

## What it does
Finds vault access policies that deny everyone both `backup:PutBackupVaultAccessPolicy` and
`backup:DeleteBackupVaultAccessPolicy`, with no condition that exempts anybody.
Vaults that match `vaults.copy_only` of the requirements are left out.

## Why is this bad?
The policy has locked everybody out, the account's administrators and root user among them: whatever it denies today,
restores perhaps, it denies for good, and only AWS Support may be able to help.
One of the two actions is enough to get out: the policy of AWS's automatic vault can't be deleted, but overwritten.

## Example
```terraform
resource "aws_backup_vault_policy" "efs" {
  backup_vault_name = "efs"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action = [
        "backup:DeleteRecoveryPoint",
        "backup:DeleteBackupVaultAccessPolicy",
        "backup:PutBackupVaultAccessPolicy",
      ]
      Resource = "*"
    }]
  })
}
```

Use instead:
```terraform
resource "aws_backup_vault_policy" "efs" {
  backup_vault_name = "efs"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "backup:DeleteRecoveryPoint"
        Resource  = "*"
      },
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = ["backup:DeleteBackupVaultAccessPolicy", "backup:PutBackupVaultAccessPolicy"]
        Resource  = "*"
        Condition = { ArnNotLike = { "aws:PrincipalArn" = "arn:aws:iam::111122223333:role/backup-admin" } }
      },
    ]
  })
}
```

## References
- https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
- https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from restore_ready.catalog._changes import remove_deny
from restore_ready.catalog._related import resources, vaults_of
from restore_ready.iam import denies_everyone
from restore_ready.index import EstateIndex
from restore_ready.model import (
    Fail,
    Pass,
    Ref,
    Requirements,
    Rule,
    Severity,
    VaultPolicy,
    Verdict,
    all_true,
    settled,
    statement_focus,
)
from restore_ready.vaults._lookup import POLICY_TERRAFORM, VAULT_CLOUDFORMATION, is_copy_only, vault_policies

_PUT = "backup:PutBackupVaultAccessPolicy"
_DELETE = "backup:DeleteBackupVaultAccessPolicy"


def judge(policy: VaultPolicy, estate: EstateIndex, requirements: Requirements) -> Verdict:
    """Fail a vault policy that nobody can change any more.

    Raises:
        Open: if the policy, or whether it denies its own change to everyone, is not known.
    """
    document = settled(policy.document, "the vault's policy could not be read")
    address = policy.vault.target if isinstance(policy.vault, Ref) else ""
    arn = _arn(policy, estate)
    denied = {action: denies_everyone(document, action, arn, address) for action in (_PUT, _DELETE)}
    locked = all_true(denial.answer for denial in denied.values())
    if locked is False or is_copy_only(policy.vault, estate, requirements) is True:
        return Pass()
    settled(locked)
    return Fail(
        "nobody can ever change this policy again, administrators and root included: "
        f"{_PUT} and {_DELETE} are denied to everyone",
        fix="Exempt who looks after the vault from the Deny, by ArnNotLike on aws:PrincipalArn.",
        evidence={"statements": {action: denial.statement for action, denial in denied.items()}},
        changes=remove_deny(policy, document, _PUT, arn, address),
        related=resources("The vault", vaults_of([policy], estate)),
        focus=statement_focus(policy.places, document, denied[_PUT].statement),
    )


def _arn(policy: VaultPolicy, estate: EstateIndex) -> str:
    """Return what a policy's ``Resource`` is compared with: the vault's ARN, or every vault where its name is open."""
    vault = policy.vault
    names = (
        candidate.name for candidate in estate.vaults if isinstance(vault, Ref) and candidate.address == vault.target
    )
    name = next(names, vault)
    known = isinstance(name, str)
    return policy.aws_place.arn("backup", f"backup-vault:{name}") if known else "backup-vault"


RULE = Rule(
    "RR302",
    "vault-policy-beyond-repair",
    Severity.ERROR,
    vault_policies,
    judge,
    since="0.1.0",
    terraform=POLICY_TERRAFORM,
    cloudformation=VAULT_CLOUDFORMATION,
)
