# shellcheck shell=bash
# Copies: from the place where a copy lies to a vault from where it can be restored.

copy_state() {
  aws backup describe-copy-job --region "$COPY_REGION" --copy-job-id "$(cat "$WORK_DIR/copy-job")" \
    --query CopyJob.State --output text
}

# choose_copy REGION VAULT: choose among the points of one vault, wherever it is.
choose_copy() {
  check_good_at
  list_points "$1" "$2"
  show_points
  best_point > "$WORK_DIR/copy.part"
  [ -s "$WORK_DIR/copy.part" ] || stop "no recovery point of $FILE_SYSTEM_ID in vault $2 of $1 was finished before $GOOD_AT. Nothing was copied."
  mv -- "$WORK_DIR/copy.part" "$WORK_DIR/copy.json"
}

# copy_point REGION VAULT DESTINATION ROLE: copy the chosen point to the vault with the ARN DESTINATION, and wait for it.
copy_point() {
  local arn
  COPY_REGION=$1
  arn=$(jq -r .RecoveryPointArn "$WORK_DIR/copy.json")
  if ! { [ -s "$WORK_DIR/copy-job" ] && [ "$(cat "$WORK_DIR/copy-job-of" 2> /dev/null)" = "$arn $3" ]; }; then
    try aws backup start-copy-job --region "$1" --recovery-point-arn "$arn" --source-backup-vault-name "$2" \
      --destination-backup-vault-arn "$3" --iam-role-arn "$4" --query CopyJobId --output text > "$WORK_DIR/copy-job.part" || {
      explain
      stop 'the copy was not started.'
    }
    mv -- "$WORK_DIR/copy-job.part" "$WORK_DIR/copy-job"
    printf '%s\n' "$arn $3" > "$WORK_DIR/copy-job-of"
  fi
  say "Copy job: $(cat "$WORK_DIR/copy-job")"
  wait_for_copy
}

wait_for_copy() {
  wait_for copy_state COMPLETED FAILED PARTIAL
  try aws backup describe-copy-job --region "$COPY_REGION" --copy-job-id "$(cat "$WORK_DIR/copy-job")" --query CopyJob \
    --output json > "$WORK_DIR/copy-job.json" || stop 'what the copy job made could not be read: run this step again.'
  jq '{State, StatusMessage, DestinationRecoveryPointArn}' "$WORK_DIR/copy-job.json"
  if [ "$STATE" != COMPLETED ]; then
    rm -f -- "$WORK_DIR/copy-job"
    stop "the copy ended as $STATE."
  fi
}

# take_copy VAULT: go on with the copy as the chosen recovery point.
take_copy() {
  jq --arg vault "$1" --slurpfile of "$WORK_DIR/copy-job.json" \
    '. + {RecoveryPointArn: $of[0].DestinationRecoveryPointArn, BackupVaultName: $vault}' "$WORK_DIR/copy.json" > "$WORK_DIR/point.part"
  rm -f -- "$WORK_DIR/metadata.json" "$WORK_DIR/restored"
  mv -- "$WORK_DIR/point.part" "$WORK_DIR/point.json"
  say_point
}
