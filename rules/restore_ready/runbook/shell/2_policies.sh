# shellcheck shell=bash
# shellcheck disable=SC2016 # $action is jq's
POLICY_JQ='
def list: if type == "array" then . elif . == null then [] else [.] end;
def glob: gsub("(?<c>[.+^$(){}|\\[\\]\\\\])"; "\\\(.c)") | gsub("\\*"; ".*") | gsub("\\?"; ".");
def names($action): ascii_downcase | glob as $re | $action | ascii_downcase | test("^" + $re + "$");
def covers($action):
  if has("NotAction") then (.NotAction | list | any(names($action)) | not) else (.Action | list | any(names($action))) end;
def denies($action): (.Statement? | list | any(.Effect == "Deny" and covers($action))) // false;
def everyone: . == "*" or (type == "object" and (.AWS? | list | index("*") != null));
def denies_all($action): (.Statement? | list
  | any(.Effect == "Deny" and covers($action) and (.Principal | everyone) and (has("Condition") | not))) // false;
def opened: ["backup:StartRestoreJob", "backup:DescribeBackupVault", "backup:DescribeRecoveryPoint",
  "backup:GetBackupVaultAccessPolicy", "backup:GetRecoveryPointRestoreMetadata",
  "backup:ListRecoveryPointsByBackupVault"];
def deniable: ["backup:DeleteBackupVault", "backup:DeleteBackupVaultAccessPolicy",
  "backup:DeleteBackupVaultNotifications", "backup:DeleteRecoveryPoint", "backup:GetBackupVaultNotifications",
  "backup:PutBackupVaultAccessPolicy", "backup:PutBackupVaultNotifications", "backup:StartBackupJob",
  "backup:StartCopyJob", "backup:UpdateRecoveryPointLifecycle"];
def without($actions):
  . as $statement
  | if has("NotAction") then [deniable[] | select(. as $name | $statement | covers($name))]
      | map(select(. as $name | $actions | index($name) | not))
    else [.Action | list[] | . as $written
      | if ($actions | any(. as $name | $written | names($name))) | not then .
        else deniable[] | select(. as $name | $written | names($name))
          | select(. as $name | $actions | index($name) | not) end] | unique
    end;
def narrowed($root):
  if .Effect == "Allow" and (.Principal | everyone) and (has("Condition") | not)
    and ([.Action | list[] | ascii_downcase] != ["backup:copyintobackupvault"])
  then .Principal = {AWS: $root} else . end;
def lifted($root; $actions):
  ([.Statement | list[]
    | if .Effect == "Deny" and (. as $statement | $actions | any(. as $name | $statement | covers($name)))
      then .Action = without($actions + opened) | del(.NotAction) else narrowed($root) end
    | select(has("NotAction") or .Action != [])]) as $kept
  | .Statement = if $kept == [] then
      [{Effect: "Allow", Principal: {AWS: $root}, Action: "backup:StartRestoreJob", Resource: "*"}] else $kept end;
'

denies_all() { jq -e --arg action "$2" "$POLICY_JQ"' denies_all($action)' "$1" > /dev/null; }

denies() { jq -e --arg action "$2" "$POLICY_JQ"' denies($action)' "$1" > /dev/null; }

vault_folder() {
  local folder
  folder="$WORK_DIR/vaults/$(printf '%s' "$1" | tr -c 'A-Za-z0-9._-' '_')"
  mkdir -p "$folder"
  printf '%s\n' "$1" > "$folder/name"
  printf '%s\n' "$folder"
}

# read_policy VAULT FILE: the policy that is in place, null where there is none.
read_policy() {
  if try aws backup get-backup-vault-access-policy --backup-vault-name "$1" --query Policy --output text > "$2.part"; then
    jq -S . "$2.part" > "$2" || stop "the policy of vault $1 is no JSON: $2.part. Nothing was changed."
  elif grep -q ResourceNotFoundException "$WORK_DIR/error"; then
    printf 'null\n' > "$2"
  else
    explain
    return 1
  fi
}

