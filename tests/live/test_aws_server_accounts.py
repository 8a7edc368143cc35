"""The server that stands in for AWS, compared with what AWS documents: identities, organizations, pages and faults."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError
from tests.aws_server.server import ACCOUNT, AwsServer
from tests.support.aws_answers import NOTHING, code_of

OTHER = "210987654321"


def answer_or_refusal(backup: Any) -> dict[str, Any]:  # noqa: ANN401  # a client
    try:
        return dict(backup.list_backup_plans())
    except ClientError as refused:
        return dict(refused.response)


class TestAccounts:
    def test_each_has_its_own_resources(self, aws: AwsServer) -> None:
        aws.client("efs").create_file_system(CreationToken="a")
        assert aws.client("efs", OTHER).describe_file_systems()["FileSystems"] == []
        assert aws.client("sts", OTHER).get_caller_identity()["Account"] == OTHER

    def test_an_assumed_role_acts_in_its_own(self, aws: AwsServer) -> None:
        iam = aws.client("iam", OTHER)
        trust = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}
        trust["Condition"] = {"StringEquals": {"sts:ExternalId": "secret"}}  # type: ignore[assignment]  # JSON
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        role = iam.create_role(RoleName="audit", AssumeRolePolicyDocument=document)["Role"]["Arn"]
        session = aws.assume(role)
        assert aws.client_of(session, "sts").get_caller_identity()["Account"] == OTHER
        aws.enforce(OTHER)
        with pytest.raises(ClientError, match="AccessDenied"):
            aws.assume(role, ExternalId="wrong")
        assert aws.assume(role, ExternalId="secret")

    def test_regions_that_must_be_switched_on_know_nobody_before(self, aws: AwsServer) -> None:
        account, efs = aws.client("account"), aws.client("efs", region="me-south-1")
        assert account.get_region_opt_status(RegionName="me-south-1")["RegionOptStatus"] == "DISABLED"
        assert code_of(efs.describe_file_systems) == ("UnrecognizedClientException", 403)
        names = [one["RegionName"] for one in aws.client("ec2").describe_regions()["Regions"]]
        assert "me-south-1" not in names
        account.enable_region(RegionName="me-south-1")
        assert efs.describe_file_systems()["FileSystems"] == []
        statuses = account.list_regions(RegionOptStatusContains=["ENABLED"])["Regions"]
        assert [one["RegionName"] for one in statuses] == ["me-south-1"]


class TestIdentities:
    def test_details_come_in_pages_with_names_and_boundaries(self, aws: AwsServer) -> None:
        iam = aws.client("iam")
        document = json.dumps(NOTHING)
        local = iam.create_policy(PolicyName="local", PolicyDocument=document)["Policy"]["Arn"]
        iam.create_user(UserName="ops", PermissionsBoundary=local)
        iam.create_group(GroupName="restorers")
        iam.add_user_to_group(GroupName="restorers", UserName="ops")
        iam.attach_group_policy(GroupName="restorers", PolicyArn="arn:aws:iam::aws:policy/AWSBackupFullAccess")
        iam.create_role(RoleName="restore", AssumeRolePolicyDocument=document)
        iam.put_role_policy(RoleName="restore", PolicyName="inline", PolicyDocument=document)
        aws.settings(page_size=2)

        first = iam.get_account_authorization_details()
        assert first["IsTruncated"]
        assert len(first["UserDetailList"] + first["GroupDetailList"]) == 2
        whole = iam.get_paginator("get_account_authorization_details").paginate().build_full_result()
        assert whole["UserDetailList"][0]["GroupList"] == ["restorers"]
        assert whole["UserDetailList"][0]["PermissionsBoundary"]["PermissionsBoundaryArn"] == local
        assert [role["RoleName"] for role in whole["RoleDetailList"]] == ["restore"]
        assert whole["RoleDetailList"][0]["RolePolicyList"][0]["PolicyDocument"] == NOTHING
        assert {policy["PolicyName"] for policy in whole["Policies"]} == {"local", "AWSBackupFullAccess"}

    def test_the_filter_leaves_out_what_was_not_asked_for(self, aws: AwsServer) -> None:
        iam = aws.client("iam")
        document = json.dumps(NOTHING)
        iam.create_policy(PolicyName="local", PolicyDocument=document)
        iam.create_role(RoleName="restore", AssumeRolePolicyDocument=document)
        iam.attach_role_policy(RoleName="restore", PolicyArn="arn:aws:iam::aws:policy/AWSBackupFullAccess")
        details = iam.get_account_authorization_details(Filter=["LocalManagedPolicy"])
        assert [policy["PolicyName"] for policy in details["Policies"]] == ["local"]
        assert details["RoleDetailList"] == []


class TestOrganizations:
    def test_backup_policies_merge_along_the_tree(self, aws: AwsServer) -> None:
        client = aws.client("organizations")
        client.create_organization()
        root = client.list_roots()["Roots"][0]["Id"]
        member = client.create_account(AccountName="a", Email="a@example.com")["CreateAccountStatus"]["AccountId"]
        regions: dict[str, Any] = {"regions": {"@@assign": ["us-east-1"]}}
        more = {"regions": {"@@append": ["eu-west-1"]}}
        for name, content, target in (("root", regions, root), ("own", more, member)):
            made = client.create_policy(
                Name=name, Description="", Type="BACKUP_POLICY", Content=json.dumps({"plans": {"p": content}})
            )["Policy"]["PolicySummary"]
            assert made["Type"] == "BACKUP_POLICY"
            client.attach_policy(PolicyId=made["Id"], TargetId=target)
        inside = aws.client("organizations", member)
        assert code_of(inside.list_policies, Filter="BACKUP_POLICY")[0] == "AccessDeniedException"
        found = inside.describe_effective_policy(PolicyType="BACKUP_POLICY")["EffectivePolicy"]["PolicyContent"]
        assert json.loads(found) == {"plans": {"p": {"regions": ["us-east-1", "eu-west-1"]}}}

    def test_none_is_an_error_of_its_own(self, aws: AwsServer) -> None:
        client = aws.client("organizations")
        assert code_of(client.describe_effective_policy, PolicyType="BACKUP_POLICY")[0] == (
            "AWSOrganizationsNotInUseException"
        )
        assert code_of(client.list_roots)[0] == "AWSOrganizationsNotInUseException"
        client.create_organization()
        assert code_of(client.describe_effective_policy, PolicyType="BACKUP_POLICY")[0] == (
            "EffectivePolicyNotFoundException"
        )


class TestPages:
    def test_lists_end_where_the_page_ends(self, aws: AwsServer) -> None:
        backup, efs = aws.client("backup"), aws.client("efs")
        for number in range(5):
            backup.create_backup_vault(BackupVaultName=f"vault-{number}")
            efs.create_file_system(CreationToken=str(number))
        aws.settings(page_size=2)
        assert len(backup.list_backup_vaults()["BackupVaultList"]) == 2
        assert len(backup.list_backup_vaults(MaxResults=1)["BackupVaultList"]) == 1
        whole = backup.get_paginator("list_backup_vaults").paginate().build_full_result()
        assert len(whole["BackupVaultList"]) == 5
        systems = efs.get_paginator("describe_file_systems").paginate().build_full_result()["FileSystems"]
        assert len({one["FileSystemId"] for one in systems}) == 5
        assert code_of(backup.list_backup_vaults, NextToken="elsewhere")[0] == "InvalidParameterValueException"

    def test_lists_that_moto_pages_itself_do_so_too(self, aws: AwsServer) -> None:
        events = aws.client("events")
        for number in range(3):
            events.put_rule(Name=f"rule-{number}", ScheduleExpression="rate(1 day)")
        aws.settings(page_size=2)
        assert len(events.list_rules()["Rules"]) == 2
        assert len(events.get_paginator("list_rules").paginate().build_full_result()["Rules"]) == 3


class TestEnforcement:
    def test_each_protocol_refuses_in_its_own_form(self, aws: AwsServer) -> None:
        iam = aws.client("iam")
        document = json.dumps(NOTHING)
        role = iam.create_role(RoleName="audit", AssumeRolePolicyDocument=document)["Role"]["Arn"]
        session = aws.assume(role)
        aws.enforce(role)
        expected = {
            ("backup", "list_backup_plans"): ("AccessDeniedException", 403),
            ("efs", "describe_file_systems"): ("AccessDeniedException", 403),
            ("organizations", "describe_organization"): ("AccessDeniedException", 400),
            ("iam", "list_users"): ("AccessDenied", 403),
            ("ec2", "describe_regions"): ("UnauthorizedOperation", 403),
        }
        for (service, operation), answer in expected.items():
            assert code_of(getattr(aws.client_of(session, service), operation)) == answer
        assert aws.client_of(session, "sts").get_caller_identity()["Account"] == ACCOUNT
        assert aws.client("backup").list_backup_plans()["BackupPlansList"] == []

    def test_a_policy_grants_what_it_names_and_nothing_else(self, aws: AwsServer) -> None:
        iam = aws.client("iam")
        statement = {"Effect": "Allow", "Action": "backup:ListBackup*", "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        role = iam.create_role(RoleName="audit", AssumeRolePolicyDocument=document)["Role"]["Arn"]
        iam.put_role_policy(RoleName="audit", PolicyName="own", PolicyDocument=document)
        session = aws.assume(role)
        aws.enforce(ACCOUNT)
        backup = aws.client_of(session, "backup")
        assert backup.list_backup_plans()["BackupPlansList"] == []
        with pytest.raises(ClientError, match="backup:ListRestoreJobs"):
            backup.list_restore_jobs()


class TestFaults:
    def test_denials_name_their_source(self, aws: AwsServer) -> None:
        backup = aws.client("backup")
        aws.faults({"kind": "scp", "region": "us-east-1", "operation": "ListBackup*"})
        with pytest.raises(ClientError, match="explicit deny in a service control policy"):
            backup.list_backup_plans()
        assert backup.list_restore_jobs()["RestoreJobs"] == []
        assert aws.client("backup", region="eu-west-1").list_backup_plans()["BackupPlansList"] == []

    def test_throttling_ends_after_its_times(self, aws: AwsServer) -> None:
        backup = aws.client("backup")
        aws.faults({"kind": "throttle", "service": "backup", "times": 2})
        for _ in range(2):
            assert code_of(backup.list_backup_plans)[0] == "ThrottlingException"
        assert backup.list_backup_plans()["BackupPlansList"] == []
        assert aws.struck() == {"throttle": 2}

    def test_a_rate_throttles_what_is_above_it(self, aws: AwsServer) -> None:
        backup = aws.client("backup")
        aws.faults({"kind": "throttle", "rate": 5})
        answers = [answer_or_refusal(backup) for _ in range(30)]
        assert {answer.get("Error", {}).get("Code") for answer in answers} == {None, "ThrottlingException"}

    def test_a_region_can_be_switched_off(self, aws: AwsServer) -> None:
        aws.faults({"kind": "region_disabled", "region": "eu-west-1"})
        expected = {"backup": "UnrecognizedClientException", "sts": "InvalidClientTokenId", "ec2": "AuthFailure"}
        operations = {"backup": "list_backup_plans", "sts": "get_caller_identity", "ec2": "describe_regions"}
        for service, code in expected.items():
            call = getattr(aws.client(service, region="eu-west-1"), operations[service])
            assert code_of(call)[0] == code

    def test_answers_can_be_broken(self, aws: AwsServer) -> None:
        backup = aws.client("backup")
        backup.create_backup_vault(BackupVaultName="main")
        aws.faults({"kind": "truncated"})
        assert "BackupVaultList" not in backup.list_backup_vaults()  # botocore takes half an answer for a whole one
        aws.faults({"kind": "cut_off"})
        with pytest.raises(ConnectionClosedError):
            backup.list_backup_vaults()
        aws.faults({"kind": "html"})
        assert code_of(backup.list_backup_vaults)[1] == 500
        aws.faults({"kind": "reset"})
        with pytest.raises(ConnectionClosedError):
            backup.list_backup_vaults()
        aws.faults({"kind": "wrong_account"})
        assert f":{ACCOUNT}:" not in backup.list_backup_vaults()["BackupVaultList"][0]["BackupVaultArn"]
        aws.faults({"kind": "cyclic"})
        assert backup.list_backup_vaults()["NextToken"] == backup.list_backup_vaults()["NextToken"]
        aws.faults({"kind": "endless"})
        assert backup.list_backup_vaults()["NextToken"] != backup.list_backup_vaults()["NextToken"]
        aws.faults({"kind": "error", "code": "InternalFailure", "message": "no", "status": 500})
        assert code_of(backup.list_backup_vaults) == ("InternalFailure", 500)

    def test_an_unknown_kind_is_refused(self, aws: AwsServer) -> None:
        with pytest.raises(ValueError, match="no such kind of fault: gremlin"):
            aws.faults({"kind": "gremlin"})

    def test_calls_are_counted(self, aws: AwsServer) -> None:
        for _ in range(3):
            aws.client("backup").list_backup_plans()
        assert aws.calls() == {("backup", "ListBackupPlans"): 3}
