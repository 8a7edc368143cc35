"""The server that stands for AWS in tests answers as AWS does, and fails on request."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError
from tests.aws_server.server import ACCOUNT, AwsServer

VAULT = "aws/efs/automatic-backup-vault"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/backup"
OTHER = "210987654321"
NOTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "iam:*", "Resource": "*"}]}


def code_of(call: Callable[..., object], **parameters: object) -> tuple[str, int]:
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    return refused.value.response["Error"]["Code"], refused.value.response["ResponseMetadata"]["HTTPStatusCode"]


def answer_or_refusal(backup: Any) -> dict[str, Any]:  # noqa: ANN401  # a client
    try:
        return dict(backup.list_backup_plans())
    except ClientError as refused:
        return dict(refused.response)


def make_plan(backup: Any, name: str = "daily", **rule: Any) -> str:  # noqa: ANN401  # a client and the API's parameters
    if not backup.list_backup_vaults()["BackupVaultList"]:
        backup.create_backup_vault(BackupVaultName="main")
    rules = [{"RuleName": "daily", "TargetBackupVaultName": "main", **rule}]
    made = backup.create_backup_plan(BackupPlan={"BackupPlanName": name, "Rules": rules})
    return str(made["BackupPlanId"])


class TestAutomaticBackups:
    def test_switching_them_on_makes_what_aws_makes(self, aws: AwsServer) -> None:
        efs, backup = aws.client("efs"), aws.client("backup")
        system = efs.create_file_system(CreationToken="a", Backup=True)

        assert efs.describe_backup_policy(FileSystemId=system["FileSystemId"])["BackupPolicy"]["Status"] == "ENABLED"
        tags = efs.describe_file_systems()["FileSystems"][0]["Tags"]
        assert {"Key": "aws:elasticfilesystem:default-backup", "Value": "enabled"} in tags
        listed = backup.list_backup_plans()["BackupPlansList"]
        assert [plan["BackupPlanName"] for plan in listed] == ["aws/efs/automatic-backup-plan"]
        plan = backup.get_backup_plan(BackupPlanId=listed[0]["BackupPlanId"])["BackupPlan"]
        rule = plan["Rules"][0]
        assert (rule["StartWindowMinutes"], rule["CompletionWindowMinutes"]) == (480, 10080)
        assert rule["Lifecycle"] == {"DeleteAfterDays": 35}
        selections = backup.list_backup_selections(BackupPlanId=listed[0]["BackupPlanId"])["BackupSelectionsList"]
        chosen = backup.get_backup_selection(
            BackupPlanId=listed[0]["BackupPlanId"], SelectionId=selections[0]["SelectionId"]
        )
        assert chosen["BackupSelection"]["ListOfTags"][0]["ConditionKey"] == "aws:elasticfilesystem:default-backup"
        policy = json.loads(backup.get_backup_vault_access_policy(BackupVaultName=VAULT)["Policy"])
        assert "backup:StartRestoreJob" in policy["Statement"][0]["Action"]
        assert backup.describe_backup_vault(BackupVaultName=VAULT)["BackupVaultName"] == VAULT

    @pytest.mark.parametrize(
        ("given", "status"),
        [
            ({}, "PolicyNotFound"),
            ({"Backup": False}, "PolicyNotFound"),
            ({"Backup": True}, "ENABLED"),
            ({"AvailabilityZoneName": "us-east-1a"}, "ENABLED"),
            ({"AvailabilityZoneName": "us-east-1a", "Backup": False}, "PolicyNotFound"),
        ],
    )
    def test_they_are_on_where_aws_has_them_on(self, aws: AwsServer, given: dict[str, Any], status: str) -> None:
        efs = aws.client("efs")
        system = efs.create_file_system(CreationToken="a", **given)["FileSystemId"]
        try:
            found = efs.describe_backup_policy(FileSystemId=system)["BackupPolicy"]["Status"]
        except ClientError as missing:
            found = missing.response["Error"]["Code"]
        assert found == status

    def test_switching_them_off_takes_the_tag_away(self, aws: AwsServer) -> None:
        efs = aws.client("efs")
        system = efs.create_file_system(CreationToken="a", Backup=True)["FileSystemId"]
        efs.put_backup_policy(FileSystemId=system, BackupPolicy={"Status": "DISABLED"})
        assert efs.describe_backup_policy(FileSystemId=system)["BackupPolicy"]["Status"] == "DISABLED"
        assert efs.describe_file_systems()["FileSystems"][0]["Tags"] == []

    def test_their_vault_denies_a_restore_until_its_policy_is_replaced(self, aws: AwsServer) -> None:
        backup = aws.client("backup")
        system = aws.client("efs").create_file_system(CreationToken="a", Backup=True)["FileSystemArn"]
        point = aws.seed("recovery_point", {"ResourceArn": system, "BackupVaultName": VAULT})["RecoveryPointArn"]
        wanted = {"RecoveryPointArn": point, "Metadata": {}, "IamRoleArn": ROLE}
        assert code_of(backup.start_restore_job, **wanted) == ("AccessDeniedException", 403)
        assert code_of(backup.delete_backup_vault_access_policy, BackupVaultName=VAULT)[0] == "AccessDeniedException"
        policy = {"Version": "2012-10-17", "Statement": []}
        backup.put_backup_vault_access_policy(BackupVaultName=VAULT, Policy=json.dumps(policy))
        assert backup.start_restore_job(**wanted)["RestoreJobId"]

    def test_no_plan_can_aim_at_their_vault(self, aws: AwsServer) -> None:
        aws.client("efs").create_file_system(CreationToken="a", Backup=True)
        with pytest.raises(ClientError, match="AccessDeniedException"):
            make_plan(aws.client("backup"), TargetBackupVaultName=VAULT)


class TestAnswersWhereNothingIs:
    def test_default_keys_have_policies(self, aws: AwsServer) -> None:
        backup, efs = aws.client("backup"), aws.client("efs")
        backup.create_backup_vault(BackupVaultName="main")
        system = efs.create_file_system(CreationToken="a", Encrypted=True)
        keys = {"backup": backup.list_backup_vaults()["BackupVaultList"][0]["EncryptionKeyArn"]}
        keys["elasticfilesystem"] = system["KmsKeyId"]
        for service, key in keys.items():
            policy = json.loads(aws.client("kms").get_key_policy(KeyId=key, PolicyName="default")["Policy"])
            via = policy["Statement"][0]["Condition"]["StringEquals"]["kms:ViaService"]
            assert via == f"{service}.us-east-1.amazonaws.com"

    def test_vaults(self, aws: AwsServer) -> None:
        backup = aws.client("backup")
        backup.create_backup_vault(BackupVaultName="main")
        assert code_of(backup.get_backup_vault_notifications, BackupVaultName="main") == ("ERROR_2106", 400)
        assert code_of(backup.describe_backup_vault, BackupVaultName="none") == ("AccessDeniedException", 403)
        with pytest.raises(ClientError, match="has no associated POLICY"):
            backup.get_backup_vault_access_policy(BackupVaultName="main")

    def test_file_systems(self, aws: AwsServer) -> None:
        efs = aws.client("efs")
        system = efs.create_file_system(CreationToken="a")["FileSystemId"]
        for ask in (efs.describe_backup_policy, efs.describe_file_system_policy):
            assert code_of(ask, FileSystemId=system) == ("PolicyNotFound", 404)
        assert code_of(efs.describe_replication_configurations, FileSystemId=system)[0] == "ReplicationNotFound"
        assert efs.describe_replication_configurations()["Replications"] == []


class TestBackups:
    def test_a_plan_gets_the_defaults_of_the_service(self, aws: AwsServer) -> None:
        backup = aws.client("backup")
        plan = make_plan(backup)
        rule = backup.get_backup_plan(BackupPlanId=plan)["BackupPlan"]["Rules"][0]
        assert (rule["StartWindowMinutes"], rule["CompletionWindowMinutes"]) == (480, 10080)

    @pytest.mark.parametrize(
        "windows", [{"StartWindowMinutes": 59}, {"StartWindowMinutes": 60, "CompletionWindowMinutes": 119}]
    )
    def test_windows_that_aws_refuses_are_refused(self, aws: AwsServer, windows: dict[str, int]) -> None:
        with pytest.raises(ClientError, match="InvalidParameterValueException"):
            make_plan(aws.client("backup"), **windows)

    def test_selections_come_and_go(self, aws: AwsServer) -> None:
        backup = aws.client("backup")
        plan = make_plan(backup)
        selection = {"SelectionName": "all", "IamRoleArn": ROLE, "Resources": ["*"]}
        made = backup.create_backup_selection(BackupPlanId=plan, BackupSelection=selection)["SelectionId"]
        assert code_of(backup.delete_backup_plan, BackupPlanId=plan)[0] == "InvalidRequestException"
        shown = backup.get_backup_selection(BackupPlanId=plan, SelectionId=made)["BackupSelection"]
        assert shown["Resources"] == ["*"]
        backup.delete_backup_selection(BackupPlanId=plan, SelectionId=made)
        assert backup.list_backup_selections(BackupPlanId=plan)["BackupSelectionsList"] == []
        backup.delete_backup_plan(BackupPlanId=plan)
        assert backup.list_backup_plans()["BackupPlansList"] == []

    def test_vaults_keep_policy_notifications_and_lock(self, aws: AwsServer) -> None:
        backup = aws.client("backup")
        backup.create_backup_vault(BackupVaultName="main")
        topic = f"arn:aws:sns:us-east-1:{ACCOUNT}:jobs"
        backup.put_backup_vault_notifications(
            BackupVaultName="main", SNSTopicArn=topic, BackupVaultEvents=["BACKUP_JOB_FAILED"]
        )
        backup.put_backup_vault_lock_configuration(BackupVaultName="main", MinRetentionDays=7, MaxRetentionDays=90)
        assert backup.get_backup_vault_notifications(BackupVaultName="main")["SNSTopicArn"] == topic
        vault = backup.list_backup_vaults()["BackupVaultList"][0]
        assert (vault["Locked"], vault["MinRetentionDays"], vault["MaxRetentionDays"]) == (True, 7, 90)
        assert vault["VaultType"] == "BACKUP_VAULT"

    def test_seeded_jobs_and_points_are_listed_and_filtered(self, aws: AwsServer) -> None:
        backup = aws.client("backup")
        backup.create_backup_vault(BackupVaultName="main")
        system = aws.client("efs").create_file_system(CreationToken="a")["FileSystemArn"]
        old = datetime.now(timezone.utc).replace(microsecond=0) - timedelta(days=3)
        where = {"ResourceArn": system, "BackupVaultName": "main"}
        done = aws.seed("backup_job", {**where, "CreationDate": old})
        aws.seed("backup_job", {**where, "State": "EXPIRED", "StatusMessage": "too late"})
        aws.seed("restore_job", {"RecoveryPointArn": done["RecoveryPointArn"], "Status": "FAILED"})

        assert [job["State"] for job in backup.list_backup_jobs()["BackupJobs"]] == ["EXPIRED", "COMPLETED"]
        assert len(backup.list_backup_jobs(ByState="EXPIRED")["BackupJobs"]) == 1
        yesterday = datetime.now(timezone.utc) - timedelta(days=1)
        assert len(backup.list_backup_jobs(ByCreatedAfter=yesterday)["BackupJobs"]) == 1
        points = backup.list_recovery_points_by_resource(ResourceArn=system)["RecoveryPoints"]
        assert [point["BackupVaultName"] for point in points] == ["main"]
        assert len(backup.list_recovery_points_by_backup_vault(BackupVaultName="main")["RecoveryPoints"]) == 1
        assert backup.list_restore_jobs(ByStatus="FAILED")["RestoreJobs"][0]["RecoveryPointArn"]
        assert backup.list_protected_resources()["Results"][0]["LastBackupTime"] == old

    def test_restore_tests_come_with_what_lists_leave_out(self, aws: AwsServer) -> None:
        backup = aws.client("backup")
        points = {
            "Algorithm": "LATEST_WITHIN_WINDOW",
            "RecoveryPointTypes": ["SNAPSHOT"],
            "IncludeVaults": ["*"],
        }
        plan = {"RestoreTestingPlanName": "weekly", "ScheduleExpression": "cron(0 1 ? * 1 *)"}
        backup.create_restore_testing_plan(RestoreTestingPlan=plan | {"RecoveryPointSelection": points})
        selection = {
            "RestoreTestingSelectionName": "efs",
            "ProtectedResourceType": "EFS",
            "IamRoleArn": ROLE,
            "ProtectedResourceArns": ["*"],
        }
        backup.create_restore_testing_selection(RestoreTestingPlanName="weekly", RestoreTestingSelection=selection)
        shown = backup.get_restore_testing_plan(RestoreTestingPlanName="weekly")["RestoreTestingPlan"]
        assert shown["RecoveryPointSelection"]["IncludeVaults"] == ["*"]
        assert "RecoveryPointSelection" not in backup.list_restore_testing_plans()["RestoreTestingPlans"][0]
        got = backup.get_restore_testing_selection(RestoreTestingPlanName="weekly", RestoreTestingSelectionName="efs")[
            "RestoreTestingSelection"
        ]
        assert got["ProtectedResourceArns"] == ["*"]
        refused = plan | {"RestoreTestingPlanName": "not-hyphens", "RecoveryPointSelection": points}
        assert code_of(backup.create_restore_testing_plan, RestoreTestingPlan=refused)[0] == (
            "InvalidParameterValueException"
        )

    def test_region_settings_change(self, aws: AwsServer) -> None:
        backup = aws.client("backup")
        backup.update_region_settings(ResourceTypeOptInPreference={"EFS": False})
        settings = backup.describe_region_settings()["ResourceTypeOptInPreference"]
        assert (settings["EFS"], settings["EBS"]) == (False, True)
        elsewhere = aws.client("backup", region="eu-west-1")
        assert elsewhere.describe_region_settings()["ResourceTypeOptInPreference"]["EFS"]


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


def test_a_function_keeps_what_it_mounts(aws: AwsServer) -> None:
    document = json.dumps(NOTHING)
    role = aws.client("iam").create_role(RoleName="mover", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    mount = {"Arn": f"arn:aws:elasticfilesystem:us-east-1:{ACCOUNT}:access-point/fsap-1", "LocalMountPath": "/mnt/a"}
    client = aws.client("lambda")
    client.create_function(
        FunctionName="mover",
        Role=role,
        Runtime="python3.12",
        Handler="m.h",
        Timeout=900,
        Code={"ZipFile": b"made-up"},
        FileSystemConfigs=[mount],
    )
    function = client.list_functions()["Functions"][0]
    assert (function["FileSystemConfigs"], function["Timeout"]) == ([mount], 900)
