"""tests/constraints.txt pins all that make installs, for every version of Python."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from tools.make_constraints import (
    CONSTRAINTS,
    RUNTIME,
    Check,
    check,
    direct_requirements,
    pythons,
    read_requirements,
    runtime_requirements,
)

RUNNING = "{}.{}".format(*sys.version_info)


def faults(tmp_path: Path, text: str) -> list[str]:
    file = tmp_path / "constraints.txt"
    file.write_text(text)
    return check(read_requirements(file), RUNNING).faults


def without(name: str) -> str:
    """Return the pins less those of package *name*."""
    lines = CONSTRAINTS.read_text().splitlines(keepends=True)
    left = [line for line in lines if not line.startswith(f"{name}==")]
    assert len(left) < len(lines)
    return "".join(left)


def test_the_supported_versions_of_python_are_checked() -> None:
    assert pythons() == ["3.10", "3.11", "3.12", "3.13"]
    assert RUNNING in pythons()


@pytest.mark.parametrize("python", pythons())
def test_all_that_is_installed_is_pinned_and_nothing_contradicts(python: str) -> None:
    found = check(read_requirements(CONSTRAINTS), python)

    assert not found.faults, "\n".join([*found.faults, "run make lock"])


def test_what_is_installed_is_followed_through() -> None:
    found = check(read_requirements(CONSTRAINTS), RUNNING)

    assert found.unfollowed.isdisjoint({"boto3", "botocore", "checkov", "cfn-lint", "dask", "distributed", "moto"})


def test_checkov_and_boto3_fit_together() -> None:
    lines = CONSTRAINTS.read_text().splitlines()

    assert {"checkov==3.3.30", "boto3==1.35.49"} <= set(lines)


@pytest.mark.parametrize("requirement", direct_requirements(), ids=str)
def test_what_is_asked_for_by_name_is_missed(tmp_path: Path, requirement: Requirement) -> None:
    told = faults(tmp_path, without(requirement.name.lower()))

    assert (
        f"Python {RUNNING}: {requirement.name}, which pyproject.toml or tools/requirements.txt requires, has no pin"
        in told
    )


@pytest.mark.parametrize("name", ["botocore", "dask", "flask-cors", "pluggy", "werkzeug"])
def test_what_is_required_by_what_is_required_is_missed(tmp_path: Path, name: str) -> None:
    told = faults(tmp_path, without(name))

    assert [fault for fault in told if f": {name}, which" in fault.lower() and fault.endswith("requires, has no pin")]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("boto3==1.35.49", "boto3==1.36.0", "requires boto3<1.36, the pin is ==1.36.0"),
        ("boto3==1.35.49", "boto3>=1.35.49", "'boto3>=1.35.49' is no plain pin"),
        ("boto3==1.35.49", "boto3[crt]==1.35.49", "'boto3[crt]==1.35.49' is no plain pin"),
        ("boto3==1.35.49", "boto3==1.35.49\nBoto3==1.35.50", "boto3 is pinned twice"),
        ("boto3==1.35.49", "boto3==1.35.49 ; python_version < '3.9'", "boto3, which"),
    ],
)
def test_a_pin_that_does_not_hold_is_told(tmp_path: Path, old: str, new: str, why: str) -> None:
    told = faults(tmp_path, CONSTRAINTS.read_text().replace(old, new))

    assert [fault for fault in told if why in fault]


def test_it_names_no_registry_no_place_and_no_option() -> None:
    lines = [line for line in CONSTRAINTS.read_text().splitlines() if not line.startswith("#")]

    assert lines
    assert not [line for line in lines if line.startswith("-") or "/" in line or "@" in line]


@pytest.mark.parametrize("python", pythons())
def test_what_the_action_and_the_container_install_is_pinned_by_hash(python: str) -> None:
    found = Check(read_requirements(RUNTIME), python)
    found.follow(runtime_requirements(), "pyproject.toml")

    assert not found.faults, "\n".join([*found.faults, "run make lock"])
    assert set(read_requirements(RUNTIME)) <= set(read_requirements(CONSTRAINTS))
    assert RUNTIME.read_text().count(" \\\n    --hash=sha256:") > len(read_requirements(RUNTIME))
