"""Write the pins of every package that make installs; ``--check`` only says what is missing or does not fit.

uv resolves once for all supported versions of Python and writes a marker where they differ. Pins that still fit stay;
``--upgrade`` takes the newest of all that pyproject.toml allows, ``--output`` writes elsewhere. Of these, what
the command needs to run goes into tools/runtime.txt with its hashes: the Action and the container take nothing else.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, requires
from itertools import chain
from pathlib import Path
from typing import Any, Final

import tomli
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).parent.parent
CONSTRAINTS: Final = ROOT / "tests" / "constraints.txt"
TOOLS: Final = ROOT / "tools" / "requirements.txt"
RUNTIME: Final = ROOT / "tools" / "runtime.txt"
_HEADER: Final = """\
# Every package that make test, lint, demo, site and lock install, and what builds this one.
# Written by `make lock`, which keeps the pins that still fit; `make lock UPGRADE=1` takes the newest.
"""
_RUNTIME_HEADER: Final = """\
# What the command needs to be built and run, with hashes, for the GitHub Action and the container.
# Written by `make lock`, from tests/constraints.txt.
"""
_VERSION: Final = "Programming Language :: Python :: 3."


def _project() -> Mapping[str, Any]:
    settings: dict[str, Any] = tomli.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return settings


def pythons() -> list[str]:
    """Return the versions of Python that the project supports, such as ``3.10``."""
    classifiers = _project()["project"]["classifiers"]
    return ["3." + line.removeprefix(_VERSION) for line in classifiers if line.startswith(_VERSION)]


def direct_requirements() -> list[Requirement]:
    """Return what is asked for by name: to build, to run, for each extra, and for this tool."""
    settings = _project()
    extras: Mapping[str, list[str]] = settings["project"]["optional-dependencies"]
    texts = [*settings["build-system"]["requires"], *settings["project"]["dependencies"], *chain(*extras.values())]
    return [*map(Requirement, texts), *read_requirements(TOOLS)]


def runtime_requirements() -> list[Requirement]:
    """Return what is asked for by name to build and to run, without extras."""
    settings = _project()
    return [Requirement(text) for text in (*settings["build-system"]["requires"], *settings["project"]["dependencies"])]


def read_requirements(file: Path) -> list[Requirement]:
    """Return the requirements of *file*, or the pins of a file of constraints, without their hashes."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [Requirement(line.removesuffix("\\")) for line in lines if line and not line.startswith(("#", " "))]


class Check:
    """Compares pins with what installed packages require, for one version of Python.

    Attributes:
        faults: what is wrong, a sentence each.
        unfollowed: pinned packages that are not installed here, whose own requirements are therefore unknown.
    """

    def __init__(self, pins: Iterable[Requirement], python: str) -> None:
        """Take *pins* as they stand for *python*, such as ``3.10``."""
        self.faults: list[str] = []
        self.unfollowed: set[str] = set()
        self._python = python
        self._environment = _environment(python)
        self._seen: set[tuple[str, str]] = set()
        self._pins: dict[str, Requirement] = {}
        for pin in pins:
            if pin.marker is None or pin.marker.evaluate(self._environment):
                self._take(pin)

    def follow(self, requirements: Iterable[Requirement], by: str, extra: str = "") -> None:
        """Follow the *requirements* of package *by*, with its *extra*, and theirs."""
        for requirement in requirements:
            if requirement.marker is None or requirement.marker.evaluate({**self._environment, "extra": extra}):
                self._compare(requirement, by)
                for wanted in ("", *sorted(requirement.extras)):
                    self._descend(canonicalize_name(requirement.name), wanted)

    def _take(self, pin: Requirement) -> None:
        name = canonicalize_name(pin.name)
        if name in self._pins:
            self._say(f"{name} is pinned twice")
        if [part.operator for part in pin.specifier] != ["=="] or pin.url or pin.extras:
            self._say(f"'{pin}' is no plain pin: NAME==VERSION, and a marker at most")
        self._pins[name] = pin

    def _compare(self, requirement: Requirement, by: str) -> None:
        pin = self._pins.get(canonicalize_name(requirement.name))
        if pin is None:
            self._say(f"{requirement.name}, which {by} requires, has no pin")
        elif not all(requirement.specifier.contains(part.version, prereleases=True) for part in pin.specifier):
            self._say(f"{by} requires {requirement.name}{requirement.specifier}, the pin is {pin.specifier}")

    def _descend(self, name: str, extra: str) -> None:
        if (name, extra) in self._seen:
            return
        self._seen.add((name, extra))
        try:
            self.follow(_requirements_of(name), name, extra)
        except PackageNotFoundError:
            self.unfollowed.add(name)

    def _say(self, what: str) -> None:
        fault = f"Python {self._python}: {what}"
        if fault not in self.faults:
            self.faults.append(fault)


