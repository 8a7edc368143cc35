# shellcheck shell=bash
restore_state() {
  aws backup describe-restore-job --restore-job-id "$(cat "$WORK_DIR/job")" --query '[Status, PercentDone]' --output text
}

read_metadata() {
  try aws backup get-recovery-point-restore-metadata --backup-vault-name "$(point BackupVaultName)" \
    --recovery-point-arn "$(point RecoveryPointArn)" --query RestoreMetadata --output json > "$WORK_DIR/backed-up.part" || {
    explain
    stop 'what AWS saved beside the recovery point could not be read. Nothing was started.'
  }
  mv -- "$WORK_DIR/backed-up.part" "$WORK_DIR/backed-up.json"
}

# The key of the new file system: the one given, else that of the backup, else that of the old one.
choose_key() {
  local region
  : "${KMS_KEY_ID:=$(jq -r '.KmsKeyId // .kmsKeyId // empty' "$WORK_DIR/backed-up.json")}"
  : "${KMS_KEY_ID:=${OLD_KEY:-alias/aws/elasticfilesystem}}"
  case "$KMS_KEY_ID" in
    arn:*:kms:*)
      region=$(printf '%s' "$KMS_KEY_ID" | cut -d: -f4)
      [ "$region" = "$AWS_REGION" ] ||
        stop "the old key lies in $region: write a key of $AWS_REGION into the block as KMS_KEY_ID. Nothing was started." ;;
  esac
}

# metadata true|false: write what the restore is told; a new token makes it a new restore.
metadata() {
  read_metadata
  CREATION_TOKEN=$(date -u '+restore-%Y%m%dT%H%M%SZ')
  [ "$1" = false ] || choose_key
  jq -n --slurpfile saved "$WORK_DIR/backed-up.json" --arg id "$FILE_SYSTEM_ID" --arg new "$1" --arg token "$CREATION_TOKEN" \
    --arg key "${KMS_KEY_ID:-}" --arg mode "${OLD_PERFORMANCE:-generalPurpose}" --arg zone "${AVAILABILITY_ZONE:-}" '
    {"file-system-id": $id, newFileSystem: $new, CreationToken: $token,
     Encrypted: (if $new == "true" then "true" else $saved[0].Encrypted // $saved[0].encrypted // "true" end),
     PerformanceMode: ($saved[0].PerformanceMode // $saved[0].performanceMode // $mode)}
    + (if $new == "true" then {KmsKeyId: $key} else {} end)
    + (if $zone != "" then {singleAzFilesystem: "true", availabilityZoneName: $zone} else {} end)' > "$WORK_DIR/metadata.part"
  mv -- "$WORK_DIR/metadata.part" "$WORK_DIR/metadata.json"
  cat -- "$WORK_DIR/metadata.json"
}

start_restore() {
  local state
  if [ -s "$WORK_DIR/job" ] && [ "$(cat "$WORK_DIR/job-token" 2> /dev/null)" = "$(jq -r .CreationToken "$WORK_DIR/metadata.json")" ]; then
    say "Started already: job $(cat "$WORK_DIR/job"). For another one, run \"Into the same\" or \"Into a new file system\" again first."
    return
  fi
  if [ -s "$WORK_DIR/job" ] && state=$(try restore_state); then
    case "$state" in
      PENDING* | RUNNING*) stop "job $(cat "$WORK_DIR/job") is still $state: wait for it (below). Nothing was started." ;;
    esac
  fi
  rm -f -- "$WORK_DIR/restored"
  if ! try aws backup start-restore-job --recovery-point-arn "$(point RecoveryPointArn)" --iam-role-arn "$RESTORE_ROLE_ARN" \
    --resource-type EFS --idempotency-token "$(jq -r .CreationToken "$WORK_DIR/metadata.json")" \
    --metadata "file://$WORK_DIR/metadata.json" --query RestoreJobId --output text > "$WORK_DIR/job.part"; then
    explain
    stop 'the restore was not started.'
  fi
  mv -- "$WORK_DIR/job.part" "$WORK_DIR/job"
  jq -r .CreationToken "$WORK_DIR/metadata.json" > "$WORK_DIR/job-token"
  printf '%s %s\n' "$(now)" "$(cat "$WORK_DIR/job")" >> "$WORK_DIR/jobs.txt"
  say "Started: job $(cat "$WORK_DIR/job")"
}

wait_for_restore() {
  : "${WAIT_MINUTES:=$((720 + 3 * $(least_minutes)))}"
  wait_for restore_state COMPLETED ABORTED FAILED
  try aws backup describe-restore-job --restore-job-id "$(cat "$WORK_DIR/job")" --output json > "$WORK_DIR/job.json" || {
    explain
    stop 'the job ended, but what it made could not be read: run this step again.'
  }
  jq '{Status, StatusMessage, BackupSizeInBytes, CreatedResourceArn}' "$WORK_DIR/job.json"
  [ "$STATE" = COMPLETED ] || stop "the restore job ended as $STATE. Mend what the message names and start again from \"3. Start the restore\", or give up and run step 5."
  close_vaults
  note_restored
}

note_restored() {
  local arn
  arn=$(jq -r '.CreatedResourceArn // empty' "$WORK_DIR/job.json")
  case "$(jq -r .newFileSystem "$WORK_DIR/metadata.json")/$arn" in
    false/*) printf '%s\n' "$FILE_SYSTEM_ID" > "$WORK_DIR/restored" ;;
    true/*:file-system/fs-*) printf '%s\n' "${arn##*/}" > "$WORK_DIR/restored" ;;
    *) stop "AWS does not name the new file system: look for it in the console, and write its id into $WORK_DIR/restored." ;;
  esac
  if [ "$(jq -r '.BackupSizeInBytes // 1' "$WORK_DIR/job.json")" = 0 ]; then
    say 'MIND: AWS says that 0 bytes were restored: see whether the role may use the keys.'
  fi
  say "Restored into $(cat "$WORK_DIR/restored")"
}
