# shellcheck shell=bash
# What a restored file system lacks: made again from what the old one says, else from what was known when the runbook was made.

# keep KEY: put standard input, JSON, into around-seen.json.
keep() {
  jq -s --arg key "$1" --slurpfile seen "$WORK_DIR/around-seen.json" '$seen[0] + {($key): .[0]}' > "$WORK_DIR/around.part"
  mv -- "$WORK_DIR/around.part" "$WORK_DIR/around-seen.json"
}

# look KEY ABSENT COMMAND...: keep what AWS says of the old one; ABSENT where it says that there is none.
look() {
  local key=$1 absent=$2
  shift 2
  if try "$@" > "$WORK_DIR/look.json"; then
    keep "$key" < "$WORK_DIR/look.json"
  elif grep -qE '[(](PolicyNotFound|ReplicationNotFound)[)]' "$WORK_DIR/error"; then
    printf '%s\n' "$absent" | keep "$key"
  else
    explain
    say "MIND: $key of the old one could not be read; what was known when this runbook was made is used."
  fi
}

look_around() {
  local id=$FILE_SYSTEM_ID
  if ! try aws efs describe-file-systems --file-system-id "$id" --query 'FileSystems[0]' --output json > "$WORK_DIR/old.json"; then
    grep -q FileSystemNotFound "$WORK_DIR/error" || explain
    say "The old file system can't be read: what was known of it when this runbook was made is used."
    return
  fi
  jq '{ThroughputMode, ProvisionedThroughputInMibps}' "$WORK_DIR/old.json" | keep throughput
  jq '[.Tags[]? | select(.Key | startswith("aws:") | not)]' "$WORK_DIR/old.json" | keep tags
  look lifecycle '[]' aws efs describe-lifecycle-configuration --file-system-id "$id" --query LifecyclePolicies --output json
  look backup '"DISABLED"' aws efs describe-backup-policy --file-system-id "$id" --query BackupPolicy.Status --output json
  look policy '""' aws efs describe-file-system-policy --file-system-id "$id" --query Policy --output json
  look replication '[]' aws efs describe-replication-configurations --file-system-id "$id" \
    --query 'Replications[].Destinations[]' --output json
  look access_points '[]' aws efs describe-access-points --file-system-id "$id" --query AccessPoints --output json
  look mount_targets '[]' mount_targets_of "$id"
}

mount_targets_of() {
  local target subnet
  aws efs describe-mount-targets --file-system-id "$1" --query 'MountTargets[].[MountTargetId, SubnetId]' --output text |
    while read -r target subnet; do
      [ "$target" != None ] || continue
      aws efs describe-mount-target-security-groups --mount-target-id "$target" --output json |
        jq -c --arg subnet "$subnet" '{SubnetId: $subnet, SecurityGroups}'
    done | jq -s .
}

part() { jq -cs --arg key "$1" '.[1][$key] // .[0][$key]' "$WORK_DIR/around-known.json" "$WORK_DIR/around-seen.json"; }

known() { [ "$(part "$1")" != null ]; }

# done_or_not WHAT COMMAND...: run it, and say what came of it. What exists already counts as done.
done_or_not() {
  local what=$1
  shift
  if try "$@" > "$WORK_DIR/made.json"; then
    say "done: $what"
  elif grep -qE 'AlreadyExists|MountTargetConflict' "$WORK_DIR/error"; then
    say "there already: $what"
  else
    explain
    say "NOT DONE: $what"
    MISSING=yes
  fi
}

not_known() {
  say "NOT KNOWN of the old one, so not made: $1"
  MISSING=yes
}

make_around() {
  local new
  new=$(cat "$WORK_DIR/restored")
  MISSING=''
  if [ "$new" = "$FILE_SYSTEM_ID" ]; then
    say 'Restored into the same file system: nothing has to be made.'
    return
  fi
  wait_until_available "$new"
  make_backups "$new"
  make_mount_targets "$new"
  make_access_points "$new"
  make_settings "$new"
  make_policy "$new"
  say_replication "$new"
  [ -z "$MISSING" ] || stop "not all that the old one had was made: see above. Mend that and run this step again, which makes only what is missing."
}

