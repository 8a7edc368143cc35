"""What both Terraform readers produce: one evaluated block each, whatever it came from."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from restore_ready.model import HERE, AwsPlace, Place
from restore_ready.readers._marks import NO_MARKS, Marks


class Block(Struct, frozen=True):
    """A resource, data source or unread module call, evaluated as far as it goes.

    Attributes:
        address: the full address with module path and index: ``module.a["x"].aws_efs_file_system.this[0]``;
            data sources with ``data.`` before the type.
        type: ``aws_efs_file_system``; ``module`` for a module call whose resources are not to be had.
        mode: ``managed``, ``data`` or ``module``.
        values: attributes and nested blocks. A tree of JSON values whose leaves may be `Unresolved`, `Ref` (target is a
            block's address) or `Text`. A nested block is always a list of mappings, also if there is just one;
            attributes that are absent or null are absent here, so that a key that is present says something.
        place: where the block is written.
        block_places: places of nested blocks: name to one place per block, where the source tells.
        maybe: what its existence depends on and is not known, such as a ``count``; empty where it certainly exists.
            Of two blocks with the same entry, either both exist or none.
        marks: where its attributes and nested blocks are written.
        aws_place: the Region and account that it lies in; of a provider configuration, that it works in.
        deleted: whether a plan takes it away; then it is as it was before.
        emptied: arguments and dynamic blocks that depend on something else, such as a variable, and come to nothing,
            with the names that they depend on.
    """

    address: str
    type: str
    mode: str
    values: Mapping[str, object]
    place: Place
    block_places: Mapping[str, tuple[Place, ...]]
    maybe: tuple[str, ...] = ()
    marks: Marks = NO_MARKS
    aws_place: AwsPlace = HERE
    emptied: Mapping[str, tuple[str, ...]] = {}
    deleted: bool = False
