"""Who may import whom: a package imports only those on lower floors, and each library only where it is needed."""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.support.command import run_process

import restore_ready

PACKAGE = Path(restore_ready.__file__).parent
OURS = "restore_ready"

FLOORS = {
    "_errors": 0,
    **dict.fromkeys(
        (
            "model",
            "_bounded_read",
            "_git",
            "_json_text",
            "_left_out",
            "_new_file",
            "_temporary_folder",
            "_words",
            "_version",
            "_yaml_events",
        ),
        1,
    ),
    **dict.fromkeys(("iam", "index", "live"), 2),
    "coverage": 3,
    **dict.fromkeys(("timing", "history", "readers"), 4),
    "vaults": 5,
    "access": 6,
    **dict.fromkeys(("kms", "restore_testing", "file_moves"), 7),
    **dict.fromkeys(("catalog", "who_can_restore"), 8),
    "requirements": 9,
    "engine": 10,
    "readiness": 11,
    "scanning": 12,
    **dict.fromkeys(("fixes", "hosts", "reports"), 13),
    "runbook": 14,
    "cli": 15,
    **dict.fromkeys(("__init__", "__main__", "cfn_lint"), 16),
}
"""The floor of each package and of each module outside of them; the entry points stand above all."""

LIBRARIES = {
    "": {"msgspec"},
    "_yaml_events": {"yaml"},
    "requirements": {"yaml"},
    "readers": {"yaml"},
    "live": {"boto3", "botocore", "distributed", "yaml"},
    "fixes": {"yaml"},
    "hosts": {"checkov", "cfnlint"},
    "cfn_lint": {"cfnlint"},
    "reports": {"click", "jinja2", "markupsafe"},
    "runbook": {"jinja2", "markdown_it"},
    "cli": {"click", "rich"},
}
"""What a package may import of others, beside what every package may."""

MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts)


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


def package(module: str) -> str:
    """Return the package that a module lies in, or the module where it lies in none."""
    return module.partition(".")[0]


@cache
def imports(path: Path) -> frozenset[str]:
    """Return what *path* imports anywhere in it, as ``package`` or ``package.module``."""
    return frozenset(_imports(ast.parse(path.read_bytes()), path))


def _imports(tree: ast.AST, path: Path) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            assert node.module is not None
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imported(path: Path) -> set[str]:
    """Return the packages of ours that *path* imports, and the modules outside of them; not its own."""
    names = {f"{name}.".split(".")[1] for name in imports(path) if package(name) == OURS}
    found = {name if name in FLOORS else "__init__" for name in names}
    return found - {package(module_name(path))}


def libraries(path: Path) -> set[str]:
    """Return what *path* imports that is neither ours nor Python's own."""
    return {package(name) for name in imports(path)} - {OURS, *sys.stdlib_module_names}


def test_every_package_has_a_floor() -> None:
    assert {package(module_name(path)) for path in MODULES} <= FLOORS.keys()
    assert {name for name in FLOORS if not any(PACKAGE.glob(f"{name}*"))} == set()


def test_a_package_imports_only_what_stands_on_lower_floors() -> None:
    upward = {
        f"{module_name(path)} on floor {FLOORS[package(module_name(path))]} imports {name} on floor {FLOORS[name]}"
        for path in MODULES
        for name in imported(path)
        if FLOORS[name] >= FLOORS[package(module_name(path))]
    }

    assert upward == set()


def test_a_package_imports_only_the_libraries_that_it_needs() -> None:
    found = {
        f"{module_name(path)} imports {name}"
        for path in MODULES
        for name in libraries(path) - LIBRARIES[""] - LIBRARIES.get(package(module_name(path)), set())
    }

    assert found == set()


def test_only_the_adapter_of_a_host_imports_it() -> None:
    users = {
        (name, module_name(path))
        for path in MODULES
        for name in libraries(path) & {"checkov", "cfnlint"}
        if package(module_name(path)) == "hosts"
    }

    assert {(name, module.removeprefix("hosts._").partition("_")[0]) for name, module in users} == {
        ("checkov", "checkov"),
        ("cfnlint", "cfn"),
    }


PROBE = """
import json, sys
from restore_ready.cli import main
try:
    main(["scan", *sys.argv[1:], "-o", "json"])
except SystemExit:
    sys.stderr.write(json.dumps(sorted(sys.modules)))
"""


def test_a_scan_imports_neither_host_nor_the_aws_sdk(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('resource "aws_backup_vault" "v" {\n  name = "v"\n}\n')
    (tmp_path / "t.yaml").write_text("Resources:\n  V:\n    Type: AWS::Backup::BackupVault\n")
    done = run_process(tmp_path, ".", code=PROBE)
    modules = set(json.loads(done.err))
    loaded = {package(name) for name in modules}
    assert done.document["summary"]["sources"] == 2
    assert loaded.isdisjoint({"checkov", "cfnlint", "boto3", "botocore", "jinja2", "rich", "moto"})
    assert loaded.isdisjoint({"dataclasses", "distributed", "multiprocessing"})
    assert {name for name in modules if name.startswith(("restore_ready.hosts", "restore_ready.live."))} == set()
