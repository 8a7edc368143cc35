"""Every way to attach a policy in a template reaches its principal."""

from __future__ import annotations

from pathlib import Path

import pytest

from restore_ready import Estate, Policy, PolicyDocument, Principal, PrincipalKind, Ref, Statement, Text, Unresolved
from restore_ready.readers.cloudformation import read_template_text

DOCUMENT = '{Version: "2012-10-17", Statement: [{Effect: Allow, Action: "backup:StartRestoreJob", Resource: "*"}]}'
TRUST = "{Statement: [{Effect: Allow, Action: 'sts:AssumeRole', Principal: {Service: backup.amazonaws.com}}]}"
OPERATOR = "arn:aws:iam::aws:policy/AWSBackupOperatorAccess"


def estate(resources: str) -> Estate:
    text = f"Parameters: {{Open: {{Type: String}}}}\nResources:\n{resources}"
    (found,) = read_template_text(text.replace("DOCUMENT", DOCUMENT).replace("TRUST", TRUST), Path("t.yaml")).estates
    return found


def principal(resources: str, name: str = "P") -> Principal:
    return next(one for one in estate(resources).principals if one.address == name)


def held(found: Principal) -> list[tuple[str, object, bool, bool]]:
    return [(one.address, one.name, one.own_address, one.aws_managed) for one in found.policies]


def reasons(found: Principal) -> list[str]:
    return [one.why for one in found.unread]


@pytest.mark.parametrize(
    ("properties", "name", "arn"),
    [
        ("{RoleName: ops}", "ops", "arn:aws:iam::this-account:role/ops"),
        ("{RoleName: ops, Path: /team/}", "ops", "arn:aws:iam::this-account:role/team/ops"),
        ("{RoleName: !Sub 'ops-${AWS::Region}'}", "ops-this-region", "arn:aws:iam::this-account:role/ops-this-region"),
    ],
)
def test_a_named_role_has_its_arn(properties: str, name: str, arn: str) -> None:
    found = principal(f"  P: {{Type: AWS::IAM::Role, Properties: {properties}}}")
    assert (found.kind, found.name, found.arn) == (PrincipalKind.ROLE, name, arn)


def test_a_role_whose_name_is_generated_has_an_arn_known_in_part() -> None:
    found = principal("  P: {Type: AWS::IAM::Role, Properties: {Path: /x/}}")
    assert found.name == Unresolved("the name of P is generated")
    assert found.arn == Text(("arn:aws:iam::this-account:role/x/", Unresolved("the name of P is generated")))


def test_a_role_has_its_trust_policy() -> None:
    found = principal("  P: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: TRUST}}")
    assert isinstance(found.trust, PolicyDocument)
    assert principal("  P: {Type: AWS::IAM::Role}").trust == Unresolved("AssumeRolePolicyDocument is missing")
    assert principal("  P: {Type: AWS::IAM::User}").trust is None


@pytest.mark.parametrize("kind", ["Role", "User", "Group"])
def test_inline_policies_land_on_their_holder(kind: str) -> None:
    found = principal(
        f"  P: {{Type: AWS::IAM::{kind}, Properties: {{Policies: [{{PolicyName: n, PolicyDocument: DOCUMENT}}]}}}}"
    )
    assert held(found) == [("P", "n", False, False)]
    assert isinstance(found.policies[0].document, PolicyDocument)


def test_aws_managed_policies_are_known_by_arn() -> None:
    built = "!Sub 'arn:${AWS::Partition}:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup'"
    arns = f"['{OPERATOR}', {built}]"
    found = principal(f"  P: {{Type: AWS::IAM::Role, Properties: {{ManagedPolicyArns: {arns}}}}}")
    assert held(found) == [
        ("P", "AWSBackupOperatorAccess", False, True),
        ("P", "AWSBackupServiceRolePolicyForBackup", False, True),
    ]
    assert found.unread == ()


