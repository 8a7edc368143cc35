"""An audit can be tried without AWS, from what is installed."""

from __future__ import annotations

import shlex
from pathlib import Path

from tests.support.command import run


def test_what_it_says_to_try_works(tmp_path: Path) -> None:
    done = run(tmp_path, "demo-account")
    tried = {words[1]: run(tmp_path, *words[1:]) for line in done.out.splitlines()[1:] for words in [shlex.split(line)]}

    assert (done.code, done.err) == (0, "")
    assert {command: tried[command].code for command in tried} == {"audit": 1, "who-can-restore": 1, "runbook": 0}
    assert "0 of 13 file systems are restore-ready" in tried["audit"].out
    assert "is stopped by PassRole: no policy grants iam:PassRole" in tried["who-can-restore"].out
    assert (tmp_path / "runbooks" / "index.md").is_file()


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "mine.jsonl").write_text("mine")

    done = run(tmp_path, "demo-account", "mine.jsonl")

    assert (done.code, (tmp_path / "mine.jsonl").read_text()) == (2, "mine")
    assert "mine.jsonl is there already" in done.err
