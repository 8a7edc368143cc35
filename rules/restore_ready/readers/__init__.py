"""Readers turn one kind of source into readings and know nothing of rules."""