@pytest.mark.parametrize(
    ("arn", "why"),
    [
        ("arn:aws:iam::aws:policy/NoSuchPolicy", "the AWS managed policy NoSuchPolicy is not in the table"),
        ("arn:aws:iam::111122223333:policy/x/Theirs", "the policy Theirs is defined elsewhere"),
        ("!Ref Open", "parameter Open has no default"),
        ("!ImportValue Shared", "Shared is imported from another stack"),
    ],
)
def test_managed_policies_out_of_sight_are_unread(arn: str, why: str) -> None:
    found = principal(f"  P: {{Type: AWS::IAM::Role, Properties: {{ManagedPolicyArns: [{arn}]}}}}")
    assert found.policies == ()
    assert len(found.unread) == 1
    assert why in reasons(found)[0]


def test_managed_policies_that_are_open_as_a_whole_are_unread() -> None:
    found = principal("  P: {Type: AWS::IAM::Role, Properties: {ManagedPolicyArns: !Ref Open, Policies: !Ref Open}}")
    assert found.policies == ()
    assert found.unread


@pytest.mark.parametrize("arn", ["!Ref M", "!GetAtt M.PolicyArn", "!Sub 'arn:aws:iam::${AWS::AccountId}:policy/p/own'"])
def test_a_role_names_a_managed_policy_of_the_template(arn: str) -> None:
    found = principal(f"""
  M: {{Type: AWS::IAM::ManagedPolicy, Properties: {{ManagedPolicyName: own, Path: /p/, PolicyDocument: DOCUMENT}}}}
  P: {{Type: AWS::IAM::Role, Properties: {{ManagedPolicyArns: [{arn}]}}}}
""")
    assert held(found) == [("M", "own", True, False)]


@pytest.mark.parametrize(
    ("kind", "holders"),
    [
        ("Policy", "Roles: [!Ref P]"),
        ("Policy", "Roles: [ops]"),
        ("ManagedPolicy", "Roles: [!Ref P]"),
        ("RolePolicy", "RoleName: !Ref P"),
        ("RolePolicy", "RoleName: ops"),
    ],
)
def test_policies_of_their_own_reach_the_role_they_name(kind: str, holders: str) -> None:
    found = principal(f"""
  A: {{Type: AWS::IAM::{kind}, Properties: {{{holders}, PolicyName: n, PolicyDocument: DOCUMENT}}}}
  P: {{Type: AWS::IAM::Role, Properties: {{RoleName: ops}}}}
""")
    assert [one.address for one in found.policies] == ["A"]
    assert found.policies[0].own_address
    assert found.unread == ()


@pytest.mark.parametrize(
    ("policy", "holder"),
    [("UserPolicy", "User"), ("GroupPolicy", "Group"), ("Policy", "User"), ("ManagedPolicy", "Group")],
)
def test_policies_reach_users_and_groups(policy: str, holder: str) -> None:
    named = f"{holder}Name: !Ref P" if policy.startswith(holder) else f"{holder}s: [!Ref P]"
    found = principal(f"""
  A: {{Type: AWS::IAM::{policy}, Properties: {{{named}, PolicyName: n, PolicyDocument: DOCUMENT}}}}
  P: {{Type: AWS::IAM::{holder}}}
""")
    assert [one.address for one in found.policies] == ["A"]


def test_a_name_that_only_the_stack_knows_joins_when_written_alike() -> None:
    found = principal("""
  A: {Type: AWS::IAM::RolePolicy, Properties: {RoleName: !Sub '${AWS::StackName}-ops', PolicyDocument: DOCUMENT}}
  P: {Type: AWS::IAM::Role, Properties: {RoleName: !Sub '${AWS::StackName}-ops'}}
""")
    assert [one.address for one in found.policies] == ["A"]


