"""IAM policy evaluation in three values: true, false, or open with a reason."""
