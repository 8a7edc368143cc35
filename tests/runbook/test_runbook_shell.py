"""The shell in runbooks: shellcheck takes it, and every AWS call is one that the service has."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import botocore.session
import pytest
from botocore import xform_name
from botocore.model import OperationModel, ServiceModel, Shape
from botocore.validate import ParamValidator
from tests.support.paths import FIXTURES
from tests.support.runbook_estates import LIFTED, everything_around, runbook_of
from tests.support.runbooks import Call, blocks, calls, heredocs, runbook, scripts

STORIES = {
    "founding": (FIXTURES / "stories/founding/main.tf", "home"),
    "founding plan": (FIXTURES / "stories/founding/plan.json", "home"),
    "founding template": (FIXTURES / "stories/founding/template.yaml", "Home"),
    "corrected": (FIXTURES / "stories/corrected/main.tf", "home"),
    "corrected template": (FIXTURES / "stories/corrected/template.yaml", "Home"),
    "one zone": (FIXTURES / "RR101/fail_one_zone_default/main.tf", "aws_efs_file_system.scratch"),
}
GLOBAL = {"cli-input-json", "cli-read-timeout", "output", "query", "region"}
VARIABLE = re.compile(r"\$\{?\w+[^}\s\"]*\}?")


AROUND = "everything around it"
every_text = pytest.mark.parametrize("name", [*STORIES, AROUND, *LIFTED])


@cache
def text_of(name: str) -> str:
    if name in STORIES:
        return runbook(*STORIES[name])
    return everything_around() if name == AROUND else runbook_of(LIFTED[name]())


@pytest.mark.thorough
@every_text
def test_shellcheck_takes_each_block_and_all_of_them(name: str, tmp_path: Path) -> None:
    found = blocks(text_of(name))
    files = []
    for number, block in enumerate(["\n".join(found), *scripts(text_of(name))[: None if name == AROUND else -1]]):
        files.append(tmp_path / f"block_{number}.sh")
        files[-1].write_text(block)
    shellcheck = Path(sys.executable).parent / "shellcheck"
    done = subprocess.run(
        [shellcheck, "--shell=bash", "--exclude=SC1090,SC1091", *files],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout


@every_text
def test_each_aws_call_is_one_that_the_service_has(name: str) -> None:
    written = dict(heredocs(text_of(name)))
    found = list(calls(text_of(name)))
    assert len(found) > 15
    for call in found:
        if call.operation == "wait":
            continue
        model = operation(call)
        members = {xform_name(member, "-"): shape for member, shape in model.input_shape.members.items()}
        given = set(call.options) - GLOBAL
        assert given <= set(members), f"{call}: {given - set(members)}"
        required = {
            xform_name(member, "-")
            for member in model.input_shape.required_members
            if not model.input_shape.members[member].metadata.get("idempotencyToken")
        }
        assert required <= given or "cli-input-json" in call.options, f"{call} lacks {required - given}"
        assert call.positional in ([], ["$WORK_DIR/mover-said.json"] if call.operation == "invoke" else [])
        for option in given:
            check_value(call, option, members[option], written, text_of(name))


@cache
def service_model(name: str) -> ServiceModel:
    return botocore.session.get_session().get_service_model(name)


def operation(call: Call) -> OperationModel:
    service = service_model(call.service)
    by_name = {xform_name(name, "-"): name for name in service.operation_names}
    assert call.operation in by_name, str(call)
    return service.operation_model(by_name[call.operation])


def check_value(call: Call, option: str, shape: Shape, written: dict[str, str], text: str) -> None:
    """Check a value that is more than a string against its shape, as far as it is known before the shell runs."""
    values = call.options[option]
    assert values, f"{call} --{option} has no value"
    if shape.type_name in ("string", "blob", "timestamp", "integer"):
        assert len(values) == 1, f"{call} --{option}: {values}"
        enum = getattr(shape, "enum", [])
        assert not enum or values[0] in enum or "$" in values[0], f"{call} --{option}: {values[0]}"
        return
    value = known_value(values, written, text)
    if value is not None:
        report = ParamValidator().validate(value, shape)
        assert not report.has_errors(), f"{call} --{option}: {report.generate_report()}"


def known_value(values: list[str], written: dict[str, str], text: str) -> object:
    """Return the value of an option, ``None`` where the shell makes it."""
    first = values[0]
    if "=" not in first and not first.startswith(("$", "file:")):
        return values
    if first.startswith("file://$WORK_DIR/"):
        name = first.removeprefix("file://$WORK_DIR/")
        assert f'"$WORK_DIR/{name}"' in text.replace(f"file://$WORK_DIR/{name}", ""), f"nothing writes {name}"
        return json.loads(VARIABLE.sub("x", written[name])) if name in written else None
    if first.startswith(("$", "file://")):
        return None
    given = dict(part.split("=", 1) for part in first.split(","))
    return [given] if "Name" in given else given


@every_text
def test_nothing_unresolved_is_left(name: str) -> None:
    assert "${?}" not in text_of(name)
    assert "<restore_ready" not in text_of(name)
    assert "Unresolved(" not in text_of(name)
