"""The stories of fixtures/: where they are, what they promise, and what a scan of them gives.

A story is a folder ``fixtures/<rule>/<verdict>_<what>/`` that tells one thing in one or more languages: ``main.tf``,
``plan.json`` (made from main.tf by make_plans.py) and ``template.yaml``. A comment at the end of a line promises a
verdict on the resource that begins there: ``# fail: RR201 RR202, pass: RR301``. A plan holds no comments:
``expect.yaml`` beside it names addresses, as ``{fail: {RR201: [aws_backup_plan.nightly]}}``. A ``restore-ready.yaml``
there holds the story's requirements. ``account.yaml`` holds the facts of a live account; there a comment promises a
verdict on the ARN in its line, or on the address that it names: ``# fail: RR107 at ADDRESS``.

Every Fail and every Unknown of every rule must be promised, a Pass only where the story belongs to its rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from tests.support.accounts import read_story
from tests.support.paths import FIXTURES
from tests.support.yaml_loading import FastLoader

from restore_ready import Fail, Judgement, Pass, Scan, Unknown, all_rules, judge, scan
from restore_ready.requirements._find import RequirementsFinder

LANGUAGES = {
    "main.tf": "terraform",
    "plan.json": "plan",
    "template.yaml": "cloudformation",
    "account.yaml": "account",
}
SOURCE_LANGUAGES = tuple(one for one in LANGUAGES.values() if one != "account")
"""Those that a scan reads; an account is audited."""

VERDICTS: dict[str, type] = {"fail": Fail, "pass": Pass, "unknown": Unknown}

_PROMISE = re.compile(r"(fail|pass|unknown): ((?:RR\d{3} ?)+)")
_ADDRESS = re.compile(r" at (\S+)")
_ARN = re.compile(r"arn:aws[^\s\"',\]}]+")


@dataclass(frozen=True, order=True)
class Told:
    """One verdict of one rule; *where* is ``main.tf:12``, or an address where the source is a plan."""

    verdict: str
    code: str
    where: str


@dataclass(frozen=True)
class Source:
    """One story in one language."""

    path: Path

    @property
    def story(self) -> Path:
        return self.path.parent

    @property
    def rule(self) -> str:
        """The code of the rule that the story belongs to; ``stories`` for those that belong to none."""
        return self.story.parent.name

    @property
    def verdict(self) -> str:
        """What the story's name announces: ``fail``, ``pass`` or ``unknown``."""
        return self.story.name.partition("_")[0]

    @property
    def language(self) -> str:
        return LANGUAGES[self.path.name]

    def __str__(self) -> str:
        return self.path.relative_to(FIXTURES).as_posix()

    def scan(self) -> Scan:
        """Return what its scan gives, read once in this process."""
        return _scanned(self)

    def promised(self) -> set[Told]:
        """What the story says will be found."""
        if self.language == "plan":
            return set(_read_expectations(self.story / "expect.yaml"))
        if self.language == "account":
            return set(_read_addressed_marks(self.path))
        files = sorted(self.story.rglob("*.tf")) if self.language == "terraform" else [self.path]
        return {told for file in files for told in _read_marks(file, self.story)}

    def found(self, judgements: Iterable[Judgement]) -> set[Told]:
        """What *judgements* say, less the passes that the story need not promise."""
        by_address = self.language in {"plan", "account"}
        told = {tell(one, self.story, by_address=by_address) for one in judgements}
        return {one for one in told if one.verdict != "pass" or one.code == self.rule}


def sources() -> list[Source]:
    """Give every story in every language it is told in."""
    return [Source(path) for name in LANGUAGES for path in sorted(FIXTURES.glob(f"*/*/{name}"))]


@cache
def _scanned(source: Source) -> Scan:
    if source.language != "account":
        return scan([source.path])
    reading = read_story(source.path.read_text())
    return Scan(tuple(judge(reading, all_rules(), RequirementsFinder([source.story]).requirements_file(source.path))))


def tell(judgement: Judgement, folder: Path, *, by_address: bool) -> Told:
    """Write a judgement as stories do, its file relative to *folder*; a broken rule gives the verdict ``broken``."""
    names = [name for name, kind in VERDICTS.items() if isinstance(judgement.verdict, kind)]
    place = judgement.place
    where = judgement.address if by_address else f"{Path(place.file).resolve().relative_to(folder)}:{place.line}"
    return Told(names[0] if names else "broken", judgement.rule.code, where)


def _read_marks(file: Path, story: Path) -> Iterator[Told]:
    for number, line in enumerate(file.read_text().splitlines(), start=1):
        for verdict, codes in _PROMISE.findall(line.partition("# ")[2]):
            for code in codes.split():
                yield Told(verdict, code, f"{file.relative_to(story)}:{number}")


def _read_addressed_marks(file: Path) -> Iterator[Told]:
    for line in file.read_text().splitlines():
        before, _, comment = line.partition("# ")
        address = _ADDRESS.search(comment) or _ARN.search(before)
        for verdict, codes in _PROMISE.findall(comment):
            assert address is not None, f"{file}: where does {comment} land?"
            for code in codes.split():
                yield Told(verdict, code, address.group(address.lastindex or 0))


def _read_expectations(file: Path) -> Iterator[Told]:
    for verdict, rules in (yaml.load(file.read_text(), FastLoader) or {}).items():  # noqa: S506  # a safe loader
        for code, addresses in rules.items():
            for address in addresses:
                yield Told(verdict, code, address)
