"""Shells complete commands, options and their values."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.support.command import run, run_process


def completed(folder: Path, *words: str) -> list[str]:
    """Return what bash is offered for the last of *words*."""
    environment = {
        "_RESTORE_READY_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(("restore-ready", *words)),
        "COMP_CWORD": str(len(words)),
    }
    done = run_process(folder, environment=environment, code=_COMPLETE)
    assert done.code == 0, done.err
    return [line.partition(",")[2] for line in done.out.splitlines()]


_COMPLETE = "from restore_ready.cli import main; main([])"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("sc",), ["scan"]),
        (("scan", "--sel"), ["--select"]),
        (("scan", "--select", "RR3,rr20"), [f"RR3,RR20{number}" for number in range(1, 6)]),
        (("explain", "RR30"), [f"RR30{number}" for number in range(1, 7)]),
        (("scan", "-o", "g"), ["github", "gitlab"]),
        (("audit", "-o", "as"), ["asff"]),
        (("scan", "--fail-on", "w"), ["warning"]),
    ],
)
def test_bash_is_offered(tmp_path: Path, words: tuple[str, ...], expected: list[str]) -> None:
    assert completed(tmp_path, *words)[: len(expected)] == expected


@pytest.mark.parametrize(
    ("shell", "part"),
    [("bash", "complete -o nosort"), ("zsh", "#compdef restore-ready"), ("fish", "complete --no-files")],
)
def test_each_shell_gets_its_script(tmp_path: Path, shell: str, part: str) -> None:
    done = run(tmp_path, "completion", shell)

    assert (done.code, part in done.out, "_RESTORE_READY_COMPLETE" in done.out) == (0, True, True)


def test_fish_keeps_commas_together(tmp_path: Path) -> None:
    script = run(tmp_path, "completion", "fish").out
    assert 'string split --max 1 ","' in script

    fish = shutil.which("fish")
    if fish is None:
        pytest.skip("fish is not there: whether it completes lists of codes is NOT tested")
    asked = f'{script}\ncomplete --do-complete "restore-ready scan --select RR2,RR30"'
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    done = subprocess.run([fish, "-c", asked], env={"PATH": path}, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[0] == "RR2,RR301\tThe backup vault lets somebody restore from it."


def test_a_rule_is_explained_by_its_name(tmp_path: Path) -> None:
    assert run(tmp_path, "explain", "start-window-too-wide").out == run(tmp_path, "explain", "RR201").out
    assert "Did you mean 'start-window-too-wide'?" in run(tmp_path, "explain", "start-window-to-wide").err
