"""Feed AWS Security Hub: ``python import_findings.py findings.jsonl``, as ``restore-ready audit -o asff=…`` wrote it.

Each line goes to the Region that it names. Security Hub takes findings of an account from that account only. Whoever
imports needs ``securityhub:BatchImportFindings``, which the audit's own role does not have. The exit code is 1 if
Security Hub refuses a finding.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import boto3


def main(file: Path) -> int:
    """Import the findings of *file* and return the exit code."""
    refused = 0
    with file.open(encoding="utf-8") as lines:
        for request in map(json.loads, lines):
            region = request["Findings"][0]["ProductArn"].split(":")[3]
            answer = boto3.client("securityhub", region_name=region).batch_import_findings(**request)
            refused += answer["FailedCount"]
            for finding in answer.get("FailedFindings", ()):
                print(region, finding["Id"], finding["ErrorCode"], finding["ErrorMessage"], sep=": ")  # noqa: T201
            print(f"{region}: {answer['SuccessCount']} imported, {answer['FailedCount']} refused")  # noqa: T201
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