def test_a_user_has_the_policies_of_its_groups() -> None:
    text = """
  Inline: {Type: AWS::IAM::Group, Properties: {Policies: [{PolicyName: n, PolicyDocument: DOCUMENT}]}}
  Named: {Type: AWS::IAM::Group, Properties: {GroupName: ops}}
  A: {Type: AWS::IAM::GroupPolicy, Properties: {GroupName: ops, PolicyName: n, PolicyDocument: DOCUMENT}}
  P: {Type: AWS::IAM::User, Properties: {UserName: ann, Groups: [!Ref Inline]}}
  Joined: {Type: AWS::IAM::UserToGroupAddition, Properties: {GroupName: !Ref Named, Users: [ann]}}
"""
    found = principal(text)
    assert sorted(one.address for one in found.policies) == ["A", "Inline"]
    assert found.unread == ()


def test_a_user_in_a_group_out_of_sight_may_have_more() -> None:
    found = principal("  P: {Type: AWS::IAM::User, Properties: {UserName: ann, Groups: [elsewhere]}}")
    assert reasons(found) == ["elsewhere is defined elsewhere: its other policies are not in sight"]


def test_a_user_out_of_sight_has_the_policies_of_a_group_in_sight() -> None:
    found = estate("""
  G: {Type: AWS::IAM::Group, Properties: {Policies: [{PolicyName: n, PolicyDocument: DOCUMENT}]}}
  P: {Type: AWS::IAM::UserToGroupAddition, Properties: {GroupName: !Ref G, Users: [ann]}}
  Q: {Type: AWS::IAM::User, Properties: {UserName: bob, Groups: [elsewhere]}}
""")
    assert [(one.address, one.kind.value) for one in found.principals] == [("G", "group"), ("Q", "user"), ("P", "user")]
    assert [one.address for one in found.principals[2].policies] == ["G"]
    assert found.principals[2].unread


@pytest.mark.parametrize("role", ["elsewhere", "!Ref Open"])
def test_a_policy_for_a_role_out_of_sight_gives_a_principal_with_more_unread(role: str) -> None:
    text = f"  A: {{Type: AWS::IAM::Policy, Properties: {{Roles: [{role}], PolicyName: n, PolicyDocument: DOCUMENT}}}}"
    found = principal(text, "A")
    assert (found.kind, [one.address for one in found.policies]) == (PrincipalKind.ROLE, ["A"])
    assert len(found.unread) == 1
    assert isinstance(found.trust, Unresolved)


def test_customer_managed_policies_are_listed_attached_or_not() -> None:
    found = estate("""
  M: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: DOCUMENT}}
  N: {Type: AWS::IAM::ManagedPolicy}
""")
    assert [one.address for one in found.policies] == ["M", "N"]
    assert found.policies[0].name == Unresolved("the name of M is generated")
    assert found.policies[1].document == Unresolved("PolicyDocument is missing")
    assert found.principals == ()


@pytest.mark.parametrize(
    ("boundary", "meant"),
    [("!Ref M", "M"), (f"'{OPERATOR}'", "P"), ("arn:aws:iam::111122223333:policy/Theirs", None)],
)
def test_a_permissions_boundary_is_found_or_unresolved(boundary: str, meant: str | None) -> None:
    found = principal(f"""
  M: {{Type: AWS::IAM::ManagedPolicy, Properties: {{PolicyDocument: DOCUMENT}}}}
  P: {{Type: AWS::IAM::User, Properties: {{PermissionsBoundary: {boundary}}}}}
""").boundary
    if meant is None:
        assert isinstance(found, Unresolved)
    else:
        assert isinstance(found, Policy)
        assert found.address == meant


def test_a_permission_set_has_all_its_policies() -> None:
    found = principal(f"""
  M: {{Type: AWS::IAM::ManagedPolicy, Properties: {{ManagedPolicyName: own, PolicyDocument: DOCUMENT}}}}
  P:
    Type: AWS::SSO::PermissionSet
    Properties:
      Name: Restorers
      InlinePolicy: DOCUMENT
      ManagedPolicies: ['{OPERATOR}']
      CustomerManagedPolicyReferences: [{{Name: own}}, {{Name: theirs}}]
      PermissionsBoundary: {{CustomerManagedPolicyReference: {{Name: own}}}}
""")
    assert (found.kind, found.name) == (PrincipalKind.PERMISSION_SET, "Restorers")
    assert [one.name for one in found.policies] == ["InlinePolicy", "AWSBackupOperatorAccess", "own"]
    assert reasons(found) == ["the policy theirs is defined elsewhere"]
    assert isinstance(found.boundary, Policy)


