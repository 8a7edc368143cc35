# shellcheck shell=bash
# close_vaults: put back every policy that was saved here, and look at the vaults that are known to deny restores.
close_vaults() {
  local folder open=0
  for folder in "$WORK_DIR"/vaults/*/; do
    folder=${folder%/}
    if [ -s "$folder/before.json" ]; then
      close_vault "$(cat "$folder/name")" "$folder" || open=1
    elif [ -s "$folder/known.json" ]; then
      look_at_vault "$(cat "$folder/name")" "$folder" || open=1
    fi
  done
  [ "$open" -eq 0 ] || stop 'not every vault is closed: see above.'
}

close_vault() {
  local vault=$1 folder=$2
  if ! read_policy "$vault" "$folder/now.json"; then
    say "NOT CLOSED: the policy of vault $vault could not be read, so nothing was put back."
    return 1
  fi
  if cmp -s "$folder/now.json" "$folder/before.json"; then
    rm -f -- "$folder/open" "$folder/lifting"
    say "Closed: the policy of vault $vault is as it was before."
    return
  fi
  if ! [ -e "$folder/open" ] && denies "$folder/now.json" backup:StartRestoreJob; then
    say "Vault $vault denies restores, by another policy than the one saved here. It was left as it is."
    return
  fi
  if ! replace_policy "$vault" "$folder" before.json; then
    explain
    say "NOT CLOSED: AWS did not take $folder/before.json for vault $vault. Mend what it names and run step 5 again; an Allow for everyone has to be narrowed to arn:$PARTITION:iam::$ACCOUNT_ID:root there."
    return 1
  fi
  read_policy "$vault" "$folder/now.json" || return 1
  if cmp -s "$folder/now.json" "$folder/before.json"; then
    rm -f -- "$folder/open" "$folder/lifting"
    say "Closed: the policy of vault $vault is back as it was."
    return
  fi
  say "NOT CLOSED: the policy of vault $vault is not the one saved in $folder/before.json."
  return 1
}

# Nothing was saved here for this vault: in this folder, on this machine, nobody has lifted its Deny.
look_at_vault() {
  local vault=$1 folder=$2
  if ! read_policy "$vault" "$folder/now.json"; then
    say "NOT KNOWN: the policy of vault $vault could not be read."
    return 1
  fi
  if denies "$folder/now.json" backup:StartRestoreJob; then
    say "Vault $vault denies restores. Nothing was lifted here, nothing was put back."
    return
  fi
  say "OPEN: vault $vault does not deny restores, and no policy of it was saved in this folder: it was lifted elsewhere, or changed since. Its policy when this runbook was made is $folder/known.json: to put it there, run the block below."
  return 1
}

close_by_known() {
  local folder
  for folder in "$WORK_DIR"/vaults/*/; do
    folder=${folder%/}
    if ! [ -s "$folder/known.json" ] || [ -s "$folder/before.json" ]; then
      continue
    fi
    read_policy "$(cat "$folder/name")" "$folder/now.json" || stop 'Nothing was changed.'
    denies "$folder/now.json" backup:StartRestoreJob && continue
    jq -S . "$folder/known.json" > "$folder/before.json"
    now > "$folder/open"
  done
  close_vaults
}