# replace_policy VAULT FOLDER FILE: put FILE in the place of now.json; what denies its replacement is deleted first.
replace_policy() {
  if denies_all "$2/now.json" backup:PutBackupVaultAccessPolicy; then
    try aws backup delete-backup-vault-access-policy --backup-vault-name "$1" || return 1
  fi
  try aws backup put-backup-vault-access-policy --backup-vault-name "$1" --policy "file://$2/$3"
}

# lift_deny VAULT [ACTION]: save the policy that is in place, and put it back without its Deny of restores.
lift_deny() {
  local vault=$1 action=${2:-backup:StartRestoreJob} folder
  folder=$(vault_folder "$vault")
  read_policy "$vault" "$folder/now.json" ||
    stop "the policy of vault $vault could not be read. Nothing was changed."
  if ! denies "$folder/now.json" "$action"; then
    if [ -e "$folder/open" ]; then
      rm -f -- "$folder/lifting"
      say "Vault $vault stands open already; the policy saved at $(cat "$folder/open") is kept."
    else
      say "The policy of vault $vault does not deny $action. Nothing was changed, nothing has to be put back."
      if [ -s "$folder/known.json" ] && denies "$folder/known.json" "$action"; then
        say "MIND: it did when this runbook was made. Somebody else has lifted it, or changed it since: step 5 tells."
      fi
    fi
    return
  fi
  if denies_all "$folder/now.json" backup:PutBackupVaultAccessPolicy &&
    denies_all "$folder/now.json" backup:DeleteBackupVaultAccessPolicy; then
    stop "the policy of vault $vault denies its own repair: nobody can lift its Deny. Restore from another vault, or ask AWS Support. Nothing was changed."
  fi
  save_policy "$folder"
  jq --arg root "arn:$PARTITION:iam::$ACCOUNT_ID:root" --arg action "$action" \
    "$POLICY_JQ"' lifted($root; [$action])' "$folder/now.json" > "$folder/lifted.json"
  if denies "$folder/lifted.json" "$action"; then
    stop "no policy without that Deny could be made: edit $folder/lifted.json by hand. Nothing was changed."
  fi
  : > "$folder/lifting"
  [ -e "$folder/open" ] || now > "$folder/open"
  open_vault "$vault" "$folder"
  read_policy "$vault" "$folder/now.json" || stop "whether vault $vault is open could not be read."
  if denies "$folder/now.json" "$action"; then
    stop "vault $vault still denies $action: somebody else changes its policy, too."
  fi
  rm -f -- "$folder/lifting"
  say "Vault $vault is open: $action is not denied any more, all else is as it was."
  say "Its policy is saved in $folder/before.json."
}

# A policy is saved while the vault is closed: a lifted one, or one lifted in part, never takes the place of the one before.
save_policy() {
  local folder=$1 stamp
  stamp=$(date -u '+%Y%m%dT%H%M%SZ')
  if cmp -s "$folder/before.json" "$folder/now.json"; then
    return
  fi
  if [ -e "$folder/open" ] && [ -s "$folder/before.json" ]; then
    cp -- "$folder/now.json" "$folder/between-$stamp.json"
    say "The policy saved at $(cat "$folder/open") is kept; the present one is in $folder/between-$stamp.json."
    return
  fi
  if [ -s "$folder/before.json" ]; then
    mv -- "$folder/before.json" "$folder/before-$stamp.json"
  fi
  cp -- "$folder/now.json" "$folder/before.json.part"
  mv -- "$folder/before.json.part" "$folder/before.json"
}

open_vault() {
  local vault=$1 folder=$2
  if replace_policy "$vault" "$folder" lifted.json; then
    return
  fi
  explain
  if read_policy "$vault" "$folder/now.json" && cmp -s "$folder/now.json" "$folder/before.json"; then
    rm -f -- "$folder/open" "$folder/lifting"
    stop "the Deny of vault $vault was not lifted. It stands as it was."
  fi
  stop "the policy of vault $vault could not be replaced, and is not what it was. Run step 5 now."
}
