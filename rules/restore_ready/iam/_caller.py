"""What does an ARN say of who asks: kind of principal, account, and the condition keys that its requests carry?"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.iam._arns import account_of, arn_fields, same_account
from restore_ready.iam._identity import Identity
from restore_ready.iam._request import SERVICES_SEND, Request
from restore_ready.model import THIS_ACCOUNT, PrincipalKind, Ref, Str, Text, Truth, Unresolved, is_external, join_text


class CallerKind(Enum):
    """Kinds of principal that make requests."""

    ROOT = "root user"
    USER = "user"
    ROLE = "role"
    SESSION = "role session"
    FEDERATED = "federated user"
    SERVICE = "service"
    UNKNOWN = "unknown"


_PREFIXES: Final = {
    "user/": CallerKind.USER,
    "role/": CallerKind.ROLE,
    "assumed-role/": CallerKind.SESSION,
    "federated-user/": CallerKind.FEDERATED,
}
_BY_KIND: Final = {
    PrincipalKind.ROLE: CallerKind.ROLE,
    PrincipalKind.PERMISSION_SET: CallerKind.ROLE,
    PrincipalKind.USER: CallerKind.USER,
    PrincipalKind.GROUP: CallerKind.USER,
}
_TYPES: Final = {
    CallerKind.ROOT: "Account",
    CallerKind.USER: "User",
    CallerKind.ROLE: "AssumedRole",
    CallerKind.SESSION: "AssumedRole",
    CallerKind.FEDERATED: "FederatedUser",
}
_SERVICES_DO_NOT_SEND: Final = frozenset({"aws:principalarn", "aws:userid", "aws:username"})
_TLS_ONLY: Final = ("backup:", "iam:", "kms:", "sts:")
"""Services whose endpoints take no other requests."""
_ISSUED: Final = Unresolved("when the session began is not known")
_UNNAMED_PATH: Final = Unresolved("the path of the role is not known")


class Caller(Struct, frozen=True):
    """Who asks.

    Attributes:
        arn: as ``Principal`` elements name it; a service's name.
        principal_arn: what ``aws:PrincipalArn`` holds: the role's for sessions.
        address: its address in the estate; empty where it has none.
    """

    kind: CallerKind
    arn: Str
    principal_arn: Str
    address: str = ""

    @property
    def account(self) -> str | None:
        """Its account where that is known; the estate's own for what stands in the estate."""
        return account_of(self.arn) or (THIS_ACCOUNT if self.address else None)


def caller_of(identity: Identity) -> Caller:
    """Return who *identity* is to the policies that are asked."""
    if identity.kind is PrincipalKind.GROUP:
        arn = join_text((f"arn:aws:iam::{account_of(identity.arn) or THIS_ACCOUNT}:user/", Unresolved("which user")))
        return Caller(CallerKind.USER, arn, arn)
    found = caller_named(identity.arn)
    if found.kind in (CallerKind.UNKNOWN, CallerKind.SERVICE) and identity.kind is not None:
        found = replace(found, kind=_BY_KIND[identity.kind])
    return replace(found, address=identity.address)


def caller_named(arn: Str) -> Caller:
    """Return who asks by this *arn*, or by the name of a service."""
    if isinstance(arn, str) and not arn.startswith("arn:"):
        return Caller(CallerKind.SERVICE, arn, arn)
    kind = kind_named(arn)
    return Caller(kind, arn, _role_of(arn) if kind is CallerKind.SESSION else arn)


def kind_named(arn: Str) -> CallerKind:
    """Return what kind of principal an ARN is of."""
    fields = arn_fields(arn)
    resource = fields[-1] if fields else ""
    first = resource.parts[0] if isinstance(resource, Text) else resource
    if first == "root" and first == resource:
        return CallerKind.ROOT
    if not isinstance(first, str):
        return CallerKind.UNKNOWN
    return next((kind for prefix, kind in _PREFIXES.items() if first.startswith(prefix)), CallerKind.UNKNOWN)


def _role_of(session: Str) -> Str:
    """Return the role's ARN for a session's, which does not tell the path."""
    if not isinstance(session, str):
        return Unresolved("the session's role is not known")
    fields = session.split(":", 5)
    name = fields[5].split("/")[1]
    return Text((f"{fields[0]}:{fields[1]}:iam::{fields[4]}:role/", _UNNAMED_PATH, name))