wait_until_available() {
  NEW=$1
  wait_for new_state available
}

new_state() {
  aws efs describe-file-systems --file-system-id "$NEW" --query 'FileSystems[0].LifeCycleState' --output text
}

# Automatic backups are left off only if it is known that the old one had none.
make_backups() {
  if [ "$(part backup)" = '"DISABLED"' ] || [ "$(part backup)" = '"DISABLING"' ]; then
    done_or_not 'automatic backups off, as they were: see that a plan covers the new one' \
      aws efs put-backup-policy --file-system-id "$1" --backup-policy Status=DISABLED
  else
    done_or_not 'automatic backups on' aws efs put-backup-policy --file-system-id "$1" --backup-policy Status=ENABLED
  fi
}

make_mount_targets() {
  local subnet groups target
  known mount_targets || not_known 'mount targets and their security groups'
  part mount_targets | jq -r '.[]? | [.SubnetId, ((.SecurityGroups // []) | join(" "))] | @tsv' > "$WORK_DIR/targets.txt"
  while IFS=$'\t' read -r subnet groups; do
    target=(aws efs create-mount-target --file-system-id "$1" --subnet-id "$subnet")
    if [ -n "$groups" ]; then
      # shellcheck disable=SC2206 # ids of security groups, without spaces
      target+=(--security-groups $groups)
    else
      say "MIND: the security groups in $subnet are not known: the default one of the network is taken."
    fi
    done_or_not "mount target in $subnet" "${target[@]}"
  done < "$WORK_DIR/targets.txt"
}

make_access_points() {
  local line point
  known access_points || not_known 'access points'
  touch "$WORK_DIR/access-points.txt"
  part access_points | jq -c '.[]?' > "$WORK_DIR/points-to-make.jsonl"
  while IFS= read -r line; do
    point=$(jq -r '.AccessPointId // .RootDirectory.Path' <<< "$line")
    if grep -qF "$point $1 " "$WORK_DIR/access-points.txt"; then
      say "there already: access point like $point"
      continue
    fi
    jq -c --arg id "$1" --arg token "restored-$point" '{FileSystemId: $id, ClientToken: ($token | .[0:64]), PosixUser, RootDirectory,
      Tags: [.Tags[]? | select(.Key | startswith("aws:") | not)]} | with_entries(select(.value != null))' <<< "$line" > "$WORK_DIR/access-point.json"
    done_or_not "access point like $point" aws efs create-access-point --cli-input-json "file://$WORK_DIR/access-point.json"
    jq -r --arg old "$point" --arg system "$1" 'select(.AccessPointId) | "\($old) \($system) \(.AccessPointId)"' \
      "$WORK_DIR/made.json" >> "$WORK_DIR/access-points.txt"
  done < "$WORK_DIR/points-to-make.jsonl"
}

make_settings() {
  local mode
  known throughput || not_known 'throughput mode'
  mode=$(part throughput | jq -r '.ThroughputMode // "bursting"')
  case "$mode" in
    provisioned) done_or_not "throughput $mode" aws efs update-file-system --file-system-id "$1" --throughput-mode provisioned \
      --provisioned-throughput-in-mibps "$(part throughput | jq .ProvisionedThroughputInMibps)" ;;
    elastic) done_or_not "throughput $mode" aws efs update-file-system --file-system-id "$1" --throughput-mode elastic ;;
  esac
  if known lifecycle; then
    part lifecycle > "$WORK_DIR/lifecycle.json"
    done_or_not 'lifecycle' aws efs put-lifecycle-configuration --file-system-id "$1" --lifecycle-policies "file://$WORK_DIR/lifecycle.json"
  else
    not_known 'lifecycle'
  fi
  if known tags; then
    part tags > "$WORK_DIR/tags.json"
    [ "$(part tags)" = '[]' ] || done_or_not 'tags' aws efs tag-resource --resource-id "$1" --tags "file://$WORK_DIR/tags.json"
  else
    not_known 'tags'
  fi
}

