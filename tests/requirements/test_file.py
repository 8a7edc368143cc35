"""What stands in a requirements file is read as meant, and every mistake in it is told with its place and remedy."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import jsonschema
import pytest
import yaml
from tests.support.paths import ROOT
from tests.support.requirements import FULL, load

from restore_ready import Blackout, ExternalSelection, Hours, Requirements
from restore_ready.requirements._errors import RequirementsError
from restore_ready.requirements._load import load_requirements_file
from restore_ready.requirements._schema import schema
from restore_ready.requirements._starter import STARTER


def problems(folder: Path, text: str) -> list[tuple[int, str, str]]:
    with pytest.raises(RequirementsError) as caught:
        load(folder, text)
    return [(one.line, one.key, one.what) for one in caught.value.problems]


def test_every_requirement_arrives_in_its_field_and_unit(tmp_path: Path) -> None:
    requirements_file = load(tmp_path, FULL)

    assert requirements_file.base == Requirements(
        time_zone="Asia/Tokyo",
        automatic_allowed=True,
        start_within=60,
        complete_within=180,
        allowed_hours=Hours(22 * 60, 5 * 60),
        blackouts=(
            Blackout("office hours", frozenset(range(5)), Hours(9 * 60, 18 * 60)),
            Blackout("nightly batch", schedule="cron(30 1 * * ? *)", lasts=45),
            Blackout("closing", frozenset({5, 6}), Hours(0, 0)),
        ),
        every=24 * 60,
        keep_at_least=35,
        keep_at_most=90,
        external_selections=(
            ExternalSelection({"backup": "daily"}),
            ExternalSelection(resources=("arn:aws:elasticfilesystem:*:*:file-system/fs-1",)),
        ),
        operators=("*oncall*",),
        roles=("restore-*",),
        mover=("move",),
        within=240,
        rehearse_every=90,
        copy_only=("*-dr",),
        protect="deny",
        sizes={"*data*": 500 * 2**30, "home": 2 * 10**12},
        today=requirements_file.base.today,
    )
    assert requirements_file.base.today is not None
    assert requirements_file.overrides[0].settings == {"time_zone": "UTC", "every": 240, "within": 60}
    assert (requirements_file.exceptions[0].expires, requirements_file.exceptions[0].place.line) == (
        date(2027, 3, 31),
        32,
    )


def test_a_file_with_nothing_but_its_version_leaves_the_defaults(tmp_path: Path) -> None:
    requirements_file = load(tmp_path, "version: 1\n")

    assert requirements_file.base == Requirements(today=requirements_file.base.today)


@pytest.mark.parametrize(
    ("written", "days"),
    [("mon-fri", range(5)), ("fri-mon", (4, 5, 6, 0)), ("sat,sun", (5, 6)), ("[Tue, thursday]", (1, 3))],
)
def test_days_are_ranges_and_lists_of_names(tmp_path: Path, written: str, days: tuple[int, ...]) -> None:
    quoted = written if written.startswith("[") else f'"{written}"'
    requirements_file = load(tmp_path, f"version: 1\nbackup:\n  blackouts: [{{name: x, days: {quoted}}}]\n")

    assert requirements_file.base.blackouts[0].days == set(days)


def test_hours_to_midnight_end_with_the_day(tmp_path: Path) -> None:
    assert load(tmp_path, "version: 1\nbackup: {allowed_hours: 18:00-24:00}").base.allowed_hours == Hours(1080, 0)


@pytest.mark.parametrize(
    ("line", "key", "says"),
    [
        ("bakup: {}", "bakup", "no such key. Did you mean 'backup'?"),
        ("backup: {evry: 4h}", "backup.evry", "no such key. Did you mean 'every'?"),
        ("backup: {within: 4h}", "backup.within", "no such key. It belongs under 'restore'."),
        ("backup: {every: 60}", "backup.every", "'60' has no unit: write 60m, 60h or 60d"),
        ("backup: {every: 4 hours}", "backup.every", "'4 hours' has no unit that is known. Did you mean '4h'?"),
        ("backup: {every: 3x}", "backup.every", "'3x' has no unit that is known: write 3m, 3h or 3d"),
        ("backup: {every: soon}", "backup.every", "can't be read: write a duration such as 60m, 3h or 35d"),
        ("backup: {every: 0h}", "backup.every", "is no time at all"),
        ("backup: {every: [4h]}", "backup.every", "a list is given: write a duration"),
        ("backup: {start_within: 30m}", "backup.start_within", "AWS accepts no start window under 60m"),
        ("backup: {keep_at_least: 36h}", "backup.keep_at_least", "not a whole number of days"),
        ("backup: {keep_at_least: 9d, keep_at_most: 8d}", "backup.keep_at_least", "is longer than keep_at_most"),
        ("backup: {automatic: allowed}", "backup.automatic", "Did you mean 'allow'?"),
        ("backup: {allowed_hours: 25:00-26:00}", "backup.allowed_hours", "is no time of the day"),
        ("backup: {allowed_hours: 9-17}", "backup.allowed_hours", 'write hours such as "22:00-05:00"'),
        ("backup: {allowed_hours: 9:00-9:00}", "backup.allowed_hours", "write 00:00-24:00 for the whole day"),
        ("backup: {blackouts: [{name: x}]}", "backup.blackouts[0]", "says no time"),
        ("backup: {blackouts: []}", "backup.blackouts", "is no list with entries"),
        ("backup: {blackouts: [{days: mon}]}", "backup.blackouts[0].name", "is missing"),
        ("backup: {blackouts: [{name: x, days: fry}]}", "backup.blackouts[0].days", "Did you mean 'fri'?"),
        ("backup: {blackouts: [{name: x, schedule: rate(1 day), lasts: 1h}]}", "backup.blackouts[0].schedule", "cron"),
        ('backup: {blackouts: [{name: x, schedule: "cron(0 1 * * ? *)"}]}', "backup.blackouts[0]", "go together"),
        (
            'backup: {blackouts: [{name: x, days: mon, schedule: "cron(0 1 * * ? *)", lasts: 1h}]}',
            "backup.blackouts[0]",
            "not both",
        ),
        ("backup: {external_selections: [{}]}", "backup.external_selections[0]", "selects nothing"),
        ("backup: {sizes: {data: 5}}", "backup.sizes.data", "write a size such as 500GiB"),
        ("backup: daily", "backup", "is no mapping"),
        ("backup:", "backup", "is no mapping"),
        ("time_zone: Asia/Tokio", "time_zone", "is no time zone: write a name such as Asia/Tokyo. Did you mean"),
        ("time_zone: ../../etc/passwd", "time_zone", "is no time zone"),
        ("time_zone: America", "time_zone", "is no time zone"),
        ("overrides: [{backup: {every: 4h}}]", "overrides[0].match", "is missing"),
        ("overrides: [{match: {}, backup: {every: 4h}}]", "overrides[0].match", "matches nothing"),
        ("overrides: [{match: {name: x}}]", "overrides[0]", "requires nothing"),
        ("overrides: [{match: {name: x}, backup: {sizes: {a: 1GB}}}]", "overrides[0].backup.sizes", "can't differ"),
        ("exceptions: [{rule: RR999, match: x, reason: r, owner: o, expires: 2027-01-01}]", "exceptions[0].rule", "no"),
        ("exceptions: [{rule: RR101, match: x, reason: r, owner: o, expires: soon}]", "exceptions[0].expires", "a day"),
        (
            "exceptions: [{rule: RR101, match: x, reason: r, owner: o, expires: 2027-02-30}]",
            "exceptions[0].expires",
            "no day of the calendar",
        ),
        ("exceptions: [{rule: RR101, match: x, reason: r, owner: o}]", "exceptions[0].expires", "is missing"),
        ("exceptions: [{rule: RR101, match: x, owner: o, expires: 2027-01-01}]", "exceptions[0].reason", "is missing"),
        ("exceptions: [{rule: RR101, match: x, reason: r, expires: 2027-01-01}]", "exceptions[0].owner", "is missing"),
    ],
)
def test_a_mistake_is_told_with_its_line_key_and_cure(tmp_path: Path, line: str, key: str, says: str) -> None:
    found = problems(tmp_path, f"version: 1\n{line}\n")

    assert [(at, name) for at, name, _ in found] == [(2, key)]
    assert says in found[0][2]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 0, "is empty"),
        ("version: 1\nbackup: [\n", 3, "is not valid YAML"),
        ("version: 1\nversion: 1\n", 2, "the key 'version' stands there twice"),
        ("version: 1\na: &x 1\nb: *x\n", 3, "alias *x is not read"),
        ("version: 1\n---\nversion: 1\n", 2, "holds a second YAML document"),
        ("version: 1\n? [a]\n: b\n", 2, "has a mapping key that is not text"),
        ("version: " + "[" * 5000 + "]" * 5000, 1, "is nested more than 20 levels deep"),
        ("version: 1 #" + "x" * 1024 * 1024, 0, "is larger than 1 MB"),
        ("version: \x01\n", 0, "is not valid YAML"),
        ("- version: 1\n", 1, "is no mapping"),
        ("version: 2\n", 1, "is no version that this release reads"),
    ],
)
def test_what_is_not_readable_is_told_with_its_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    found = problems(tmp_path, text)

    assert found[0][0] == line
    assert says in found[0][2]


def test_bytes_that_are_no_text_and_folders_are_told(tmp_path: Path) -> None:
    (tmp_path / "bytes.yaml").write_bytes(b"version: \xff")
    for name, says in (("bytes.yaml", "not text in UTF-8"), (".", "is a folder"), ("none.yaml", "can't be read")):
        with pytest.raises(RequirementsError, match=says):
            load_requirements_file(tmp_path / name)


def test_all_mistakes_are_listed_in_the_order_of_their_lines(tmp_path: Path) -> None:
    found = problems(tmp_path, "time_zone: Mars\nbackup:\n  every: 5\n  x: 1\nexceptions: [{}]\n")

    assert [line for line, _, _ in found] == [1, 1, 3, 4, 5, 5, 5, 5, 5]


def test_what_a_terminal_would_obey_is_not_shown(tmp_path: Path) -> None:
    with pytest.raises(RequirementsError) as caught:
        load(tmp_path, 'version: 1\n"\\e[31mred": 1\n')

    assert "\x1b" not in str(caught.value)


def test_the_schema_takes_what_the_loader_takes() -> None:
    for text in (FULL, STARTER, "version: 1\n"):
        tree = yaml.load(text, yaml.BaseLoader)  # noqa: S506  # makes nothing but text, lists and mappings
        jsonschema.validate({**tree, "version": 1}, schema())


@pytest.mark.parametrize(
    "line", ["bakup: {}", "backup: {every: 60}", "backup: {automatic: allowed}", "overrides: [{}]", "exceptions: [{}]"]
)
def test_the_schema_refuses_what_the_loader_refuses(line: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml.safe_load(f"version: 1\n{line}\n"), schema())


def test_the_schema_and_the_reference_page_are_fresh() -> None:
    made = subprocess.run(
        [sys.executable, "tools/make_requirements.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stdout


def test_the_example_of_the_reference_page_can_be_used(tmp_path: Path) -> None:
    example = (ROOT / "docs" / "requirements.md").read_text().partition("```yaml\n")[2].partition("```")[0]

    assert load(tmp_path, example).base.complete_within == 180
