"""Only regular files are read, and no more of them than was asked for, however they grow."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from restore_ready import UnreadableError
from restore_ready._bounded_read import read_file, read_start


def test_a_file_is_read_whole_up_to_the_limit(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"12345")
    assert read_file(file, 5) == b"12345"
    assert read_start(file, 3) == b"123"
    with pytest.raises(UnreadableError, match="is larger than 4 bytes"):
        read_file(file, 4)


@pytest.mark.parametrize("told", [0, 1, 90])
def test_a_file_that_grows_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: int) -> None:
    """As does one of /proc, which says of itself that it is empty."""
    file = tmp_path / "a"
    file.write_bytes(b"x" * 100)
    stat = file.stat()
    monkeypatch.setattr(os, "fstat", lambda _: os.stat_result((*stat[:6], told, *stat[7:])))
    assert read_file(file, 100) == b"x" * 100
    assert read_start(file, 99) == b"x" * 99
    with pytest.raises(UnreadableError, match="is larger than"):
        read_file(file, 99)


def test_what_is_no_regular_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("/dev/zero")
    for name, why in (("pipe", "no regular file"), ("link", "no regular file"), ("", "a folder"), ("none", "No such")):
        with pytest.raises(UnreadableError, match=why):
            read_file(tmp_path / name, 5)
