"""Adapters that put the rules into Checkov and cfn-lint. They know nothing of AWS."""
