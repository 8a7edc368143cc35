"""Where is a resource written, by its address?"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from functools import cached_property
from pathlib import Path

from restore_ready._bounded_read import read_file
from restore_ready._errors import UnreadableError
from restore_ready.fixes._hcl import read_hcl
from restore_ready.fixes._node import ByHandError, Entry, Node, mapping
from restore_ready.fixes._write import Writer
from restore_ready.fixes._yaml import read_json, read_yaml
from restore_ready.model import Target
from restore_ready.readers.terraform._addresses import bare, steps

_LARGEST = 4_000_000


class Language(Enum):
    """How a source is written."""

    HCL = "HCL"
    TERRAFORM_JSON = "Terraform JSON"
    YAML = "YAML"
    JSON = "JSON"


class SourceFile:
    """One file with its tree and the edits to it."""

    def __init__(self, path: Path) -> None:
        """Read *path*.

        Raises:
            ByHandError: if it can't be read as text.
        """
        self.path = path
        try:
            self.text = read_file(path, _LARGEST).decode()
        except UnreadableError as error:
            msg = f"its file {error.why}"
            raise ByHandError(msg) from error
        except UnicodeDecodeError as error:
            msg = "its file is not UTF-8"
            raise ByHandError(msg) from error
        self.language = _language(path, self.text)

    @cached_property
    def root(self) -> Node:
        """The tree of the whole file.

        Raises:
            ByHandError: if it is not understood.
        """
        try:
            if self.language is Language.HCL:
                return read_hcl(self.text)
            return read_yaml(self.text) if self.language is Language.YAML else read_json(self.text)
        except RecursionError as error:
            msg = "its file is nested too deep"
            raise ByHandError(msg) from error

    def writer(self) -> Writer:
        """Return a writer of edits to this file."""
        return Writer(self.text)


def _language(path: Path, text: str) -> Language:
    if path.name.endswith((".tf", ".tofu")):
        return Language.HCL
    if path.name.endswith((".tf.json", ".tofu.json")):
        return Language.TERRAFORM_JSON
    return Language.JSON if text.lstrip("\ufeff \t\r\n").startswith("{") else Language.YAML


class Sources:
    """The files of one run, each read once."""

    def __init__(self) -> None:
        """Begin with none."""
        self._files: dict[Path, SourceFile | ByHandError] = {}

    def file(self, path: Path) -> SourceFile:
        """Return the file at *path*.

        Raises:
            ByHandError: if it can't be read.
        """
        if path not in self._files:
            try:
                self._files[path] = SourceFile(path)
            except ByHandError as error:
                self._files[path] = error
        found = self._files[path]
        if isinstance(found, ByHandError):
            raise found
        return found

    def resource(self, target: Target) -> Resource:
        """Return the resource that *target* means.

        Raises:
            ByHandError: if it is not written in a file that can be changed.
        """
        if not target.place.line:
            msg = "its source has no lines"
            raise ByHandError(msg)
        if target.place.file.endswith(".hcl"):
            msg = "a unit of Terragrunt's generates it: change what it generates"
            raise ByHandError(msg)
        file = self.file(Path(target.place.file))
        if file.language in (Language.HCL, Language.TERRAFORM_JSON):
            return _terraform(file, target)
        return _template(file, target)

    def neighbours(self, file: SourceFile) -> Iterator[SourceFile]:
        """Yield the configuration files of the same module, *file* itself among them.

        Raises:
            ByHandError: if one of them can't be read.
        """
        for path in sorted(file.path.parent.iterdir()):
            if path.name.endswith((".tf", ".tofu")):
                yield self.file(path)


class Resource:
    """A resource where it is written.

    Attributes:
        body: its attributes or properties.
        whole: the entry that holds it all.
        name: what it is called in its source: the label in Terraform, the logical id in a template.
    """

    def __init__(self, file: SourceFile, kind: str, name: str, whole: Entry, body: Node) -> None:
        """Take what was found."""
        self.file = file
        self.type = kind
        self.name = name
        self.whole = whole
        self.body = body

    @property
    def is_template(self) -> bool:
        """Whether it stands in a CloudFormation template."""
        return self.file.language in (Language.YAML, Language.JSON)

    @property
    def is_repeated(self) -> bool:
        """Whether it has ``count`` or ``for_each``, or exists only on a condition."""
        if self.is_template:
            return mapping(self.whole.value).entry("Condition") is not None
        return any(self.body.entry(argument) is not None for argument in ("count", "for_each"))


def _terraform(file: SourceFile, target: Target) -> Resource:
    found = steps(target.address)[-2:]
    if len(found) < 2 or "data" in steps(target.address)[-3:-2]:  # noqa: PLR2004  # type and name
        msg = "it is no resource of its own"
        raise ByHandError(msg)
    kind, name = found[0], bare(found[1])
    if file.language is Language.HCL:
        entries = [entry for entry in file.root.all("resource") if entry.value.labels == (kind, name)]
        if len(entries) == 1:
            return Resource(file, kind, name, entries[0], entries[0].value)
    else:
        by_type = file.root.entry("resource")
        by_name = mapping(by_type.value).entry(kind) if by_type else None
        entry = mapping(by_name.value).entry(name) if by_name else None
        if entry is not None:
            return Resource(file, kind, name, entry, mapping(_only(entry.value)))
    msg = "it is not found in its file"
    raise ByHandError(msg)


def _only(node: Node) -> Node:
    """Return the one element of a list, as Terraform's JSON may write a block; anything else as it is."""
    return node.items[0] if node.items and len(node.items) == 1 else node


def _template(file: SourceFile, target: Target) -> Resource:
    if mapping(file.root).entry("planned_values") is not None:
        msg = "a plan is no source: scan the configuration that it was made from"
        raise ByHandError(msg)
    resources = mapping(file.root).entry("Resources")
    whole = mapping(resources.value).entry(target.address) if resources else None
    if whole is None:
        msg = "it is not written in its template as it stands there"
        raise ByHandError(msg)
    kind = mapping(whole.value).entry("Type")
    properties = mapping(whole.value).entry("Properties")
    if kind is None or kind.value.text is None or properties is None:
        msg = "it has no properties in its template"
        raise ByHandError(msg)
    return Resource(file, kind.value.text, target.address, whole, mapping(properties.value))
