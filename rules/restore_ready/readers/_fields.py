"""Field tables: which records a resource gives, and what each language calls their fields.

A table has a column per language: CloudFormation, Terraform and Organizations policies. CloudFormation's also serves
SAM, the ``awscc`` provider and live accounts, whose names are nearly the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Generic, Literal, TypeAlias, TypeVar, cast

from msgspec import Struct, field
from msgspec.structs import replace

from restore_ready.model import (
    HERE,
    AwsPlace,
    Focus,
    Known,
    Place,
    Places,
    PolicyDocument,
    Ref,
    Str,
    Unresolved,
)
from restore_ready.readers._marks import NO_MARKS, Marks

Values: TypeAlias = Mapping[str, object]
Language: TypeAlias = Literal["cloudformation", "terraform", "organizations"]

T = TypeVar("T")
R = TypeVar("R", bound=Struct)

_NOWHERE: Final = Place("")


class Dialect(Struct, frozen=True):
    """How a language writes values.

    Attributes:
        language: names the column of the tables.
        text: reads a text; ``None`` where it is not given. Likewise *number*, which is whole.
        texts: reads a list of texts; empty where it is not given.
        block: reads the one nested block or object of a name; ``None`` where there is none.
        blocks: reads all nested blocks or objects of a name.
        document: reads a policy document; ``None`` where there is none.
        key: reads the KMS key that something names; ``None`` where it names none.
        missing: follows the name of what is required and left out.
        blank_is_absent: whether an empty text and 0 days stand for nothing.
        otherwise: what is not given: unresolved where it may be inherited, ``None`` where the default applies.
    """

    language: Language
    text: Callable[[Values, str], Str | None]
    number: Callable[[Values, str], Known[int] | None]
    texts: Callable[[Values, str], Known[tuple[Str, ...]]]
    block: Callable[[Entry, str], Entry | None]
    blocks: Callable[[Entry, str], Known[tuple[Entry, ...]]]
    document: Callable[[Values, str], Known[PolicyDocument] | None]
    key: Callable[[Values, str], Str | None]
    missing: str = "is missing"
    blank_is_absent: bool = False
    otherwise: Unresolved | None = None


class Entry(Struct, frozen=True):
    """A resource, or a block or object nested in one, as its source writes it.

    Attributes:
        address: of the resource.
        type: of the resource.
        why: why nothing of it can be read; *values* are empty then.
        key: what it is listed under, in a language that lists by key.
        places: places of its nested blocks by their name, where the source tells.
        maybe: what its existence depends on and is not known.
        marks: where its parts are written.
        aws_place: the Region and account that the resource lies in.
    """

    dialect: Dialect
    values: Values
    address: str = ""
    place: Place = _NOWHERE
    type: str = ""
    why: Unresolved | None = None
    key: Str | None = None
    places: Mapping[str, tuple[Place, ...]] = field(default_factory=dict)
    maybe: tuple[str, ...] = ()
    marks: Marks = NO_MARKS
    aws_place: AwsPlace = HERE

    def inner(
        self, values: Known[Values], *, place: Place | None = None, key: Str | None = None, marks: Marks = NO_MARKS
    ) -> Entry:
        """Return what is nested in it; *place* and *marks* where that has some of its own."""
        where = self.place if place is None else place
        if isinstance(values, Unresolved):
            return Entry(self.dialect, {}, self.address, where, self.type, values, key, aws_place=self.aws_place)
        return Entry(
            self.dialect, values, self.address, where, self.type, None, key, marks=marks, aws_place=self.aws_place
        )


Kind: TypeAlias = "Callable[[Entry, str], T | None]"
"""Reads a value of an entry by its name; ``None`` where it is not given."""


class Itself(Struct, frozen=True):
    """Stands in a column for a reference to the resource itself, by an attribute."""

    attribute: str


Column: TypeAlias = "str | Itself | tuple[str | Itself, ...]"
"""What a language calls a field; of several names the first that is given counts; empty where it has no such field."""


class PerLanguage(Struct, Generic[T], frozen=True):
    """Something that each language has its own of."""

    cloudformation: T
    terraform: T
    organizations: T

    def of(self, dialect: Dialect) -> T:
        """Return the one of a language."""
        found: T = getattr(self, dialect.language)
        return found


class Inside(Struct, frozen=True):
    """The nested block or object that a field stands in; empty for a language in which it stands in none."""

    cloudformation: str = ""
    terraform: str = ""
    organizations: str = ""
    required: bool = False


class Field(Struct, Generic[T], frozen=True):
    """A row of a table.

    Attributes:
        name: of the record's field.
        kind: reads the value.
        default: the value where none is given, one for all languages or `PerLanguage`.
        required: whether it is unresolved where it is not given.
        inside: where it stands, if not at the top.
        stated: the record's field that tells whether the value is given.
        keyed: whether the key that the entry is listed under tells it where the entry doesn't.
    """

    name: str
    kind: Kind[T]
    cloudformation: Column
    terraform: Column
    organizations: Column = ""
    default: object = None
    required: bool = False
    inside: Inside | None = None
    stated: str = ""
    keyed: bool = False

    def given(self, entry: Entry) -> T | Unresolved | None:
        """Return what *entry* says of the field; ``None`` where it says nothing and may."""
        if self.keyed and entry.why is not None and entry.key is not None:
            return cast("T", entry.key)
        outer: str = "" if self.inside is None else getattr(self.inside, entry.dialect.language)
        block = entry.dialect.block(entry, outer) if outer and entry.why is None else entry
        if block is None:
            return _left_out(entry.dialect, outer, required=self.inside is not None and self.inside.required)
        return self._in(block) if block.why is None else block.why

    def focus(self, entry: Entry) -> Focus | None:
        """Return where the field is written in *entry*; ``None`` where that is not told, or it is not given."""
        outer: str = "" if self.inside is None else getattr(self.inside, entry.dialect.language)
        within = entry.marks.blocks(outer)[:1] if outer else (entry.marks,)
        column: Column = getattr(self, entry.dialect.language)
        names = column if isinstance(column, tuple) else (column,)
        found = (marks.focus(name) for marks in within for name in names if name and isinstance(name, str))
        return next((focus for focus in found if focus is not None), None)

    def _in(self, block: Entry) -> T | Unresolved | None:
        column: Column = getattr(self, block.dialect.language)
        names = column if isinstance(column, tuple) else (column,)
        for name in names if column else ():
            found = (
                cast("T", Ref(block.address, name.attribute)) if isinstance(name, Itself) else self.kind(block, name)
            )
            if found is not None:
                return found
        if self.keyed and block.key is not None:
            return cast("T", block.key)
        return _left_out(block.dialect, names[0], required=self.required)


def within(inside: Inside, *rows: Field[Any]) -> tuple[Field[Any], ...]:
    """Return *rows* as rows that all stand in the same nested block or object."""
    return tuple(replace(row, inside=inside) for row in rows)


def _left_out(dialect: Dialect, name: str | Itself, *, required: bool) -> Unresolved | None:
    if required:
        return Unresolved(f"{name} {dialect.missing}")
    return dialect.otherwise if name else None


class Table(Struct, Generic[R], frozen=True):
    """The fields of a record, and the types of the resources that tell one.

    Attributes:
        record: the class of what is built.
        only_with: the property without which a resource of CloudFormation's type tells none.
    """

    record: type[R]
    fields: tuple[Field[Any], ...]
    cloudformation: tuple[str, ...] = ()
    terraform: tuple[str, ...] = ()
    only_with: str = ""

    def read(self, entry: Entry, **own: object) -> R:
        """Return the record that *entry* tells.

        Args:
            entry: what is read; if it is open, every field of the table is.
            own: fields that the source tells elsewhere.
        """
        found: dict[str, Any] = dict(own)
        for name in {"address", "aws_place", "place", "maybe"} - own.keys():
            if name in self.record.__struct_fields__:
                found[name] = getattr(entry, name)
        for row in self.fields:
            if row.name in own:
                continue
            given = row.given(entry)
            if row.stated and row.stated not in own:
                found[row.stated] = given is not None and given is not entry.dialect.otherwise
            default = row.default.of(entry.dialect) if isinstance(row.default, PerLanguage) else row.default
            found[row.name] = default if given is None else given
        if "places" in self.record.__struct_fields__ and entry.marks is not NO_MARKS:
            told = [(row.name, row.focus(entry)) for row in self.fields]
            found["places"] = Places(tuple((name, focus) for name, focus in told if focus is not None))
        return self.record(**found)

    def read_all(self, entries: Iterable[Entry]) -> tuple[R, ...]:
        """Return the records that resources of this table's types tell, in the order of *entries*."""
        return tuple(self.read(entry) for entry in entries if self.tells(entry))

    def tells(self, entry: Entry) -> bool:
        """Return whether a resource gives a record of this table."""
        if entry.dialect.language == "terraform":
            return entry.type in self.terraform
        return entry.type in self.cloudformation and (not self.only_with or self.only_with in entry.values)
