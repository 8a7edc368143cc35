"""``audit --verify``: AWS's own policy simulator beside our answers."""

from typing import Any

import pytest
from tests.aws_server.seed import BACKUPS, RESTORES, Account, policy, statement
from tests.aws_server.server import AwsServer
from tests.support.audits import HERE, OTHERS, Audit, Outcome, without_scope
from tests.support.live import ONE_REGION, Filled, at

from restore_ready import Fact, Status
from restore_ready.live._collect import Scope
from restore_ready.live._guard import ALLOWED, ALLOWED_TO_VERIFY
from restore_ready.live._verification_rows import SIMULATION
from restore_ready.model import Requirements, Verification
from restore_ready.readers.account import read_account
from restore_ready.who_can_restore._questions import simulator_questions
from restore_ready.who_can_restore._verification import verification

pytestmark = pytest.mark.thorough

ACCOUNT = "321321321321"
START, PASS = "backup:StartRestoreJob", "iam:PassRole"
TO_BACKUP = {"StringEquals": {"iam:PassedToService": "backup.amazonaws.com"}}
VERIFY = ("--verify", "--select", "RR301", *HERE)
MAIN = f"arn:aws:iam::{ACCOUNT}:user/restore-op"


def staffed(server: AwsServer) -> None:
    """Fill an account with people whom policies treat in as many ways as there are."""
    one = Account(server, ACCOUNT)
    role = one.role("AWSBackup-efs", "backup", BACKUPS, RESTORES)
    system = one.file_system("home")
    one.vault("efs")
    one.seeded("backup_job", ResourceArn=system, BackupVaultName="efs", IamRoleArn=role)
    start, passing = statement("Allow", START), statement("Allow", PASS, Resource=role, Condition=TO_BACKUP)
    one.user("restore-op", policy(start, passing))
    one.user(
        "restore-for-lambda",
        policy(
            start, statement("Allow", PASS, Condition={"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}})
        ),
    )
    one.user("restore-denied", policy(statement("Allow", "*"), statement("Deny", "backup:Start*")))
    bound = one.iam.create_policy(PolicyName="bound", PolicyDocument=policy(statement("Allow", "backup:*")))
    one.user("restore-bounded", policy(start, passing))
    one.iam.put_user_permissions_boundary(UserName="restore-bounded", PermissionsBoundary=bound["Policy"]["Arn"])
    at_night = {"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}
    one.user("restore-by-day", policy(statement("Allow", START, Condition=at_night), passing))


def verified(audit: Audit, *arguments: str) -> Outcome:
    return audit(*VERIFY, *arguments, account=ACCOUNT)


def result(outcome: Outcome) -> dict[str, Any]:
    return dict(outcome.report["verification"])


def simulated(audit: Audit, decision: str, action: str = START, **more: Any) -> dict[str, Any]:  # noqa: ANN401  # JSON
    """Let the simulator answer so about restore-op, and return what is said of it."""
    given = {"PolicySourceArn": MAIN, "EvalActionName": action, "EvalDecision": decision, **more}
    audit.server.seed("simulation", given, ACCOUNT)
    found = verified(audit)
    return {"code": found.code, **result(found)}


@pytest.fixture
def staff(audit: Audit) -> Audit:
    audit.server.once(staffed)
    return audit


def test_where_aws_says_what_we_say_nothing_differs(staff: Audit) -> None:
    found = verified(staff)
    said = result(found)
    assert (found.code, said["differences"], said["not_verified"]) == (0, [], [])
    assert said["agreed"] == 9
    (open_one,) = said["not_compared"]
    assert (open_one["principal"].rpartition("/")[2], open_one["action"]) == ("restore-by-day", START)
    assert open_one["why"].startswith("our answer is open: ")


def test_it_takes_one_call_for_each_principal_and_none_unasked(staff: Audit) -> None:
    staff.server.forget_calls()
    verified(staff)
    assert staff.server.calls()["iam", "SimulatePrincipalPolicy"] == 5
    staff.server.forget_calls()
    plain = staff(*HERE, "--select", "RR301", account=ACCOUNT)
    assert staff.server.calls()["iam", "SimulatePrincipalPolicy"] == 0
    assert "verification" not in plain.report


def test_pages_of_its_answers_are_read_to_the_end(staff: Audit) -> None:
    staff.server.settings(page_size=1)
    assert result(verified(staff))["agreed"] == 9


@pytest.mark.parametrize(("decision", "action"), [("explicitDeny", START), ("implicitDeny", PASS)])
def test_a_difference_puts_our_answer_in_doubt(staff: Audit, decision: str, action: str) -> None:
    matched = [{"SourcePolicyId": "user_restore-op_own", "SourcePolicyType": "user"}]
    found = simulated(staff, decision, action, MatchedStatements=matched)
    (different,) = {one["action"]: one for one in found["differences"]}.values()
    assert found["code"] == 3
    assert (different["principal"], different["action"]) == (MAIN, action)
    assert (different["ours"], different["aws"]) == ("allowed", decision)
    assert different["aws_statements"] == ["user_restore-op_own (user)"]
    assert different["our_statement"].startswith(f"{MAIN}, statement ")


def test_a_difference_counts_more_than_findings_and_is_shown_as_text(staff: Audit) -> None:
    given = {"PolicySourceArn": MAIN, "EvalActionName": START, "EvalDecision": "explicitDeny", "MatchedStatements": []}
    staff.server.seed("simulation", given, ACCOUNT)
    found = staff("--verify", *HERE, "-o", "text", account=ACCOUNT)
    assert found.code == 3
    told = " ".join(found.out.split())
    assert "AWS's policy simulator: 8 answers alike, 1 different, 1 not compared, 0 not verified" in told
    assert f"different: {MAIN}, {START} on arn:aws:backup:" in told
    assert "allowed by our answer" in told
    assert "explicitDeny by AWS's" in told
    quiet = staff("--verify", *HERE, "-q", "-o", "text", account=ACCOUNT)
    assert "1 different" in quiet.err


LIMITS = {
    "conditions": {"MissingContextValues": ["aws:SourceIp"]},
    "organization": {"OrganizationsDecisionDetail": {"AllowedByOrganizations": False}},
}


@pytest.mark.parametrize("limit", LIMITS)
def test_what_the_simulator_can_not_weigh_is_no_difference(staff: Audit, limit: str) -> None:
    found = simulated(staff, "implicitDeny", **LIMITS[limit])
    assert (found["code"], found["differences"]) == (0, [])
    assert {one["why"].partition(":")[0] for one in found["not_compared"] if one["principal"] == MAIN} != {""}


@pytest.mark.parametrize(
    ("fault", "grant"),
    [
        ({"kind": "deny", "operation": "SimulatePrincipalPolicy"}, "iam:SimulatePrincipalPolicy"),
        (
            {"kind": "error", "operation": "SimulatePrincipalPolicy", "code": "InvalidInput", "message": "too much"},
            None,
        ),
    ],
    ids=["denied", "refused"],
)
def test_what_could_not_be_asked_is_not_verified(staff: Audit, fault: dict[str, str], grant: str | None) -> None:
    staff.server.faults(fault)
    found = verified(staff)
    said = result(found)
    assert (found.code, said["agreed"], len(said["not_verified"])) == (3, 0, 5)
    assert {one["grant"] for one in said["not_verified"]} == {grant}
    assert verified(staff, "--allow-incomplete").code == 0
    assert found.report["not_judged"] == []


def test_a_throttled_call_is_made_again(staff: Audit) -> None:
    staff.server.faults({"kind": "throttle", "operation": "SimulatePrincipalPolicy", "times": 2})
    assert result(verified(staff))["agreed"] == 9


def test_a_snapshot_holds_what_was_asked_and_is_not_asked_for_more(staff: Audit) -> None:
    asked = verified(staff, "--snapshot", "facts.jsonl")
    staff.server.forget_calls()
    again = staff("--from-snapshot", "facts.jsonl", "--select", "RR301")
    assert (again.code, again.err) == (asked.code, asked.err)
    assert without_scope(again.report) == without_scope(asked.report)
    assert not staff.server.calls()
    refused = staff("--from-snapshot", "facts.jsonl", "--verify")
    assert refused.code == 2
    assert "take out --verify" in refused.err


def test_nobody_to_ask_about_is_said(audit: Audit) -> None:
    audit.server.reset()
    found = verified(audit)
    assert (found.code, "verification" in found.report) == (0, False)
    assert "nothing to verify" in found.err


def test_the_guard_lets_the_simulator_be_asked_only_where_that_is_wanted() -> None:
    assert {(SIMULATION.service, SIMULATION.operation)} == ALLOWED_TO_VERIFY - ALLOWED


def with_answer(facts: list[Fact], data: dict[str, Any]) -> Verification | None:
    (about, *_) = simulator_questions(facts, Requirements())
    answer = Fact(SIMULATION.id, ACCOUNT, "", Status.OK, params=about, data=data)
    return verification(read_account(facts), [answer])


def test_answers_below_their_action_are_read_too(aws: AwsServer) -> None:
    aws.once(staffed)
    with at(aws):
        facts = Filled(aws, ACCOUNT).facts(ONE_REGION)
    (about, *_) = simulator_questions(facts, Requirements())
    point, role = about["ResourceArns"]
    data = {
        "EvaluationResults": [
            {
                "EvalActionName": action,
                "EvalResourceName": "*",
                "EvalDecision": "implicitDeny",
                "ResourceSpecificResults": [{"EvalResourceName": arn, "EvalResourceDecision": "allowed"}],
            }
            for action, arn in ((START, point), (PASS, role))
        ]
    }
    found = with_answer(facts, data)
    assert found is not None
    assert found.agreed + len(found.differences) + len(found.not_compared) == 2
    assert {one.theirs for one in (*found.differences, *found.not_compared)} <= {"allowed"}
    nothing = with_answer(facts, {"EvaluationResults": []})
    assert nothing is not None
    assert [one.why.partition(" about ")[0] for one in nothing.not_verified] == ["AWS did not answer"] * 2


def test_what_can_not_be_worked_out_loses_no_other_fact(aws: AwsServer) -> None:
    aws.once(staffed)

    def broken(_: object) -> list[dict[str, Any]]:
        message = "no questions"
        raise ValueError(message)

    with at(aws):
        account = Filled(aws, ACCOUNT)
        plain = account.facts(ONE_REGION)
        *facts, last = account.facts(Scope(regions=ONE_REGION.regions, verify=broken))
    assert len(facts) == len(plain) > 1
    assert (last.id, last.status, last.code) == (SIMULATION.id, Status.UNKNOWN, "ValueError")
    assert last.message == "what to ask could not be worked out: no questions"


def test_several_accounts_are_verified_each_by_itself_and_redacted_too(three: Audit) -> None:
    several = ("--accounts", "accounts.txt", "--role-name", "restore-ready", "--verify", "--redact", *HERE)
    found = three(*several, "--snapshot", "facts.jsonl", "-o", "json")
    said = result(found)
    assert (said["differences"], said["not_verified"]) == ([], [])
    assert said["agreed"] >= 10
    assert OTHERS[0] not in found.out
    again = three("--from-snapshot", "facts.jsonl", "-o", "json")
    assert result(again) == said
