"""Who may import whom: the core knows no source and no host, rules know neither, and only adapters know hosts."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import restore_ready

PACKAGE = Path(restore_ready.__file__).parent
OURS = "restore_ready"

LAYERS: dict[str, tuple[set[str], set[str]]] = {
    "model": ({"model"}, set()),
    "iam": ({"model", "iam"}, set()),
    "core": ({"model", "iam", "core"}, set()),
    "catalogue finder": ({"model", "core", "catalog"}, set()),
    "requirements": ({"model", "core", "requirements"}, {"yaml"}),
    "orchestration": ({"model", "core", "requirements", "orchestration", "readers"}, set()),
    "catalog": ({"model", "iam", "core", "catalog"}, set()),
    "readers": ({"model", "iam", "core", "readers"}, {"yaml", "tfparse"}),
    "live": ({"model", "core", "live"}, {"boto3", "botocore", "distributed", "yaml"}),
    "live orchestration": ({"model", "core", "orchestration", "readers", "live"}, set()),
    "cures": (
        {"model", "iam", "core", "orchestration", "readers", "cures"},
        {"yaml"},
    ),
    "reports": ({"model", "core", "orchestration", "reports"}, {"click"}),
    "runbook": ({"model", "iam", "core", "orchestration", "reports", "runbook"}, {"jinja2"}),
    "cli": (
        {"model", "core", "requirements", "orchestration", "live", "cures", "reports", "runbook", "cli"},
        {"click", "rich"},
    ),
    "live command": ({"model", "core", "live", "cli"}, {"click"}),
    "host command": ({"reports", "cli", "hosts"}, {"click"}),
    "hosts": ({"model", "core", "requirements", "orchestration", "readers", "reports", "hosts"}, set()),
    "Checkov adapter": ({"model", "core", "orchestration", "readers", "reports", "hosts"}, {"checkov"}),
    "cfn-lint adapter": (
        {"model", "core", "requirements", "orchestration", "readers", "reports", "hosts"},
        {"cfnlint"},
    ),
}
"""Each layer: the layers and the libraries that it may import."""

EXCEPTIONS = {
    "_changes": "model",
    "_values": "model",
    "_policy": "model",
    "_model": "model",
    "_place": "model",
    "_resources": "model",
    "_procedure": "model",
    "_evidence": "model",
    "_identities": "model",
    "live._facts": "model",
    "_verdict": "model",
    "__main__": "cli",
    "_reading": "orchestration",
    "_scan": "orchestration",
    "_snapshots": "live orchestration",
    "_rule": "catalogue finder",
    "cfn_lint": "cfn-lint adapter",
    "cli._doctor_command": "host command",
    "cli._checks_dir_command": "host command",
    "cli._iam_policy_command": "live command",
}

MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts)


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


def layer(module: str) -> str:
    if module in EXCEPTIONS:
        return EXCEPTIONS[module]
    top, _, rest = module.partition(".")
    if top == "hosts" and rest.startswith("_checkov"):
        return "Checkov adapter"
    if top == "hosts" and rest.startswith("_cfn_lint"):
        return "cfn-lint adapter"
    return top if top in LAYERS else "core"


def imports(path: Path) -> Iterator[str]:
    """Give what *path* imports anywhere in it, as ``package`` or ``package.module``."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            assert node.module is not None
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imported_layer(name: str) -> str:
    """Give the layer of one of our modules, or of a name within it."""
    module = name.removeprefix(f"{OURS}.")
    while module and not (PACKAGE.joinpath(*module.split(".")).exists() or _file(module).exists()):
        module = module.rpartition(".")[0]
    found = layer(module) if module else "model"
    return {
        "catalogue finder": "core",
        "live orchestration": "orchestration",
        "Checkov adapter": "hosts",
        "cfn-lint adapter": "hosts",
    }.get(found, found)


def _file(module: str) -> Path:
    return PACKAGE.joinpath(*module.split(".")).with_suffix(".py")


@pytest.mark.parametrize("path", MODULES, ids=[module_name(path) or "__init__" for path in MODULES])
def test_a_module_imports_only_what_its_layer_may(path: Path) -> None:
    allowed_layers, allowed_libraries = LAYERS[layer(module_name(path))]
    for name in imports(path):
        top = name.partition(".")[0]
        if top == OURS:
            assert imported_layer(name) in allowed_layers, name
        else:
            assert top in sys.stdlib_module_names or top in allowed_libraries, name


def test_the_terraform_evaluator_is_imported_in_one_place() -> None:
    users = {module_name(path) for path in MODULES if "tfparse" in {name.partition(".")[0] for name in imports(path)}}
    assert len(users) == 1
    assert users.pop().startswith("readers.terraform.")


PROBE = """
import json, sys
from restore_ready.cli import main
try:
    main(["scan", sys.argv[1], "-o", "json"])
except SystemExit:
    sys.stderr.write(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def test_a_scan_imports_neither_host_nor_the_aws_sdk(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('resource "aws_backup_vault" "v" {\n  name = "v"\n}\n')
    (tmp_path / "t.yaml").write_text("Resources:\n  V:\n    Type: AWS::Backup::BackupVault\n")
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(tmp_path)], capture_output=True, text=True, timeout=60, check=True
    )
    loaded = set(json.loads(done.stderr))
    assert json.loads(done.stdout)["summary"]["sources"] == 2
    assert loaded.isdisjoint({"checkov", "cfnlint", "boto3", "botocore", "jinja2", "rich", "moto"})