# The policy names the new file system and its access points in place of the old ones.
make_policy() {
  local old system new
  if ! known policy; then
    not_known 'file system policy'
    return
  fi
  [ "$(part policy)" != '""' ] || return 0
  part policy | jq -r 'if type == "string" then . else tojson end' | sed "s/$FILE_SYSTEM_ID/$1/g" > "$WORK_DIR/file-system-policy.json"
  while read -r old system new; do
    [ "$system" != "$1" ] || sed "s/$old/$new/g" "$WORK_DIR/file-system-policy.json" > "$WORK_DIR/policy.part"
    [ "$system" != "$1" ] || mv -- "$WORK_DIR/policy.part" "$WORK_DIR/file-system-policy.json"
  done < "$WORK_DIR/access-points.txt"
  jq . "$WORK_DIR/file-system-policy.json"
  done_or_not 'file system policy, shown above' aws efs put-file-system-policy --file-system-id "$1" \
    --policy "file://$WORK_DIR/file-system-policy.json"
}

# A replication costs money and overwrites its destination, so it is said, not made.
say_replication() {
  if ! known replication; then
    not_known 'replication'
    return
  fi
  part replication | jq -r --arg id "$1" '.[]? | "MIND: the old one was replicated to \(.Region // "?"). For the new one: aws efs create-replication-configuration --source-file-system-id \($id) --destinations Region=\(.Region // "FILL_IN")"'
  say 'Protection against being overwritten by a replication is on, as AWS sets it for new file systems.'
}

# cover_new PLAN ROLE: let a backup plan that names the old one cover the new one, too.
cover_new() {
  local new arn
  new=$(cat "$WORK_DIR/restored")
  arn="arn:$PARTITION:elasticfilesystem:$AWS_REGION:$ACCOUNT_ID:file-system/$new"
  if [ "$new" = "$FILE_SYSTEM_ID" ]; then
    say 'Restored into the same file system: the plan covers it already.'
    return
  fi
  jq -n --arg name "restored-$new" --arg role "$2" --arg arn "$arn" \
    '{SelectionName: $name, IamRoleArn: $role, Resources: [$arn]}' > "$WORK_DIR/selection.json"
  MISSING=''
  done_or_not "backup plan $1 covers the new one" aws backup create-backup-selection --backup-plan-id "$1" \
    --creator-request-id "restored-$new" --backup-selection "file://$WORK_DIR/selection.json"
  [ -z "$MISSING" ] || stop 'the plan does not back up the new one.'
}

# point_mover FUNCTION: let it mount the new access points in place of the old ones; what it had is kept.
point_mover() {
  local saved
  saved=$(saved_mover "$1")
  [ -s "$saved" ] || try aws lambda get-function-configuration --function-name "$1" --query FileSystemConfigs --output json > "$saved" || {
    explain
    stop "the function $1 could not be read. Nothing was changed."
  }
  jq --rawfile made "$WORK_DIR/access-points.txt" '($made | split("\n") | map(split(" ") | select(length == 3) | {(.[0]): .[2]}) | add // {}) as $new
    | map((.Arn | split("/")[-1]) as $old | if $new[$old] then .Arn |= sub($old; $new[$old]) else . end)' "$saved" > "$WORK_DIR/mover.json"
  ! jq -e --slurpfile saved "$saved" '. == $saved[0]' "$WORK_DIR/mover.json" > /dev/null ||
    stop "the function $1 mounts no access point that was made again. Nothing was changed."
  set_mover "$1" "$WORK_DIR/mover.json"
}

saved_mover() { printf '%s\n' "$WORK_DIR/mover-$(printf '%s' "$1" | tr -c 'A-Za-z0-9._-' '_').json"; }

point_mover_back() {
  [ -s "$(saved_mover "$1")" ] || stop "nothing was saved of the function $1. Nothing was changed."
  set_mover "$1" "$(saved_mover "$1")"
}

set_mover() {
  try aws lambda update-function-configuration --function-name "$1" --file-system-configs "file://$2" \
    --query FileSystemConfigs --output json || {
    explain
    stop "the function $1 mounts what it mounted before."
  }
  try aws lambda wait function-updated --function-name "$1" || explain
}
