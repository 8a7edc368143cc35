"""Runs the worker that evaluates Terraform, within limits of time and memory."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

WANTED: Final = (
    "aws_backup_",
    "aws_cloudwatch_event_",
    "aws_ecs_task_definition",
    "aws_efs_",
    "aws_iam_",
    "aws_kms_",
    "aws_lambda_",
    "aws_organizations_policy",
    "aws_scheduler_schedule",
    "aws_ssoadmin_",
    "awscc_backup_",
    "awscc_ecs_task_definition",
    "awscc_efs_",
    "awscc_events_rule",
    "awscc_iam_",
    "awscc_lambda_function",
    "awscc_scheduler_schedule",
    "locals",
    "module",
    "provider",
)
"""How the types begin that are kept of an evaluation."""

_MEMORY: Final = 4 << 30
"""Bytes of address space a worker may take: 4,000 resources need a twentieth, endless modules take any amount."""


@dataclass(frozen=True, slots=True)
class Run:
    """One evaluation: a folder, the variable files to read there, and whether it is for what the first left open."""

    folder: Path
    variables: Sequence[str]
    if_open: bool = False


def evaluate(runs: Sequence[Run], limit_seconds: float) -> tuple[list[dict[str, Any]], str]:
    """Return the answer to each run that was made, and why the rest is missing; empty if nothing is.

    The worker is a new interpreter, not a fork: that is safe whatever threads and libraries the host process has,
    and the same everywhere. It is killed when the time is over.
    """
    request = {
        "path": sys.path,
        "memory": _MEMORY,
        "types": WANTED,
        "runs": [{"folder": str(one.folder), "vars": list(one.variables), "if_open": one.if_open} for one in runs],
    }
    # -I and -S: neither the environment nor site-packages' start-up code; the request brings the path.
    command = [sys.executable, "-I", "-S", str(Path(__file__).with_name("_worker.py"))]
    try:
        done = subprocess.run(  # noqa: S603  # our own interpreter and script
            command, input=json.dumps(request).encode(), capture_output=True, timeout=limit_seconds, check=False
        )
    except subprocess.TimeoutExpired as late:
        return _answers(late.stdout), f"it was not evaluated within {limit_seconds:g} seconds"
    except OSError as error:
        return [], f"no worker process could be started: {error.strerror}"
    if done.returncode == 0:
        return _answers(done.stdout), ""
    said = done.stderr.decode("utf-8", "replace").strip().splitlines() or [""]
    cause = said[-1] if said[0].startswith("Traceback") else said[0]
    return _answers(done.stdout), f"the evaluating process ended with code {done.returncode}: {cause}"


def _answers(output: bytes | None) -> list[dict[str, Any]]:
    """Return the complete lines; a worker that was killed may have left a piece of one."""
    lines = (output or b"").split(b"\n")[:-1]
    return [json.loads(line) for line in lines]
