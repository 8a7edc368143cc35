"""Gives what an account holds as resources of CloudFormation, whose properties AWS Backup's API mostly shares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from restore_ready.coverage._automatic import PLAN, VAULT
from restore_ready.model import Place, Ref, Unresolved
from restore_ready.readers.account._account_facts import AccountFacts
from restore_ready.readers.account._answers import Object
from restore_ready.readers.cloudformation._resource import Resource

_RULE_NAMES: Final[Mapping[str, str]] = {"TargetBackupVaultName": "TargetBackupVault"}
_COPIES: Final = "CopyActions"


class Arns:
    """The ARNs of what is in a Region, which become references wherever they are named."""

    def __init__(self, facts: AccountFacts) -> None:
        """Take what *facts* lists."""
        self._account_facts = facts
        self._known: dict[str, str] = {}
        for kind, entry_id, make in (
            ("file_systems", "FileSystemId", self.file_system),
            ("vaults", "BackupVaultName", self.vault),
            ("access_points", "AccessPointId", self.access_point),
            ("functions", "FunctionArn", self.function),
        ):
            for entry in facts.entries(kind):
                if entry[entry_id] != VAULT:
                    self._known[make(entry)] = make(entry)

    def file_system(self, entry: Object) -> str:
        """Return the ARN of a file system."""
        return self._given(entry, "FileSystemArn", "elasticfilesystem", f"file-system/{entry['FileSystemId']}")

    def vault(self, entry: Object) -> str:
        """Return the ARN of a vault."""
        return self._given(entry, "BackupVaultArn", "backup", f"backup-vault:{entry['BackupVaultName']}")

    def access_point(self, entry: Object) -> str:
        """Return the ARN of an access point."""
        return self._given(entry, "AccessPointArn", "elasticfilesystem", f"access-point/{entry['AccessPointId']}")

    def function(self, entry: Object) -> str:
        """Return the ARN of a function."""
        return str(entry["FunctionArn"])

    def plan(self, entry: Object) -> str:
        """Return the ARN of a backup plan."""
        return self._given(entry, "BackupPlanArn", "backup", f"backup-plan:{entry['BackupPlanId']}")

    def test_plan(self, entry: Object) -> str:
        """Return the ARN of a restore testing plan."""
        name = f"restore-testing-plan:{entry['RestoreTestingPlanName']}"
        return self._given(entry, "RestoreTestingPlanArn", "backup", name)

    def _given(self, entry: Object, name: str, service: str, resource: str) -> str:
        arn = entry.get(name)
        return arn if isinstance(arn, str) and arn else self._account_facts.arn(service, resource)

    def linked(self, tree: object) -> object:
        """Return *tree*, a list of ARNs or one, with references in place of what is in this Region."""
        if isinstance(tree, list):
            return [self.linked(arn) for arn in tree]
        if not isinstance(tree, str):
            return tree
        target = self._known.get(tree) or self._known.get(":".join(tree.split(":")[:_FUNCTION]))
        return tree if target is None else Ref(target, "Arn")


_FUNCTION: Final = 7
"""Parts of a function's ARN, without the version or alias that may follow."""


def resources(facts: AccountFacts, arns: Arns) -> Iterator[Resource]:
    """Yield plans, selections, restore tests, functions and schedules as far as they are known."""
    yield from _plans(facts, arns)
    yield from _tests(facts, arns)
    yield from _functions(facts, arns)
    yield from _schedules(facts, arns)


def own_plans(facts: AccountFacts) -> list[Object]:
    """Return the backup plans that are listed, without AWS's automatic one."""
    return [plan for plan in facts.entries("plans") if plan.get("BackupPlanName") != PLAN]


def automatic_plan(facts: AccountFacts, arns: Arns) -> Resource | None:
    """Return AWS's automatic plan, which its owner may have changed; ``None`` where AWS has not made it."""
    listed = facts.listed("plans")
    if isinstance(listed, Unresolved):
        return Resource(PLAN, "AWS::Backup::BackupPlan", {"BackupPlan": listed}, facts.place)
    entry = next((plan for plan in listed if plan.get("BackupPlanName") == PLAN), None)
    if entry is None:
        return None
    body = {"BackupPlan": _plan(facts.found("plan", entry["BackupPlanId"]), arns)}
    return Resource(arns.plan(entry), "AWS::Backup::BackupPlan", body, facts.place)


