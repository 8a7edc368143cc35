"""The chain from a principal's call to the key, link by link, and who of all can restore a file system."""

from __future__ import annotations

from msgspec import Struct

from restore_ready.model import FileSystem, Principal, Truth, Unresolved, all_true
from restore_ready.vaults._recovery_points import RecoveryPointVault
from restore_ready.who_can_restore._lifting import DenyingVault
from restore_ready.who_can_restore._points import PointsOnRecord
from restore_ready.who_can_restore._steps import StepResult


class Chain(Struct, frozen=True):
    """What one principal needs to restore one file system, with the vault and the role that serve it best.

    Attributes:
        vault: the name of the vault it would restore from; empty where none is known.
        role: the restore role it would pass; ``None`` where none is in sight.
        steps: one answer for each link, in order.
        suggestion: a name under which the role could be passed, where only its name is in the way.
        lacks: of one that can restore, what else a restore takes and it may not do: ``find the recovery
            point``; none where it was not asked.
    """

    principal: Principal
    vault: str
    role: Principal | None
    steps: tuple[StepResult, ...]
    suggestion: str = ""
    lacks: tuple[str, ...] = ()

    @property
    def can_restore(self) -> Truth:
        """Whether every link holds."""
        return all_true(step.holds for step in self.steps)

    @property
    def first_block(self) -> StepResult | None:
        """The first link that does not hold for certain: a blocked one if there is any, else an open one."""
        return next(iter(self.blocks), None)

    @property
    def blocks(self) -> tuple[StepResult, ...]:
        """The links that do not hold for certain, the blocked ones first."""
        blocked = tuple(step for step in self.steps if step.holds is False)
        return (*blocked, *(step for step in self.steps if isinstance(step.holds, Unresolved)))


class FileSystemChains(Struct, frozen=True):
    """Who can restore one file system.

    Attributes:
        vaults: those that hold its recovery points, as far as that is shown or, in a source, laid down.
        elsewhere: those that plans copy to and that are not in sight, so that they may hold some.
        hidden: why there may be other vaults; empty where there are none.
        chains: one for each principal in question.
        points: what is on record of its recovery points; ``None`` where the source has no history.
        denying: the vaults in the way of somebody, and who may lift that.
        others: whether somebody else may be able to.
        nobody: how it is said that there is nobody to ask about.
    """

    file_system: FileSystem
    vaults: tuple[RecoveryPointVault, ...]
    hidden: str
    chains: tuple[Chain, ...]
    elsewhere: tuple[RecoveryPointVault, ...] = ()
    points: PointsOnRecord | None = None
    denying: tuple[DenyingVault, ...] = ()
    others: Truth = False
    nobody: str = ""

    @property
    def somebody_can(self) -> Truth:
        """Whether somebody can restore it; open where that is open for all, or nobody is in sight."""
        if self.points is not None and self.points.answer is False and not self.elsewhere:
            return False
        if any(chain.can_restore is True for chain in self.chains):
            return True
        if any(chain.can_restore is not False for chain in self.chains):
            return Unresolved("it is open for everybody in sight")
        return self.others

    @property
    def why(self) -> str:
        """What stands in everybody's way, in one sentence; empty where it is not one thing."""
        if self.points is not None and self.points.answer is not True:
            return self.points.why
        if isinstance(self.others, Unresolved) and self.somebody_can is not True:
            return self.others.why
        return self.nobody if not self.chains else self._all_denied()

    def _all_denied(self) -> str:
        """Return that all vaults with recovery points deny everyone to restore them, if it is so."""
        shut = [found.vault for found in self.denying if found.for_everyone is True]
        if not self.vaults or self.elsewhere or self.hidden or len(shut) < len(self.vaults):
            return ""
        if self.points is not None and self.points.only_automatic:
            return "there is nothing but automatic backups, and the policy of their vault denies restores to everyone"
        names = ", ".join(vault.name for vault in shut)
        return f"every vault with its recovery points denies restores to everyone: {names}"
