from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.support.effort import steps

from restore_ready import Estate, UnreadableError, Unresolved
from restore_ready.readers.terraform.plan import _read, read_plan

SELECTION = "aws_backup_selection.s"


def written(tmp_path: Path, tree: object) -> Path:
    path = tmp_path / "plan.json"
    path.write_text(tree if isinstance(tree, str) else json.dumps(tree), encoding="utf-8")
    return path


def plan(*resources: dict[str, Any], **parts: object) -> dict[str, object]:
    return {"format_version": "1.2", "planned_values": {"root_module": {"resources": list(resources)}}, **parts}


def resource(address: str, **values: object) -> dict[str, Any]:
    kind, _, name = address.partition(".")
    return {"address": address, "mode": "managed", "type": kind, "name": name.partition("[")[0], "values": values}


def read(tmp_path: Path, tree: object) -> Estate:
    (found,) = read_plan(written(tmp_path, tree)).estates
    return found


def selecting(references: object, **configuration: object) -> dict[str, object]:
    """Return a plan with a selection whose resources are unknown and made from *references*."""
    written_as = {"address": SELECTION, "expressions": {"resources": {"references": references}}}
    root = {"resources": [written_as], **configuration}
    unknown = {"address": SELECTION, "change": {"after_unknown": {"resources": True}}}
    return plan(resource(SELECTION), resource_changes=[unknown], configuration={"root_module": root})


@pytest.mark.parametrize(
    ("content", "why", "line"),
    [
        ("", "not JSON", 1),
        ('{"planned_values": {}\n"x": 1}', "not JSON", 2),
        ("[" * 200_000, "nested too deeply", 0),
        ('{"planned_values": {}, "n": ' + "9" * 5000 + "}", "not JSON", 0),
        ("[]", "no planned_values", 0),
        ('{"planned_values": []}', "no planned_values", 0),
        ('{"planned_values": {"root_module": []}}', "a module is not an object", 0),
        ('{"planned_values": {"root_module": {"resources": {}}}}', "resources in planned_values", 0),
        ('{"planned_values": {"root_module": {"resources": [5]}}}', "resources in planned_values", 0),
        ('{"planned_values": {"root_module": {"child_modules": 5}}}', "child_modules in planned_values", 0),
        ('{"planned_values": {"root_module": {"resources": [{}]}}}', "no address, type or name", 0),
        ('{"planned_values": {}, "resource_changes": {}}', "resource_changes is not a list", 0),
    ],
    ids=range(12),
)
def test_what_is_no_plan_is_refused_with_the_reason(tmp_path: Path, content: str, why: str, line: int) -> None:
    with pytest.raises(UnreadableError, match=why) as caught:
        read_plan(written(tmp_path, content))
    assert (caught.value.path, caught.value.line) == (tmp_path / "plan.json", line)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(b"\xff\xfe\x00\xd8\x00")
    with pytest.raises(UnreadableError, match="not JSON"):
        read_plan(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path, why in ((tmp_path / "none.json", "can't be read"), (tmp_path, "is a folder")):
        with pytest.raises(UnreadableError, match=why):
            read_plan(path)


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_read, "_BIGGEST", 10)
    with pytest.raises(UnreadableError, match="is larger than"):
        read_plan(written(tmp_path, plan()))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_plans_written_by_powershell_are_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan(resource("aws_efs_file_system.x"))), encoding=encoding)
    (found,) = read_plan(path).estates
    assert len(found.file_systems) == 1


def test_modules_nested_without_end_are_refused(tmp_path: Path) -> None:
    module: dict[str, object] = {}
    for _ in range(300):
        module = {"child_modules": [module]}
    with pytest.raises(UnreadableError, match="nested too deeply"):
        read(tmp_path, {"planned_values": {"root_module": module}})


def test_values_nested_deeply_are_unresolved(tmp_path: Path) -> None:
    value: object = "x"
    for _ in range(400):
        value = {"a": [value]}
    found = read(tmp_path, plan(resource("aws_efs_file_system.x", tags={"deep": value})))
    assert isinstance(found.file_systems[0].tags["deep"], Unresolved)


@pytest.mark.parametrize("odd", [None, 5, "x", [], [[]], {"a": {}}])
def test_odd_shapes_anywhere_are_no_error(tmp_path: Path, odd: object) -> None:
    names = ("rule", "resources", "policy", "tags", "backup_policy", "condition", "inline_policy", "name", "groups")
    kinds = ("aws_backup_plan", "aws_backup_selection", "aws_efs_file_system", "aws_efs_backup_policy", "aws_iam_role")
    resources = [resource(f"{kind}.x", **dict.fromkeys(names, odd)) for kind in kinds]
    found = read(
        tmp_path,
        plan(*resources, configuration=odd, prior_state=odd, variables=odd, resource_changes=[odd]),
    )
    assert len(found.file_systems) == 1


@pytest.mark.parametrize(
    "references",
    [
        None,
        5,
        [5],
        [""],
        ["module"],
        ["module.x"],
        ["var"],
        ["data.x"],
        ["x"],
        ["each.value"],
        ["a.b[", 'a.b["'],
        ["..."],
    ],
)
def test_odd_references_are_unresolved(tmp_path: Path, references: object) -> None:
    assert isinstance(read(tmp_path, selecting(references)).selections[0].resources, Unresolved)


def test_modules_that_refer_to_each_other_end(tmp_path: Path) -> None:
    output = {"expression": {"references": ["module.m.o", "module.m.p", "var.v"]}}
    module: dict[str, object] = {"outputs": {"o": output, "p": output}}
    module["module_calls"] = {"m": {"module": {"outputs": {"o": output, "p": output}}, "expressions": {}}}
    tree = selecting(
        ["module.m.o"], module_calls={"m": {"module": module, "expressions": {"v": {"references": ["module.m.o"]}}}}
    )
    child = {"address": "module.m", "child_modules": [{"address": "module.m.module.m"}]}
    tree["planned_values"]["root_module"]["child_modules"] = [child]  # type: ignore[index]  # made above
    assert steps(lambda: read(tmp_path, tree)) < 20_000
    assert isinstance(read(tmp_path, tree).selections[0].resources, Unresolved)


def test_many_resources_take_work_in_proportion(tmp_path: Path) -> None:
    def work(count: int) -> int:
        systems = [resource(f'aws_efs_file_system.x["{at}"]', tags={"n": str(at)}) for at in range(count)]
        path = written(tmp_path, plan(*systems, resource(SELECTION, resources=["*"])))
        return steps(lambda: read_plan(path))

    work(10)
    assert work(1600) < 8.5 * work(200)
