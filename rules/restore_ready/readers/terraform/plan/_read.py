"""Reads Terraform and OpenTofu plans, as ``terraform show -json PLAN`` writes them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from restore_ready._bounded_read import read_file
from restore_ready._errors import UnreadableError
from restore_ready.model import Gap, Place, Reading, Source
from restore_ready.readers._key_tables import KEY
from restore_ready.readers.terraform._block import Block
from restore_ready.readers.terraform._estate import estate_from_blocks
from restore_ready.readers.terraform._relevant import RELEVANT
from restore_ready.readers.terraform.plan._aws_places import PlanAwsPlaces
from restore_ready.readers.terraform.plan._places import Places
from restore_ready.readers.terraform.plan._tree import PlanTree, changes, mapping, plan_tree
from restore_ready.readers.terraform.plan._values import Evaluator

_BIGGEST: Final = 128 * 1024 * 1024
"""Bytes. A plan of this size describes some 50,000 resources and takes some ten times as much memory to read."""


_TOLD: Final = ("default_tags",)
"""What is read of a provider's configuration, which may hold credentials as well."""


def read_plan(path: Path) -> Reading:
    """Read the plan in *path*.

    Raises:
        UnreadableError: if it can't be read, is too large, is not JSON or not a plan.
    """
    content, tree = _decoded(path)
    plan = plan_tree(path, tree)
    gaps = tuple(_gaps(plan))
    aws_places, places = PlanAwsPlaces(plan), Places(plan, content)
    evaluator = Evaluator(plan, aws_places.stands_for)
    blocks = (
        *_providers(plan, evaluator, aws_places),
        *_blocks(plan, evaluator, places, aws_places),
        *_deleted_keys(plan, aws_places),
    )
    return Reading((estate_from_blocks(blocks, source=Source.PLAN, root=str(path), gaps=gaps),))


def _decoded(path: Path) -> tuple[str, object]:
    raw = read_file(path, _BIGGEST)
    try:
        content = raw.decode(json.detect_encoding(raw)).removeprefix("\ufeff")
        return content, json.loads(content, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise UnreadableError(path, f"is not JSON: {error.msg}", error.lineno) from error
    except RecursionError as error:
        raise UnreadableError(path, "is not a plan: its JSON is nested too deeply") from error
    except ValueError as error:
        raise UnreadableError(path, f"is not JSON: {error}") from error


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return an object of the plan.

    Raises:
        ValueError: if a key is given twice, which Terraform never writes: nobody knows which of both it is about.
    """
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [key for key, _ in pairs]
        msg = f"{next(key for key in names if names.count(key) > 1)} is given twice in one object"
        raise ValueError(msg)
    return found


def _blocks(plan: PlanTree, evaluator: Evaluator, places: Places, aws_places: PlanAwsPlaces) -> Iterator[Block]:
    for resource in plan.resources.values():
        if resource.type.startswith(RELEVANT):
            values = evaluator.values(resource)
            where, at = places.of(resource), aws_places.of(resource)
            yield Block(resource.address, resource.type, resource.mode, values, where, {}, aws_place=at)


def _providers(plan: PlanTree, evaluator: Evaluator, aws_places: PlanAwsPlaces) -> Iterator[Block]:
    """Yield the provider configurations by their keys; their tags are needed where ``tags_all`` is not known."""
    providers = mapping(mapping(plan.tree.get("configuration")).get("provider_config"))
    for key, configured in providers.items():
        provider = mapping(configured)
        if provider.get("name") == "aws":
            expressions = mapping(provider.get("expressions"))
            values = evaluator.written({name: expressions[name] for name in _TOLD if name in expressions})
            alias = provider.get("alias")
            known = {**values, "alias": alias} if alias else values
            place, at = Place(str(plan.path)), aws_places.of_provider(key)
            yield Block(f"provider.{key}", "provider", "provider", known, place, {}, aws_place=at)


def _deleted_keys(plan: PlanTree, aws_places: PlanAwsPlaces) -> Iterator[Block]:
    """Yield the KMS keys whose deletion the plan schedules, as they are before; those that it replaces are left out."""
    for change in changes(plan):
        address, kind, done = change.get("address"), change.get("type"), mapping(change.get("change"))
        if isinstance(address, str) and kind in KEY.terraform and done.get("actions") == ["delete"]:
            before, at = mapping(done.get("before")), aws_places.of_provider("aws")
            yield Block(address, kind, "managed", before, Place(str(plan.path)), {}, aws_place=at, deleted=True)


def _gaps(plan: PlanTree) -> Iterator[Gap]:
    """Say where a plan is not of everything: it failed, or part of it is put off to the next one."""
    place = Place(str(plan.path))
    if plan.tree.get("errored") is True:
        yield Gap(str(plan.path), place, "the plan failed, so it does not show everything", hides_backups=True)
    elif plan.tree.get("complete") is False:
        why = "the plan is not complete (-target, or changes put off to the next one)"
        yield Gap(str(plan.path), place, why, hides_backups=True)
