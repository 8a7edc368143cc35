"""What is where in an estate? Look-ups by address, ARN, id and name; no rule and no judgement."""

from restore_ready.index._asked_once import asked_once
from restore_ready.index._estate_index import EstateIndex
from restore_ready.index._mounts import Belongings, MountIndex
from restore_ready.index._restore_tests import RestoreTestPlans
from restore_ready.index._roles import RoleIndex, account_of_role, arn_account
from restore_ready.index._selections import AutomaticSettings, Selections
from restore_ready.index._sight import Missing, OutOfSight, Sight
from restore_ready.index._vaults import VaultPolicies, Vaults, plain_arn

__all__ = [
    "AutomaticSettings",
    "Belongings",
    "EstateIndex",
    "Missing",
    "MountIndex",
    "OutOfSight",
    "RestoreTestPlans",
    "RoleIndex",
    "Selections",
    "Sight",
    "VaultPolicies",
    "Vaults",
    "account_of_role",
    "arn_account",
    "asked_once",
    "plain_arn",
]
