"""How files are written: whole or not at all, never through a link, and nothing is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
from tests.support.command import PLAN, Done, run, run_process
from tests.support.files import write
from tests.support.repositories import repository

from restore_ready._new_file import new_file
from restore_ready._temporary_folder import temporary_folder
from restore_ready.live._snapshot import Header, writing

WIDE = PLAN.replace("cron(0 13 * * ? *)", "cron(0 1 * * ? *)")
FILE_SYSTEM = 'resource "aws_efs_file_system" "home" {}\n'
WRITERS = {
    "a report": ("scan", "-o", "text", "-o", "json=out"),
    "a baseline": ("scan", "--write-baseline", "out"),
    "a runbook": ("runbook", "aws_efs_file_system.home", "-o", "out"),
    "requirements": ("requirements", "init", "out"),
}


@pytest.fixture
def stack(tmp_path: Path) -> Path:
    return write(tmp_path / "stack", {"main.tf": PLAN + FILE_SYSTEM})


def refused_by_a_full_disk(done: Done) -> bool:
    return done.code == 2 and "RR000" not in done.err and "Traceback" not in done.err


@pytest.mark.parametrize("writer", WRITERS)
def test_a_committed_link_is_not_followed(writer: str, stack: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (stack / "out").symlink_to(outside)

    done = run(stack, *WRITERS[writer])

    assert not outside.exists()
    if writer in ("a report", "a runbook"):
        assert (stack / "out").is_file()
        assert not (stack / "out").is_symlink()
    else:
        assert done.code == 2


@pytest.mark.parametrize("writer", WRITERS)
def test_a_committed_link_to_a_folder_is_refused(writer: str, stack: Path, tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", {})
    (stack / "reports").symlink_to(outside)

    done = run(stack, *[word.replace("out", "reports/out") for word in WRITERS[writer]])

    assert (done.code, list(outside.iterdir())) == (2, [])
    assert "a link leads out of this folder" in done.err


def test_a_link_within_the_folder_is_no_way_out(stack: Path) -> None:
    (stack / "reports").mkdir()
    (stack / "latest").symlink_to("reports")

    assert run(stack, "scan", "-o", "json=latest/out").code == 1
    assert (stack / "reports" / "out").exists()


def test_snapshots_are_not_written_through_links(stack: Path, tmp_path: Path) -> None:
    for name in ("taken.jsonl", "taken.jsonl.partial"):
        (stack / name).symlink_to(tmp_path / name)
    for resume in (False, True):
        with writing(stack / "taken.jsonl", Header(version="1", plan="", started=""), resume=resume):
            pass

    assert sorted(path.name for path in tmp_path.iterdir()) == ["stack"]
    assert (stack / "taken.jsonl").read_text().startswith('{"snapshot"')


def test_devices_and_pipes_that_were_named_are_written_into(stack: Path) -> None:
    os.mkfifo(stack / "pipe")
    heard: list[str] = []
    listener = threading.Thread(target=lambda: heard.append((stack / "pipe").read_text()))
    listener.start()

    done = run_process(stack, "scan", "-o", "json=/dev/stdout", "-o", "csv=pipe", "-o", "sarif=/dev/null")
    listener.join(timeout=60)

    assert done.document["summary"]["warnings"] == 2
    assert "RR201" in heard[0]
    assert Path("/dev/null").is_char_device()


def test_modes_are_kept_and_otherwise_those_of_new_files(stack: Path) -> None:
    (stack / "kept.json").touch()
    (stack / "kept.json").chmod(0o604)
    (stack / "plain").touch()

    run(stack, "scan", "-o", "json=kept.json", "-o", "csv=new.csv")

    modes = {name: (stack / name).stat().st_mode for name in ("kept.json", "new.csv", "plain")}
    assert modes["kept.json"] & 0o777 == 0o604
    assert modes["new.csv"] == modes["plain"]


def test_the_summary_of_a_job_is_added_to(stack: Path) -> None:
    (stack / "summary.md").write_text("# Before\n")

    run(stack, "scan", "-o", "markdown=summary.md", environment={"GITHUB_STEP_SUMMARY": str(stack / "summary.md")})

    assert (stack / "summary.md").read_text().startswith("# Before\n")
    assert "RR201" in (stack / "summary.md").read_text()


FULL_OUTPUT = [
    ("scan",),
    ("runbook", "aws_efs_file_system.home"),
    ("--help",),
]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
@pytest.mark.parametrize("words", FULL_OUTPUT, ids=" ".join)
def test_a_full_standard_output_is_told(words: tuple[str, ...], stack: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "restore_ready", *words]
        done = subprocess.run(command, cwd=stack, stdout=full, stderr=subprocess.PIPE, text=True, check=False)

    assert done.stderr == "restore-ready: could not write the report: No space left on device\n"
    assert done.returncode == 2


def test_a_pipe_that_is_closed_is_quiet(stack: Path) -> None:
    command = f"{sys.executable} -m restore_ready scan -o html | head -c 10"
    done = subprocess.run(["bash", "-c", command], cwd=stack, capture_output=True, text=True, check=False)  # noqa: S607

    assert (done.stdout[:9].lower(), done.stderr) == ("<!doctype", "")


@pytest.mark.parametrize("words", [("-o", "json=out.json"), ("--fix", "--force"), ("--write-baseline", "b")])
def test_a_full_disk_leaves_what_was_there(words: tuple[str, ...], stack: Path) -> None:
    text = WIDE + "# " + "x" * 3000 + "\n"
    before = write(stack, {"main.tf": text, "out.json": "before", "b": '{"version": 1, "findings": []}'})
    # without -B, Python itself would leave bytecode that is cut off
    command = f"ulimit -f 1; {sys.executable} -B -m restore_ready scan {' '.join(words)}"

    done = subprocess.run(["bash", "-c", command], cwd=before, capture_output=True, text=True, check=False)  # noqa: S607

    assert sorted(path.name for path in stack.iterdir()) == ["b", "main.tf", "out.json"]
    assert ((stack / "main.tf").read_text(), (stack / "out.json").read_text()) == (text, "before")
    if words[0] != "--write-baseline":
        assert refused_by_a_full_disk(Done(done.returncode, done.stdout, done.stderr)), done


SNAPSHOT = """\
import sys
from pathlib import Path
from restore_ready import Fact, Status
from restore_ready.live._snapshot import Header, writing
with writing(Path("facts.jsonl"), Header(version="1", plan="", started="")) as writer:
    writer.add("111122223333", [Fact("x", "111122223333", "", Status.OK, data={"x": "y" * 5000})])
