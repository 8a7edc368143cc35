"""How do Checkov and cfn-lint get at the rules? Adapters that know nothing of AWS."""
