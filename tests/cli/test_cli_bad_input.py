"""Input that can't be judged gives a clear message each, and the rest is still judged."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.support.command import PLAN, run, scanned


def reasons(document: dict[str, Any]) -> dict[str, str]:
    return {one["address"]: one["reason"] for one in document["not_judged"] if one["code"] == "RR001"}


def beside_a_good_stack(folder: Path, name: str, content: bytes) -> dict[str, Any]:
    """Scan *content* beside a sound Terraform folder, and check that the latter was judged."""
    (folder / "good").mkdir()
    (folder / "good" / "main.tf").write_text(PLAN)
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    code, document = scanned(folder)
    assert code == 1
    assert ("RR201", "good/main.tf") in [(one["code"], one["file"]) for one in document["findings"]]
    assert "RR000" not in [one["code"] for one in document["findings"]]
    return document


def test_terraform_that_is_not_hcl(tmp_path: Path) -> None:
    found = reasons(beside_a_good_stack(tmp_path, "bad/main.tf", b"resource {{{ nonsense\n"))
    assert any("bad" in address for address in found)


def test_a_binary_terraform_file(tmp_path: Path) -> None:
    found = reasons(beside_a_good_stack(tmp_path, "bad/main.tf", bytes(range(256)) * 40))
    assert any("bad" in address for address in found)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("template.json", b'{"Resources": {"V": {"Type": "AWS::Backup::BackupVault"}', ""),
        ("template.yaml", b"Resources:\n  V:\n    Type: AWS::Backup::BackupVault\n   Bad: [\n", ""),
        ("template.json", b"{oops", "not JSON"),
        ("stack.yaml", b"\0\1\2\3", "binary"),
        ("plan.json", b'{"format_version": "1.2", "planned_values": [', ""),
        ("plan.json", b'{"format_version": 7, "planned_values": 7, "resource_changes": {"a": 1}}', ""),
    ],
)
def test_files_that_can_not_be_parsed(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    found = reasons(beside_a_good_stack(tmp_path, name, content))
    assert list(found) == [name]
    assert said in found[name]


def test_a_template_of_fifty_megabytes(tmp_path: Path) -> None:
    content = b'{"Resources": {"V": {"Type": "AWS::Backup::BackupVault", "X": "' + b"a" * 50_000_000 + b'"}}}'
    document = beside_a_good_stack(tmp_path, "big.json", content)
    assert "big.json" in reasons(document) or document["summary"]["sources"] == 2


@pytest.mark.parametrize(
    "policy", ["7", "[]", "null", '"text"', '{"Statement": 7}', '{"Statement": [[], 7, {"Effect": ["x"]}]}', "{}"]
)
def test_policies_of_odd_shapes(tmp_path: Path, policy: str) -> None:
    template = {
        "Resources": {
            "V": {
                "Type": "AWS::Backup::BackupVault",
                "Properties": {"BackupVaultName": "v", "AccessPolicy": json.loads(policy)},
            }
        }
    }
    beside_a_good_stack(tmp_path, "odd.json", json.dumps(template).encode())


def test_a_module_that_calls_itself_is_told_and_the_rest_is_judged(tmp_path: Path) -> None:
    for name in ("good", "loop"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text(PLAN)
    with (tmp_path / "loop" / "main.tf").open("a") as file:
        file.write('module "again" {\n  source = "../loop"\n}\n')
    code, document = scanned(tmp_path)
    assert code == 1
    assert {"good/main.tf", "loop/main.tf"} <= {one["file"] for one in document["findings"]}
    assert reasons(document)["module.again"].endswith("modules call each other in a circle")


def test_an_empty_folder_is_said_to_be_empty(tmp_path: Path) -> None:
    done = run(tmp_path, "scan")
    assert done.code == 0
    assert "nothing to judge in ." in done.err


def test_a_file_given_by_name_that_is_none_of_ours_is_incomplete(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("# notes\n")
    code, document = scanned(tmp_path, "notes.md")
    assert code == 3
    assert "neither Terraform" in reasons(document)["notes.md"]


def test_standard_output_may_be_closed_early(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(PLAN)
    with subprocess.Popen(
        [sys.executable, "-m", "restore_ready", "scan"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert "Traceback" not in process.stderr.read()


def test_a_root_of_which_nothing_could_be_read_is_incomplete(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text("resource {{{ nonsense\n")
    code, document = scanned(tmp_path)
    assert (code, document["findings"]) == (3, [])
    assert document["summary"]["sources"] == 0
