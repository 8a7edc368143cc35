"""Resolves a template into its resources, once for each way its open conditions can fall."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.model import Export, Gap, Place
from restore_ready.model._why_open import TRANSFORM
from restore_ready.readers._marks import NO_MARKS, Marks
from restore_ready.readers.cloudformation._evaluate import evaluate
from restore_ready.readers.cloudformation._exports import exports
from restore_ready.readers.cloudformation._foreach import Expander
from restore_ready.readers.cloudformation._mentions import mentioned
from restore_ready.readers.cloudformation._parameters import is_handed, parameter_values
from restore_ready.readers.cloudformation._resource import Resource
from restore_ready.readers.cloudformation._scenarios import Case, Cases, Used, cases
from restore_ready.readers.cloudformation._scope import NO_VALUE, Budget, Scope
from restore_ready.readers.cloudformation._template import Template, has_two_types
from restore_ready.readers.cloudformation._types import (
    FILE_SYSTEM,
    is_opaque,
    read_types,
    speaks_of_backup,
)

_HARMLESS: tuple[str, ...] = (
    "AWS::CodeDeployBlueGreen",
    "AWS::LanguageExtensions",
    "AWS::SecretsManager-",
    "AWS::Serverless-",
    "AWS::ServiceCatalog",
)
"""Transforms by AWS that add nothing a rule looks at, or whose input is read directly (SAM, loops)."""

_SAM_GLOBALS = ("FileSystemConfigs", "PermissionsBoundary", "RolePath", "Timeout", "VpcConfig")
"""Settings of ``Globals.Function`` that shape a function's generated role, or what it mounts and how long it runs."""

_SECTIONS = frozenset({"Conditions", "Globals", "Mappings", "Parameters", "Resources", "Transform"})
"""Sections that decide what there is."""

_MAX_VALUES = 4_000_000
"""Most values that are resolved over all scenarios of a template; bigger templates get fewer scenarios."""


class Scenario(Struct, frozen=True):
    """A template under one assumption about what it leaves open.

    Attributes:
        resources: those of the types that are read, and opaque ones that speak of backups.
        assuming: the assumption in words: ``IsProd is false and CreateVault is true``; empty where nothing is open.
        gaps: what could not be read.
        exports: the outputs that are handed to other stacks under a name that is known.
    """

    resources: tuple[Resource, ...]
    assuming: str
    gaps: tuple[Gap, ...]
    exports: tuple[Export, ...] = ()


class _Entry(Struct, frozen=True):
    """A resource as written, what it uses, and how many values it has."""

    name: str
    kind: str
    body: Mapping[str, object]
    place: Place
    names: frozenset[str]
    conditions: frozenset[str]
    size: int
    marks: Marks = NO_MARKS


def resolve(template: Template, parameters: Mapping[str, object] | None = None) -> list[Scenario]:
    """Resolve a template; *parameters* go before the template's own defaults."""
    known = parameter_values(template.section("Parameters"), parameters or {})
    budget = Budget()
    start = Scope(known, template.section("Mappings"), {}, {}, budget)
    expander = Expander(start)
    bodies, unread = expander.section(template.section("Resources"))
    conditions = {name: body for name, (_, body) in expander.section(template.section("Conditions"))[0].items()}
    types = {name: str(body["Type"]) for name, (_, body) in bodies.items() if isinstance(body, dict) and "Type" in body}
    handed = {name for name, value in known.items() if is_handed(value)}
    entries = list(_entries(template, bodies, types, expander, handed))
    found = _cases(Scope(known, start.mappings, types, {}, budget), template, conditions, entries)
    gaps = (*_gaps(template, types), *_loop_gaps(template, unread), *_limit_gaps(template, found))
    outputs = template.section("Outputs")
    scenarios = [
        replace(scenario, exports=tuple(exports(outputs, case.scope)))
        for scenario, case in zip(_scenarios(found, entries, gaps), found.cases, strict=True)
    ]
    if budget.left >= 0:
        return scenarios
    spent = _whole(template, "its functions expand to more text than is read", hides_backups=True)
    return [replace(scenario, gaps=(*scenario.gaps, spent)) for scenario in scenarios]


def loop_resources(template: Template) -> Iterable[Resource]:
    """Return what the loops of a template make, once for each logical id, with its parameters at their defaults."""
    written = template.section("Resources")
    made = (resource for scenario in resolve(template) for resource in scenario.resources)
    return {resource.name: resource for resource in made if resource.name not in written}.values()


def _entries(
    template: Template,
    bodies: Mapping[str, tuple[str, object]],
    types: Mapping[str, str],
    expander: Expander,
    handed: AbstractSet[str],
) -> Iterator[_Entry]:
    shared = _sam_globals(template)
    handed = handed | {name for name, kind in types.items() if kind == FILE_SYSTEM}
    read = read_types((name, kind, bodies[name][1]) for name, kind in types.items())
    for name, (key, body) in bodies.items():
        kind = types.get(name, "")
        if not isinstance(body, dict) or not (kind in read or (is_opaque(kind) and _may_hide(name, body, handed))):
            continue
        properties = expander.tree(body.get("Properties"))
        if kind == "AWS::Serverless::Function" and isinstance(properties, dict):
            properties = {**shared, **properties}
        if isinstance(properties, dict) and (wanted := read.get(kind)):
            properties = {key: value for key, value in properties.items() if key in wanted or key.startswith("Fn::")}
        names, conditions, size = mentioned(properties)
        if isinstance(body.get("Condition"), str):
            conditions.add(body["Condition"])
        place = template.place(key)
        whole, marks = {**body, "Properties": properties}, template.marks(key)
        yield _Entry(name, kind, whole, place, frozenset(names), frozenset(conditions), size, marks)


