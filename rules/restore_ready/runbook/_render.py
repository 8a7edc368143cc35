"""What does a runbook show, and how does it become Markdown?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from restore_ready._json_text import json_text
from restore_ready.file_moves._movers import movers_of
from restore_ready.history._restore_time import RESTORE_BYTES
from restore_ready.index import EstateIndex
from restore_ready.model import FileSystem, Gap, Ref, Requirements, Source, Str, Unresolved
from restore_ready.reports._safe_text import clean
from restore_ready.requirements._file import ResourceNames
from restore_ready.runbook._attached_resources import attached_resources, has_policy, targets_of
from restore_ready.runbook._backups import Backups, backups_of
from restore_ready.runbook._deny_removal import DenyRemoval, RemovalMethod
from restore_ready.runbook._find_file_system import Chosen
from restore_ready.runbook._findings import RunbookFinding, findings, speaking_of
from restore_ready.runbook._markdown import code, prose
from restore_ready.runbook._principals import best_role, chains_of, principal_rows
from restore_ready.runbook._restore_tests import restore_tests
from restore_ready.runbook._restore_times import restore_times
from restore_ready.runbook._shell import FILL_IN, quote
from restore_ready.runbook._shell_variables import (
    STACK,
    MoverFacts,
    RoleFacts,
    ShellVariable,
    file_system_variables,
    mover_facts,
    role_facts,
    vault_variable,
)
from restore_ready.runbook._vaults import RestoreVault

if TYPE_CHECKING:
    import jinja2

_KINDS: Final = {
    Source.TERRAFORM: "the Terraform configuration",
    Source.PLAN: "the Terraform plan",
    Source.CLOUDFORMATION: "the CloudFormation template",
    Source.ACCOUNT: "the account",
}


class _Vault(Struct, frozen=True):
    """One vault, as the template shows it."""

    label: str
    elsewhere: bool
    filled_by: tuple[str, ...]
    says: str
    removal: DenyRemoval
    policy_text: str
    variable: ShellVariable


def write_runbook(chosen: Chosen, not_read: Iterable[Gap] = ()) -> str:
    """Return the runbook of *chosen* as Markdown.

    Args:
        chosen: the file system and where it was read.
        not_read: what could not be read, shown at the top.
    """
    rendered: str = _template().render(_context(chosen, tuple(not_read)))
    return "\n".join(_single_blanks(rendered.rstrip("\n").split("\n"))) + "\n"


@cache
def _template() -> jinja2.Template:
    """Return the page's template; compiling it takes longer than all else about a runbook."""
    import jinja2  # noqa: PLC0415  # only this command needs it

    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701  # Markdown and shell have filters of their own
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"code": code, "prose": prose}
    text = files("restore_ready.runbook").joinpath("runbook.md.jinja").read_text(encoding="utf-8")
    return environment.from_string(text)


def _single_blanks(lines: Iterable[str]) -> Iterator[str]:
    """Leave one of several empty lines in a row."""
    before = ""
    for line in lines:
        if line or before:
            yield line
        before = line


def _context(chosen: Chosen, not_read: tuple[Gap, ...]) -> dict[str, Any]:
    file_system, estate = chosen.file_system, chosen.estate
    requirements = _requirements(chosen)
    backups = backups_of(file_system, estate, requirements)
    chains = chains_of(file_system, estate, requirements)
    shown_role = role_facts(best_role(chains, estate, requirements), estate)
    vaults = [_vault(vault, estate) for vault in backups.vaults]
    movers = list(movers_of(file_system, estate, requirements))
    found = list(_findings(chosen, backups, {mover.address for mover in movers}))
    shown_movers = [mover_facts(mover, estate) for mover in movers]
    guarded = has_policy(file_system, estate)
    return {
        "title": file_system.name or file_system.address,
        "address": file_system.address,
        "place": str(file_system.place),
        "kind": _KINDS[estate.source],
        "assuming": estate.assuming,
        "not_read": [{"where": _where(gap), "why": gap.why} for gap in not_read],
        "backups": backups,
        "automatic": backups.automatic is not False,
        "vaults": vaults,
        "denying": [vault for vault in vaults if vault.removal.method is not RemovalMethod.NOTHING],
        "first_vault": vaults[0].label if vaults else "that has it",
        "cold_after": backups.cold_after,
        "tests": list(restore_tests(file_system, estate)),
        "principals": principal_rows(chains),
        "role": shown_role,
        "findings": [finding for finding in found if finding.judged],
        "not_judged": [finding for finding in found if not finding.judged],
        "subnet": _subnet(chosen),
        "variables": _variables(chosen, backups, shown_role, [*vaults, *shown_movers]),
        "command": "audit" if estate.source is Source.ACCOUNT else "scan",
        "restore_bytes": RESTORE_BYTES,
        "one_zone": file_system.one_zone is True,
        "replicated_by": _replicated_by(file_system, estate),
        "keys": list(dict.fromkeys(_keys(chosen, backups))),
        "attached": attached_resources(file_system, estate),
        "movers": shown_movers,
        "needs_iam": guarded,
        "mount_options": "tls,iam" if guarded else "tls",
        "times": restore_times(file_system, estate, requirements),
        "rehearse_every": requirements.rehearse_every,
    }


