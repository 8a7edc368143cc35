"""Gathers what a runbook shows and renders it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from restore_ready.file_moves._movers import movers_of
from restore_ready.model import Estate, Gap, Ref, Requirements, Source, Str, Unresolved
from restore_ready.reports._plain import clean
from restore_ready.requirements._file import ResourceNames
from restore_ready.runbook._backups import Backups, backups_of
from restore_ready.runbook._find import Chosen
from restore_ready.runbook._findings import Finding, findings, speaking_of
from restore_ready.runbook._lift import Lift, Way
from restore_ready.runbook._markdown import code, prose
from restore_ready.runbook._parts import has_policy, parts_of, targets_of
from restore_ready.runbook._people import best_role, chains_of, people
from restore_ready.runbook._settings import STACK, Setting
from restore_ready.runbook._settings_of import file_system_settings, mover_facts, role_facts, vault_setting
from restore_ready.runbook._shell import FILL_IN, quote
from restore_ready.runbook._tests import restore_tests
from restore_ready.runbook._times import RESTORE_BYTES, restore_times
from restore_ready.runbook._vault_uses import VaultUse

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
    lift: Lift
    policy_text: str
    setting: Setting


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
    role = best_role(chains, estate, requirements)
    shown_role = role_facts(role, estate)
    vaults = [_vault(one, estate) for one in backups.vaults]
    workers = movers_of(file_system, estate, requirements)
    movers = [mover_facts(one, estate) for one in workers]
    found = list(_findings(chosen, backups, {one.address for one in workers}))
    first = backups.vaults[0] if backups.vaults else None
    settings = [*file_system_settings(file_system, estate), vault_setting(first, estate), *shown_role.settings]
    every = [*settings, *(one.setting for one in vaults), *(one.setting for one in movers)]
    if any(one.needs_stack for one in every):
        settings.insert(0, Setting(STACK, quote(FILL_IN), remarks=("the stack made from the template",)))
    guarded = has_policy(file_system, estate)
    return {
        "title": file_system.name or file_system.address,
        "address": file_system.address,
        "place": str(file_system.place),
        "kind": _KINDS[estate.source],
        "assuming": estate.assuming,
        "not_read": [{"where": _where(one), "why": one.why} for one in not_read],
        "backups": backups,
        "automatic": backups.automatic is not False,
        "vaults": vaults,
        "lifts": [one for one in vaults if one.lift.way is not Way.NOTHING],
        "first_vault": vaults[0].label if vaults else "that has it",
        "cold_after": backups.cold_after,
        "tests": list(restore_tests(file_system, estate)),
        "people": people(chains),
        "role": shown_role,
        "findings": [one for one in found if one.judged],
        "not_judged": [one for one in found if not one.judged],
        "subnet": _subnet(chosen),
        "settings": settings,
        "command": "audit" if estate.source is Source.ACCOUNT else "scan",
        "restore_bytes": RESTORE_BYTES,
        "one_zone": file_system.one_zone is True,
        "keys": list(dict.fromkeys(_keys(chosen, backups))),
        "parts": parts_of(file_system, estate),
        "movers": movers,
        "needs_iam": guarded,
        "mount_options": "tls,iam" if guarded else "tls",
        "times": restore_times(file_system, estate, requirements),
        "rehearse_every": requirements.rehearse_every,
    }


def _requirements(chosen: Chosen) -> Requirements:
    """Return what holds for the file system; the general requirements where it is open which overrides apply."""
    requirements_file = chosen.source.requirements_file
    possible = requirements_file.for_subject(chosen.file_system, ResourceNames(chosen.estate))
    if isinstance(possible, Unresolved) or len(possible) != 1:
        return requirements_file.base
    return possible[0].requirements


def _where(gap: Gap) -> str:
    return gap.address if gap.address == gap.place.file else f"{gap.place} {gap.address}"


def _vault(use: VaultUse, estate: Estate) -> _Vault:
    policy = "" if use.lift.policy is None else json.dumps(use.lift.policy, indent=2)
    return _Vault(
        use.label, bool(use.elsewhere), use.filled_by, _says(use), use.lift, policy, vault_setting(use, estate)
    )


def _says(use: VaultUse) -> str:
    """Say whether restores from a vault are possible as it stands."""
    possible = {
        Way.NOTHING: "yes",
        Way.EDIT_LIVE: "its policy is not known here: step 2",
        Way.LOCKED: "**no**: its policy denies restores, and its own repair",
    }
    denied = "after step 2: its policy denies restores to " + ("everyone" if use.lift.for_everyone else "some")
    says = possible.get(use.lift.way, denied)
    return f"{says}; meant for copies only (`vaults.copy_only`)" if use.copy_only else says


def _findings(chosen: Chosen, backups: Backups, movers: set[str]) -> Iterator[Finding]:
    vaults = {name for one in backups.vaults for name in (one.address, one.name) if name}
    yield from findings(chosen, movers | set(backups.addresses) | vaults | speaking_of(chosen, vaults))


def _subnet(chosen: Chosen) -> str:
    """Return, for bash, a subnet that has a mount target of the file system."""
    targets = targets_of(chosen.file_system, chosen.estate)
    return next((quote(one.subnet) for one in targets if isinstance(one.subnet, str)), quote(FILL_IN))


def _keys(chosen: Chosen, backups: Backups) -> Iterator[str]:
    """Give the keys that encrypt the file system and its vaults."""
    used = {one.address for one in backups.vaults}
    vaults = [one for one in chosen.estate.vaults if one.address in used]
    for key in (chosen.file_system.key, *(one.key for one in vaults)):
        if key is not None and (shown := _key(key)):
            yield shown


def _key(value: Str) -> str:
    return value.target if isinstance(value, Ref) else clean(value) if isinstance(value, str) else ""
