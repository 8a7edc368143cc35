"""Changes to stacks of which it is known what they may do to verdicts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from random import Random
from typing import Final, TypeAlias

from msgspec import Struct
from msgspec.structs import fields, replace
from tests.fuzz.stacks import Hole, Link, Stack, Statement, Tree

Path: TypeAlias = tuple[str | int, ...]

FIXED: Final = frozenset({"name", "kind", "effect", "vault", "copy_to", "plan", "key"})
"""Fields that say which resources there are and how they hang together; they stay known."""


def parts(tree: Tree, path: Path = ()) -> Iterator[tuple[Path, Tree]]:
    """Yield *tree* and all that is in it, each with the way to it."""
    yield path, tree
    if isinstance(tree, Struct) and not isinstance(tree, Link):
        for field in fields(tree):
            if field.name not in FIXED:
                yield from parts(getattr(tree, field.name), (*path, field.name))
    elif isinstance(tree, tuple):
        for number, part in enumerate(tree):
            yield from parts(part, (*path, number))


def put(tree: Tree, path: Path, part: Tree) -> Tree:
    """Return *tree* with *part* at *path*."""
    if not path:
        return part
    first, *rest = path
    if isinstance(first, str):
        return replace(tree, **{first: put(getattr(tree, first), tuple(rest), part)})
    return (*tree[:first], put(tree[first], tuple(rest), part), *tree[first + 1 :])


def may_be_open(stack: Stack) -> list[Path]:
    """Return the ways to all values and lists of values that a source may leave open."""
    return [path for path, part in parts(stack) if path and _may_be_open(path, part)]


def _may_be_open(path: Path, part: Tree) -> bool:
    if isinstance(part, (str, int, Link)):
        is_key = path[-1] == 0 and "tags" in path
        return part != "" and not is_key
    return (
        isinstance(part, tuple) and bool(part) and path[-1] in {"actions", "resources", "policy", "managed", "events"}
    )


def opened(stack: Stack, path: Path, form: int) -> Stack:
    """Return *stack* with the value at *path* not known."""
    changed: Stack = put(stack, path, Hole(len(path), form))
    return changed


def statements_of(stack: Stack) -> list[Path]:
    """Return the ways to all policy statements."""
    return [path for path, part in parts(stack) if isinstance(part, Statement)]


def policies_of(stack: Stack) -> list[Path]:
    """Return the ways to all policies, those without a statement among them."""
    return [path for path, part in parts(stack) if path and path[-1] == "policy" and isinstance(part, tuple)]


def shuffled(tree: Tree, random: Random) -> Tree:
    """Return *tree* with everything that is listed in another order."""
    if isinstance(tree, Struct):
        return replace(tree, **{field.name: shuffled(getattr(tree, field.name), random) for field in fields(tree)})
    if isinstance(tree, tuple) and not _is_tag(tree):
        return tuple(random.sample([shuffled(part, random) for part in tree], len(tree)))
    return tree


def _is_tag(tree: tuple[Tree, ...]) -> bool:
    return bool(tree) and tree[0] == "backup"


def renamed(tree: Tree, rename: Callable[[str], str]) -> Tree:
    """Return *tree* with other names of everything in it."""
    if isinstance(tree, Struct):
        return replace(
            tree,
            **{
                field.name: rename(value) if field.name in RENAMED and value else renamed(value, rename)
                for field, value in ((field, getattr(tree, field.name)) for field in fields(tree))
            },
        )
    return tuple(renamed(part, rename) for part in tree) if isinstance(tree, tuple) else tree


RENAMED: Final = frozenset({"name", "vault", "copy_to", "plan", "key"})


def repeated(stack: Stack, times: int) -> Stack:
    """Return *stack* with everything in it so many times, under other names each time."""
    copies = [renamed(stack, partial(_numbered, number)) for number in range(times)]
    return Stack(**{field.name: sum((getattr(copy, field.name) for copy in copies), ()) for field in fields(stack)})


def _numbered(number: int, name: str) -> str:
    return name if name == "Default" else f"{name}-{number}"
