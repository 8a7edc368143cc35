"""How does a scan run where its command line does not say it? Section ``scan`` of a requirements file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, field


class ScanSettings(Struct, frozen=True):
    """What a requirements file says about scans; each as the option of that name. Paths are absolute or from here.

    Attributes:
        strict: ``None`` where nothing is said.
        exclude: globs; one without ``/`` is that of a name at any depth.
        baseline: ``None`` for none.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str = ""
    strict: bool | None = None
    output: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    var_files: tuple[Path, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    baseline: Path | None = None


def settings_of(values: Mapping[str, Any], folder: Path, globs_from: Path) -> ScanSettings:
    """Return the settings that *values* of the section's keys give; their files are meant from *folder*."""
    given = dict(values)
    if "output" in given:
        given["output"] = tuple(_output(word, folder) for word in given["output"])
    if "exclude" in given:
        given["exclude"] = tuple(_glob(pattern, globs_from) for pattern in given["exclude"])
    if "var_files" in given:
        given["var_files"] = tuple(folder / name for name in given["var_files"])
    if "baseline" in given:
        given["baseline"] = folder / given["baseline"]
    return ScanSettings(**given)


def _output(word: str, folder: Path) -> str:
    name, has_file, file = word.partition("=")
    return f"{name}={folder / file}" if has_file and file else word


def _glob(pattern: str, folder: Path) -> str:
    bare = pattern.rstrip("/")
    return str(folder / bare) if "/" in bare else bare
