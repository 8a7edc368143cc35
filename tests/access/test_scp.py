"""Service and resource control policies: how every source says them, and whom they bind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.support.terraform_blocks import TRUST, block, estate, principal

from restore_ready import THIS_ACCOUNT, ControlKind, Estate, OrganizationControl, PolicyDocument, Ref, Unresolved
from restore_ready.access._scp import doubtful_controls, service_controls
from restore_ready.readers.terraform._block import Block
from restore_ready.scanning._sources import read_estates

CONTENT = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "backup:*", "Resource": "*"}]}
POLICY = "aws_organizations_policy.guardrail"
ROLE = block("aws_iam_role.ops", name="ops", assume_role_policy=TRUST)


def policy(**values: object) -> Block:
    return block(POLICY, **{"name": "guardrail", "content": json.dumps(CONTENT), **values})


def attached(target: object, name: str = "one") -> Block:
    return block(f"aws_organizations_policy_attachment.{name}", policy_id=Ref(POLICY), target_id=target)


def only_control(found: Estate) -> OrganizationControl:
    (control,) = found.controls
    return control


def binds(found: Estate) -> bool | str:
    """Tell whether the control policy of *found* binds ``aws_iam_role.ops``, or why that is open."""
    role = principal(found, "aws_iam_role.ops")
    doubts = doubtful_controls(role, found)
    return doubts[0].why if doubts else bool(service_controls(role, found))


def test_the_provider_takes_a_policy_without_type_for_a_service_control_policy() -> None:
    control = only_control(estate(policy(), attached("ou-abcd-1234")))

    assert control.kind is ControlKind.SERVICE
    assert control.targets == ("ou-abcd-1234",)
    assert isinstance(control.document, PolicyDocument)


def test_resource_control_policies_are_read_and_bind_nobody_who_restores() -> None:
    found = estate(policy(type="RESOURCE_CONTROL_POLICY"), attached(THIS_ACCOUNT), ROLE)

    assert only_control(found).kind is ControlKind.RESOURCE
    assert binds(found) is False


@pytest.mark.parametrize("kind", ["BACKUP_POLICY", "TAG_POLICY"])
def test_other_policies_are_no_controls(kind: str) -> None:
    assert estate(policy(type=kind)).controls == ()


def test_a_policy_of_unknown_type_with_statements_is_an_unreadable_control() -> None:
    control = only_control(estate(policy(type=Unresolved("var.type has no value"))))

    assert isinstance(control.document, Unresolved)
    assert "var.type" in control.document.why


def test_a_data_source_may_hold_the_content() -> None:
    statement = {"effect": "Deny", "actions": ["backup:*"], "resources": ["*"]}
    document = block("data.aws_iam_policy_document.guardrail", statement=[statement])
    control = only_control(estate(policy(content=Ref("data.aws_iam_policy_document.guardrail", "json")), document))

    assert isinstance(control.document, PolicyDocument)


@pytest.mark.parametrize(
    ("targets", "expected"),
    [
        ([], False),
        ([THIS_ACCOUNT], True),
        (["ou-abcd-1234", THIS_ACCOUNT], True),
        (["111122223333"], "whether 111122223333 is the account deployed to is not known"),
        (["r-abcd"], "r-abcd"),
        ([Ref("aws_organizations_organizational_unit.workloads")], "workloads"),
        ([Unresolved("var.target has no value")], "var.target has no value"),
    ],
)
def test_a_policy_binds_the_account_it_is_attached_to(targets: list[object], expected: bool | str) -> None:  # noqa: FBT001  # a case of the table
    found = estate(policy(), ROLE, *(attached(one, f"to_{at}") for at, one in enumerate(targets)))
    answer = binds(found)

    if isinstance(expected, bool):
        assert answer is expected
    else:
        assert isinstance(answer, str)
        assert expected in answer


def test_a_policy_on_an_organizational_unit_says_that_the_management_account_is_not_bound() -> None:
    assert "none binds the management account" in str(binds(estate(policy(), ROLE, attached("ou-abcd-1234"))))


def test_an_account_number_that_the_plan_tells_is_this_account() -> None:
    me = block("data.aws_caller_identity.current", account_id="111122223333")

    assert binds(estate(policy(), ROLE, attached("111122223333"), me)) is True


def test_the_account_of_terraform_code_is_this_account(tmp_path: Path) -> None:
    content = json.dumps(CONTENT).replace('"', '\\"')
    (tmp_path / "main.tf").write_text(
        f"""
data "aws_caller_identity" "current" {{}}

resource "aws_organizations_policy" "guardrail" {{
  name    = "guardrail"
  content = "{content}"
}}

resource "aws_organizations_policy_attachment" "guardrail" {{
  policy_id = aws_organizations_policy.guardrail.id
  target_id = data.aws_caller_identity.current.account_id
}}

resource "awscc_organizations_policy" "other" {{
  name       = "other"
  type       = "SERVICE_CONTROL_POLICY"
  content    = "{content}"
  target_ids = ["ou-abcd-1234"]
}}
"""
    )
    (source,) = read_estates([tmp_path]).readings
    controls = source.reading.estates[0].controls

    assert [(one.address, one.targets) for one in controls] == [
        ("aws_organizations_policy.guardrail", (THIS_ACCOUNT,)),
        ("awscc_organizations_policy.other", ("ou-abcd-1234",)),
    ]
    assert all(isinstance(one.document, PolicyDocument) for one in controls)


@pytest.mark.parametrize(
    ("targets", "expected"),
    [
        ('[!Ref "AWS::AccountId"]', (THIS_ACCOUNT,)),
        ("[ou-abcd-1234]", ("ou-abcd-1234",)),
        ("!Ref Unit", (Ref("Unit", "Ref"),)),
        ("[]", ()),
    ],
)
def test_a_template_says_what_a_policy_is_attached_to(tmp_path: Path, targets: str, expected: tuple[object]) -> None:
    (tmp_path / "template.yaml").write_text(
        f"""
Resources:
  Unit:
    Type: AWS::Organizations::OrganizationalUnit
    Properties: {{Name: unit, ParentId: r-abcd}}
  Guardrail:
    Type: AWS::Organizations::Policy
    Properties:
      Name: guardrail
      Type: SERVICE_CONTROL_POLICY
      TargetIds: {targets}
      Content: {json.dumps(CONTENT)}
"""
    )
    (source,) = read_estates([tmp_path / "template.yaml"]).readings
    control = only_control(source.reading.estates[0])

    assert (control.address, control.name, control.targets) == ("Guardrail", "guardrail", expected)
    assert isinstance(control.document, PolicyDocument)