def _replicated_by(file_system: FileSystem, estate: EstateIndex) -> str:
    """Return a clause about what replicates into *file_system*; empty if nothing does."""
    found = estate.replicas.into(Ref(file_system.address))
    if isinstance(found, Unresolved):
        return f"it may be that another file system is replicated into it ({found.why})"
    return f"another file system is replicated into it by {found}" if found else ""


def _variables(
    chosen: Chosen, backups: Backups, role: RoleFacts, shown: Iterable[_Vault | MoverFacts]
) -> list[ShellVariable]:
    """Return the variables at the top; the stack's name only if these or those of what is *shown* below ask for it."""
    first = backups.vaults[0] if backups.vaults else None
    of_vault = vault_variable(first, chosen.estate)
    variables = [*file_system_variables(chosen.file_system, chosen.estate), of_vault, *role.variables]
    if any(variable.needs_stack for variable in (*variables, *(part.variable for part in shown))):
        variables.insert(0, ShellVariable(STACK, quote(FILL_IN), remarks=("the stack made from the template",)))
    return variables


def _requirements(chosen: Chosen) -> Requirements:
    """Return what holds for the file system; the general requirements where it is open which overrides apply."""
    requirements_file = chosen.source.requirements_file
    possible = requirements_file.for_subject(chosen.file_system, ResourceNames(chosen.estate))
    if isinstance(possible, Unresolved) or len(possible) != 1:
        return requirements_file.base
    return possible[0].requirements


def _where(gap: Gap) -> str:
    return gap.address if gap.address == gap.place.file else f"{gap.place} {gap.address}"


def _vault(vault: RestoreVault, estate: EstateIndex) -> _Vault:
    policy = "" if vault.removal.policy is None else json_text(vault.removal.policy, indent=2)
    return _Vault(
        vault.label,
        bool(vault.elsewhere),
        vault.filled_by,
        _says(vault),
        vault.removal,
        policy,
        vault_variable(vault, estate),
    )


def _says(vault: RestoreVault) -> str:
    """Return whether restores from a vault are possible as it stands."""
    possible = {
        RemovalMethod.NOTHING: "yes",
        RemovalMethod.EDIT_LIVE: "its policy is not known here: step 2",
        RemovalMethod.LOCKED: "**no**: its policy denies restores, and its own repair",
    }
    denied = "after step 2: its policy denies restores to " + ("everyone" if vault.removal.for_everyone else "some")
    says = possible.get(vault.removal.method, denied)
    return f"{says}; meant for copies only (`vaults.copy_only`)" if vault.copy_only else says


def _findings(chosen: Chosen, backups: Backups, movers: set[str]) -> Iterator[RunbookFinding]:
    vaults = {name for vault in backups.vaults for name in (vault.address, vault.name) if name}
    yield from findings(chosen, movers | set(backups.addresses) | vaults | speaking_of(chosen, vaults))


def _subnet(chosen: Chosen) -> str:
    """Return, for bash, a subnet that has a mount target of the file system."""
    targets = targets_of(chosen.file_system, chosen.estate)
    return next((quote(target.subnet) for target in targets if isinstance(target.subnet, str)), quote(FILL_IN))


def _keys(chosen: Chosen, backups: Backups) -> Iterator[str]:
    """Return the keys that encrypt the file system and its vaults."""
    used = {vault.address for vault in backups.vaults}
    vaults = [vault for vault in chosen.estate.vaults if vault.address in used]
    for key in (chosen.file_system.key, *(vault.key for vault in vaults)):
        if key is not None and (shown := _key(key)):
            yield shown


def _key(value: Str) -> str:
    return value.target if isinstance(value, Ref) else clean(value) if isinstance(value, str) else ""
