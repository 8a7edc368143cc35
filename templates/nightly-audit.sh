#!/bin/sh
# A nightly audit in a container, started by cron: 17 4 * * * root /usr/local/bin/nightly-audit.sh
# Evidence stays in a folder that user 65532 may write, with known.json in it; docs/audit.md says how that is made.
# Only what is new is told: cron mails it, and the exit code is that of the audit.
set -eu
evidence=${EVIDENCE:-/var/lib/restore-ready}
day=$(date -u +%Y-%m-%d)
docker run --rm --volume "$evidence:/evidence" \
  --env AWS_REGION --env AWS_ACCESS_KEY_ID --env AWS_SECRET_ACCESS_KEY --env AWS_SESSION_TOKEN \
  "${IMAGE:-restore-ready}" audit --baseline /evidence/known.json --snapshot "/evidence/$day.jsonl" \
  -q -o text -o "json=/evidence/$day.json" -o asff=/evidence/findings.jsonl