def _may_hide(name: str, body: Mapping[str, object], handed: AbstractSet[str]) -> bool:
    """Return whether an opaque resource may make backups: it says so, or a file system is handed to it."""
    if speaks_of_backup(name, str(body.get("Type")), body):
        return True
    return not handed.isdisjoint(mentioned(body.get("Properties"))[0])


def _sam_globals(template: Template) -> dict[str, object]:
    function = template.section("Globals").get("Function")
    return {key: function[key] for key in _SAM_GLOBALS if key in function} if isinstance(function, dict) else {}


def _cases(scope: Scope, template: Template, conditions: Mapping[str, object], entries: Sequence[_Entry]) -> Cases:
    names = {name for entry in entries for name in entry.names if name in scope.parameters}
    wanted = dict.fromkeys(name for entry in entries for name in sorted(entry.conditions))
    size = sum(entry.size for entry in entries)
    used = Used(names, list(wanted), most=_MAX_VALUES // (size + 1))
    return cases(scope, template.section("Parameters"), conditions, used)


def _scenarios(found: Cases, entries: list[_Entry], gaps: tuple[Gap, ...]) -> Iterator[Scenario]:
    fixed: dict[str, Resource | Gap] = {}
    for case in found.cases:
        resources: list[Resource] = []
        unread: list[Gap] = []
        for entry in entries:
            made = fixed.get(entry.name) or _resource(entry, case)
            if not found.varying & (entry.names | entry.conditions) and made is not None:
                fixed[entry.name] = made
            if isinstance(made, Resource):
                resources.append(made)
            elif made is not None:
                unread.append(made)
        yield Scenario(tuple(resources), case.assuming, (*gaps, *unread))


def _resource(entry: _Entry, case: Case) -> Resource | Gap | None:
    """Resolve a resource: ``None`` if its condition is false, a gap if its properties can't be read at all."""
    condition = entry.body.get("Condition")
    if isinstance(condition, str) and not case.scope.conditions[condition]:
        return None
    properties = entry.body.get("Properties")
    values = {} if properties is None else evaluate(properties, case.scope)
    if values is NO_VALUE:
        values = {}
    if isinstance(values, dict):
        construct = _construct(entry.body.get("Metadata"))
        return Resource(entry.name, entry.kind, values, entry.place, marks=entry.marks, construct=construct)
    hides = speaks_of_backup(entry.name, entry.kind, {})
    return Gap(entry.name, entry.place, "its Properties can't be read", hides_backups=hides)


def _construct(metadata: object) -> str:
    """Return the path of a construct as the CDK notes it, https://docs.aws.amazon.com/cdk/v2/guide/identifiers.html."""
    path = metadata.get("aws:cdk:path") if isinstance(metadata, dict) else None
    return path if isinstance(path, str) else ""


def _gaps(template: Template, types: Mapping[str, str]) -> Iterator[Gap]:
    """Yield what macros may add: each is handed the template, and so every file system in it."""
    handed = tuple(name for name, kind in types.items() if kind == FILE_SYSTEM)
    for name in _transforms(template.tree.get("Transform")):
        if not name.startswith(_HARMLESS):
            yield _added(template, TRANSFORM.said(what=name), name, handed)
    for part in (template.tree, template.section("Resources")):
        if "Fn::Transform" in part:
            yield _added(template, "what Fn::Transform adds is not known", repr(part["Fn::Transform"]), handed)
    for name in _SECTIONS & template.twice.keys():
        line = template.twice[name]
        why = f"{name} is given twice, of which the last is read"
        yield Gap(template.file, Place(template.file, line, line), why, hides_backups=True)
    for name, body in template.section("Resources").items():
        why = _unclear(body) if isinstance(body, dict) else ""
        if why:
            gap = _added(template, why, repr(body), handed)
            yield replace(gap, address=name, place=template.places.get(name, gap.place))


def _unclear(body: Mapping[str, object]) -> str:
    """Return why it is not known what a resource is; empty where that is known."""
    if "Fn::Transform" in body:
        return "what Fn::Transform makes of it is not known"
    return "its Type is given twice" if has_two_types(body) else ""


def _added(template: Template, why: str, said: str, handed: tuple[str, ...]) -> Gap:
    whole = _whole(template, why, hides_backups="backup" in said.casefold())
    return replace(whole, handed=handed)


def _loop_gaps(template: Template, unread: Mapping[str, str]) -> Iterator[Gap]:
    """Report loops that can't be expanded and may make something that is read."""
    for key, why in unread.items():
        made = repr(template.section("Resources")[key])
        if any(service in made for service in ("AWS::Backup::", "AWS::EFS::", "AWS::IAM::", "AWS::S")):
            place = template.place(key)
            yield Gap(key, place, f"the loop can't be expanded: {why}", hides_backups="AWS::Backup::" in made)


def _limit_gaps(template: Template, found: Cases) -> Iterator[Gap]:
    if found.incomplete:
        judged = f"it has too many open conditions: {len(found.cases)} of their combinations are judged, not all"
        yield _whole(template, judged, hides_backups=False)


def _whole(template: Template, why: str, *, hides_backups: bool) -> Gap:
    return Gap(template.file, Place(template.file), why, hides_backups)


def _transforms(written: object) -> list[str]:
    items = written if isinstance(written, list) else [written]
    names = [item.get("Name") if isinstance(item, dict) else item for item in items]
    return [name for name in names if isinstance(name, str)]
