"""No file that is named or met may be endless: devices and pipes are refused at once, with what they are."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from tests.support.command import PLAN, Done, run, run_process

from restore_ready.cli import _standard_input

PIPE, ZERO = "pipe", "/dev/zero"


@pytest.fixture
def stack(tmp_path: Path) -> Path:
    (tmp_path / "main.tf").write_text(PLAN)
    os.mkfifo(tmp_path / PIPE)
    return tmp_path


def refused(done: Done) -> bool:
    return done.code == 2 and "is no regular file" in done.err and "Traceback" not in done.err


@pytest.mark.thorough
@pytest.mark.parametrize("endless", [PIPE, ZERO])
@pytest.mark.parametrize(
    "command",
    [
        ("scan", ".", "--requirements"),
        ("scan", ".", "--baseline"),
        ("requirements", "check"),
        ("audit", "--from-snapshot"),
        ("audit", "--accounts"),
    ],
    ids=" ".join,
)
def test_what_is_named(stack: Path, command: tuple[str, ...], endless: str) -> None:
    assert refused(run_process(stack, *command, endless))


def test_requirements_that_are_met(stack: Path) -> None:
    (stack / PIPE).rename(stack / "restore-ready.yaml")
    assert refused(run_process(stack, "scan", "."))


def test_rules_that_are_met(stack: Path) -> None:
    (stack / "own").mkdir()
    (stack / PIPE).rename(stack / "own" / "rr901_endless.py")
    assert refused(run_process(stack, "scan", ".", "--rules", "own"))


def test_terraform_beside_other_terraform(stack: Path) -> None:
    (stack / "live").mkdir()
    (stack / PIPE).rename(stack / "live" / "main.tf")
    done = run_process(stack, "scan", ".", "-q")
    assert "live/main.tf could not be read: it is not a file" in done.err


def test_standard_input_ends_or_is_refused(stack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_standard_input, "_MOST", 10)
    with Path(ZERO).open() as endless:
        monkeypatch.setattr(sys, "stdin", endless)
        done = run(stack, "scan", "-")
    assert (done.code, done.err) == (
        2,
        "restore-ready: standard input is larger than 10 bytes (-): give it as a file\n",
    )
