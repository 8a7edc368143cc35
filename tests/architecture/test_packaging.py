"""A wheel holds every package: an editable installation, as tests use it, would not notice that one is missing."""

import tomli
from tests.support.paths import ROOT


def test_the_wheel_holds_every_package() -> None:
    top = ROOT / "rules"
    found = {".".join(path.parent.relative_to(top).parts) for path in (top / "restore_ready").rglob("__init__.py")}
    listed = tomli.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]

    assert listed == sorted({*found, "restore_ready.custom_checks"})
