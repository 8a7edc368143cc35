"""A stack as Terraform: HCL, its form in JSON, and a plan."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from msgspec import Struct
from tests.fuzz.documents import Encoded, document, trust
from tests.fuzz.stacks import FileSystem, Hole, Identity, Link, Mover, PlanRule, RestoreTest, Selection, Stack, Vault

Body: TypeAlias = dict[str, Any]

TYPES: Final = {
    "file_systems": "aws_efs_file_system",
    "keys": "aws_kms_key",
    "vaults": "aws_backup_vault",
    "plans": "aws_backup_plan",
    "roles": "aws_iam_role",
    "groups": "aws_iam_group",
    "users": "aws_iam_user",
    "restore_tests": "aws_backup_restore_testing_plan",
}
BLOCKS: Final = frozenset(
    {"backup_policy", "rule", "lifecycle", "copy_action", "selection_tag", "recovery_point_selection",
     "file_system_config", "vpc_config"}
)  # fmt: skip


class Of(Struct, frozen=True):
    """An attribute of another resource of the stack."""

    kind: str
    name: str
    attribute: str

    @property
    def address(self) -> str:
        return f"{TYPES[self.kind]}.{self.name}"


class Resource(Struct, frozen=True):
    type: str
    name: str
    body: Body


def resources(stack: Stack) -> Iterator[Resource]:
    """Yield the resource blocks of a stack."""
    declared = frozenset((kind, thing.name) for kind in TYPES for thing in getattr(stack, kind))
    for resource in _resources(stack):
        yield Resource(resource.type, resource.name, _in_sight(resource.body, declared))


def _resources(stack: Stack) -> Iterator[Resource]:
    for file_system in stack.file_systems:
        yield from _file_system(file_system)
    for key in stack.keys:
        yield Resource("aws_kms_key", key.name, {"policy": document(key.policy)} if key.policy else {})
    for vault in stack.vaults:
        yield from _vault(vault)
    for plan in stack.plans:
        yield Resource("aws_backup_plan", plan.name, {"name": plan.name, "rule": [_rule(rule) for rule in plan.rules]})
    yield from map(_selection, stack.selections)
    for kind in ("roles", "groups", "users"):
        for identity in getattr(stack, kind):
            yield from _identity(kind, identity)
    yield from map(_mover, stack.movers)
    for restore_test in stack.restore_tests:
        yield from _restore_test(restore_test)


def _file_system(file_system: FileSystem) -> Iterator[Resource]:
    name = file_system.name
    yield Resource("aws_efs_file_system", name, {"tags": {"Name": name, **dict(file_system.tags)}})
    about = {"file_system_id": Of("file_systems", name, "id")}
    if file_system.automatic:
        status = [{"status": file_system.automatic}]
        yield Resource("aws_efs_backup_policy", name, {**about, "backup_policy": status})
    if file_system.policy:
        yield Resource("aws_efs_file_system_policy", name, {**about, "policy": document(file_system.policy)})


def _vault(vault: Vault) -> Iterator[Resource]:
    key = {"kms_key_arn": Of("keys", vault.key, "arn")} if vault.key else {}
    yield Resource("aws_backup_vault", vault.name, {"name": vault.name, **key})
    about = {"backup_vault_name": Of("vaults", vault.name, "name")}
    if vault.policy:
        yield Resource("aws_backup_vault_policy", vault.name, {**about, "policy": document(vault.policy)})
    if vault.lock is not None:
        days = {"min_retention_days": vault.lock.least, "max_retention_days": vault.lock.most}
        yield Resource("aws_backup_vault_lock_configuration", vault.name, {**about, **days})
    if vault.events:
        topic = "arn:aws:sns:eu-west-1:111122223333:on-call"
        heard = {"sns_topic_arn": topic, "backup_vault_events": vault.events}
        yield Resource("aws_backup_vault_notifications", vault.name, {**about, **heard})


def _rule(rule: PlanRule) -> Body:
    lifecycle = [{"delete_after": rule.delete_after}]
    copy = {"destination_vault_arn": Of("vaults", rule.copy_to, "arn"), "lifecycle": lifecycle}
    return {
        "rule_name": rule.name,
        "target_vault_name": "Default" if rule.vault == "Default" else Of("vaults", rule.vault, "name"),
        "schedule": rule.schedule,
        "schedule_expression_timezone": rule.zone,
        "start_window": rule.start_window,
        "completion_window": rule.completion_window,
        "lifecycle": lifecycle,
        **({"copy_action": [copy]} if rule.copy_to else {}),
    }


def _selection(selection: Selection) -> Resource:
    tags = [{"type": "STRINGEQUALS", "key": key, "value": value} for key, value in selection.tags]
    body = {
        "name": selection.name,
        "plan_id": Of("plans", selection.plan, "id"),
        "iam_role_arn": selection.role,
        "resources": selection.resources,
        **({"selection_tag": tags} if tags else {}),
    }
    return Resource("aws_backup_selection", selection.name, body)


def _identity(kind: str, identity: Identity) -> Iterator[Resource]:
    one = kind.removesuffix("s")
    assumed = {"assume_role_policy": trust(identity)} if kind == "roles" else {}
    yield Resource(f"aws_iam_{one}", identity.name, {"name": identity.name, **assumed})
    about = {one: Of(kind, identity.name, "name")}
    for number, arn in enumerate([identity.managed] if isinstance(identity.managed, Hole) else identity.managed):
        attached = {**about, "policy_arn": arn}
        yield Resource(f"aws_iam_{one}_policy_attachment", f"{identity.name}-{number}", attached)
    if identity.policy:
        body = {"name": "own", **about, "policy": document(identity.policy)}
        yield Resource(f"aws_iam_{one}_policy", identity.name, body)


def _mover(mover: Mover) -> Resource:
    body = {"function_name": mover.name, "role": "arn:aws:iam::111122223333:role/mover", "timeout": mover.timeout}
    return Resource("aws_lambda_function", mover.name, body)


def _restore_test(restore_test: RestoreTest) -> Iterator[Resource]:
    points = {
        "algorithm": "LATEST_WITHIN_WINDOW",
        "include_vaults": restore_test.vaults,
        "recovery_point_types": ["SNAPSHOT"],
    }
    named = {"name": restore_test.name, "schedule_expression": restore_test.schedule}
    yield Resource(
        "aws_backup_restore_testing_plan", restore_test.name, {**named, "recovery_point_selection": [points]}
    )
    body = {
        "name": restore_test.name,
        "restore_testing_plan_name": Of("restore_tests", restore_test.name, "name"),
        "protected_resource_type": "EFS",
        "protected_resource_arns": restore_test.resources,
        "iam_role_arn": restore_test.role,
    }
    yield Resource("aws_backup_restore_testing_selection", restore_test.name, body)


def _in_sight(tree: Any, declared: frozenset[tuple[str, str]]) -> Any:  # noqa: ANN401  # any part of a body
    """Return *tree* with what is not declared in the stack named by what it would be called."""
    if isinstance(tree, Link):
        tree = Of(tree.kind, tree.name, "arn")
    if isinstance(tree, Of):
        return tree if (tree.kind, tree.name) in declared else outside(tree.kind, tree.name, tree.attribute)
    if isinstance(tree, Encoded):
        return Encoded(_in_sight(tree.tree, declared))
    if isinstance(tree, dict):
        return {key: _in_sight(value, declared) for key, value in tree.items()}
    return [_in_sight(value, declared) for value in tree] if isinstance(tree, (list, tuple)) else tree


def outside(kind: str, name: str, attribute: str = "arn") -> str:
    """Return what a resource outside of the stack has for an attribute."""
    arns = {
        "file_systems": f"arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-{name}",
        "keys": f"arn:aws:kms:eu-west-1:111122223333:key/{name}",
        "vaults": f"arn:aws:backup:eu-west-1:111122223333:backup-vault:{name}",
        "roles": f"arn:aws:iam::111122223333:role/{name}",
    }
    return arns[kind] if attribute == "arn" else name


# HCL


def hcl(stack: Stack) -> str:
    """Return a stack as Terraform's language."""
    written = "".join(
        f'resource "{found.type}" "{found.name}" {{\n{_body(found.body)}}}\n' for found in resources(stack)
    )
    return written + _HOLES


