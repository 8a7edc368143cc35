"""Shows in Checkov what ``Fn::ForEach`` loops make: it drops the loops themselves before it runs its checks."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checkov.cloudformation.checks.resource.registry import cfn_registry
from checkov.common.output.record import Record
from checkov.common.util.suppression import collect_suppressions_for_context

from restore_ready._errors import UnreadableError
from restore_ready.catalog._codes import PACK_BROKEN
from restore_ready.catalog._finder import all_rules

if TYPE_CHECKING:
    from restore_ready.readers.cloudformation import Resource

_LOOP = "Fn::ForEach::"


def report_loops(arguments: Mapping[str, Any]) -> None:
    """Run our checks on every resource that a loop makes, and add the records to Checkov's report.

    Args:
        arguments: those of Checkov's ``check_definitions``.
    """
    runner, scope = arguments["self"], arguments["root_folder"]
    for file, rows in runner.definitions_raw.items():
        if any(_LOOP in text for _, text in rows):
            seen = (runner.definitions.get(file) or {}).get("Resources", {})
            for resource in _made_by_loops(Path(file)):
                if resource.name not in seen:
                    for record in _records(resource, file, scope, rows, arguments["runner_filter"]):
                        arguments["report"].add_record(record)


def _made_by_loops(template: Path) -> Iterable[Resource]:
    from restore_ready.readers.cloudformation import load_template, loop_resources  # noqa: PLC0415  # as in _store

    try:
        return loop_resources(load_template(template))
    except UnreadableError:  # it is reported where the template is judged
        return ()


def _records(
    resource: Resource,
    file: str,
    scope: str | None,
    rows: Iterable[tuple[int, str]],
    runner_filter: Any,  # noqa: ANN401  # Checkov's
) -> Iterator[Record]:
    name = f"/{os.path.relpath(file, scope)}"
    first, last = resource.place.line, resource.place.end_line
    code = [row for row in rows if first <= row[0] <= last]
    skips = {skip["id"]: skip for skip in collect_suppressions_for_context(code)}
    entity = {"Type": resource.type}
    for check in cfn_registry.get_checks(resource.type):
        if check.id in _codes() and runner_filter.should_run_check(
            check, report_type=cfn_registry.report_type, file_origin_paths=[name]
        ):
            result = cfn_registry.run_check(check, entity, resource.name, resource.type, name, skips.get(check.id, {}))
            record = Record(
                check_id=check.id,
                bc_check_id=check.bc_id,
                check_name=check.name,
                check_result=result,
                code_block=code,
                file_path=name,
                file_line_range=[first, last],
                resource=f"{resource.type}.{resource.name}",
                evaluations={},
                check_class=type(check).__module__,
                file_abs_path=file,
                severity=check.severity,
            )
            record.set_guideline(check.guideline)
            yield record


def _codes() -> frozenset[str]:
    return frozenset({PACK_BROKEN.code, *(rule.code for rule in all_rules())})