def test_a_permission_sets_inline_policy_may_be_json_text() -> None:
    text = '\'{"Statement": [{"Effect": "Allow", "Action": "backup:*", "Resource": "*"}]}\''
    found = principal(f"  P: {{Type: AWS::SSO::PermissionSet, Properties: {{Name: x, InlinePolicy: {text}}}}}")
    assert isinstance(found.policies[0].document, PolicyDocument)
    assert isinstance(found.policies[0].document.statements[0], Statement)


def test_a_sam_function_is_the_role_that_sam_generates() -> None:
    found = principal(f"""
  M: {{Type: AWS::IAM::ManagedPolicy, Properties: {{PolicyDocument: DOCUMENT}}}}
  P:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - AWSLambdaExecute
        - {OPERATOR}
        - !Ref M
        - DOCUMENT
        - S3ReadPolicy: {{BucketName: b}}
        - BackupEverythingPolicy: {{}}
        - Theirs
""")
    assert (found.kind, found.arn) == (
        PrincipalKind.ROLE,
        Text(("arn:aws:iam::this-account:role/", Unresolved("SAM generates the name of the role of P"))),
    )
    assert held(found) == [
        ("P", "AWSLambdaExecute", False, True),
        ("P", "AWSBackupOperatorAccess", False, True),
        ("M", Unresolved("the name of M is generated"), True, False),
        ("P", "Policies", False, False),
    ]
    assert reasons(found) == ["SAM's policy template BackupEverythingPolicy", "the policy Theirs is defined elsewhere"]
    assert isinstance(found.trust, PolicyDocument)


def test_a_single_sam_policy_and_global_settings_are_read() -> None:
    text = f"""
Globals: {{Function: {{RolePath: /sam/, PermissionsBoundary: '{OPERATOR}', Timeout: 900}}}}
Resources: {{P: {{Type: AWS::Serverless::Function, Properties: {{Policies: {DOCUMENT}}}}}}}
"""
    (found,) = read_template_text(text, Path("t.yaml")).estates[0].principals
    assert held(found) == [("P", "Policies", False, False)]
    assert isinstance(found.arn, Text)
    assert found.arn.parts[0] == "arn:aws:iam::this-account:role/sam/"
    assert isinstance(found.boundary, Policy)


def test_a_sam_function_with_a_role_is_no_principal() -> None:
    text = "  P: {Type: AWS::Serverless::Function, Properties: {Role: !GetAtt R.Arn}}\n  R: {Type: AWS::IAM::Role}"
    assert [one.address for one in estate(text).principals] == ["R"]


def test_the_role_that_sam_generates_can_be_referred_to() -> None:
    found = estate("""
  P: {Type: AWS::Serverless::Function}
  A: {Type: AWS::IAM::Policy, Properties: {Roles: [!Ref PRole], PolicyName: n, PolicyDocument: DOCUMENT}}
  T: {Type: AWS::Backup::RestoreTestingSelection, Properties: {IamRoleArn: !GetAtt PRole.Arn}}
""")
    assert [one.address for one in found.principals[0].policies] == ["A"]
    assert found.restore_tests[0].role == Ref("P", "Arn")


@pytest.mark.parametrize("properties", ["{Policies: 5}", "{Policies: [5, {}, {PolicyName: [1]}]}", "{Groups: {a: 1}}"])
def test_odd_shapes_never_raise_and_never_vanish(properties: str) -> None:
    found = principal(f"  P: {{Type: AWS::IAM::User, Properties: {properties}}}")
    unreadable = [one for one in found.policies if isinstance(one.document, Unresolved)]
    assert found.unread or unreadable
