"""Times the scan, and the pack's share inside its hosts, side by side in one run. Prints ratios; asserts nothing.

``python tests/benchmarks/compare.py [REPEATS]`` runs each pair REPEATS times (3), one after the other in turn, and
compares the smallest figures: wall time for the scan, CPU time (user and system, children included) for the hosts.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

BIN = Path(sys.executable).parent
CUSTOM_CHECKS = Path(__file__).parents[2] / "custom_checks"
QUIET = {**os.environ, "BC_SKIP_MAPPING": "TRUE", "LOG_LEVEL": "ERROR"}
CHECKOV = (str(BIN / "checkov"), "--skip-download", "--quiet", "--compact", "--framework", "terraform", "-d")
CFN_LINT = (str(BIN / "cfn-lint"), "-t")
SCAN = (sys.executable, "-m", "restore_ready", "scan", "-q")


@dataclass(frozen=True)
class Cost:
    """Seconds of one process and its children."""

    wall: float
    cpu: float


def run(command: Sequence[str]) -> Cost:
    """Run *command* with its output thrown away and measure it."""
    started = time.perf_counter()
    quiet = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_WRONLY, 0) for fd in (1, 2)]
    pid = os.posix_spawn(command[0], list(command), QUIET, file_actions=quiet)
    _, _, usage = os.wait4(pid, 0)
    return Cost(time.perf_counter() - started, usage.ru_utime + usage.ru_stime)


def pair(first: Sequence[str], second: Sequence[str], repeats: int) -> tuple[Cost, Cost]:
    """Measure two commands in turn; return the smallest figures of each."""
    costs = [(run(first), run(second)) for _ in range(repeats)]
    firsts, seconds = zip(*costs, strict=True)
    return smallest(firsts), smallest(seconds)


def smallest(costs: Sequence[Cost]) -> Cost:
    """Return the smallest wall and CPU time among *costs*."""
    return Cost(min(one.wall for one in costs), min(one.cpu for one in costs))


def stack(folder: Path, resources: int) -> Path:
    """Write a Terraform folder with about *resources* resources: a fifth EFS and Backup, the rest ordinary."""
    folder.mkdir()
    unit = (
        'resource "aws_efs_file_system" "f{n}" {{\n  tags = {{ backup = "daily" }}\n}}\n'
        'resource "aws_backup_plan" "p{n}" {{\n  name = "p{n}"\n  rule {{\n    rule_name = "r"\n'
        '    target_vault_name = "v"\n    start_window = 480\n  }}\n}}\n'
    )
    plain = 'resource "aws_sqs_queue" "q{n}" {{\n  name = "q{n}"\n  tags = {{ team = "web" }}\n}}\n'
    parts = [unit.format(n=n) for n in range(resources // 10)]
    parts += [plain.format(n=n) for n in range(resources - 2 * len(parts))]
    (folder / "main.tf").write_text("\n".join(parts))
    return folder


def template(path: Path, resources: int) -> Path:
    """Write a CloudFormation template with *resources* resources."""
    lines = ["Resources:"]
    for n in range(resources // 2):
        lines += [f"  F{n}:", "    Type: AWS::EFS::FileSystem", "    Properties:", "      Encrypted: true"]
        lines += [f"  Q{n}:", "    Type: AWS::SQS::Queue", "    Properties:", f"      QueueName: q{n}"]
    path.write_text("\n".join(lines) + "\n")
    return path


def main(repeats: int) -> None:
    """Measure everything and print a line for each."""
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        for resources in (2, 4000):
            folder = str(stack(scratch / f"tf{resources}", resources))
            ours, theirs = pair((*SCAN, folder), (*CHECKOV, folder, "--check", "CKV_AWS_1"), repeats)
            report(f"scan, {resources} resources (wall s)", ours.wall, "checkov with one check", theirs.wall)
        for resources in (500, 8000):
            cost = run((*SCAN, str(stack(scratch / f"flat{resources}", resources))))
            print(f"scan, {resources} resources: {1000 * cost.wall / resources:.3f} ms a resource")  # noqa: T201  # output
        yaml = str(template(scratch / "template.yaml", 400))
        ours, theirs = pair((*SCAN, yaml), (*CFN_LINT, yaml), repeats)
        report("scan, 400 resources of CloudFormation (wall s)", ours.wall, "cfn-lint", theirs.wall)
        folder = str(stack(scratch / "host", 200))
        ours, theirs = pair(
            (*CHECKOV, folder, "--external-checks-dir", str(CUSTOM_CHECKS)), (*CHECKOV, folder), repeats
        )
        report("checkov, 200 resources, with the pack (CPU s)", ours.cpu, "without", theirs.cpu)
        with_ours = (*CFN_LINT, yaml, "--append-rules=restore_ready.cfn_lint")
        ours, theirs = pair(with_ours, (*CFN_LINT, yaml), repeats)
        report("cfn-lint, 400 resources, with the pack (CPU s)", ours.cpu, "without", theirs.cpu)


def report(what: str, ours: float, against: str, theirs: float) -> None:
    """Print one comparison."""
    ratio = f"1/{theirs / ours:.1f}" if theirs > 2 * ours else f"{ours / theirs - 1:+.1%}"
    print(f"{what}: {ours:.2f}; {against}: {theirs:.2f}; ratio {ratio}")  # noqa: T201  # the benchmark's output


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
