"""Files that a unit includes are merged into it as they say, and what can't be had is never nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.readers.terragrunt._units import MODULE, ROOT, UNIT, name, read, written

TWO = 'include "root" {\n  path = "../../root.hcl"\n  %s\n}\ninclude "env" {\n  path = "../env.hcl"\n  %s\n}\n'
DEEP, NO_MERGE = 'merge_strategy = "deep"', 'merge_strategy = "no_merge"'
MAPS = MODULE.replace('variable "value" {}', 'variable "value" {\n  type = any\n}').replace(
    "= var.value", "= jsonencode(var.value)"
)


def two(folder: Path, inputs: tuple[str, str, str], strategy: str = "", module: str = MODULE) -> str:
    """Return what comes of the inputs of two includes, of which the second is merged by *strategy*, and of the unit."""
    root, env, own = inputs
    texts = {"live/root.hcl": ROOT + root, "live/prod/env.hcl": env, UNIT: TWO % ("", strategy) + own}
    return name(read(written(folder, {**texts, "modules/vault/main.tf": module})))


@pytest.mark.parametrize(
    ("root", "env", "own", "expected"),
    [
        ("root", "", "", "root"),
        ("root", "env", "", "env"),
        ("root", "env", "own", "own"),
        ("", "env", "", "env"),
    ],
)
def test_the_unit_wins_over_the_last_include_and_that_over_the_first(
    tmp_path: Path, root: str, env: str, own: str, expected: str
) -> None:
    first, second, last = (f'inputs = {{\n  value = "{text}"\n}}\n' if text else "" for text in (root, env, own))

    assert two(tmp_path, (first, second, last)) == expected


@pytest.mark.parametrize(
    ("below", "above", "strategy", "expected"),
    [
        ("{a = 1, b = 2}", "{b = 3}", "", '{"b":3}'),
        ("{a = 1, b = 2}", "{b = 3}", DEEP, '{"a":1,"b":3}'),
        ("[1]", "[2]", DEEP, "[1,2]"),
        ("{a = {b = [1]}}", "{a = {b = [2], c = 3}}", DEEP, '{"a":{"b":[1,2],"c":3}}'),
        ("1", "2", DEEP, "2"),
        ("true", "false", DEEP, "a deep merge keeps what an empty value is to replace, by its kind"),
        ('"x"', "dependency.d.outputs.x", DEEP, "dependency.d is another unit"),
    ],
)
def test_maps_and_lists_are_merged_where_that_is_asked_for(
    tmp_path: Path, below: str, above: str, strategy: str, expected: str
) -> None:
    env, own = (f"inputs = {{\n  value = {value}\n}}\n" for value in (below, above))

    assert expected in two(tmp_path, ("", env, own), strategy, MAPS)


def test_what_is_not_merged_gives_nothing_but_what_is_named(tmp_path: Path) -> None:
    env = 'locals {\n  name = "named"\n}\ninputs = {\n  value = "env"\n}\n'
    exposed = f"{NO_MERGE}\n  expose = true"

    assert "var.value has no value" in two(tmp_path, ("", env, ""), NO_MERGE)
    own = 'inputs = {\n  value = "${include.env.locals.name}, ${include.env.inputs.value}"\n}\n'
    assert two(tmp_path, ("", env, own), exposed) == "named, env"


def test_the_include_without_a_name_is_named_by_itself(tmp_path: Path) -> None:
    unit = 'include {\n  path = "../../root.hcl"\n  expose = true\n}\ninputs = {\n  value = include.locals.x\n}\n'
    root = ROOT + 'locals {\n  x = "root"\n}\n'

    assert name(read(written(tmp_path, {UNIT: unit, "live/root.hcl": root}))) == "root"


def test_the_include_without_a_name_has_an_empty_one_beside_others(tmp_path: Path) -> None:
    unit = 'include {\n  path = "../../root.hcl"\n  expose = true\n}\ninclude "env" {\n  path = "../env.hcl"\n}\n'
    unit += 'inputs = {\n  value = include[""].locals.x\n}\n'
    texts = {UNIT: unit, "live/root.hcl": ROOT + 'locals {\n  x = "root"\n}\n', "live/prod/env.hcl": ""}

    assert name(read(written(tmp_path, texts))) == "root"


@pytest.mark.parametrize(
    ("env", "path", "why"),
    [
        (None, '"../env.hcl"', "there is no file"),
        ("", 'run_cmd("x")', "its path is not known: run_cmd() is what another program answers"),
        ('include {\n  path = "x"\n}\n', '"../env.hcl"', "includes another file, which Terragrunt refuses"),
        ("", '"/etc/hosts"', "it lies outside the repository"),
        ("", '"../env.hcl"\n  merge_strategy = "some"', "its merge_strategy is of no kind that Terragrunt takes"),
    ],
)
def test_an_include_that_can_not_be_had_leaves_open_what_it_may_give(
    tmp_path: Path, env: str | None, path: str, why: str
) -> None:
    unit = f'include "root" {{\n  path = "../../root.hcl"\n}}\ninclude "env" {{\n  path = {path}\n}}\n'
    texts = {UNIT: unit} | ({"live/prod/env.hcl": env} if env is not None else {})

    estate = read(written(tmp_path, texts))

    assert why in name(estate)
    assert [gap.address for gap in estate.gaps if why in gap.why] == ["include env"]


def test_what_the_unit_gives_itself_is_known_all_the_same(tmp_path: Path) -> None:
    unit = 'include "env" {\n  path = "none.hcl"\n}\ninputs = {\n  value = "own"\n}\n'

    assert name(read(written(tmp_path, {UNIT: ROOT + unit}))) == "own"
