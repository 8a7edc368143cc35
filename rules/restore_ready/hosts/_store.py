"""What do the rules say of one resource, which is what a host asks?"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache, partial
from pathlib import Path
from threading import Lock
from typing import TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from restore_ready._errors import UnreadableError, described
from restore_ready._left_out import LeftOut
from restore_ready.catalog._finder import all_rules
from restore_ready.engine._judge import Judgement, judge
from restore_ready.model import Broken, Estate, Fail, Gap, Reading, Unknown, Verdict, gravity
from restore_ready.requirements._errors import RequirementsError
from restore_ready.requirements._file import Baselined, Excepted, RequirementsFile
from restore_ready.requirements._find import VARIABLE, RequirementsFinder
from restore_ready.scanning._discover import discover
from restore_ready.scanning._elsewhere import attach_elsewhere
from restore_ready.scanning._policies import standing_alone
from restore_ready.scanning._told_exceptions import expired, files_of, unsound

_NOT_ITS_OWN = frozenset({"elsewhere", "exports", "gaps", "histories", "imported", "imports", "tests_elsewhere"})
"""Fields of an estate that list no records that its source declares."""

Outcome: TypeAlias = Verdict | Excepted | Baselined


class Verdicts(Struct, frozen=True):
    """What the rules say about the resources of one root module, plan or template.

    Attributes:
        source: the folder or file.
        verdicts: by rule code and address; at an estate's own address stands a rule that broke on all of it.
        loose: verdicts by rule code and address without indices, for hosts that don't expand ``count``.
        known: the addresses of everything that was read.
        families: the same without indices.
        gaps: what could not be read, and so is missing from `known`.
        stale: exceptions that have expired or can't be accepted.
        unread: why the source could not be read; empty when it could.
        crashed: the error of a reader that broke; empty when none did.
    """

    source: Path
    verdicts: Mapping[tuple[str, str], Outcome] = field(default_factory=dict)
    loose: Mapping[tuple[str, str], Outcome] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()
    gaps: tuple[Gap, ...] = ()
    stale: tuple[Gap, ...] = ()
    unread: str = ""
    crashed: str = ""

    def find(self, code: str, address: str) -> Outcome | None:
        """Return the verdict of rule *code* on the resource at *address*; ``None`` where it judges nothing there."""
        if self.crashed:
            return Broken(self.crashed)
        if self.unread:
            return Unknown(self.unread)
        whole = self.verdicts.get((code, str(self.source)))
        if whole is not None:
            return whole
        if address in self.known:
            return self.verdicts.get((code, address))
        return self.loose.get((code, without_indices(address))) or self._missing(address)

    def _missing(self, address: str) -> Unknown | None:
        """Return why a resource that the host has is not among those that were read; ``None`` if it does not exist."""
        path = f"{without_indices(address)}."
        read_as_one = without_indices(address) in self.families
        for gap in self.gaps:
            left_out = without_indices(gap.address)
            if read_as_one and (left_out == gap.address or not f"{address}.".startswith(f"{gap.address}.")):
                continue  # all of its instances were read as one, under an index that the host does not give
            if gap.address in {gap.place.file, str(self.source)} or path.startswith(f"{left_out}."):
                return Unknown(f"{gap.address} could not be read: {gap.why}")
        return None

    def broken(self, codes: Iterable[str], address: str) -> Iterator[tuple[str, Broken]]:
        """Yield the rules among *codes* that broke on the resource at *address*, with their errors."""
        for code in codes:
            verdict = self.find(code, address)
            if isinstance(verdict, Broken):
                yield code, verdict


class Roots:
    """The Terraform roots of one run of a host, read together when the first is asked for."""

    def __init__(self, roots: Iterable[Path], scope: Path) -> None:
        """Take the root folders a host will ask for, and the folder it scans."""
        self._roots = sorted(set(roots))
        self._scope = scope
        self._lock = Lock()
        self._judged: dict[Path, Verdicts] | None = None

    def verdicts(self, root: Path) -> Verdicts:
        """Return the verdicts on *root*, which must be one of the folders taken."""
        with self._lock:
            if self._judged is None:
                self._judged = self._judge_all()
            return self._judged.get(root) or Verdicts(root, unread="the root module was not read")

    def _judge_all(self) -> dict[Path, Verdicts]:
        return {root: _verdicts(root, self._scope, _root_reader(self._scope)) for root in self._roots}


def plan_verdicts(plan: Path, scope: Path) -> Verdicts:
    """Judge the Terraform plan in the file *plan*, once for each state of the file."""
    return _file_verdicts(plan, scope, "plan", _stamp(plan), os.environ.get(VARIABLE, ""))


def template_verdicts(template: Path, scope: Path) -> Verdicts:
    """Judge the CloudFormation template in the file *template*, once for each state of the file."""
    return _file_verdicts(template, scope, "template", _stamp(template), os.environ.get(VARIABLE, ""))


def without_indices(address: str) -> str:
    """Strip ``[0]`` and ``["key"]`` off every part of a Terraform address."""
    kept: list[str] = []
    index = quoted = escaped = False
    for letter in address:
        if not index:
            index = letter == "["
            kept.append("" if index else letter)
        elif quoted:
            quoted = escaped or letter != '"'
            escaped = letter == "\\" and not escaped
        else:
            quoted = letter == '"'
            index = letter != "]"
    return "".join(kept)


def _stamp(path: Path) -> tuple[int, int]:
    stat = path.stat()
    return stat.st_mtime_ns, stat.st_size


@lru_cache(maxsize=256)
def _file_verdicts(path: Path, scope: Path, kind: str, _stamp: tuple[int, int], _forced: str) -> Verdicts:
    return _verdicts(path, scope, _read_plan if kind == "plan" else _read_template)


def _verdicts(source: Path, scope: Path, read: Callable[[Path], Reading]) -> Verdicts:
    try:
        return _judge_by_requirements(source, read(source), scope)
    except UnreadableError as error:
        return Verdicts(source, unread=str(error))
    except Exception as error:  # noqa: BLE001  # the host would drop it; as Broken it reaches every record
        return Verdicts(source, crashed=described(error))


def _judge_by_requirements(source: Path, reading: Reading, scope: Path) -> Verdicts:
    try:
        requirements_file = RequirementsFinder([scope]).requirements_file(source)
    except RequirementsError as error:
        return Verdicts(source, crashed=error.on_one_line)
    verdicts = _judge(source, reading, scope, requirements_file)
    stale = (*expired(requirements_file), *verdicts.stale)
    return replace(verdicts, stale=stale)


def _judge(source: Path, reading: Reading, scope: Path, requirements_file: RequirementsFile) -> Verdicts:
    if unread := _why_unread(source, reading):
        return Verdicts(source, unread=unread)
    rules = all_rules()
    judged = judge(reading, rules, requirements_file)
    if any(judgement.rule.about_coverage and isinstance(judgement.verdict, Fail) for judgement in judged):
        told = attach_elsewhere([reading, *_others(source, scope)])[0]
        kept = [judgement for judgement in judged if not judgement.rule.about_coverage]
        judged = kept + judge(told, [rule for rule in rules if rule.about_coverage], requirements_file)
    stale = tuple(unsound(files_of(source, judged), requirements_file))
    return replace(_index(source, reading, judged), stale=stale)


def _why_unread(source: Path, reading: Reading) -> str:
    """Return why nothing of *source* could be read; empty if something could."""
    if any(_known(reading)):
        return ""
    if not reading.estates:
        return "; ".join(gap.why for gap in reading.gaps) or "nothing in it could be read"
    gaps = (gap for estate in reading.estates for gap in estate.gaps)
    return next((gap.why for gap in gaps if gap.address in {str(source), gap.place.file}), "")


def _known(reading: Reading) -> Iterator[str]:
    return (address for estate in reading.estates for address in _addresses(estate))


def _index(source: Path, reading: Reading, judged: Sequence[Judgement]) -> Verdicts:
    roots = {estate.root for estate in reading.estates}
    exact: dict[tuple[str, str], Outcome] = {}
    loose: dict[tuple[str, str], Outcome] = {}
    for judgement in judged:
        address = str(source) if judgement.address in roots else judgement.address
        exact[judgement.rule.code, address] = judgement.verdict
        key = (judgement.rule.code, without_indices(address))
        loose[key] = max(loose.get(key, judgement.verdict), judgement.verdict, key=_weight)
    gaps = [*reading.gaps, *(gap for estate in reading.estates for gap in estate.gaps)]
    known = frozenset(_known(reading))
    families = frozenset(map(without_indices, known))
    return Verdicts(source, exact, loose, known, families, tuple(dict.fromkeys(gaps)))


def _weight(outcome: Outcome) -> float:
    """Rank what instances of one resource come to: an accepted exception between Pass and Unknown."""
    return 0.5 if isinstance(outcome, (Excepted, Baselined)) else gravity(outcome)


def _addresses(estate: Estate) -> Iterator[str]:
    """Yield the addresses of all records of *estate*, whatever they are."""
    for name in estate.__struct_fields__:
        records = getattr(estate, name)
        for record in records if isinstance(records, tuple) and name not in _NOT_ITS_OWN else ():
            yield record.address
    yield from (policy.address for principal in estate.principals for policy in principal.policies)


def _others(source: Path, scope: Path) -> list[Reading]:
    """Return what else a scan of the folder *scope* reads beside *source*."""
    own = source.resolve()
    if _resolved(scope) <= {own}:
        return []
    return [reading for path, reading in _read_all(scope) if path != own]


@lru_cache(maxsize=1)
def _resolved(scope: Path) -> frozenset[Path]:
    return frozenset(path.resolve() for path in _sources(scope))


@lru_cache(maxsize=1)
def _sources(scope: Path) -> dict[Path, Callable[[Path], Reading]]:
    """Return the sources in *scope*, each with what reads it."""
    found = discover([scope])
    files = (
        (_read_plan, found.plans),
        (_read_template, found.templates),
        (_read_policy, standing_alone(found)),
    )
    roots = _find_roots(found.terraform, found.left_out) if found.terraform else ()
    return dict.fromkeys(roots, _root_reader(scope)) | {path: read for read, paths in files for path in paths}


@lru_cache(maxsize=1)
def _read_all(scope: Path) -> tuple[tuple[Path, Reading], ...]:
    """Return what every source in *scope* reads as, by its resolved path."""
    everything: list[tuple[Path, Reading]] = []
    for path, read in _sources(scope).items():
        with suppress(Exception):  # it is reported where it is judged, and tells nothing here
            everything.append((path.resolve(), read(path)))
    return tuple(everything)


def _find_roots(paths: Sequence[Path], left_out: LeftOut) -> Sequence[Path]:
    from restore_ready.readers.terraform import find_roots  # noqa: PLC0415  # Checkov loads this in 20 processes

    return find_roots(paths, left_out).roots


def _root_reader(scope: Path) -> Callable[[Path], Reading]:
    from restore_ready.readers.terraform import Readable, read_root  # noqa: PLC0415  # Checkov loads this in 20 processes

    return partial(read_root, readable=Readable((scope,)))


def _read_plan(path: Path) -> Reading:
    from restore_ready.readers.terraform.plan import read_plan  # noqa: PLC0415  # Checkov loads this in 20 processes

    return read_plan(path)


def _read_policy(path: Path) -> Reading:
    from restore_ready.readers._policy_files import read_policy_file  # noqa: PLC0415  # Checkov loads this in 20 processes

    return read_policy_file(path)


def _read_template(path: Path) -> Reading:
    from restore_ready.readers.cloudformation import read_template  # noqa: PLC0415  # Checkov loads this in 20 processes

    return read_template(path, {})
