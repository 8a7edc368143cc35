"""What do people call the resources of an estate, where their addresses do not say it?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from restore_ready.index import EstateIndex
from restore_ready.model import Mover, Plan, Principal, Ref, RestoreTestPlan, Str, Vault

_Named: TypeAlias = Plan | Vault | Principal | Mover | RestoreTestPlan
_SELECTION: Final = "selection of "


def names(estate: EstateIndex) -> Mapping[str, str]:
    """Return names by address: tags Name, names of plans, vaults, people and movers, aliases of keys.

    A selection without a name of its own goes by its plan's, a vault policy by its vault's.
    """
    found: dict[str, str] = {}
    for address, name in (*_own(estate), *_of_keys(estate), *_of_others(estate)):
        if isinstance(name, str) and name and not _says(address, name):
            found.setdefault(address, name)
    return found


def _says(address: str, name: str) -> bool:
    """Return whether an address ends with a name: ``aws_backup_plan.nightly``, ``…:backup-vault:efs``."""
    bare = address.partition("[")[0] if address.endswith("]") else address
    return bare == name or bare.endswith((f".{name}", f"/{name}", f":{name}"))


def _own(estate: EstateIndex) -> Iterator[tuple[str, Str]]:
    for file_system in (*estate.file_systems, *estate.lost_file_systems):
        yield file_system.address, file_system.name
    named: list[_Named] = [*estate.plans, *estate.vaults, *estate.principals]
    named += [*estate.movers, *estate.restore_test_plans]
    yield from ((found.address, found.name) for found in named)
    for test in estate.restore_tests:
        yield test.address, test.name


def _of_keys(estate: EstateIndex) -> Iterator[tuple[str, Str]]:
    for key in estate.keys:
        yield from ((key.address, alias) for alias in key.aliases[:1])


def _of_others(estate: EstateIndex) -> Iterator[tuple[str, Str]]:
    plans, vaults = estate.plans_by_address, estate.vaults_by_address
    for selection in estate.selections:
        plan = plans.get(selection.plan.target) if isinstance(selection.plan, Ref) else None
        if plan is not None and isinstance(plan.name, str):
            yield selection.address, f"{_SELECTION}{plan.name}"
    for policy in estate.vault_policies:
        key = estate.vault_keys.key(policy.vault, policy.aws_place)
        vault = vaults.get(key) if isinstance(key, str) else None
        if vault is not None and vault.address != policy.address:
            yield policy.address, vault.name
