"""The backup vault lets somebody restore from it.

## What it does
Finds vault access policies that deny `backup:StartRestoreJob` to everyone: through the action itself, a wildcard or
`NotAction`, in any letter case, for any way of writing "everyone", with no condition that exempts anybody.
A condition may look as if it did: `StringNotEquals` compares literally, so that a wildcard in it exempts nobody; `Null`
with both values, or an `IpAddress` with both halves of the address space, takes in everybody. Two statements that
exempt one role each deny the action to both. A `NotPrincipal` that names a role without its account may shut out
everybody, and is not judged.
Vaults that match `vaults.copy_only` of the requirements are left out, since they are never restored from, as are
vaults that rules of plans only name beside a logically air-gapped one, into which EFS is backed up directly.

## Why is this bad?
An explicit Deny in the vault's policy overrides every Allow, that of AdministratorAccess too. In an emergency,
nobody can start the restore until somebody who may do so edits the policy. The vault of AWS's
automatic EFS backups carries exactly this Deny, and it is often copied as a protection against deletion.

## Example
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
      Principal = { AWS = "*" }
      Action    = ["backup:DeleteRecoveryPoint", "backup:StartRestoreJob"]
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
      Principal = { AWS = "*" }
      Action    = ["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"]
      Resource  = "*"
    }]
  })
}
```

## References
- https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/lag-vault-primary-backup.html
- https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from restore_ready.access._constants import START_RESTORE
from restore_ready.catalog._changes import remove_deny
from restore_ready.catalog._related import resources, vaults_of
from restore_ready.iam import denies_everyone
from restore_ready.index import EstateIndex
from restore_ready.model import (
    Fail,
    Pass,
    Requirements,
    Rule,
    Severity,
    VaultPolicy,
    Verdict,
    settled,
    statement_focus,
)
from restore_ready.vaults._lookup import (
    POLICY_TERRAFORM,
    VAULT_CLOUDFORMATION,
    is_bypassed,
    is_copy_only,
    vault_policies,
)


def judge(policy: VaultPolicy, estate: EstateIndex, requirements: Requirements) -> Verdict:
    """Fail a vault policy under which nobody can start a restore.

    Raises:
        Open: if the policy, or whether it denies restores to everyone, is not known.
    """
    document = settled(policy.document, "the vault's policy could not be read")
    denied = denies_everyone(document, START_RESTORE)
    if denied.answer is False:
        return Pass()
    if is_copy_only(policy.vault, estate, requirements) is True or is_bypassed(policy, estate):
        return Pass()
    settled(denied.answer)
    return Fail(
        f"{denied.in_words} {START_RESTORE} to everyone, administrators included: "
        "nothing in this vault can be restored until its policy is edited",
        fix=f"Take {START_RESTORE} out of the Deny, or exempt who restores by ArnNotLike on aws:PrincipalArn. "
        "The other actions can stay denied.",
        evidence={"statement": denied.statement, "action": START_RESTORE},
        changes=remove_deny(policy, document, START_RESTORE, "recovery-point"),
        related=resources("The vault", vaults_of([policy], estate)),
        focus=statement_focus(policy.places, document, denied.statement),
    )


RULE = Rule(
    "RR301",
    "vault-denies-restore",
    Severity.ERROR,
    vault_policies,
    judge,
    since="0.1.0",
    terraform=POLICY_TERRAFORM,
    cloudformation=VAULT_CLOUDFORMATION,
)
