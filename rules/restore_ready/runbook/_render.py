"""What does a runbook show, and how does it become Markdown?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from msgspec import Struct

from restore_ready._json_text import json_text
from restore_ready.file_moves._movers import movers_of
from restore_ready.history._records import show_time
from restore_ready.history._restore_time import RESTORE_BYTES
from restore_ready.index import EstateIndex
from restore_ready.model import FileSystem, Gap, Principal, Ref, Requirements, Source, Str, Unresolved
from restore_ready.reports._safe_text import clean
from restore_ready.requirements._file import ResourceNames
from restore_ready.runbook._attached_resources import attached_resources, has_policy, subnet_of, targets_of
from restore_ready.runbook._backups import Backups, backups_of
from restore_ready.runbook._copies import backup_role, copy_vaults
from restore_ready.runbook._deny_removal import DenyRemoval, RemovalMethod
from restore_ready.runbook._find_file_system import Chosen
from restore_ready.runbook._findings import RunbookFinding, findings, speaking_of
from restore_ready.runbook._html import as_html
from restore_ready.runbook._known_surroundings import known_surroundings
from restore_ready.runbook._naming_selections import naming_selections
from restore_ready.runbook._permissions import Permissions, needed_policy, runbook_needs
from restore_ready.runbook._pictures import pictures_of
from restore_ready.runbook._principals import best_role, gets_through, principal_rows
from restore_ready.runbook._restore_tests import restore_tests
from restore_ready.runbook._restore_times import restore_times
from restore_ready.runbook._shared_answers import SharedAnswers
from restore_ready.runbook._shell import FILL_IN, quote
from restore_ready.runbook._shell_variables import (
    DEFAULT_ROLE_ARN,
    STACK,
    MoverFacts,
    RoleFacts,
    ShellVariable,
    file_system_variables,
    mover_facts,
    role_facts,
)
from restore_ready.runbook._templates import render, shared_steps
from restore_ready.runbook._vaults import RestoreVault
from restore_ready.runbook._working_place import WorkingPlace, folder_of, working_place
from restore_ready.who_can_restore._chain import Chain

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
    known_text: str
    folder: str
    quoted: str


def write_page(chosen: Chosen, not_read: Iterable[Gap] = (), answers: SharedAnswers | None = None) -> str:
    """Return the runbook of *chosen* as an HTML page; the arguments are those of `write_runbook`."""
    shared = answers or SharedAnswers()
    text = render({**_context(chosen, tuple(not_read), shared), "as_page": True})
    title = clean(chosen.file_system.name or chosen.file_system.address)
    return as_html(text, f"Restore runbook: {title}", pictures_of(chosen, shared.readiness(chosen.source)))


def write_runbook(chosen: Chosen, not_read: Iterable[Gap] = (), answers: SharedAnswers | None = None) -> str:
    """Return the runbook of *chosen* as Markdown.

    Args:
        chosen: the file system and where it was read.
        not_read: what could not be read, shown at the top.
        answers: what was asked for other runbooks of the same sources.
    """
    return render(_context(chosen, tuple(not_read), answers or SharedAnswers()))


def _context(chosen: Chosen, not_read: tuple[Gap, ...], answers: SharedAnswers) -> dict[str, Any]:
    file_system, estate = chosen.file_system, chosen.estate
    requirements = _requirements(chosen)
    backups = backups_of(file_system, estate, requirements)
    chains = answers.chains(file_system, estate, requirements)
    role = best_role(chains, estate, requirements)
    vaults = [_vault(vault) for vault in backups.vaults]
    movers = list(movers_of(file_system, estate, requirements))
    place = working_place(file_system, estate)
    return {
        "as_page": False,
        "pictures": pictures_of(chosen, answers.readiness(chosen.source)),
        "title": file_system.name or file_system.address,
        "address": file_system.address,
        "place": str(file_system.place),
        "kind": _KINDS[estate.source],
        "when": "" if estate.now is None else show_time(estate.now),
        "assuming": estate.assuming,
        "not_read": [{"where": _where(gap), "why": gap.why} for gap in not_read],
        "tests": list(restore_tests(file_system, estate)),
        "command": "audit" if estate.source is Source.ACCOUNT else "scan",
        "one_zone": file_system.one_zone is True,
        "lost": "" if file_system.lost is None else file_system.lost.why,
        "keys": list(dict.fromkeys(_keys(chosen, backups))),
        "times": restore_times(file_system, estate, requirements),
        "rehearse_every": requirements.rehearse_every,
        **_of_backups(backups, vaults),
        **_of_people(chosen, chains, role, backups, place),
        **_of_findings(list(_findings(chosen, backups, {mover.address for mover in movers}, answers))),
        **_of_place(chosen, place, role, [mover_facts(mover, estate) for mover in movers]),
        **_of_surroundings(chosen),
        "copies": list(copy_vaults(file_system, estate, backups, place)),
        "copy_role": backup_role(file_system, estate),
    }


def _of_backups(backups: Backups, vaults: list[_Vault]) -> dict[str, Any]:
    return {
        "backups": backups,
        "automatic": backups.automatic is not False,
        "vaults": vaults,
        "denying": [vault for vault in vaults if vault.removal.method is not RemovalMethod.NOTHING],
        "here": [vault for vault in vaults if vault.quoted and not vault.elsewhere],
        "cold_after": backups.cold_after,
    }


def _of_people(
    chosen: Chosen, chains: tuple[Chain, ...], role: Principal | None, backups: Backups, place: WorkingPlace
) -> dict[str, Any]:
    """Return who can restore, what the steps need, and who lacks some of it."""
    methods = {vault.removal.method for vault in backups.vaults}
    needs = runbook_needs(
        denies=bool(methods - {RemovalMethod.NOTHING}),
        deletes=RemovalMethod.REPLACE_AFTER_DELETING in methods,
        copies=place.origin is not None or any(vault.elsewhere for vault in backups.vaults),
    )
    vaults = [vault.name for vault in backups.vaults if vault.name and not vault.elsewhere]
    people = [chain.principal for chain in chains if gets_through(chain)]
    asked = Permissions(chosen.estate, chosen.estate.home, vaults)
    arn = role.arn if role is not None and isinstance(role.arn, str) else DEFAULT_ROLE_ARN
    return {
        "principals": principal_rows(chains),
        "needs": asked.rows(people, needs),
        "needed_policy": json_text(needed_policy(needs, arn), indent=2),
    }


def _of_findings(found: list[RunbookFinding]) -> dict[str, Any]:
    return {
        "findings": [finding for finding in found if finding.judged],
        "not_judged": [finding for finding in found if not finding.judged],
    }


def _of_place(chosen: Chosen, place: WorkingPlace, role: Principal | None, movers: list[MoverFacts]) -> dict[str, Any]:
    """Return where the steps run, and the variables that they begin with."""
    facts = role_facts(role, chosen.estate)
    variables = _variables(chosen, facts, movers)
    opening = (place.account_variable, place.region_variable, *variables)
    arn = chosen.file_system.arn
    return {
        "folder": place.folder,
        "account": place.account_variable,
        "region": place.region_variable,
        "account_label": place.account,
        "origin": place.origin,
        "id_label": arn.rpartition("/")[2] if isinstance(arn, str) else chosen.file_system.address,
        "role": facts,
        "movers": movers,
        "variables": variables,
        "variables_open": any(FILL_IN in variable.value for variable in opening),
        "steps": shared_steps(),
        "restore_bytes": RESTORE_BYTES,
    }


def _of_surroundings(chosen: Chosen) -> dict[str, Any]:
    """Return what surrounds the old file system."""
    file_system, estate = chosen.file_system, chosen.estate
    settings, key = file_system.settings, file_system.key
    performance = None if settings is None else settings.performance
    guarded = has_policy(file_system, estate)
    return {
        "around": json_text(known_surroundings(file_system, estate), indent=2),
        "attached": attached_resources(file_system, estate),
        "named_by": list(naming_selections(file_system, estate)),
        "old_key": quote(key) if isinstance(key, str) and key.startswith("arn:") else "''",
        "old_performance": quote(performance) if isinstance(performance, str) else "''",
        "replicated_by": _replicated_by(file_system, estate),
        "subnet": _subnet(chosen),
        "security_group": _security_group(chosen),
        "needs_iam": guarded,
        "mount_options": "tls,iam" if guarded else "tls",
    }


def _replicated_by(file_system: FileSystem, estate: EstateIndex) -> str:
    """Return a clause about what replicates into *file_system*; empty if nothing does."""
    found = estate.replicas.into(Ref(file_system.address))
    if isinstance(found, Unresolved):
        return f"it may be that another file system is replicated into it ({found.why})"
    return f"another file system is replicated into it by {found}" if found else ""


def _variables(chosen: Chosen, role: RoleFacts, movers: Iterable[MoverFacts]) -> list[ShellVariable]:
    """Return the variables at the top; the stack's name only if these or those of the *movers* ask for it."""
    variables = [*file_system_variables(chosen.file_system, chosen.estate), *role.variables]
    if any(variable.needs_stack for variable in (*variables, *(mover.variable for mover in movers))):
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


