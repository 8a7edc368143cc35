"""What the template resolver produces: one resource, its properties resolved as far as they go."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from restore_ready.model import HERE, AwsPlace, Place
from restore_ready.readers._marks import NO_MARKS, Marks


class Resource(Struct, frozen=True):
    """A resource of a template under one assumption about its open conditions.

    Attributes:
        name: its logical id, or the Terraform address of an ``awscc_*`` resource.
        type: ``AWS::Backup::BackupPlan``.
        properties: a tree of JSON values whose leaves may be `Unresolved`, `Ref` (target is a resource's name,
            attribute ``Ref`` for ``!Ref`` and else the attribute of ``Fn::GetAtt``) or `Text`;
            what ``AWS::NoValue`` removes is absent.
        place: where the resource is written.
        maybe: what the existence of an ``awscc_*`` resource depends on and is not known.
        construct: the path of the CDK construct that made it; empty where none is told.
        marks: where its properties are written.
        aws_place: the Region and account that it lies in; of a template, those of its stack.
    """

    name: str
    type: str
    properties: Mapping[str, object]
    place: Place
    maybe: tuple[str, ...] = ()
    aws_place: AwsPlace = HERE
    marks: Marks = NO_MARKS
    construct: str = ""
