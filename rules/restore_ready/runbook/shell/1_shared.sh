# shellcheck shell=bash
# What the steps of a restore share. Each step runs in a bash of its own; what it knows of the others lies in WORK_DIR.
set -euo pipefail
export AWS_PAGER=''
WORK_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=/dev/null
. "$WORK_DIR/settings.sh"
STEP=$1
STATE=''
POLL_SECONDS=${POLL_SECONDS:-60}

say() { printf '%s\n' "$*"; }

stop() {
  say "STOP: $*"
  exit 1
}

now() { date -u '+%Y-%m-%dT%H:%M:%SZ'; }

# Said at the end of every step, whatever its end: which vaults stand open, or may.
finish() {
  local code=$? mark name
  for mark in "$WORK_DIR"/vaults/*/open; do
    [ -e "$mark" ] || continue
    name=$(cat "${mark%open}name")
    if [ -e "${mark%open}lifting" ]; then
      say "MIND: vault $name may stand OPEN: lifting its Deny was begun at $(cat "$mark") and not seen through. Step 5 closes it."
    else
      say "MIND: vault $name stands OPEN since $(cat "$mark"): its Deny is lifted. Step 5 closes it."
    fi
  done
  if [ "$code" -ne 0 ]; then
    say "Step $STEP did not get to its end."
  fi
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Print why the last call failed, and what to do about it.
explain() {
  cat -- "$WORK_DIR/error"
  case "$(cat -- "$WORK_DIR/error")" in
    *'Insufficient privileges to perform this action'*)
      say 'Next: that is said by the policy of the vault, not by yours. Run step 2, then this step again.' ;;
    *iam:PassRole*)
      say "Next: you may not pass the role $RESTORE_ROLE_ARN. Get iam:PassRole on it, or have this step run by somebody who can." ;;
    *AccessDenied* | *UnauthorizedOperation* | *'not authorized'*)
      say 'Next: your own policies lack the action named above, or deny it (boundary, service control policy). Get it, or have this step run by somebody who can.' ;;
    *ExpiredToken* | *InvalidClientTokenId* | *UnrecognizedClient* | *'Unable to locate credentials'*)
      say 'Next: log in again, then run this step again.' ;;
  esac
}

# Run a command; its errors are kept for explain.
try() { "$@" 2> "$WORK_DIR/error"; }

check_place() {
  local account
  account=$(try aws sts get-caller-identity --query Account --output text) || {
    explain
    stop 'AWS does not say whose credentials these are. Nothing was done.'
  }
  [ "$account" = "$ACCOUNT_ID" ] ||
    stop "these credentials are of account $account, this restore is in $ACCOUNT_ID. Nothing was done."
}

# need FILE STEP: a step that has not run stops the next.
need() {
  [ -s "$WORK_DIR/$1" ] || stop "step $2 has not run to its end: run it first. Nothing was done."
}

need_point() {
  need point.json 1
  [ -n "$(find "$WORK_DIR/point.json" -mmin -1440)" ] ||
    stop "the recovery point was chosen more than a day ago, perhaps for another restore: run step 1 again. Nothing was done."
}

point() { jq -r --arg name "$1" '.[$name] // empty' "$WORK_DIR/point.json"; }

# wait_for COMMAND STATE...: print what COMMAND says until that begins with a STATE; ends after WAIT_MINUTES or 5 failures.
wait_for() {
  local ask=$1 asked=0 failed=0 state most
  shift
  : "${WAIT_MINUTES:=720}"
  most=$((POLL_SECONDS > 0 ? WAIT_MINUTES * 60 / POLL_SECONDS : WAIT_MINUTES))
  while :; do
    if state=$(try "$ask"); then
      failed=0
      printf '%s %s\n' "$(date '+%H:%M')" "$state"
      STATE=${state%%[[:space:]]*}
      case " $* " in *" $STATE "*) return ;; esac
    else
      failed=$((failed + 1))
      explain
      [ "$failed" -lt 5 ] || stop "AWS did not answer 5 times. The job goes on without you: run this step again when AWS answers."
    fi
    asked=$((asked + 1))
    [ "$asked" -lt "$most" ] || stop "not finished after $WAIT_MINUTES minutes. It goes on without you: run this step again to go on waiting, or open a case with AWS Support and name the job."
    sleep "$POLL_SECONDS"
  done
}