_HOLES: Final = """\
variable "hole" {}
locals { hole = var.hole }
data "aws_ssm_parameter" "hole" { name = "hole" }
"""
_READ_LATE: Final = "data.aws_ssm_parameter.hole.value"
"""Where a plan has a hole; it knows all variables."""

_FORMS: Final = ("var.hole", "local.hole", _READ_LATE)


def _body(body: Body) -> str:
    return "".join(
        "".join(f"{key} {{\n{_body(inner)}}}\n" for inner in value)
        if key in BLOCKS
        else f"{key} = {expression(value)}\n"
        for key, value in body.items()
    )


def expression(value: Any) -> str:  # noqa: ANN401  # any value
    """Return a value as HCL writes it."""
    if isinstance(value, Encoded):
        return f"jsonencode({expression(value.tree)})"
    if isinstance(value, Hole):
        return _FORMS[value.form % len(_FORMS)]
    if isinstance(value, Of):
        return f"{value.address}.{value.attribute}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {expression(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(expression, value)) + "]"
    return json.dumps(value).replace("${", "$${")


# JSON


def tf_json(stack: Stack) -> str:
    """Return a stack as Terraform's language written in JSON."""
    found: dict[str, dict[str, Body]] = {}
    for resource in resources(stack):
        found.setdefault(resource.type, {})[resource.name] = _json(resource.body)
    written = {
        "resource": found,
        "variable": {"hole": {}},
        "locals": {"hole": "${var.hole}"},
        "data": {"aws_ssm_parameter": {"hole": {"name": "hole"}}},
    }
    return json.dumps(written, indent=1)


