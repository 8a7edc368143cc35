"""Which accounts have an invalid backup policy: asked of the organization, or not to be had."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from botocore.loaders import Loader
from msgspec.structs import replace
from tests.aws_server import seed
from tests.aws_server._models import MODELS
from tests.aws_server.server import ACCOUNT, AwsServer
from tests.support.audits import HERE, Audit, member

from restore_ready.live import _organization_rows

pytestmark = pytest.mark.thorough

ORG = ("--org", "--role-name", "restore-ready", *HERE, "--select", "RR610")
SOUND = {"rules": {"daily": {"target_backup_vault_name": {"@@assign": "efs"}}}}


class Organization:
    """The management account and two others, one of which has policies that come to a plan without a rule."""

    def __init__(self, server: AwsServer) -> None:
        self.client = server.client("organizations")
        self.client.create_organization(FeatureSet="ALL")
        self.root = self.client.list_roots()["Roots"][0]["Id"]
        self.sound, self.broken = (self.account(server, name) for name in ("sound", "broken"))
        self.attach("daily", SOUND, self.root)
        self.attach("no-rule", {"regions": {"@@assign": ["us-east-1"]}}, self.broken)

    def account(self, server: AwsServer, name: str) -> str:
        made = self.client.create_account(AccountName=name, Email=f"{name}@example.com")
        account = str(made["CreateAccountStatus"]["AccountId"])
        member(server, account)
        return account

    def attach(self, name: str, plan: object, target: str) -> None:
        content = json.dumps({"plans": {name: plan}})
        made = self.client.create_policy(Content=content, Description="", Name=name, Type="BACKUP_POLICY")
        self.client.attach_policy(PolicyId=made["Policy"]["PolicySummary"]["Id"], TargetId=target)


def organized(server: AwsServer) -> Organization:
    seed.healthy(server, ACCOUNT)
    member(server, ACCOUNT)
    return Organization(server)


@pytest.fixture
def organization(audit: Audit) -> Organization:
    return audit.server.once(organized)


@pytest.fixture
def newer(audit: Audit) -> Audit:
    """An audit with a botocore that knows the call, whichever is installed."""
    audit.patch.setattr("restore_ready.live._sessions._LOADER", Loader(extra_search_paths=[str(MODELS)]))
    return audit


def test_the_account_with_an_invalid_policy_is_found(newer: Audit, organization: Organization) -> None:
    newer.server.settings(page_size=2)
    found = newer(*ORG)
    assert found.findings == {("RR610", f"aws:{organization.broken}")}
    assert found.report["not_judged"] == []
    assert found.report["findings"][0]["evidence"]["account"] == organization.broken


def test_a_snapshot_has_the_answer(newer: Audit, organization: Organization, tmp_path: Path) -> None:
    path = str(tmp_path / "facts.jsonl")
    asked = newer(*ORG, "--snapshot", path)
    newer.server.forget_calls()
    again = newer("--from-snapshot", path, "--select", "RR610")
    assert again.findings == asked.findings == {("RR610", f"aws:{organization.broken}")}
    assert not newer.server.calls()


def test_what_the_organization_refuses_is_not_judged(newer: Audit, organization: Organization) -> None:
    newer.server.faults({"kind": "deny", "operation": "ListAccountsWithInvalidEffectivePolicy"})
    found = newer(*ORG)
    assert found.findings == set()
    accounts = {one["address"] for one in found.report["not_judged"]}
    assert accounts == {f"aws:{one}" for one in (ACCOUNT, organization.sound, organization.broken)}
    assert "grant organizations:ListAccountsWithInvalidEffectivePolicy" in found.reasons


@pytest.mark.usefixtures("organization")
def test_a_botocore_that_does_not_know_the_call_is_the_reason(audit: Audit) -> None:
    unheard = replace(_organization_rows.INVALID, action="organizations:ListAccountsOnTheMoon")
    audit.patch.setattr(_organization_rows, "INVALID", unheard)
    found = audit(*ORG)
    assert (found.code, found.findings) == (0, set())
    assert "does not know ListAccountsOnTheMoon: a newer one does" in found.reasons


def test_an_account_by_itself_says_nothing_of_it(audit: Audit) -> None:
    found = audit(*HERE, "--select", "RR610")
    assert (found.findings, found.report["not_judged"]) == (set(), [])
