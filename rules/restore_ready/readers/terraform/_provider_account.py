"""Which account a provider configuration works in.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs#assuming-an-iam-role
"""

from __future__ import annotations

from typing import Final

from restore_ready.model import PlaceName, Unnamed
from restore_ready.readers.terraform.configuration import BlockBody, ProviderConfiguration
from restore_ready.readers.terraform.language import Obj, Seq, Text, Value, opened, origin_of

_CREDENTIALS: Final = (
    "access_key",
    "profile",
    "shared_config_files",
    "shared_credentials_file",
    "shared_credentials_files",
)
_ASSUMED: Final = ("assume_role", "assume_role_with_web_identity")
_ACCOUNT: Final = 4
"""Where the account stands in an ARN."""

_DIGITS: Final = 12


def has_own_credentials(provider: ProviderConfiguration) -> bool:
    """Return whether a provider works with others than the environment's credentials."""
    body = provider.body
    return body is not None and (_credentials(body) != "" or _role(body, provider.address) is not None)


def account_of(provider: ProviderConfiguration, environment: PlaceName) -> PlaceName:
    """Return the account that a configured provider works in; *environment* is that of the environment's credentials.

    The one id that ``allowed_account_ids`` may list says it as well: the provider refuses to work in any other.
    """
    body, address = provider.body, provider.address
    if body is None:
        return environment
    role = _role(body, address)
    if isinstance(role, str):
        return role
    if allowed := _allowed(body):
        return allowed
    if role is not None:
        return role
    if credentials := _credentials(body):
        return Unnamed(credentials, f"in which account {address} works by its credentials is not known")
    return environment


def _allowed(body: BlockBody) -> str:
    given = body.attributes.get("allowed_account_ids")
    listed = given.value if given is not None else None
    is_one = isinstance(listed, Seq) and len(listed) == 1 and listed.maybe is None
    return str(listed[0]) if isinstance(listed, Seq) and is_one and isinstance(listed[0], (str, int)) else ""


def _credentials(body: BlockBody) -> str:
    """Return what tells a provider's credentials from others, without giving them away; empty for the environment's."""
    given = [(name, body.attributes[name].value) for name in _CREDENTIALS if name in body.attributes]
    said = [f"{name} {origin_of(value)}" for name, value in given if value is not None]
    if not said:
        return ""
    import hashlib  # noqa: PLC0415  # OpenSSL takes 8 ms to load

    return f"credentials {hashlib.blake2b(repr(said).encode(), digest_size=8).hexdigest()}"


def _role(body: BlockBody, address: str) -> PlaceName | None:
    """Return the account of the role that a provider assumes; ``None`` if it assumes none. The last one counts."""
    given = [value for name in _ASSUMED for value in _roles(body, name)]
    if not given:
        return None
    value = given[-1]
    if isinstance(value, str):
        fields = value.split(":")
        account = fields[_ACCOUNT] if len(fields) > _ACCOUNT else ""
        if len(account) == _DIGITS and account.isdigit():
            return account
    account_value = _account_in(value)
    why = f"the account of the role that {address} assumes is not known"
    return Unnamed(origin_of(account_value) or address, f"{why}: {opened(account_value).why}")


def _roles(body: BlockBody, name: str) -> list[Value]:
    """Return the ARNs of the roles that a body names: in nested blocks, or in ``awscc``'s object."""
    found: list[Value] = []
    for block in body.named(name):
        arn = block.body.attributes.get("role_arn")
        if block.maybe:
            found.append(block.maybe[0].unknown)
        elif arn is not None and arn.value is not None:
            found.append(arn.value)
    given = body.attributes.get(name)
    if given is not None and isinstance(given.value, Obj):
        found += [arn for arn in (given.value.get("role_arn"),) if arn is not None]
    elif given is not None and given.value is not None:
        found.append(given.value)
    return found


def _account_in(arn: Value) -> Value:
    """Return the part of an open ARN that is its account, the whole where none can be told."""
    if not isinstance(arn, Text) or not isinstance(arn.parts[0], str):
        return arn
    first, account, *after = arn.parts
    ends_before = isinstance(first, str) and first.startswith("arn:") and first.count(":") == _ACCOUNT
    is_whole = bool(after) and isinstance(after[0], str) and after[0].startswith(":")
    return account if ends_before and isinstance(first, str) and first.endswith(":") and is_whole else arn