def session_parts(arn: str) -> tuple[str, str]:
    """Return role name and session name of ``arn:aws:sts::…:assumed-role/role/session``."""
    role, _, session = arn.partition(":assumed-role/")[2].partition("/")
    return role, session


def with_caller(request: Request, caller: Caller) -> Request:
    """Return *request* with the condition keys that follow from who asks and what; what it says itself counts more.

    These are the global keys of IAM User Guide, "AWS global condition context keys: Properties of the principal".
    """
    if caller.kind is CallerKind.UNKNOWN:
        return replace(request, caller_address=request.caller_address or caller.address)
    absent = _SERVICES_DO_NOT_SEND if caller.kind is CallerKind.SERVICE else SERVICES_SEND
    if caller.kind not in (CallerKind.USER, CallerKind.SERVICE):
        absent |= {"aws:username"}
    implied: dict[str, tuple[Str, ...]] = dict(_implied(caller))
    if request.action.lower().startswith(_TLS_ONLY):
        implied["aws:securetransport"] = ("true",)
    context = {key: value for key, value in implied.items() if key not in request.absent}
    return replace(
        request,
        context={**context, **request.context},
        absent=request.absent | (absent - request.context.keys()),
        caller_address=request.caller_address or caller.address,
    )


def _implied(caller: Caller) -> Iterator[tuple[str, tuple[Str, ...]]]:
    if caller.kind is CallerKind.SERVICE:
        yield "aws:principalisawsservice", ("true",)
        yield "aws:principalservicename", (caller.arn,)
        return
    yield "aws:principalisawsservice", ("false",)
    yield "aws:principalarn", (caller.principal_arn,)
    yield "aws:principaltype", (_TYPES[caller.kind],)
    account = caller.account
    if account is not None:
        yield "aws:principalaccount", (account,)
    if caller.kind is CallerKind.USER:
        yield "aws:username", (last_segment(caller.arn),)
    elif caller.kind is CallerKind.ROOT and account is not None:
        yield "aws:userid", (account,)
    elif caller.kind is not CallerKind.ROOT:
        yield "aws:tokenissuetime", (_ISSUED,)
        yield "aws:userid", (_user_id(caller),)


def _user_id(caller: Caller) -> Str:
    """Return what is known of ``aws:userid`` of temporary credentials (IAM User Guide, "Principal key values")."""
    if caller.kind is CallerKind.SESSION and isinstance(caller.arn, str):
        return Text((Unresolved("the role's unique id is not known"), f":{session_parts(caller.arn)[1]}"))
    if caller.kind is CallerKind.FEDERATED and isinstance(caller.arn, str) and caller.account is not None:
        return f"{caller.account}:{last_segment(caller.arn)}"
    return Text((Unresolved("the role's unique id is not known"), ":", Unresolved("the session's name is not known")))


def last_segment(arn: Str) -> Str:
    """Return the name that ends an ARN, without the path before it."""
    if isinstance(arn, str):
        return arn.rpartition("/")[2]
    if not isinstance(arn, Text):
        return Unresolved("its name is not known")
    *before, last = arn.parts
    if isinstance(last, str) and "/" in last:
        return last.rpartition("/")[2]
    if len(before) == 1 and isinstance(before[0], str) and isinstance(last, Ref):
        return join_text((before[0].rpartition("/")[2], last))
    return Unresolved("its name is not known")


def in_own_account(caller: Caller, request: Request) -> Truth:
    """Return whether what is asked for lies in the caller's account.

    ``aws:ResourceAccount`` of the request says it, else the ARN. Without an account in it, and for what the estate
    declares itself, it is the caller's own.
    """
    given = request.context.get("aws:resourceaccount", ())
    stated = given[0] if len(given) == 1 and isinstance(given[0], str) else None
    account = stated if stated is not None else account_of(request.resource)
    if account is None:
        arn = request.resource
        near = arn == "*" or bool(request.resource_address) or (isinstance(arn, Ref) and not is_external(arn))
        return True if near else Unresolved("the account of the resource is not known")
    if account == "":
        return True
    own = caller.account
    return Unresolved("the caller's account is not known") if own is None else same_account(account, own)
