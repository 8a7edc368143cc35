"""What ``checkov --external-checks-dir`` loads. Python only: Checkov parses every YAML and JSON file in here."""
