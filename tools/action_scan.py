"""The scan of the GitHub Action: annotations, SARIF, the job's summary and the outputs of the step.

Inputs are in the environment, as action.yml hands them over. The exit code is that of the scan.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path


def scan_arguments(inputs: Mapping[str, str], counts: Path) -> list[str]:
    """Return the arguments of ``restore-ready scan``; the report in JSON goes to *counts*.

    Raises:
        ValueError: for a quote that is not closed.
    """
    reports = ["-o", "github", "-o", f"sarif={inputs['SCAN_SARIF']}", "-o", f"json={counts}"]
    if inputs["SCAN_SUMMARY"] == "true":
        reports += ["-o", f"markdown={inputs['GITHUB_STEP_SUMMARY']}"]
    paths = [line.strip() for line in inputs["SCAN_PATH"].splitlines() if line.strip()]
    return [*reports, *shlex.split(inputs["SCAN_ARGUMENTS"]), "--", *paths]


def outputs(inputs: Mapping[str, str], code: int, counts: Path) -> Iterator[tuple[str, str]]:
    """Yield the outputs of the step; a scan that wrote no reports has its exit code alone."""
    yield "exit-code", str(code)
    if counts.exists():
        summary = json.loads(counts.read_text(encoding="utf-8"))["summary"]
        yield "sarif", " ".join(inputs["SCAN_SARIF"].splitlines())
        yield "findings", str(summary["errors"] + summary["warnings"] + summary["infos"])
        yield "not-judged", str(summary["not_judged"])


def main() -> int:
    """Scan, tell the outputs, and return the exit code."""
    inputs = os.environ
    with tempfile.TemporaryDirectory(dir=inputs["RUNNER_TEMP"]) as folder:
        counts = Path(folder) / "report.json"
        try:
            arguments = scan_arguments(inputs, counts)
        except ValueError as error:
            print(f"::error::arguments: {error}")  # noqa: T201  # an annotation
            return 2
        scan = [sys.executable, "-I", "-m", "restore_ready", "scan", *arguments]
        code = subprocess.run(scan, check=False).returncode  # noqa: S603  # this package, with the workflow's own words
        with Path(inputs["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as file:
            file.writelines(f"{name}={value}\n" for name, value in outputs(inputs, code, counts))
    return code


if __name__ == "__main__":
    sys.exit(main())
