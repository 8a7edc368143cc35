"""What breaks on one source is told as RR000, and every other source is read and judged."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from itertools import chain, repeat
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import DEFAULT, Mock

import pytest
from tests.support.command import PLAN
from tests.support.paths import DEMO_ACCOUNT, FIXTURES

from restore_ready import Fail, audit, scan
from restore_ready.readers import _policy_files, cloudformation
from restore_ready.readers.terraform import _read, _roots
from restore_ready.readers.terraform import plan as plans
from restore_ready.reports._report import make_report
from restore_ready.reports._who_can_restore import who_can_restore
from restore_ready.scanning import _judged, _scan, _snapshots
from restore_ready.scanning._snapshots import AccountScan
from restore_ready.scanning._sources import read_estates

STORY = FIXTURES / "RR101" / "fail_enabled"
ACCOUNT = "000000000001"
OTHER = "444455556666"


def broken(work: Callable[..., Any], *, on: str) -> Callable[..., Any]:
    """Return *work* so that it fails where one of its arguments speaks of *on*."""

    def breaking(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401  # whatever it takes and gives
        if on in repr((arguments, options)):
            raise KeyError(on)
        return work(*arguments, **options)

    return breaking


def written(folder: Path) -> Path:
    """Write two sources of each kind, one of them in the folder ``bad``."""
    for name in ("good", "bad"):
        (folder / name / "root").mkdir(parents=True)
        (folder / name / "root" / "main.tf").write_text(PLAN)
        shutil.copy(STORY / "template.yaml", folder / name)
        shutil.copy(STORY / "plan.json", folder / name)
        (folder / name / "policy.json").write_text('{"Statement": {"Effect": "Allow", "Action": "backup:Start*"}}')
    return folder


@pytest.mark.parametrize(
    ("module", "reader", "source"),
    [
        (_read, "evaluate_root", "root"),
        (cloudformation, "read_template", "template.yaml"),
        (plans, "read_plan", "plan.json"),
        (_policy_files, "read_policy_file", "policy.json"),
    ],
)
def test_a_reader_that_breaks_on_one_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: ModuleType, reader: str, source: str
) -> None:
    folder = written(tmp_path)
    before = scan([folder])
    bad = folder / "bad" / source
    monkeypatch.setattr(module, reader, broken(getattr(module, reader), on=str(bad)))

    result = scan([folder])

    (crash,) = result.crashes
    assert (crash.path, crash.work) == (bad, "the reader")
    assert crash.error.startswith(f"KeyError: '{bad}' (at ")
    assert [path for path in before.sources if path not in result.sources] == [bad]
    kept = [found for found in before.judgements if not Path(found.place.file).is_relative_to(bad)]
    assert [(found.address, found.rule.code) for found in result.judgements] == [
        (found.address, found.rule.code) for found in kept
    ]
    (finding,) = (found for found in make_report(result).findings if found.code == "RR000")
    assert finding.message == f"the reader of {bad} broke: {crash.error}"


def test_a_folder_whose_calls_can_not_be_told_is_read_as_a_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = written(tmp_path)
    monkeypatch.setattr(_roots, "local_calls", broken(_roots.local_calls, on="bad"))
    assert {folder / "bad" / "root", folder / "good" / "root"} <= set(scan([folder]).sources)


def test_what_rules_said_before_the_judging_broke_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = written(tmp_path)
    before = scan([folder])
    monkeypatch.setattr(_judged, "source_readiness", broken(_judged.source_readiness, on=str(folder / "bad" / "root")))

    result = scan([folder])

    assert [(crash.path, crash.work) for crash in result.crashes] == [(folder / "bad" / "root", "the judging")]
    assert len(result.judgements) == len(before.judgements)
    assert any(isinstance(found.verdict, Fail) for found in result.judgements)


def test_who_can_restore_tells_of_the_other_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path
    for name in ("good", "bad"):
        (folder / name).mkdir()
        shutil.copy(STORY / "template.yaml", folder / name)
    monkeypatch.setattr(
        "restore_ready.reports._who_can_restore.chains",
        broken(who_can_restore.__globals__["chains"], on=str(folder / "bad")),
    )

    who = who_can_restore(read_estates([folder]))

    assert [answer.found.file_system.place.file for answer in who.file_systems] == [str(folder / "good/template.yaml")]
    assert who.broke
    assert who.not_read[-1].why.startswith("the judging broke: KeyError: ")


def test_exceptions_that_break_on_one_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = written(tmp_path)
    monkeypatch.setattr(_scan, "files_of", broken(_scan.files_of, on=str(folder / "bad" / "root")))
    assert [crash.work for crash in scan([folder]).crashes] == ["the reader of exceptions"]


def two_accounts(folder: Path) -> Path:
    """Write a snapshot of the founding account, twice."""
    header, *lines = DEMO_ACCOUNT.read_text(encoding="utf-8").splitlines(keepends=True)
    path = folder / "accounts.jsonl"
    path.write_text("".join([header, *lines, *(line.replace(ACCOUNT, OTHER) for line in lines)]), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("module", "work", "told"),
    [
        (_snapshots, "read_account", "the reader"),
        (_judged, "judge_with", "the judging"),
        (_snapshots, "verification", "the comparison with AWS's simulator"),
    ],
)
def test_what_breaks_on_one_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: ModuleType, work: str, told: str
) -> None:
    monkeypatch.setattr(module, work, Mock(wraps=getattr(module, work), side_effect=chain([KeyError], repeat(DEFAULT))))

    bad, good = (found for found in audit(two_accounts(tmp_path)) if isinstance(found, AccountScan))

    assert [(str(crash.path), crash.work) for crash in bad.scan.crashes] == [(f"aws:{ACCOUNT}", told)]
    assert good.account == OTHER
    assert not good.scan.crashes
    assert any(isinstance(found.verdict, Fail) for found in good.scan.judgements)
