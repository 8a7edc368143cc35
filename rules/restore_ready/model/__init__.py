"""Plain records: what exists, what is required, what a rule answers."""
