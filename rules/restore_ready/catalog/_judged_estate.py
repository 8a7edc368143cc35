"""What a rule is given as its estate: records, look-ups, and the answers that several rules share."""

from __future__ import annotations

from functools import cached_property

from msgspec import field
from msgspec.structs import asdict

from restore_ready.access._default_role import default_roles
from restore_ready.access._denials import vaults_open_to_somebody
from restore_ready.access._operator_needs import VaultChoice, vault_choices
from restore_ready.access._restore_grants import Grant, restore_grants
from restore_ready.access._restore_roles import restore_roles
from restore_ready.access._role_permissions import restores_efs
from restore_ready.catalog._restorers import RestorersByVault
from restore_ready.index import EstateIndex
from restore_ready.kms._keys_in_use import KeyUse, keys_in_use
from restore_ready.kms._role_permissions import UnservedKey, unserved_keys
from restore_ready.model import Estate, Principal, Requirements
from restore_ready.restore_testing._selections import RestoreTests
from restore_ready.vaults._recovery_points import RecoveryPointVaults


class JudgedEstate(EstateIndex, frozen=True, dict=True):
    """An estate under the requirements that hold for all of it, with the answers that several rules share.

    Each answer is worked out once, when it is first asked for. They depend on what operators, restore roles and
    copy-only vaults are called; an override can't change that, so one `JudgedEstate` serves every subject.

    Attributes:
        naming: the requirements where no override applies.
    """

    naming: Requirements = field(default_factory=Requirements)

    @classmethod
    def under(cls, estate: Estate, naming: Requirements) -> JudgedEstate:
        """Return *estate*, to be judged under the requirements *naming* and their overrides."""
        return cls(**asdict(estate), naming=naming)

    @cached_property
    def restore_grants(self) -> tuple[Grant, ...]:
        """The policies that grant the start of a restore, with who holds them."""
        return tuple(restore_grants(self, self.naming))

    @cached_property
    def restore_roles(self) -> tuple[Principal, ...]:
        """The roles that restores are meant to run with."""
        return restore_roles(self, self.naming, self.restore_grants)

    @cached_property
    def efs_restore_roles(self) -> tuple[Principal, ...]:
        """Those of the restore roles that are for EFS."""
        return tuple(role for role in self.restore_roles if restores_efs(role, self))

    @cached_property
    def roles_to_restore_with(self) -> tuple[Principal, ...]:
        """The restore roles for EFS, and the default service role where somebody may pass it or a test uses it."""
        return (*self.efs_restore_roles, *default_roles(self))

    @cached_property
    def restorers(self) -> RestorersByVault:
        """Who of the restore operators may restore from which vaults."""
        return RestorersByVault(self, self.restore_grants, self.roles_to_restore_with)

    @cached_property
    def open_vaults(self) -> RecoveryPointVaults:
        """The vaults that plans write to and that let somebody restore."""
        return vaults_open_to_somebody(self, self.naming)

    @cached_property
    def vault_choices(self) -> tuple[VaultChoice, ...]:
        """The vaults that each file system can be restored from."""
        return vault_choices(self, self.naming)

    @cached_property
    def keys_in_use(self) -> tuple[KeyUse, ...]:
        """The customer managed keys that restores meet."""
        return keys_in_use(self, self.naming, self.efs_restore_roles)

    @cached_property
    def unserved_keys(self) -> tuple[UnservedKey, ...]:
        """Those of the keys in use that no restore role may use, certainly or perhaps."""
        return unserved_keys(self.keys_in_use, self)

    @cached_property
    def tests(self) -> RestoreTests:
        """What restore testing selections do for the file systems."""
        return RestoreTests(self)
