"""Baseline files: what is written is read back, a bad one is named with line and cure, and none does harm."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from tests.support.effort import steps
from tests.support.stories import Source, sources

from restore_ready import Fail, Judgement, UsageError
from restore_ready.engine._baseline import BaselineMatcher, Key, parts_of
from restore_ready.engine._baseline_file import MAX_BYTES, read_baseline, write_baseline
from restore_ready.requirements._file import Baselined

GOOD = {"code": "RR201", "file": "main.tf", "address": "a.b"}
KEY = Key("main.tf", "a.b", "RR201")


def written(path: Path, *findings: object, version: object = 1, **more: object) -> Path:
    lines = ",\n".join(json.dumps(one) for one in findings)
    rest = "".join(f', "{key}": {json.dumps(value)}' for key, value in more.items())
    path.write_text(f'{{"version": {json.dumps(version)}, "findings": [\n{lines}\n]{rest}}}\n')
    return path


def nested(depth: int) -> str:
    return '{"version": 1, "findings": ' + "[" * depth + "]" * depth + "}"


class TestReading:
    @pytest.mark.parametrize(
        "known",
        [
            {},
            {KEY: {}},
            {KEY: {'rule "a"': 2, "faults": 1}, replace(KEY, file="a.tf"): {}},
            {Key('日本/\u202e"\\\n\x00\x1b[31m', 'a["\U0001f600\ue000"]', "RR999"): {"\x7f\u2028": 1}},
            {replace(KEY, file="not-utf-8-\udcff.tf"): {}},
        ],
    )
    def test_what_is_written_is_read_back(self, tmp_path: Path, known: dict[Key, dict[str, int]]) -> None:
        path = tmp_path / "b.json"
        write_baseline(path, known)
        assert read_baseline(path) == known
        assert all(line.isprintable() for line in path.read_text().split("\n"))
        before = path.read_bytes()
        write_baseline(path, dict(reversed(known.items())))
        assert path.read_bytes() == before

    def test_names_can_be_read_by_people(self, tmp_path: Path) -> None:
        write_baseline(tmp_path / "b.json", {replace(KEY, file="夜間/main.tf"): {}})
        assert "夜間/main.tf" in (tmp_path / "b.json").read_text(encoding="utf-8")

    def test_another_layout_is_read_too(self, tmp_path: Path) -> None:
        path = tmp_path / "b.json"
        path.write_text("\ufeff" + json.dumps({"findings": [GOOD], "version": 1}, indent=4).replace("\n", "\r\n"))
        assert read_baseline(path) == {KEY: {}}

    def test_what_a_merge_doubled_counts_once_with_all_its_parts(self, tmp_path: Path) -> None:
        path = tmp_path / "b.json"
        one, other = {**GOOD, "parts": {"a": 1, "b": 3}}, {**GOOD, "parts": {"b": 2}}
        assert read_baseline(written(path, one, other)) == {KEY: {"a": 1, "b": 3}}
        assert read_baseline(written(path, GOOD, other)) == {KEY: {}}

    @pytest.mark.parametrize(
        ("finding", "said"),
        [
            (7, ":3: 7 is no finding"),
            ([], ":3: [] is no finding"),
            ({}, ":3: the finding's file is missing"),
            ({**GOOD, "file": ""}, ":3: the finding's file can't be \"\""),
            ({**GOOD, "file": None}, ":3: the finding's file can't be null"),
            ({**GOOD, "address": ["a"]}, ":3: the finding's address can't be [\"a\"]"),
            ({**GOOD, "code": "RR2"}, ':3: "RR2" is no rule'),
            ({**GOOD, "code": "RR\u0662\u0660\u0661"}, " is no rule"),
            ({**GOOD, "code": "RR000"}, ":3: RR000 can't be in a baseline"),
            ({**GOOD, "code": "RR001"}, ":3: RR001 can't be in a baseline"),
            ({**GOOD, "reason": "\x1b[31m"}, ':3: the finding has the unknown key "reason"'),
            ({**GOOD, "parts": ["a"]}, ":3: the finding's parts can't be [\"a\"]"),
            ({**GOOD, "parts": {"a": 0}}, ":3: the finding's parts can't be"),
            ({**GOOD, "parts": {"a": True}}, ":3: the finding's parts can't be"),
            ({**GOOD, "parts": {"a": 1.5}}, ":3: the finding's parts can't be"),
            ({**GOOD, "address": "x" * 1000 + "\x1b", "code": "y" * 1000}, "yyy… is no rule"),
        ],
    )
    def test_a_bad_finding_is_named_with_its_line_and_the_cure(
        self, tmp_path: Path, finding: object, said: str
    ) -> None:
        with pytest.raises(UsageError) as error:
            read_baseline(written(tmp_path / "b.json", GOOD, finding, GOOD))
        assert said in str(error.value)
        assert "--write-baseline" in str(error.value)
        assert "\x1b" not in str(error.value)

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", "b.json:1: is not JSON"),
            ("version: 1\nfindings: &a [*a]\n", "b.json:1: is not JSON"),
            ('{"version": 1,\n"findings": [}', "b.json:2: is not JSON"),
            ("[]", "is no baseline"),
            ("null", "is no baseline"),
            ('{"version": 1}', "is no baseline"),
            ('{"version": 1, "findings": {}}', "is no baseline"),
            ('{"findings": []}', "has the version null, this restore-ready reads 1"),
            ('{"version": 2, "findings": []}', "has the version 2, this restore-ready reads 1"),
            ('{"version": true, "findings": []}', "has the version true"),
            ('{"version": "1", "findings": []}', 'has the version "1"'),
            ('{"version": 1, "findings": [], "extra": 1}', 'has the unknown key "extra"'),
            ('{"version": "0.1.0", "findings": [], "not_judged": [], "summary": {}}', "is a report, no baseline"),
            ('{"version": 1, "version": 1, "findings": []}', 'has the key "version" twice'),
            ('{"version": 1, "find\\u0069ngs": [7]}', "7 is no finding"),
            (nested(100_000), "nested too deep"),
            ('{"version": ' + "9" * 5000 + ', "findings": []}', "a number too long"),
            ('{"version": NaN, "findings": []}', "has the version NaN"),
        ],
    )
    def test_what_is_no_baseline_is_told(self, tmp_path: Path, text: str, said: str) -> None:
        path = tmp_path / "b.json"
        path.write_text(text)
        with pytest.raises(UsageError) as error:
            read_baseline(path)
        assert said in str(error.value)

    def test_what_can_not_be_read_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "binary").write_bytes(b"\xff\xfe{")
        with (tmp_path / "huge").open("wb") as file:
            file.truncate(MAX_BYTES + 1)
        for name, said in (
            ("binary", "UTF-8"),
            ("huge", "is larger than 64 MB"),
            ("none", "can't be read: No such file"),
            (".", "is a folder"),
        ):
            with pytest.raises(UsageError, match=said):
                read_baseline(tmp_path / name)

    def test_a_bad_finding_at_the_end_of_twice_as_many_takes_twice_the_work(self, tmp_path: Path) -> None:
        def work(number: int) -> int:
            path = written(tmp_path / f"{number}.json", *[GOOD] * number, 7)

            def read() -> None:
                with pytest.raises(UsageError, match=f":{number + 2}: 7 is no finding"):
                    read_baseline(path)

            return steps(read)

        assert work(2000) < 2.2 * work(1000)


class TestParts:
    @pytest.mark.parametrize(
        ("evidence", "parts"),
        [
            ({}, {}),
            ({"minutes": 480, "vault": "v", "statement": "0"}, {}),
            ({"rules": [{"rule": "a", "minutes": 480}, {"rule": "b"}]}, {"a": 1, "b": 1}),
            ({"rules": [{"rule": "a", "refused": ["x", "y"], "doubtful": ["z"]}]}, {"a": 2}),
            ({"rules": [{"rule": "a"}, {"rule": "a"}]}, {"a": 2}),
            ({"callers": ["u", "v"], "missing": "iam:PassRole"}, {"u": 1, "v": 1, "iam:PassRole": 1}),
            ({"states": {"FAILED": 7}, "jobs": ["1"], "of": 9}, {"FAILED": 1}),
            ({"faults": ["x is 3", "y"]}, {"faults": 2}),
            ({"taken": [{"action": "a", "stage": "s", "statement": "0"}]}, {"a by s": 1}),
            ({"rules": 7, "callers": None, "taken": ["x"], "faults": {}}, {}),
        ],
    )
    def test_names_count_and_figures_do_not(self, evidence: dict[str, Any], parts: dict[str, int]) -> None:
        assert parts_of(evidence) == parts


TOLD = [one for one in sources() if one.verdict == "fail"]


def settled(known: dict[Key, Any], file: Path, judgements: Sequence[Judgement]) -> list[Judgement]:
    return list(BaselineMatcher(known, str(file)).settle(judgements))


@pytest.mark.parametrize("source", TOLD, ids=str)
def test_every_finding_of_a_story_is_known_until_its_entry_is_taken_out(source: Source, tmp_path: Path) -> None:
    judgements = source.scan().judgements
    path = tmp_path / "b.json"
    matcher = BaselineMatcher({}, str(path), writes=True)
    matcher.settle(judgements)
    write_baseline(path, matcher.updated())
    known = read_baseline(path)
    fails = [one for one in judgements if isinstance(one.verdict, Fail)]
    assert len(known) == len({(one.place.file, one.address, one.rule.code) for one in fails}) > 0
    after = settled(known, path, judgements)
    assert [one.verdict.fail for one in after if isinstance(one.verdict, Baselined)] == [one.verdict for one in fails]
    assert not any(isinstance(one.verdict, Fail) for one in after)
    for key in known:
        rest = {other: parts for other, parts in known.items() if other != key}
        back = [one for one in settled(rest, path, judgements) if isinstance(one.verdict, Fail)]
        assert {(one.address, one.rule.code) for one in back} == {(key.address, key.code)}
        assert len({one.place.file for one in back}) == 1


@pytest.mark.thorough
def test_every_name_that_tells_parts_apart_is_in_some_evidence() -> None:
    found = [one.verdict for source in TOLD for one in source.scan().judgements]
    keys: set[str] = set()
    for verdict in found:
        if isinstance(verdict, Fail):
            keys.update(verdict.evidence)
            records = verdict.evidence.get("rules")
            keys.update(key for record in records for key in record) if isinstance(records, list) else None
    assert {"callers", "missing", "roles", "states", "rules", "taken", "faults", "refused", "meets"} <= keys
