# shellcheck shell=bash
# AWS CLI 2 prints times as text with an offset, AWS CLI 1 as seconds.
TIMES_JQ='
def seconds:
  if type == "number" then . else
    capture("^(?<at>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2})(:(?<s>[0-9]{2}))?([.][0-9]+)?(?<zone>Z|[+-][0-9]{2}:?[0-9]{2})$")
    | (.at + ":" + (.s // "00") + "Z" | fromdateiso8601) - (if .zone == "Z" then 0 else
        (.zone | gsub(":"; "") | (if .[0:1] == "-" then -1 else 1 end) * ((.[1:3] | tonumber) * 3600 + (.[3:5] | tonumber) * 60))
      end) end;
def shown: if . == null then "-" else seconds | floor | todate end;
'

check_good_at() {
  [ "$GOOD_AT" != FILL_IN ] || stop 'write into the block when the files were still good. Nothing was done.'
  jq -en --arg at "$GOOD_AT" "$TIMES_JQ"' $at | seconds' > /dev/null 2>&1 ||
    stop "GOOD_AT is no time with an offset, such as 2026-01-31T03:00:00+09:00: $GOOD_AT. Nothing was done."
}

# list_points REGION VAULT...: keep the file system's recovery points in these vaults.
list_points() {
  local region=$1 vault
  shift
  UNREAD=''
  : > "$WORK_DIR/points.jsonl"
  for vault in "$@"; do
    if try aws backup list-recovery-points-by-backup-vault --region "$region" --backup-vault-name "$vault" \
      --by-resource-arn "$FILE_SYSTEM_ARN" --output json > "$WORK_DIR/points.part"; then
      jq -c '.RecoveryPoints[]' "$WORK_DIR/points.part" >> "$WORK_DIR/points.jsonl"
    else
      explain
      say "The recovery points of vault $vault could not be listed."
      UNREAD="$UNREAD $vault"
    fi
  done
}

# Print the finished recovery point that is to be taken: the newest that was completed before GOOD_AT, or the one wanted.
best_point() {
  jq -s --arg good "$GOOD_AT" --arg wanted "${POINT_WANTED:-}" "$TIMES_JQ"'
    map(select((.Status == "COMPLETED" or .Status == "AVAILABLE") and .CompletionDate != null))
    | if $wanted != "" then map(select(.RecoveryPointArn == $wanted))
      else map(select((.CompletionDate | seconds) <= ($good | seconds))) end
    | to_entries | max_by([(.value.CreationDate | seconds), -.key]) | .value // empty' "$WORK_DIR/points.jsonl"
}

show_points() {
  jq -rs --arg good "$GOOD_AT" "$TIMES_JQ"'
    sort_by(.CreationDate | seconds) | reverse | .[0:30][]
    | [(.CreationDate | shown), (.CompletionDate | shown), .Status, .BackupVaultName,
       (if .CompletionDate == null then "not finished"
        elif (.CompletionDate | seconds) > ($good | seconds) then "finished after GOOD_AT" else "good" end),
       .RecoveryPointArn] | join("  ")' "$WORK_DIR/points.jsonl"
}

known_vaults() { cat -- "$WORK_DIR/vaults.txt"; }

# Vaults known when the runbook was made, best first, then those that AWS names; all of them if nobody names one.
vaults_with_points() {
  {
    known_vaults
    try aws backup list-recovery-points-by-resource --resource-arn "$FILE_SYSTEM_ARN" \
      --query 'RecoveryPoints[].[BackupVaultName]' --output text || true
  } | grep -v '^None$' | awk 'NF && !seen[$0]++' > "$WORK_DIR/vaults-asked.txt" || true
  if ! [ -s "$WORK_DIR/vaults-asked.txt" ]; then
    try aws backup list-backup-vaults --query 'BackupVaultList[].[BackupVaultName]' --output text |
      grep -v '^None$' > "$WORK_DIR/vaults-asked.txt" || true
  fi
}

find_point() {
  local vaults=() vault
  check_good_at
  rm -f -- "$WORK_DIR/point.json" "$WORK_DIR/metadata.json" "$WORK_DIR/restored"
  vaults_with_points
  while IFS= read -r vault; do vaults+=("$vault"); done < "$WORK_DIR/vaults-asked.txt"
  [ "${#vaults[@]}" -gt 0 ] || stop "no vault is known, and none could be listed. Nothing was changed."
  list_points "$AWS_REGION" "${vaults[@]}"
  say 'begun (UTC)  finished (UTC)  status  vault  at GOOD_AT  recovery point'
  show_points
  best_point > "$WORK_DIR/point.part"
  if ! [ -s "$WORK_DIR/point.part" ]; then
    say "Looked in: ${vaults[*]}."
    [ -z "$UNREAD" ] || say "Could not be read:$UNREAD."
    stop "no recovery point of $FILE_SYSTEM_ID was finished before $GOOD_AT. Nothing was changed. Take another GOOD_AT, see that this is its id, or look for copies in another Region or account."
  fi
  [ -z "$UNREAD" ] || say "MIND: there may be a better one in$UNREAD."
  mv -- "$WORK_DIR/point.part" "$WORK_DIR/point.json"
  say_point
}

say_point() {
  jq -r "$TIMES_JQ"'"Chosen: \(.RecoveryPointArn)\n  in vault \(.BackupVaultName), finished \(.CompletionDate | shown), \(.BackupSizeInBytes // "?") bytes, storage \(.StorageClass // "?")"' "$WORK_DIR/point.json"
  say "A restore of all of it takes at least $(least_minutes) minutes."
}

least_minutes() { printf '%s\n' "$(($(jq '.BackupSizeInBytes // 0' "$WORK_DIR/point.json") / RESTORE_BYTES / 60 + 1))"; }
