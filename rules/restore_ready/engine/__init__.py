"""Judges what was read: every rule, under the requirements in force, against a baseline."""
