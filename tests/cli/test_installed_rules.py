"""Rules that an installed package brings are put wherever ours are, and only there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import tomli
from tests.support.command import PLAN, PLAN_IN_TEMPLATE, run, run_json, run_process
from tests.support.hosts import run_cfn_lint, run_checkov
from tests.support.paths import ROOT

from restore_ready.catalog import _finder

PAGE = (ROOT / "docs" / "own-rules.md").read_text(encoding="utf-8")
(RULE,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
(PROJECT,) = (tomli.loads(text)["project"] for text in re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL))
MODULE = "rr901_plan_without_owner"
((GROUP, ENTRIES),) = PROJECT["entry-points"].items()
ENTRY = f"[{GROUP}]\n" + "".join(f"{name} = {value}\n" for name, value in ENTRIES.items())
INFO = "acme_backups-1.0.dist-info"
INSTALLED = {
    "acme_backups/__init__.py": "",
    f"acme_backups/{MODULE}.py": RULE,
    f"{INFO}/METADATA": f"Metadata-Version: 2.1\nName: {PROJECT['name']}\nVersion: {PROJECT['version']}\n",
    f"{INFO}/entry_points.txt": ENTRY,
}
WHEEL = {
    **INSTALLED,
    f"{INFO}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    f"{INFO}/RECORD": "".join(f"{name},,\n" for name in [*INSTALLED, f"{INFO}/WHEEL", f"{INFO}/RECORD"]),
}
NIGHT = ("RR901", "aws_backup_plan.night")


@pytest.fixture
def stack(tmp_path: Path) -> Path:
    folder = tmp_path / "stack"
    folder.mkdir()
    (folder / "main.tf").write_text(PLAN)
    (folder / "template.yaml").write_text(PLAN_IN_TEMPLATE)
    return folder


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of installed packages, which has ``acme-backups``."""
    folder = tmp_path / "packages"
    for name, text in INSTALLED.items():
        _write(folder / name, text)
    monkeypatch.syspath_prepend(folder)
    _finder._found.cache_clear()  # noqa: SLF001  # it holds for a process, in which nothing is installed as a rule
    yield folder
    _finder._found.cache_clear()  # noqa: SLF001  # likewise
    for name in [name for name in sys.modules if name.startswith("acme_backups")]:
        del sys.modules[name]


def test_they_are_put_and_say_where_they_come_from(stack: Path, packages: Path) -> None:
    done = run_json(stack, "--select", "RR9")

    assert packages.is_dir()
    assert (done.code, done.findings()) == (1, [NIGHT, ("RR901", "Night")])
    assert "Every backup plan is named after its team. (acme-backups 1.0)\n" in run(stack, "rules").out
    assert {row["origin"] for row in json.loads(run(stack, "rules", "-o", "json").out)} == {
        "restore-ready",
        "acme-backups 1.0",
    }


@pytest.mark.usefixtures("packages")
def test_they_stand_beside_those_of_folders(stack: Path, tmp_path: Path) -> None:
    _write(tmp_path / "own" / "rr902_other.py", RULE.replace('"RR901"', '"RR902"'))

    assert run_json(stack, "--rules", "../own", "--select", "RR9").findings() == [
        NIGHT,
        ("RR902", "aws_backup_plan.night"),
        ("RR901", "Night"),
        ("RR902", "Night"),
    ]


def test_an_entry_point_may_name_one_module(stack: Path, packages: Path) -> None:
    _write(packages / INFO / "entry_points.txt", ENTRY.strip() + f".{MODULE}\n")
    _write(packages / "acme_backups" / "rr902_left_out.py", "import nowhere")

    assert NIGHT in run_json(stack, "--select", "RR9").findings()


def test_entry_points_that_cant_be_read_are_left_out(stack: Path, packages: Path) -> None:
    (packages / "odd-1.0.dist-info" / "entry_points.txt").mkdir(parents=True)

    assert NIGHT in run_json(stack, "--select", "RR9").findings()


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        (f"acme_backups/{MODULE}.py", "import nowhere", "ModuleNotFoundError: No module named 'nowhere'"),
        (f"acme_backups/{MODULE}.py", RULE.replace('"RR901"', '"RR201"'), "those of your own are RR900 to RR999"),
        (f"acme_backups/{MODULE}.py", '"""Page."""\nRULE = 1', "RULE must be a restore_ready.Rule"),
        ("acme_backups/rr902_same.py", RULE, "from acme-backups 1.0 and acme-backups 1.0: give each a code"),
        (f"{INFO}/entry_points.txt", ENTRY.replace("acme_b", "b"), "No module named 'backups'"),
        (f"{INFO}/entry_points.txt", ENTRY + "x = json\n", "no rules in json: name its modules"),
        (f"{INFO}/entry_points.txt", ENTRY + "x = acme_backups:RULE\n", "acme_backups:RULE"),
    ],
)
def test_what_cant_be_loaded_is_wrong_usage(stack: Path, packages: Path, file: str, text: str, said: str) -> None:
    _write(packages / file, text)

    done = run(stack, "scan")

    assert (done.code, done.out) == (2, "")
    assert "restore-ready: can't use rules of your own: " in done.err
    assert "acme-backups 1.0" in done.err
    assert said in done.err


def test_nothing_of_them_is_loaded_where_none_is_installed(stack: Path) -> None:
    code = "import sys; from restore_ready import all_rules; all_rules(); print('importlib.metadata' in sys.modules)"

    assert run_process(stack, code=code).out == "False\n"


@pytest.mark.thorough
@pytest.mark.xdist_group("hosts")
def test_all_hosts_put_a_package_that_pip_installed(stack: Path, tmp_path: Path) -> None:
    wheel, installed = tmp_path / "acme_backups-1.0-py3-none-any.whl", tmp_path / "installed"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in WHEEL.items():
            archive.writestr(name, text)
    options = ["--quiet", "--no-deps", "--no-index", "--target", str(installed)]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, str(wheel)], check=True)
    environment = {"PYTHONPATH": str(installed)}

    scanned = run_process(stack, "scan", "--select", "RR9", "-o", "json", environment=environment)
    told = run_process(stack, "doctor", environment=environment)
    checked = run_checkov(
        *("-d", ".", "--framework", "terraform", "cloudformation", "--check", "RR901", "-o", "json"),
        folder=stack,
        environment=environment,
        anew=True,
    )
    linted = run_cfn_lint(
        *("--append-rules=restore_ready.cfn_lint", "-f", "json", "template.yaml"),
        folder=stack,
        environment=environment,
        anew=True,
    )

    assert NIGHT in scanned.findings()
    assert re.search(r"RR901 +- +your own +acme-backups 1\.0", told.out)
    assert {record.resource for record in checked.records()} == {
        "aws_backup_plan.night",
        "AWS::Backup::BackupPlan.Night",
    }
    assert "WRR901" in json.dumps(linted.matches())


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