"""


def test_a_full_disk_leaves_no_half_of_a_snapshot(tmp_path: Path) -> None:
    command = f"ulimit -f 1; exec {sys.executable} -B -c '{SNAPSHOT}'"
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S607

    assert "UsageError: can't write the snapshot (facts.jsonl): File too large" in done.stderr
    assert not (tmp_path / "facts.jsonl").exists()


KILLED = """\
import os, signal, sys
from restore_ready.cli import main
os.fsync = lambda descriptor: os.kill(os.getpid(), signal.SIGKILL)
main(sys.argv[1:])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a file has a name while it is written")
def test_a_killed_fix_leaves_the_file_and_nothing_beside_it(stack: Path) -> None:
    text = (repository(write(stack, {"main.tf": WIDE})) / "main.tf").read_text()

    done = run_process(stack, "scan", "--fix", code=KILLED)

    assert done.code == -signal.SIGKILL
    assert sorted(path.name for path in stack.iterdir()) == [".git", "main.tf"]
    assert (stack / "main.tf").read_text() == text


def test_where_a_file_needs_a_name_nothing_is_left_either(stack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "O_TMPFILE")
    (stack / "taken").mkdir()

    with pytest.raises(ZeroDivisionError), new_file(stack / "out"):
        raise ZeroDivisionError
    with pytest.raises(OSError, match="directory"), new_file(stack / "taken"):
        pass
    with new_file(stack / "out") as file:
        file.write(b"whole")

    assert sorted(path.name for path in stack.iterdir()) == ["main.tf", "out", "taken"]
    assert (stack / "out").read_text() == "whole"


HELD = """\
import signal, sys
from restore_ready._new_file import new_file
from restore_ready._temporary_folder import temporary_folder
with temporary_folder() as folder:
    print(folder, flush=True)
    signal.pause()
"""


def started(folder: Path) -> tuple[subprocess.Popen[str], Path]:
    """Start a process that holds a temporary folder below *folder*."""
    environment = {**os.environ, "TMPDIR": str(folder)}
    process = subprocess.Popen([sys.executable, "-c", HELD], env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def test_temporary_folders_of_killed_commands_go_with_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    killed, left = started(tmp_path)
    killed.kill()
    killed.wait()
    alive, held = started(tmp_path)
    fresh = tmp_path / "tmp-of-restore-ready-abcdefgh"
    other = tmp_path / "restore-ready-reports"
    fresh.mkdir()
    other.mkdir()
    hour_ago = time.time() - 3600
    for folder in (left, held, other):
        os.utime(folder, (hour_ago, hour_ago))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    try:
        with temporary_folder() as own:
            assert sorted(tmp_path.iterdir()) == sorted([held, fresh, other, own])
    finally:
        alive.kill()
        alive.wait()
    assert sorted(tmp_path.iterdir()) == sorted([held, fresh, other])


TOLD_TO_END = """\
import os, signal, sys
from restore_ready.cli import main
from restore_ready.live import _audit
_audit.take_one = lambda *arguments: os.kill(os.getpid(), signal.SIGTERM)
main()
"""


def test_what_is_told_to_end_cleans_up(stack: Path, tmp_path: Path) -> None:
    temporary = write(tmp_path / "temporary", {})

    done = run_process(stack, "audit", code=TOLD_TO_END, environment={"TMPDIR": str(temporary)})

    assert (done.code, list(temporary.iterdir())) == (128 + signal.SIGTERM, [])
