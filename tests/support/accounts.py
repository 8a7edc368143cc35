"""Stories about live accounts: ``account.yaml`` holds the facts that an audit would have recorded.

``now`` says when the account was read. Every fact has an id and what AWS answered (``data``), or the error code of a
call that failed (``unknown``); ``params`` say what it is about where its data don't, ``region`` is eu-west-1 unless it
says otherwise. Facts that are left out stand for nothing: an empty list, or what AWS says is not there. Plans,
selections and restore tests need not be listed besides. `surrounded` adds what every such account has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import yaml
from tests.support.account_surroundings import ACCOUNT, REGION, surrounded
from tests.support.yaml_loading import FastLoader

from restore_ready import Fact, Reading, Status
from restore_ready.live._account_roster import CONTROLS, INVALID_POLICIES
from restore_ready.readers.account import read_account
from restore_ready.readers.account._answers import ABOUT, LISTS, OBJECTS

NOW = datetime(2026, 11, 20, 6, tzinfo=timezone.utc)

_GLOBAL = {
    *("global_settings", "iam", "identity", "organization_parents", "regions", "service_control", "service_controls"),
    *(CONTROLS, INVALID_POLICIES),
}
_OF_ORGANIZATION = {CONTROLS, INVALID_POLICIES}
"""Facts that the organization is asked for, once for all accounts."""

_GRANTS = {
    "file_systems": "elasticfilesystem:DescribeFileSystems",
    "backup_jobs": "backup:ListBackupJobs",
    "restore_jobs": "backup:ListRestoreJobs",
    "copy_jobs": "backup:ListCopyJobs",
    "key": "kms:DescribeKey",
    "vault_recovery_points": "backup:ListRecoveryPointsByBackupVault",
    "vault_policy": "backup:GetBackupVaultAccessPolicy",
}
_LISTED = {
    "plans": ("plan", ("BackupPlanId", "BackupPlanArn")),
    "selections": ("selection", ("BackupPlanId", "SelectionId")),
    "restore_test_plans": ("restore_test_plan", ("RestoreTestingPlanName", "RestoreTestingPlanArn")),
    "restore_test_selections": ("restore_test_selection", ("RestoreTestingPlanName", "RestoreTestingSelectionName")),
    "schedules": ("schedule", ("Name", "GroupName", "Arn", "Target")),
}
"""Lists that follow from the things themselves, and the fields that their entries have."""

_OF_REGION = (
    *("file_systems", "vaults", "access_points", "functions", "event_rules", "backup_jobs", "restore_jobs"),
    *("plans", "restore_test_plans", "schedules", "copy_jobs", "protected_resources", "replications"),
    "shared_vaults",
)
_OF_FILE_SYSTEM = ("backup_policy", "file_system_policy", "mount_targets", "lifecycle")
_OF_VAULT = ("vault_policy", "vault_notifications", "vault_recovery_points")


class _Loader(FastLoader):
    """Reads times as the text that they are written in, as facts have them."""


_Loader.yaml_implicit_resolvers = {
    first: [one for one in resolvers if one[0] != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load(text: str) -> Mapping[str, Any]:
    """Decode a story."""
    story: Mapping[str, Any] = yaml.load(text, _Loader)  # noqa: S506  # a SafeLoader
    return story


def read_story(text: str) -> Reading:
    """Read the account of a story."""
    return recorded_story(text).reading()


@dataclass(frozen=True)
class RecordedStory:
    """The facts of a story: those of its account, and those that its organization was asked for."""

    own: Sequence[Fact]
    organization: Sequence[Fact]
    now: datetime

    def reading(self) -> Reading:
        return read_account(self.own, self.now, self.organization)


def recorded_story(text: str) -> RecordedStory:
    """Return what an audit would have recorded."""
    story = load(text)
    organization = [_fact(one) for one in story["facts"] if one["fact"] in _OF_ORGANIZATION]
    own = {**story, "facts": [one for one in story["facts"] if one["fact"] not in _OF_ORGANIZATION]}
    now = datetime.fromisoformat(story["now"].replace("Z", "+00:00"))
    return RecordedStory(facts_of(own), organization, now)


def facts_of(story: Mapping[str, Any]) -> list[Fact]:
    """Return the facts of a story, and those that it leaves out."""
    told = surrounded([_fact(one) for one in story["facts"]])
    regions = dict.fromkeys(one.region for one in told if one.region)
    known = {_key(one): one for one in told}
    for region in regions:
        for one in _left_out(region, [fact for fact in told if fact.region == region]):
            known.setdefault(_key(one), one)
    for one in map(_of_organization, ("TargetId", "ChildId")):
        known.setdefault(_key(one), one)
    return list(known.values())


def _of_organization(about: str) -> Fact:
    """Return that the account is in no organization."""
    fact_id = {"TargetId": "service_controls", "ChildId": "organization_parents"}[about]
    return Fact(fact_id, ACCOUNT, "", Status.ABSENT, {about: ACCOUNT}, code="AWSOrganizationsNotInUseException")


def _key(fact: Fact) -> tuple[str, ...]:
    return fact.id, fact.region, *(str(fact.params.get(name, "")) for name in ABOUT.get(fact.id, ()))


def _fact(told: Mapping[str, Any]) -> Fact:
    name, data = told["fact"], told.get("data", {})
    params = told.get("params") or {key: data[key] for key in ABOUT.get(name, ()) if key in data}
    region = "" if name in _GLOBAL else told.get("region", REGION)
    if "unknown" in told:
        action = _GRANTS.get(name, f"grant:{name}")
        return Fact(name, ACCOUNT, region, Status.UNKNOWN, params, code=told["unknown"], action=action)
    return Fact(name, ACCOUNT, region, Status.OK, params, data)


def _left_out(region: str, told: list[Fact]) -> Iterator[Fact]:
    """Give the facts of a Region that a story does not tell, as of an account where there is nothing."""
    found = {name: _entries(told, name) for name in _OF_REGION}
    for name, entries in found.items():
        yield _listed(name, region, {}, entries)
    preference = {"ResourceTypeOptInPreference": {"EFS": True}}
    yield Fact("region_settings", ACCOUNT, region, Status.OK, {}, preference)
    yield from _about_file_systems(region, found["file_systems"])
    for one in found["vaults"]:
        for name in _OF_VAULT:
            yield _nothing(name, region, {"BackupVaultName": one["BackupVaultName"]})
    yield from _about_keys(region, told)
    yield from _about_mount_targets(region, told)
    for parent, child in (("plans", "selections"), ("restore_test_plans", "restore_test_selections")):
        for one in found[parent]:
            about = {name: one[name] for name in ABOUT[child]}
            mine = [entry for entry in _entries(told, child) if about.items() <= entry.items()]
            yield _listed(child, region, about, mine)
    for one in found["event_rules"]:
        yield _nothing("event_targets", region, {"Rule": one["Name"], "EventBusName": one.get("EventBusName", "")})


def _about_file_systems(region: str, entries: list[Mapping[str, Any]]) -> Iterator[Fact]:
    for one in entries:
        for name in _OF_FILE_SYSTEM:
            yield _nothing(name, region, {"FileSystemId": one["FileSystemId"]})


def _about_keys(region: str, told: list[Fact]) -> Iterator[Fact]:
    """Give that keys are enabled; those of AWS have the id in their policies that AWS gives them."""
    for fact in told:
        if fact.id == "key_policy":
            managed = "auto-" in str(fact.data.get("Policy"))
            arn = fact.params["KeyId"]
            key = {"Arn": arn, "KeyState": "Enabled", "KeyManager": "AWS" if managed else "CUSTOMER"}
            yield Fact("key", ACCOUNT, region, Status.OK, fact.params, {"KeyMetadata": key})


def _about_mount_targets(region: str, told: list[Fact]) -> Iterator[Fact]:
    for fact in told:
        for target in fact.data.get("MountTargets", ()):
            about = {"MountTargetId": target["MountTargetId"]}
            yield Fact("mount_target_groups", ACCOUNT, region, Status.OK, about, {"SecurityGroups": []})


def _entries(told: list[Fact], name: str) -> list[Mapping[str, Any]]:
    """Return the entries of a list: as told, else those that follow from the things themselves."""
    for fact in told:
        if fact.id == name and not fact.params:
            return list(fact.data.get(LISTS[name][0], ()))
    if name not in _LISTED:
        return []
    single, fields = _LISTED[name]
    things = [{**fact.params, **fact.data.get(OBJECTS.get(single, ""), {}), **fact.data} for fact in told]
    return [
        {field: thing[field] for field in (*fields, "BackupPlanName", "IamRoleArn") if field in thing}
        for fact, thing in zip(told, things, strict=True)
        if fact.id == single
    ]


def _nothing(name: str, region: str, about: Mapping[str, str]) -> Fact:
    return _listed(name, region, about, []) if name in LISTS else Fact(name, ACCOUNT, region, Status.ABSENT, about)


def _listed(name: str, region: str, about: Mapping[str, Any], entries: list[Mapping[str, Any]]) -> Fact:
    return Fact(name, ACCOUNT, region, Status.OK, about, {LISTS[name][0]: entries})