def _json(value: Any) -> Any:  # noqa: ANN401  # any value
    if isinstance(value, (Encoded, Hole, Of)):
        return f"${{{expression(value)}}}"
    if isinstance(value, dict):
        return {key: _json(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_json(inner) for inner in value]
    return value.replace("${", "$${") if isinstance(value, str) else value


# Plan


def plan(stack: Stack) -> str:
    """Return the plan that would make a stack in an empty account, as ``terraform show -json`` writes it."""
    planned, changes, configured = [], [], []
    for found in resources(stack):
        head = {"address": f"{found.type}.{found.name}", "mode": "managed", "type": found.type, "name": found.name}
        after, unknown = _planned(found.body)
        planned.append({**head, "values": after})
        change = {"actions": ["create"], "before": None, "after": after, "after_unknown": {**unknown, "id": True}}
        changes.append({**head, "change": change})
        configured.append({**head, "provider_config_key": "aws", "expressions": _expressions(found.body)})
    written = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": planned}},
        "resource_changes": changes,
        "configuration": {
            "provider_config": {"aws": {"name": "aws", "full_name": "registry.terraform.io/hashicorp/aws"}},
            "root_module": {"resources": configured, "variables": {"hole": {}}},
        },
    }
    return json.dumps(written, indent=1)


def _planned(body: Body) -> tuple[Body, Body]:
    """Return the values that are known before apply, and which are not."""
    after: Body = {}
    unknown: Body = {}
    for key, value in body.items():
        if key in BLOCKS:
            pairs = [_planned(inner) for inner in value]
            after[key], unknown[key] = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        elif isinstance(value, dict):
            after[key], unknown[key] = _planned(value)
        elif _is_open(value):
            unknown[key] = True
        else:
            after[key] = _constant(value)
    return after, unknown


def _is_open(value: Any) -> bool:  # noqa: ANN401  # any value
    if isinstance(value, Of):
        return value.attribute != "name"
    if isinstance(value, Encoded):
        return _is_open(value.tree)
    if isinstance(value, dict):
        return any(map(_is_open, value.values()))
    return any(map(_is_open, value)) if isinstance(value, (list, tuple)) else isinstance(value, Hole)


def _constant(value: Any) -> Any:  # noqa: ANN401  # any value
    if isinstance(value, Encoded):
        return json.dumps(value.tree)
    return value.name if isinstance(value, Of) else value


def _expressions(body: Body) -> Body:
    return {
        key: [_expressions(inner) for inner in value] if key in BLOCKS else _expression(value)
        for key, value in body.items()
    }


def _expression(value: Any) -> Body:  # noqa: ANN401  # any value
    references = list(dict.fromkeys(_references(value)))
    if references:
        return {"references": references}
    return {} if isinstance(value, Encoded) else {"constant_value": value}


def _references(value: Any) -> Iterator[str]:  # noqa: ANN401  # any value
    if isinstance(value, Of):
        yield from (f"{value.address}.{value.attribute}", value.address)
    elif isinstance(value, Hole):
        yield from (_READ_LATE, _READ_LATE.rpartition(".")[0])
    elif isinstance(value, Encoded):
        yield from _references(value.tree)
    elif isinstance(value, (dict, list, tuple)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _references(inner)