def _vault(vault: RestoreVault) -> _Vault:
    removal = vault.removal
    return _Vault(
        vault.label,
        bool(vault.elsewhere),
        vault.filled_by,
        _says(vault),
        removal,
        "" if removal.policy is None else json_text(removal.policy, indent=2),
        "" if removal.before is None else json_text(removal.before, indent=2),
        folder_of(vault.name),
        quote(vault.name) if vault.name else "",
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


def _findings(chosen: Chosen, backups: Backups, movers: set[str], answers: SharedAnswers) -> Iterator[RunbookFinding]:
    vaults = {name for vault in backups.vaults for name in (vault.address, vault.name) if name}
    own = movers | set(backups.addresses) | vaults | speaking_of(chosen, vaults)
    yield from findings(chosen, own, answers.readiness(chosen.source).judgements)


def _security_group(chosen: Chosen) -> str:
    """Return, for bash, a security group of a mount target of the file system."""
    targets = targets_of(chosen.file_system, chosen.estate)
    groups = (target.security_groups for target in targets)
    return next((quote(found[0]) for found in groups if isinstance(found, tuple) and found), quote(FILL_IN))


def _subnet(chosen: Chosen) -> str:
    """Return, for bash, a subnet that has a mount target of the file system."""
    targets = targets_of(chosen.file_system, chosen.estate)
    return next((quote(subnet) for subnet in map(subnet_of, targets) if subnet), quote(FILL_IN))


def _keys(chosen: Chosen, backups: Backups) -> Iterator[str]:
    """Return the keys that encrypt the file system and its vaults."""
    used = {vault.address for vault in backups.vaults}
    vaults = [vault for vault in chosen.estate.vaults if vault.address in used]
    for key in (chosen.file_system.key, *(vault.key for vault in vaults)):
        if key is not None and (shown := _key(key)):
            yield shown


def _key(value: Str) -> str:
    return value.target if isinstance(value, Ref) else clean(value) if isinstance(value, str) else ""
