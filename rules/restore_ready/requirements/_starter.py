"""Which file does ``restore-ready requirements init`` write?"""

from __future__ import annotations

from typing import Final

from restore_ready.requirements._schema import URI

STARTER: Final = f"""\
# yaml-language-server: $schema={URI}
# What EFS backups and restores are required to meet. Every key: docs/requirements.md of restore-ready.
# `restore-ready requirements check` says whether this file can be used.
version: 1

# The zone in which hours are meant.
time_zone: UTC

backup:
  # AWS's automatic backups start any time from 05:00 to 13:00 UTC, and their vault denies restores.
  automatic: forbid
  # The widest start window, and the widest completion window.
  start_within: 60m
  complete_within: 24h
  # The longest time between two backups.
  every: 24h
  # The shortest retention.
  # keep_at_least: 35d
  # The only hours in which backups may run.
  # allowed_hours: "22:00-05:00"
  # Times in which none may run.
  # blackouts:
  #   - {{name: office hours, days: mon-fri, hours: "09:00-18:00"}}
  #   - {{name: nightly batch, schedule: "cron(30 1 * * ? *)", lasts: 45m}}
  # What plans that live in another stack or account cover.
  # external_selections:
  #   - tags: {{backup: daily}}

# restore:
#   # Names of principals that must be able to restore.
#   operators: ["*restore*", "*backup*operator*"]
#   within: 4h
#   rehearse_every: 90d

# Vaults that only receive copies, and how recovery points are kept from deletion.
# vaults:
#   copy_only: ["*-dr"]
#   protect: lock

# Requirements that differ for some resources; for each of them, the first override that matches wins.
# overrides:
#   - match: {{tags: {{tier: gold}}}}
#     backup: {{every: 4h}}

# How `restore-ready scan` runs without options.
# scan:
#   exclude: ["legacy/**"]
#   baseline: known.json

# Whether comments in the sources may excuse findings.
# inline: forbid

# Findings that somebody answers for, until a day.
# exceptions:
#   - rule: RR101
#     match: aws_efs_backup_policy.scratch
#     reason: rebuilt nightly
#     owner: team-web
#     expires: 2027-03-31
"""
