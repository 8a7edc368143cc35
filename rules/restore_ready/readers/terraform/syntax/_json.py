"""Reads ``.tf.json`` and ``.tfvars.json`` as the same bodies as native syntax."""

from __future__ import annotations

from typing import Final

from restore_ready.readers.terraform.syntax import _nodes as nodes
from restore_ready.readers.terraform.syntax._bodies import Attribute, Body, Problem, Written
from restore_ready.readers.terraform.syntax._json_nodes import JsonReader, JsonText, evaluated
from restore_ready.readers.terraform.syntax._native import parse_expression
from restore_ready.readers.terraform.syntax._span import Source, Span

_BOM: Final = b"\xef\xbb\xbf"
_LABELS: Final = {
    **dict.fromkeys(("resource", "data", "ephemeral"), 2),
    **dict.fromkeys(("module", "variable", "output", "provider", "check"), 1),
    **dict.fromkeys(("locals", "terraform", "moved", "removed", "import"), 0),
}
_PLAIN: Final = frozenset(("locals", "variable", "output", "module"))
"""Blocks without nested ones of providers."""
BLOCKS: Final = frozenset(
    """advanced_backup_setting assume_role authorization_config awsvpc_configuration backup_policy
    batch_target capacity_provider_strategy condition connection content control control_input_parameter
    copy_action creation_info customer_managed_policy_reference dead_letter_config default_tags
    destination destination_config docker_volume_configuration ec2_config ecs_parameters ecs_target
    efs_volume_configuration environment ephemeral_storage excludes file_system_config
    flexible_time_window http_target image_config includes inline_policy input_transformer
    kinesis_target lifecycle lifecycle_policy logging_config network_configuration not_principals
    opt_in_action options permissions_boundary placement_constraints placement_strategy posix_user
    principals protected_resource_conditions protection provisioner proxy_configuration
    recovery_point_selection redshift_target report_delivery_channel report_setting retry_policy
    root_directory rule run_command_targets runtime_platform sagemaker_pipeline_target scan_action
    schedule scope selection_tag snap_start sqs_target statement string_equals string_like
    string_not_equals string_not_like target task_report_config timeouts tracing_config volume
    vpc_config""".split()  # noqa: SIM905  # one word beside the other
)
"""Nested blocks of ``aws_`` types by name, since JSON writes them like maps and only the provider's schema tells them
apart. No attribute of these types that is a map or object has such a name."""

_META: Final = frozenset({"connection", "lifecycle", "provisioner"})
"""Nested blocks of every resource; those of the ``awscc`` provider have no others, only attributes."""


def parse_json(code: bytes, file: str) -> tuple[Body, list[Problem]]:
    """Return the body of a file, and what of it can't be read."""
    marked = code.startswith(_BOM)
    try:
        text = code[len(_BOM) if marked else 0 :].decode("utf-8")
        whole = JsonReader(Source(text, file, first_byte=len(_BOM) if marked else 0)).whole()
    except (ValueError, RecursionError):
        return Body(), [Problem(Span.whole(file), "the file is not valid JSON")]
    if not isinstance(whole, nodes.ObjectOf):
        return Body(), [Problem(whole.span, "the file is not a JSON object")]
    return _top(whole), []


def _pairs(node: nodes.Expr) -> list[tuple[JsonText, nodes.Expr]]:
    """Return the pairs of an object, or of all objects of a list, without comments."""
    if isinstance(node, nodes.ObjectOf):
        return [(key, item) for key, item in node.items if isinstance(key, JsonText) and key.value != "//"]
    if isinstance(node, nodes.TupleOf):
        return [pair for item in node.items if isinstance(item, nodes.ObjectOf) for pair in _pairs(item)]
    return []


def _top(whole: nodes.ObjectOf) -> Body:
    body = Body()
    for key, node in _pairs(whole):
        kind = str(key.value)
        if kind in _LABELS:
            body.blocks += _labelled(kind, (), key, node, _LABELS[kind])
        body.attributes[kind] = _attribute(kind, key, node)
    return body


def _attribute(name: str, key: nodes.Expr, node: nodes.Expr) -> Attribute:
    return Attribute(name, key.span.to(node.span), lambda: evaluated(node))


def _labelled(kind: str, labels: tuple[str, ...], key: nodes.Expr, node: nodes.Expr, missing: int) -> list[Written]:
    """Return the blocks below *node*, of whose labels *missing* are still to come as keys."""
    if missing:
        return [
            block
            for label, inner in _pairs(node)
            for block in _labelled(kind, (*labels, str(label.value)), label, inner, missing - 1)
        ]
    bodies = node.items if isinstance(node, nodes.TupleOf) else [node]
    return [_block(kind, labels, key, body) for body in bodies]


def _block(kind: str, labels: tuple[str, ...], key: nodes.Expr, node: nodes.Expr) -> Written:
    return Written(
        kind, list(labels), key.span.to(node.span), node.span, lambda: _body(node, kind, _nested(kind, labels))
    )


def _nested(kind: str, labels: tuple[str, ...]) -> frozenset[str]:
    """Return how blocks are called that may stand in a block."""
    if kind in _PLAIN:
        return frozenset()
    return _META if labels and labels[0].startswith("awscc_") else BLOCKS


def _body(node: nodes.Expr, kind: str, nested: frozenset[str]) -> Body:
    body = Body()
    for key, item in _pairs(node):
        name = str(key.value)
        if kind == "variable" and name == "type" and isinstance(item, JsonText):
            body.attributes[name] = _type(name, key, item)
        elif name == "dynamic" and nested:
            body.blocks += _labelled("dynamic", (), key, item, 1)
        elif name in nested and _is_block(item):
            body.blocks += _labelled(name, (), key, item, 0)
        else:
            body.add(_attribute(name, key, item))
    return body


def _type(name: str, key: nodes.Expr, node: JsonText) -> Attribute:
    code, span = str(node.value), node.span
    return Attribute(name, key.span.to(span), lambda: parse_expression(code, span.file, span))


def _is_block(node: nodes.Expr) -> bool:
    if isinstance(node, nodes.TupleOf):
        return all(isinstance(item, nodes.ObjectOf) for item in node.items)
    return isinstance(node, nodes.ObjectOf)
