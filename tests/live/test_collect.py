"""What is collected of an account at a real endpoint: everything, once, without secrets, and every failure told."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError
from msgspec.structs import asdict
from tests.aws_server.seed import HEALTHY
from tests.aws_server.server import REGION, AwsServer
from tests.support.live import SECRET, UNASKED, Filled, Unhurried, at, everything_but, filled, unknown, unread

from restore_ready import Fact, Status
from restore_ready.live._ask import Asker
from restore_ready.live._collect import Scope, collect
from restore_ready.live._pace import Pacer
from restore_ready.live._plan import GATES, PLAN, ROWS, actions
from restore_ready.live._regions import BY_DEFAULT

GIVEN = {"regions", "simulation"} | UNASKED
"""Facts that are not asked for where the Regions are given, or unless answers are to be verified."""
OTHER_REGION = "eu-west-1"
TWO = Scope(regions=(REGION, OTHER_REGION))


@pytest.fixture(scope="module")
def account(aws_process: AwsServer) -> Iterator[Filled]:
    aws_process.reset()
    with at(aws_process):
        yield filled(aws_process)


@pytest.fixture(autouse=True)
def sound(account: Filled) -> Iterator[None]:
    yield
    account.server.faults()
    account.server.settings(page_size=None, latency=0)


def fact(facts: list[Fact], name: str) -> Fact:
    (found,) = [one for one in facts if one.id == name]
    return found


class TestASoundAccount:
    def test_every_row_of_the_plan_gives_facts_and_none_is_unknown(self, account: Filled) -> None:
        facts = account.facts()
        assert {one.id for one in facts} == {row.id for row in PLAN} - GIVEN
        assert unknown(facts) == {}
        assert facts[0].id == "identity"
        assert {one.account for one in facts} == {account.account}
        assert all(one.at and one.request_id for one in facts)

    def test_nothing_is_asked_twice(self, account: Filled) -> None:
        account.server.forget_calls()
        facts = account.facts()
        assert sum(account.server.calls().values()) == len(facts)
        keys = Counter((one.id, one.region, json.dumps(one.params)) for one in facts)
        assert keys.most_common(1)[0][1] == 1

    def test_the_calls_are_counted(self, account: Filled) -> None:
        account.server.forget_calls()
        counts = account.counted()
        assert counts.total == sum(account.server.calls().values())
        assert counts.sent["backup", "ListBackupPlans"] == 1

    def test_an_empty_region_is_asked_for_three_lists(self, account: Filled) -> None:
        facts = account.facts(TWO)
        assert sorted(one.id for one in facts if one.region == OTHER_REGION) == sorted(GATES)

    def test_regions_are_discovered(self, account: Filled) -> None:
        facts = account.facts(Scope())
        listed = {one["RegionName"] for one in fact(facts, "regions").data["Regions"]}
        assert len(listed) > 10
        assert {one.region for one in facts if one.id == "vaults"} == listed

    def test_secrets_are_dropped(self, account: Filled) -> None:
        told = json.dumps([asdict(one) | {"status": one.status.value} for one in account.facts()])
        assert "restore-mover" in told
        assert SECRET not in told
        assert "hunter2" not in told

    def test_policies_come_as_json_and_times_as_text(self, account: Filled) -> None:
        facts = account.facts()
        roles = fact(facts, "iam").data["RoleDetailList"]
        assert roles[0]["AssumeRolePolicyDocument"]["Statement"][0]["Effect"] == "Allow"
        assert fact(facts, "vault_recovery_points").data["RecoveryPoints"][0]["CreationDate"].endswith("+00:00")
        assert json.loads(fact(facts, "vault_policy").data["Policy"])["Statement"]

    def test_progress_is_told(self, account: Filled) -> None:
        told: list[tuple[int, int]] = []
        facts = account.facts(watch=lambda done, known: told.append((done, known)))
        assert told[-1] == (len(facts) - 1, len(facts) - 1)
        assert all(done <= known for done, known in told)

    def test_one_worker_collects_the_same(self, account: Filled) -> None:
        assert Counter(one.id for one in account.facts(workers=1)) == Counter(one.id for one in account.facts())

    def test_a_caller_may_stop_early(self, account: Filled) -> None:
        facts = collect(account.session(), TWO, pacer=Unhurried())
        assert next(facts).id == "identity"
        next(facts)
        facts.close()  # type: ignore[attr-defined]  # it is a generator


class TestPages:
    def test_small_pages_give_the_same(self, account: Filled) -> None:
        backup = account.server.client("backup", account.account)
        for number in range(5):
            backup.create_backup_vault(BackupVaultName=f"more-{number}", EncryptionKeyArn=account_key(account))
        whole = fact(account.facts(), "vaults").data
        account.server.settings(page_size=2)
        paged = account.facts()
        assert fact(paged, "vaults").data == whole
        assert len(whole["BackupVaultList"]) == 6
        assert unknown(paged) == {}

    @pytest.mark.parametrize("kind", ["endless", "cyclic"])
    def test_pages_without_end_are_unknown(self, account: Filled, kind: str) -> None:
        account.server.faults({"kind": kind, "operation": "ListBackupVaults"})
        facts = account.facts(most_pages=20)
        found = fact(facts, "vaults")
        assert (found.status, found.code) == (Status.UNKNOWN, "MalformedAnswer")
        assert "does not come to an end" in found.message
        assert found.data == {}

    def test_a_page_that_fails_makes_the_whole_list_unknown(self, account: Filled) -> None:
        account.server.settings(page_size=2)
        account.server.faults(
            {"kind": "error", "operation": "GetAccountAuthorizationDetails", "code": "ServiceFailure", "times": 1}
        )
        found = fact(account.facts(), "iam")
        assert (found.status, found.data) == (Status.UNKNOWN, {})


def account_key(account: Filled) -> str:
    return str(account.server.client("kms", account.account).list_keys()["Keys"][0]["KeyArn"])


class TestPermissions:
    def test_the_audit_policy_is_enough(self, account: Filled) -> None:
        assert unknown(account.facts(session=account.may_only(actions()))) == {}

    def test_where_regions_are_not_told_those_of_every_account_are_read(self, account: Filled) -> None:
        session = account.may_only(everything_but("ec2:DescribeRegions"))
        facts = account.facts(Scope(), session)
        assert {one.region for one in facts if one.id == "vaults"} == set(BY_DEFAULT)

    def test_without_any_permission_the_region_is_unread(self, account: Filled) -> None:
        facts = account.facts(TWO, account.may_only(["iam:GetAccountAuthorizationDetails"]))
        assert fact(facts, "iam").status is Status.OK
        assert set(unread(facts)) == {REGION, OTHER_REGION}
        assert not {one.id for one in facts if one.region} - set(GATES)


PAGE = "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<p>No such URL.</p>\n"


KEY = "ASIA" + "QWERTYUIOPASDFGH"
TOKEN = "IQoJb3JpZ2luX2VjEDkaCXVzLWVhc3QtMSJHMEUCIQD" * 4


class Answering:
    """Stands for clients whose one call fails with a message."""

    def __init__(self, message: str) -> None:
        self.message = message

    def client(self, *_: str) -> Answering:
        return self

    def list_backup_vaults(self, **_: object) -> None:
        raise ClientError({"Error": {"Code": "404", "Message": self.message}}, "ListBackupVaults")


class TestFaults:
    @pytest.mark.parametrize(
        ("message", "said"),
        [
            (PAGE, "a web page instead of AWS's answer: 404 Not Found No such URL."),
            ("not\n authorized to <x>", "not authorized to <x>"),
            ("x" * 2000, "x" * 500),
            (f"the key {KEY} is not valid", "the key [left out] is not valid"),
            (
                f"no. Encoded authorization failure message: {TOKEN}",
                "no. Encoded authorization failure message: [left out]",
            ),
            (f"bad header 'Authorization: AWS4-HMAC-SHA256 Credential={KEY}/x, Signature=0f0f'", None),
            (f'{{"SecretAccessKey": "{TOKEN[:40]}", "SessionToken":"{TOKEN}"}}', None),
            (f"GET /?X-Amz-Security-Token={TOKEN}&X-Amz-Signature=abc123&Version=1", None),
            (
                "can't reach the proxy http://user:hush@10.0.0.1:3128",
                "can't reach the proxy http://[left out]@10.0.0.1:3128",
            ),
            (
                "User: arn:aws:sts::111122223333:assumed-role/rr-audit/me is not authorized to perform: backup:GetX",
                "same",
            ),
        ],
    )
    def test_what_an_error_says_is_one_line(self, message: str, said: str | None) -> None:
        asker = Asker(Answering(message), Pacer(), HEALTHY)  # type: ignore[arg-type]  # no clients are needed
        found = asker.ask(ROWS["vaults"], REGION, {}).message
        if said is not None:
            assert found == (message if said == "same" else said)
        assert [secret for secret in (KEY, TOKEN, TOKEN[:40], "0f0f", "abc123", "hush") if secret in found] == []

    @pytest.mark.parametrize("kind", ["html", "reset", "truncated", "cut_off"])
    def test_broken_answers_are_unknown(self, account: Filled, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("restore_ready.live._sessions.ATTEMPTS", 1)
        account.server.faults({"kind": kind, "operation": "GetBackupPlan"})
        facts = account.facts()
        assert set(unknown(facts)) == {"plan"}
        assert fact(facts, "plan").code

    @pytest.mark.thorough
    def test_throttled_calls_are_made_again_until_they_pass(self, account: Filled) -> None:
        account.server.faults({"kind": "throttle", "operation": "GetBackupPlan", "times": 3})
        counts = account.counted()
        assert counts.throttled == 3
        assert counts.sent["backup", "GetBackupPlan"] == 4

    def test_an_scp_shuts_a_region_off(self, account: Filled) -> None:
        account.server.faults({"kind": "scp", "region": OTHER_REGION})
        facts = account.facts(TWO)
        assert set(unread(facts)) == {OTHER_REGION}
        assert "service control policy" in unread(facts)[OTHER_REGION]
        assert {one.action for one in facts if one.region == OTHER_REGION} == {""}
        assert fact([one for one in facts if one.region == REGION], "plans").status is Status.OK

    def test_a_region_that_is_not_opted_in_is_unread(self, account: Filled) -> None:
        account.server.faults({"kind": "region_disabled", "region": OTHER_REGION})
        facts = account.facts(TWO)
        assert set(unread(facts)) == {OTHER_REGION}

    @pytest.mark.thorough
    def test_an_endpoint_that_can_not_be_reached_costs_few_tries(
        self, account: Filled, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for service in ("EFS", "BACKUP"):
            monkeypatch.setenv(f"AWS_ENDPOINT_URL_{service}", "http://127.0.0.1:9")
        facts = account.facts(session=account.session())
        assert set(unread(facts)) == {REGION}
        assert {fact(facts, gate).code for gate in GATES} == {"EndpointConnectionError"}

    @pytest.mark.parametrize("operation", ["ListBackupVaults", "DescribeFileSystems", "GetAccountAuthorizationDetails"])
    def test_answers_about_another_account_are_not_used(self, account: Filled, operation: str) -> None:
        account.server.faults({"kind": "wrong_account", "operation": operation})
        facts = account.facts()
        spoiled = [one for one in facts if one.code == "WrongAccount"]
        assert [ROWS[one.id].operation for one in spoiled] == [operation]
        assert spoiled[0].data == {}

    def test_credentials_of_another_account_end_it(self, account: Filled) -> None:
        account.server.forget_calls()
        facts = account.facts(Scope(account="999988887777", regions=(REGION,)))
        assert [(one.id, one.status, one.code, one.account) for one in facts] == [
            ("identity", Status.UNKNOWN, "WrongAccount", "999988887777")
        ]
        assert "not 999988887777" in facts[0].message
        assert sum(account.server.calls().values()) == 1

    def test_credentials_that_are_refused_end_it(self, account: Filled) -> None:
        account.server.faults(
            {"kind": "error", "operation": "GetCallerIdentity", "code": "ExpiredToken", "message": "expired"}
        )
        facts = account.facts()
        assert [(one.id, one.code) for one in facts] == [("identity", "ExpiredToken")]
