"""A wheel holds every package and what it reads: an editable installation, as tests use it, would miss none of it."""

import tomli
from tests.support.paths import ROOT

TOP = ROOT / "rules"
SETUPTOOLS = tomli.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]


def test_the_wheel_holds_every_package() -> None:
    found = {".".join(path.parent.relative_to(TOP).parts) for path in (TOP / "restore_ready").rglob("__init__.py")}

    assert SETUPTOOLS["packages"] == sorted({*found, "restore_ready.custom_checks"})


def test_the_wheel_holds_what_packages_read() -> None:
    files = {path for path in (TOP / "restore_ready").rglob("*") if path.is_file()}
    data = {path for path in files if path.suffix not in {".py", ".pyc"}}
    shipped = {
        file
        for package, patterns in SETUPTOOLS["package-data"].items()
        for pattern in patterns
        for file in (TOP / package.replace(".", "/")).glob(pattern)
    }

    assert data - shipped == set()
