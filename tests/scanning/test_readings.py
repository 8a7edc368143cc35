"""What a scan makes of its readings."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from msgspec.structs import replace

from restore_ready import (
    Estate,
    Gap,
    Pass,
    Place,
    Reading,
    Requirements,
    Rule,
    Selection,
    Severity,
    Source,
    Str,
    UnreadableError,
    Unresolved,
    Vault,
    Verdict,
    scan,
)
from restore_ready.readers import cloudformation
from restore_ready.scanning._elsewhere import attach_elsewhere

TEMPLATE = "Resources:\n  Vault:\n    Type: AWS::Backup::BackupVault\n"


def selection(name: str, *resources: Str) -> Selection:
    return Selection(name, Place("main.tf", 1), plan="p", role="r", resources=resources)


def reading(*selections: Selection) -> Reading:
    return Reading((Estate(Source.TERRAFORM, "root", selections=selections),))


def elsewhere(readings: Iterable[Reading]) -> list[list[list[str]]]:
    return [[[one.address for one in estate.elsewhere] for estate in each.estates] for each in readings]


WILD = selection("wild", "arn:aws:elasticfilesystem:*:*:file-system/*")
EXACT = selection("exact", "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1")
OPEN = replace(selection("open"), resources=Unresolved("var.arns has no value"))


def test_an_estate_learns_the_broad_selections_of_the_others_only() -> None:
    told = attach_elsewhere([reading(WILD), reading(OPEN, EXACT), reading()])
    assert elsewhere(told) == [[["open"]], [["wild"]], [["wild", "open"]]]


def test_the_estates_of_one_reading_are_not_elsewhere_to_each_other() -> None:
    both = Reading(
        (Estate(Source.CLOUDFORMATION, "t", selections=(WILD,)), Estate(Source.CLOUDFORMATION, "t", assuming="not A"))
    )
    assert elsewhere(attach_elsewhere([both, reading()])) == [[[], []], [["wild"]]]


def test_a_single_reading_comes_back_as_it_was() -> None:
    only = reading(WILD)
    assert attach_elsewhere([only]) == [only]


def vaults(estate: Estate, _requirements: Requirements) -> Iterable[Vault]:
    return estate.vaults


def judge_vault(_vault: Vault, _estate: Estate, _requirements: Requirements) -> Verdict:
    return Pass()


RULE = Rule("RR999", "test", Severity.ERROR, vaults, judge_vault, "0", (), ())


def test_a_reader_that_breaks_costs_one_source_and_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.yaml", "b.yaml", "c.yaml"):
        (tmp_path / name).write_text(TEMPLATE)

    def read(path: Path, _parameters: object) -> Reading:
        if path.name == "a.yaml":
            msg = "bad luck"
            raise KeyError(msg)
        if path.name == "b.yaml":
            raise UnreadableError(path, "is no template", 3)
        vault = Vault("Vault", Place(str(path), 2, 3), "v")
        return Reading((Estate(Source.CLOUDFORMATION, str(path), vaults=(vault,)),))

    monkeypatch.setattr(cloudformation, "read_template", read)
    result = scan([tmp_path], rules=[RULE])
    (crash,) = result.crashes
    assert crash.path.name == "a.yaml"
    assert crash.error.startswith("KeyError: 'bad luck' (at scanning/_sources.py:")
    assert result.unread == (tmp_path / "b.yaml",)
    assert [(gap.why, gap.place.line) for gap in result.gaps] == [("is no template", 3)]
    assert [judgement.address for judgement in result.judgements] == ["Vault"]
    assert result.sources == (tmp_path / "c.yaml",)
    assert [gap.place.line for gap in result.unreadable] == [3]


def test_gaps_of_readings_and_estates_are_kept_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "t.yaml").write_text(TEMPLATE)
    gap = Gap("module.x", Place("main.tf", 1), "remote")
    estate = Estate(Source.CLOUDFORMATION, "t", gaps=(gap,))
    monkeypatch.setattr(
        cloudformation, "read_template", lambda *_: Reading((estate, replace(estate, assuming="B")), gaps=(gap,))
    )
    assert scan([tmp_path], rules=[RULE]).gaps == (gap,)


def test_what_could_not_be_read_is_told_apart(tmp_path: Path) -> None:
    (tmp_path / "bin.yaml").write_bytes(b"\0")
    (tmp_path / "notes.md").write_text("# notes")
    assert [gap.why for gap in scan([tmp_path], rules=[RULE]).unreadable] == ["is a binary file"]
    assert len(scan([tmp_path / "notes.md"], rules=[RULE]).unreadable) == 1


def test_an_empty_folder_is_empty(tmp_path: Path) -> None:
    found = scan([tmp_path], rules=[RULE])
    assert (found.empty, found.unreadable) == (True, ())