def _plans(facts: AccountFacts, arns: Arns) -> Iterator[Resource]:
    for entry in own_plans(facts):
        plan_id, arn = entry["BackupPlanId"], arns.plan(entry)
        body = facts.found("plan", plan_id)
        yield Resource(arn, "AWS::Backup::BackupPlan", {"BackupPlan": _plan(body, arns)}, facts.place)
        listed = facts.listed("selections", plan_id)
        for selection in facts.entries("selections", plan_id):
            found = facts.found("selection", plan_id, selection["SelectionId"])
            properties = {"BackupPlanId": Ref(arn), "BackupSelection": _selection(found, selection, arns)}
            yield Resource(
                _selection_address(arn, selection["SelectionId"]),
                "AWS::Backup::BackupSelection",
                properties,
                facts.place,
            )
        if isinstance(listed, Unresolved):
            unknown = {"BackupPlanId": Ref(arn), "BackupSelection": listed}
            yield Resource(_selection_address(arn, "?"), "AWS::Backup::BackupSelection", unknown, facts.place)


def _selection_address(plan: str, name: str) -> str:
    """Return what stands for a selection, which has no ARN."""
    return f"{plan}/selection/{name}"


def _plan(body: Object | Unresolved | None, arns: Arns) -> object:
    if body is None or isinstance(body, Unresolved):
        return Unresolved("AWS lists the plan and does not give it") if body is None else body
    rules = body.get("Rules")
    listed = [_rule(rule, arns) for rule in rules] if isinstance(rules, list) else Unresolved("it has no Rules")
    return _stated({"BackupPlanName": body.get("BackupPlanName"), "BackupPlanRule": listed})


def _rule(written: object, arns: Arns) -> object:
    if not isinstance(written, Mapping):
        return Unresolved("a rule is not an object")
    rule: dict[str, object] = {_RULE_NAMES.get(name, name): value for name, value in written.items()}
    rule["Lifecycle"] = _lifecycle(rule.get("Lifecycle"))
    copies = rule.get(_COPIES)
    if isinstance(copies, list):
        rule[_COPIES] = [_copy(copy, arns) for copy in copies]
    return _stated(rule)


def _copy(written: object, arns: Arns) -> object:
    if not isinstance(written, Mapping):
        return Unresolved("a copy action is not an object")
    destination = arns.linked(written.get("DestinationBackupVaultArn"))
    return _stated({"DestinationBackupVaultArn": destination, "Lifecycle": _lifecycle(written.get("Lifecycle"))})


def _lifecycle(written: object) -> object:
    """Return a lifecycle; AWS gives -1 days for what is never done."""
    if not isinstance(written, Mapping):
        return written
    return {name: days for name, days in written.items() if days is not None and days != -1}


def _selection(found: Object | Unresolved | None, listed: Object, arns: Arns) -> object:
    if found is None or isinstance(found, Unresolved):
        why = Unresolved("AWS lists the selection and does not give it") if found is None else found
        open_parts = dict.fromkeys(("Resources", "NotResources", "ListOfTags", "Conditions"), why)
        return {**open_parts, "IamRoleArn": listed.get("IamRoleArn", why)}
    linked = {name: arns.linked(found[name]) for name in ("Resources", "NotResources") if name in found}
    return _stated({**found, **linked})


def _tests(facts: AccountFacts, arns: Arns) -> Iterator[Resource]:
    for entry in facts.entries("restore_test_plans"):
        name, arn = entry["RestoreTestingPlanName"], arns.test_plan(entry)
        yield Resource(arn, "AWS::Backup::RestoreTestingPlan", _test_plan(facts, entry, arns), facts.place)
        selections = facts.listed("restore_test_selections", name)
        for selection in facts.entries("restore_test_selections", name):
            found = facts.found("restore_test_selection", name, selection["RestoreTestingSelectionName"])
            yield _restore_test(arn, _test_selection(found, selection, arns), facts.place)
        if isinstance(selections, Unresolved):
            yield _restore_test(arn, _open_test(selections), facts.place)
    if isinstance(listed := facts.listed("restore_test_plans"), Unresolved):
        yield _restore_test(f"{facts.label}:restore-testing-plans", _open_test(listed), facts.place, plan=listed)


def _restore_test(
    plan_arn: str, properties: Mapping[str, object], place: Place, plan: Unresolved | None = None
) -> Resource:
    """Return a restore testing selection, which has no ARN, of the restore testing plan with one."""
    name = properties.get("RestoreTestingSelectionName")
    address = _selection_address(plan_arn, name if isinstance(name, str) else "?")
    belongs = {"RestoreTestingPlanName": Ref(plan_arn) if plan is None else plan}
    return Resource(address, "AWS::Backup::RestoreTestingSelection", {**properties, **belongs}, place)


