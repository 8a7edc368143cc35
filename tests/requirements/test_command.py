"""``restore-ready requirements check`` and ``init``."""

from __future__ import annotations

from pathlib import Path

from tests.support.command import run, run_process
from tests.support.requirements import FULL, load, write

from restore_ready.requirements._starter import STARTER


def test_check_says_that_a_file_is_sound(tmp_path: Path) -> None:
    write(tmp_path, requirements=FULL)

    for arguments in ((), ("restore-ready.yaml",)):
        done = run(tmp_path, "requirements", "check", *arguments)
        assert (done.code, done.err) == (0, "")
        assert "restore-ready.yaml: sound; 1 override, 1 exception" in done.out


def test_check_lists_every_mistake_and_ends_with_2(tmp_path: Path) -> None:
    write(tmp_path, requirements="version: 1\nbackup:\n  every: 60\n  keep: 3d\n")

    done = run(tmp_path, "requirements", "check")

    assert done.code == 2
    assert done.err == (
        "restore-ready: the requirements can't be used:\n"
        "  restore-ready.yaml:3: backup.every: '60' has no unit: write 60m, 60h or 60d\n"
        "  restore-ready.yaml:4: backup.keep: no such key. Did you mean 'keep_at_most'?\n"
    )


def test_check_without_a_file_says_how_to_get_one(tmp_path: Path) -> None:
    done = run(tmp_path, "requirements", "check")

    assert (done.code, "restore-ready requirements init" in done.err) == (2, True)


def test_init_writes_a_file_that_can_be_used_and_never_overwrites(tmp_path: Path) -> None:
    first = run_process(tmp_path, "requirements", "init")
    written = (tmp_path / "restore-ready.yaml").read_text()
    again = run(tmp_path, "requirements", "init", ".")

    assert (first.code, again.code) == (0, 2)
    assert "is there already" in again.err
    assert (tmp_path / "restore-ready.yaml").read_text() == written
    assert run_process(tmp_path, "requirements", "check").code == 0


def test_init_can_name_the_file(tmp_path: Path) -> None:
    assert run(tmp_path, "requirements", "init", "policy.yaml").code == 0
    assert run(tmp_path, "requirements", "init", "no/such/folder.yaml").code == 2
    assert run(tmp_path, "requirements", "check", "policy.yaml").code == 0


def test_everything_the_starter_suggests_can_be_used(tmp_path: Path) -> None:
    """Take the comment signs off the suggestions, which are indented or have a key."""
    lines = [line for line in STARTER.splitlines() if not line.startswith("# yaml-language-server")]
    suggested = [line.replace("# ", "", 1) if _is_suggestion(line) else line for line in lines]
    requirements_file = load(tmp_path, "\n".join(suggested))

    assert (requirements_file.inline, requirements_file.scan.exclude) == (False, (str(tmp_path / "legacy/**"),))
    assert (len(requirements_file.overrides), len(requirements_file.exceptions), requirements_file.base.copy_only) == (
        1,
        1,
        ("*-dr",),
    )
    assert (
        requirements_file.base.keep_at_least,
        len(requirements_file.base.blackouts),
        requirements_file.base.within,
    ) == (35, 2, 240)


def _is_suggestion(line: str) -> bool:
    bare = line.replace("# ", "", 1)
    key = bare.strip().removeprefix("- ").partition(":")[0]
    return line.lstrip().startswith("#") and key != bare.strip() and " " not in key
