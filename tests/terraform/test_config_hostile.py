"""No configuration hangs the reader, crashes it or fills the memory; what is beside it is read."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from tests.terraform._hostile import FILES, laid_out, with_links
from tests.terraform._written import by_address, evaluated, values

from restore_ready.readers.terraform.configuration import read_root
from restore_ready.readers.terraform.language import Unknown

_LOST: Final = frozenset({"open brackets", "open texts", "notes", "heredocs"})
"""In these, what is broken reaches to the end."""

_PROBE: Final = """
import json, re, sys, time
from pathlib import Path
from restore_ready.readers.terraform.configuration import read_root
before = time.process_time()
evaluation = read_root(Path(sys.argv[1]))
print(json.dumps({
    "seconds": time.process_time() - before,
    "megabytes": int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024,
    "vault": any(resource.address.endswith("aws_backup_vault.ok") for resource in evaluation.resources),
    "gaps": len(evaluation.gaps),
}))
"""


_COSTLY: Final = ("cube", "doubled concat", "open choice as count", "fan of modules", "many blocks", "many arguments")
"""These take a second and more each: `make proofs` runs them."""


@pytest.mark.thorough
@pytest.mark.skipif(
    not Path("/proc/self/status").exists(),
    reason="memory is read from Linux's /proc: ru_maxrss of a child counts its parent's",
)
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) if name in _COSTLY else name for name in FILES]
)
def test_it_ends_soon_within_the_memory(name: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", _PROBE, str(laid_out(tmp_path, name))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    told = json.loads(done.stdout)
    assert told["seconds"] < 15
    assert told["megabytes"] < 200
    assert told["vault"] or (name in _LOST and told["gaps"])


def test_files_that_are_none_or_lie_elsewhere_are_not_read(tmp_path: Path) -> None:
    found = by_address(read_root(with_links(tmp_path)))
    for address, resource in found.items():
        value = values(resource.body)["name"]
        assert isinstance(value, Unknown) or address == "aws_backup_vault.ok", address


def test_the_interpreter_is_left_as_it_was(tmp_path: Path) -> None:
    limit = sys.getrecursionlimit()
    evaluated(tmp_path, "")
    assert (sys.getrecursionlimit(), gc.isenabled()) == (limit, True)
    gc.disable()
    try:
        evaluated(tmp_path, "")
        assert not gc.isenabled()
    finally:
        gc.enable()