@cache
def _requirements_of(name: str) -> list[Requirement]:
    return [Requirement(text) for text in requires(name) or ()]


def _environment(python: str) -> dict[str, str]:
    environment = {name: str(value) for name, value in default_environment().items()}
    if environment["python_version"] != python:
        environment |= {"python_version": python, "python_full_version": f"{python}.99"}
    return {**environment, "extra": ""}


def check(pins: Iterable[Requirement], python: str) -> Check:
    """Return what was found of *pins* for *python*: all that is asked for by name, and what of it is installed."""
    found = Check(list(pins), python)
    found.follow(direct_requirements(), "pyproject.toml or tools/requirements.txt")
    return found


def resolve(before: Path, *, upgrade: bool) -> str:
    """Return the text of fresh pins, which keep those of *before* that still fit unless *upgrade*.

    Raises:
        SystemExit: if nothing fits together; uv has said why.
    """
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "constraints.txt"
        if before.exists() and not upgrade:
            shutil.copy(before, output)
        return _HEADER + _compiled(output, "--all-extras", str(TOOLS))


def resolve_runtime(pins: Path) -> str:
    """Return those of *pins* that the command needs to be built and run, with their hashes.

    Raises:
        SystemExit: as `resolve` does.
    """
    with tempfile.TemporaryDirectory() as folder:
        options = ("--generate-hashes", "--constraint", str(pins))
        return _RUNTIME_HEADER + _compiled(Path(folder) / "runtime.txt", *options)


def _compiled(output: Path, *options: str) -> str:
    """Have uv write *output*, from what pyproject.toml asks for and what builds it, and return its text."""
    settings = _project()
    oldest = settings["project"]["requires-python"].removeprefix(">=")
    done = subprocess.run(  # noqa: S603  # the pinned uv, with words of our own
        [*_command(oldest), *options, "--output-file", output],
        input="\n".join(settings["build-system"]["requires"]),
        stdout=subprocess.DEVNULL,  # the pins once more
        cwd=ROOT,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(done.returncode)
    return output.read_text(encoding="utf-8")


def _command(oldest: str) -> Iterator[str]:
    yield from (sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--python-version", oldest)
    yield from ("--python", sys.executable, "--no-python-downloads", "--no-header", "--no-annotate")
    yield from ("pyproject.toml", "-")


def main(arguments: list[str]) -> int:
    """Write or check the pins; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--upgrade", action="store_true")
    parser.add_argument("--output", type=Path, default=CONSTRAINTS)
    wanted = parser.parse_args(arguments)
    if not wanted.check:
        wanted.output.write_text(resolve(wanted.output, upgrade=wanted.upgrade), encoding="utf-8")
        if wanted.output == CONSTRAINTS:
            RUNTIME.write_text(resolve_runtime(CONSTRAINTS), encoding="utf-8")
        return 0
    pins = read_requirements(wanted.output)
    found = [check(pins, python) for python in pythons()]
    faults = [fault for checked in found for fault in checked.faults]
    unfollowed = sorted(set.union(*(checked.unfollowed for checked in found)))
    print(f"not installed here, so not followed: {', '.join(unfollowed) or 'none'}")  # noqa: T201  # a command
    print(*faults or ["all is pinned"], sep="\n")  # noqa: T201  # a command
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
