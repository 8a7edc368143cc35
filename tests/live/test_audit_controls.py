"""Service control policies in audits: asked of the organization, of the account itself, or not to be had."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.aws_server import seed
from tests.aws_server.server import ACCOUNT, AwsServer
from tests.support.audits import HERE, Audit, Outcome, member, without_scope

from restore_ready.live._iam_policy import starter_document

pytestmark = pytest.mark.thorough

DENY = seed.policy({"Effect": "Deny", "Action": "backup:StartRestoreJob", "Resource": "*"})
ONLY_EC2 = seed.policy({"Effect": "Allow", "Action": "ec2:*", "Resource": "*"})
ORG = ("--org", "--role-name", "restore-ready", *HERE)


def furnish(server: AwsServer, account: str) -> None:
    """Put an operator, and a file system that can be restored, into *account*."""
    seed.healthy(server, account)
    member(server, account)


class Organization:
    """The management account, a unit with a unit in it, an account in the inner one and one in neither."""

    def __init__(self, server: AwsServer) -> None:
        self.server = server
        self.client = server.client("organizations")
        self.client.create_organization(FeatureSet="ALL")
        self.root = self.client.list_roots()["Roots"][0]["Id"]
        self.outer = self.unit("outer", self.root)
        self.inner = self.unit("inner", self.outer)
        self.below = self.account("below")
        self.beside = self.account("beside")
        self.client.move_account(AccountId=self.below, SourceParentId=self.root, DestinationParentId=self.inner)

    def unit(self, name: str, parent: str) -> str:
        made = self.client.create_organizational_unit(ParentId=parent, Name=name)
        return str(made["OrganizationalUnit"]["Id"])

    def account(self, name: str) -> str:
        made = self.client.create_account(AccountName=name, Email=f"{name}@example.com")
        account = str(made["CreateAccountStatus"]["AccountId"])
        furnish(self.server, account)
        return account

    def attach(self, content: str, target: str) -> None:
        given: dict[str, Any] = {"Description": "", "Name": "guard", "Type": "SERVICE_CONTROL_POLICY"}
        made = self.client.create_policy(Content=content, **given)["Policy"]["PolicySummary"]["Id"]
        self.client.attach_policy(PolicyId=made, TargetId=target)


def organized(server: AwsServer) -> Organization:
    furnish(server, ACCOUNT)
    return Organization(server)


@pytest.fixture
def organization(audit: Audit) -> Organization:
    return audit.server.once(organized)


def taken(found: Outcome) -> set[str]:
    """Return the accounts whose operator is told to be refused what it was granted."""
    return {address.split(":")[4] for code, address in found.findings if code == "RR405"}


def open_in(found: Outcome) -> set[str]:
    """Return the accounts of which that is not known."""
    return {one["address"].split(":")[4] for one in found.report["not_judged"] if one["code"] == "RR405"}


def operator(file_system: dict[str, Any]) -> dict[str, Any]:
    """Return what is said of the operator of a file system."""
    return next(dict(one) for one in file_system["principals"] if one["name"] == "restore-operator")


class TestOfTheOrganization:
    @pytest.mark.parametrize(
        ("target", "bound"), [("below", {"below"}), ("inner", {"below"}), ("outer", {"below"}), ("beside", {"beside"})]
    )
    def test_a_policy_binds_the_accounts_below_what_it_is_attached_to(
        self, audit: Audit, organization: Organization, target: str, bound: set[str]
    ) -> None:
        organization.attach(DENY, getattr(organization, target))
        found = audit(*ORG)
        assert taken(found) == {getattr(organization, one) for one in bound}
        assert open_in(found) == set()

    def test_one_of_the_root_binds_all_but_the_management_account(
        self, audit: Audit, organization: Organization
    ) -> None:
        organization.attach(DENY, organization.root)
        audit.server.settings(page_size=1)
        assert taken(audit(*ORG)) == {organization.below, organization.beside}

    def test_the_statement_is_named(self, audit: Audit, organization: Organization) -> None:
        organization.attach(DENY, organization.inner)
        (told,) = (one for one in audit(*ORG).report["findings"] if one["code"] == "RR405")
        assert "statement 0 of service control policy guard denies" in told["message"]

    def test_a_list_of_what_is_allowed_leaves_it_open(self, audit: Audit, organization: Organization) -> None:
        organization.attach(ONLY_EC2, organization.inner)
        found = audit(*ORG)
        assert (taken(found), open_in(found)) == (set(), {organization.below})

    def test_members_are_not_asked_themselves(self, audit: Audit, organization: Organization) -> None:
        audit.server.forget_calls()
        audit(*ORG)
        for account in (organization.below, organization.beside):
            assert not {call for call in audit.server.calls(account) if call[0] == "organizations"}
        assert audit.server.calls(ACCOUNT)["organizations", "ListPolicies"] == 1

    @pytest.mark.parametrize("operation", ["ListPolicies", "DescribePolicy", "ListTargetsForPolicy"])
    def test_what_the_organization_does_not_say_leaves_it_open(
        self, audit: Audit, organization: Organization, operation: str
    ) -> None:
        organization.attach(DENY, organization.inner)
        audit.server.faults({"kind": "deny", "operation": operation})
        found = audit(*ORG)
        assert taken(found) == set()
        assert open_in(found) == {ACCOUNT, organization.below, organization.beside}
        assert f"grant organizations:{operation}" in found.reasons

    def test_the_snapshot_tells_the_same(self, audit: Audit, organization: Organization) -> None:
        organization.attach(DENY, organization.inner)
        first = audit(*ORG, "--snapshot", "facts.jsonl")
        again = audit("--from-snapshot", "facts.jsonl")
        assert without_scope(first.report) == without_scope(again.report)
        who = audit("--from-snapshot", "facts.jsonl", "-o", "json", command="who-can-restore")
        told = {one["file"]: operator(one)["blocked_by"] for one in json.loads(who.out)["file_systems"]}
        assert told == {
            f"aws:{organization.below}/us-east-1": "StartRestoreJob",
            f"aws:{organization.beside}/us-east-1": None,
            f"aws:{ACCOUNT}/us-east-1": None,
        }

    def test_a_redacted_one_as_well(self, audit: Audit, organization: Organization) -> None:
        organization.attach(DENY, organization.below)
        found = audit(*ORG, "--redact", "--snapshot", "facts.jsonl")
        assert len(taken(found)) == 1
        assert organization.below not in (audit.folder / "facts.jsonl").read_text() + found.out


class TestWhoStartsIt:
    """The policy that is printed for whoever starts the audit of an organization is enough, and needed."""

    def audit_without(self, audit: Audit, organization: Organization, *without: str) -> Outcome:
        """Audit as a role that may do what the policy says, less some actions."""
        document = starter_document("restore-ready")
        for statement in document["Statement"]:
            statement["Action"] = [one for one in statement["Action"] if one not in without]
            statement["Resource"] = "*"  # the server looks at actions alone
        allowed = [one for one in document["Statement"] if one["Action"]]
        iam = audit.server.client("iam")
        trusted = seed.policy({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": ACCOUNT}})
        role = iam.create_role(RoleName="starter", AssumeRolePolicyDocument=trusted)["Role"]["Arn"]
        iam.put_role_policy(RoleName="starter", PolicyName="audit", PolicyDocument=seed.policy(*allowed))
        given = audit.server.assume(role).get_credentials().get_frozen_credentials()
        audit.server.enforce(role)
        organization.attach(DENY, organization.outer)
        return audit(
            *ORG,
            "--include-ou",
            organization.root,
            environment={
                "AWS_ACCESS_KEY_ID": given.access_key,
                "AWS_SECRET_ACCESS_KEY": given.secret_key,
                "AWS_SESSION_TOKEN": given.token,
            },
        )

    def test_it_is_enough(self, audit: Audit, organization: Organization) -> None:
        found = self.audit_without(audit, organization)
        assert found.code == 1, found.err
        assert taken(found) == {organization.below}
        assert {one["code"] for one in found.report["not_judged"]} <= {"RR610"}, "botocore may be too old for it"

    @pytest.mark.parametrize(
        "action", ["organizations:ListAccountsForParent", "organizations:ListOrganizationalUnitsForParent"]
    )
    def test_without_a_list_it_does_not_start(self, audit: Audit, organization: Organization, action: str) -> None:
        found = self.audit_without(audit, organization, action)
        assert found.code == 4
        assert f"grant {action} to whoever starts the audit" in found.err

    @pytest.mark.thorough
    @pytest.mark.parametrize(
        "action",
        ["organizations:ListPolicies", "organizations:ListTargetsForPolicy", "organizations:DescribePolicy"],
    )
    def test_without_the_control_policies_they_are_open(
        self, audit: Audit, organization: Organization, action: str
    ) -> None:
        found = self.audit_without(audit, organization, action)
        assert (found.code, taken(found)) == (0, set())
        assert open_in(found) == {ACCOUNT, organization.below, organization.beside}
        assert f"grant {action}" in found.reasons

    def test_without_the_role_no_other_account_is_read(self, audit: Audit, organization: Organization) -> None:
        found = self.audit_without(audit, organization, "sts:AssumeRole")
        assert found.code == 3
        others = ", ".join(sorted((organization.below, organization.beside)))
        assert f"2 accounts could not be read: {others}" in found.err
        assert "grant sts:AssumeRole to whoever audits" in found.reasons


class TestOfTheAccount:
    def test_a_member_can_not_know(self, audit: Audit, organization: Organization) -> None:
        found = audit(*HERE, account=organization.below)
        assert open_in(found) == {organization.below}
        assert "its management account may ask: audit with --org from there" in found.reasons
        assert found.code == 0

    def test_nor_say_for_certain_who_can_restore(self, audit: Audit, organization: Organization) -> None:
        found = audit("--live", *HERE, "-o", "json", account=organization.below, command="who-can-restore")
        assert found.code == 3
        links = operator(json.loads(found.out)["file_systems"][0])["links"]
        start = next(link for link in links if link["link"] == "StartRestoreJob")
        assert start["holds"] is None
        assert "service control policies are not known" in start["why"]

    def test_the_management_account_is_not_bound(self, audit: Audit, organization: Organization) -> None:
        organization.attach(DENY, organization.root)
        found = audit(*HERE)
        assert (taken(found), open_in(found)) == (set(), set())

    def test_one_in_no_organization_has_none(self, audit: Audit) -> None:
        furnish(audit.server, seed.HEALTHY)
        found = audit(*HERE, account=seed.HEALTHY)
        assert found.report["findings"] == found.report["not_judged"] == []