def _test_plan(facts: AccountFacts, entry: Object, arns: Arns) -> Mapping[str, object]:
    found = facts.found("restore_test_plan", entry["RestoreTestingPlanName"])
    if found is None or isinstance(found, Unresolved):
        why = Unresolved("AWS lists the restore testing plan and does not give it") if found is None else found
        return {**_stated(entry), "RecoveryPointSelection": why}
    chosen = found.get("RecoveryPointSelection")
    if isinstance(chosen, Mapping):
        vaults = {name: arns.linked(chosen[name]) for name in ("IncludeVaults", "ExcludeVaults") if name in chosen}
        return _stated({**found, "RecoveryPointSelection": _stated({**chosen, **vaults})})
    return _stated(found)


def _test_selection(found: Object | Unresolved | None, listed: Object, arns: Arns) -> Mapping[str, object]:
    if found is None or isinstance(found, Unresolved):
        why = Unresolved("AWS lists the selection and does not give it") if found is None else found
        return {**_open_test(why), **_stated(listed)}
    arns_named = arns.linked(found.get("ProtectedResourceArns"))
    return _stated({**found, "ProtectedResourceArns": arns_named})


def _open_test(why: Unresolved) -> Mapping[str, object]:
    names = ("IamRoleArn", "ProtectedResourceType", "ProtectedResourceArns", "ProtectedResourceConditions")
    return {**dict.fromkeys(names, why), "RestoreTestingSelectionName": why}


def _functions(facts: AccountFacts, arns: Arns) -> Iterator[Resource]:
    for function in facts.entries("functions"):
        network = function.get("VpcConfig")
        subnets = network.get("SubnetIds") if isinstance(network, Mapping) else None
        configs = function.get("FileSystemConfigs")
        mounts = [_mount(config, arns) for config in configs] if isinstance(configs, list) else configs
        properties = {
            "FunctionName": function.get("FunctionName"),
            "Role": function.get("Role"),
            "Timeout": function.get("Timeout"),
            "FileSystemConfigs": mounts,
            "VpcConfig": {"SubnetIds": [_subnet(name) for name in subnets]} if isinstance(subnets, list) else None,
        }
        if not subnets:
            del properties["VpcConfig"]
        yield Resource(arns.function(function), "AWS::Lambda::Function", _stated(properties), facts.place)


def _mount(written: object, arns: Arns) -> object:
    if not isinstance(written, Mapping):
        return Unresolved("a mount is not an object")
    return {"Arn": arns.linked(written.get("Arn"))}


def _subnet(name: object) -> object:
    return Ref(name) if isinstance(name, str) else name


def _schedules(facts: AccountFacts, arns: Arns) -> Iterator[Resource]:
    for entry in facts.entries("schedules"):
        found = facts.found("schedule", str(entry.get("GroupName", "")), entry["Name"])
        if found is not None and not isinstance(found, Unresolved):
            arn = str(found.get("Arn") or entry.get("Arn") or entry["Name"])
            yield Resource(arn, "AWS::Scheduler::Schedule", _stated(_targeted(found, arns)), facts.place)
    for entry in facts.entries("event_rules"):
        arn = str(entry.get("Arn") or facts.arn("events", f"rule/{entry['Name']}"))
        targets = _event_targets(entry, facts, arns)
        on_default_bus = entry.get("EventBusName", "default") in {"default", None}
        kept = {name: value for name, value in entry.items() if name != "EventPattern" or on_default_bus}
        yield Resource(
            arn,
            "AWS::Events::Rule",
            _stated({**kept, "Targets": targets}),
            facts.place,
        )


def _event_targets(rule: Object, facts: AccountFacts, arns: Arns) -> list[Mapping[str, object]] | Unresolved:
    """Return the targets of an event rule, which are asked for where it runs by a schedule."""
    if not rule.get("ScheduleExpression"):
        return Unresolved("its targets are not asked for")
    listed = facts.listed("event_targets", rule["Name"], str(rule.get("EventBusName", "")))
    return listed if isinstance(listed, Unresolved) else [_linked_arn(target, arns) for target in listed]


def _targeted(schedule: Object, arns: Arns) -> Mapping[str, object]:
    target = schedule.get("Target")
    return {**schedule, "Target": _linked_arn(target, arns)} if isinstance(target, Mapping) else schedule


def _linked_arn(target: Object, arns: Arns) -> Mapping[str, object]:
    return {**target, "Arn": arns.linked(target.get("Arn"))}


def _stated(values: Mapping[str, object]) -> dict[str, object]:
    """Return *values* without those that are not given."""
    return {name: value for name, value in values.items() if value is not None and value != ""}
