"""CloudFormation's AWS::IAM, AWS::KMS, AWS::Lambda and AWS::Scheduler types."""

from typing import Any

from tests.aws_server._cloudformation import Made, Properties, makes
from tests.aws_server._loopback import Api
from tests.aws_server._stack_backups import picked

NO_CODE = b"def handler(event, context): pass"


@makes("AWS::IAM::Role", "RoleName")
def role(api: Api, name: str, properties: Properties) -> Made:
    """Make a role with its policies."""
    given = picked(properties, "AssumeRolePolicyDocument", "Path", "PermissionsBoundary", "Description", "Tags")
    made = api.call("iam", "CreateRole", RoleName=name, **given)["Role"]
    policies(api, "Role", name, properties)
    return Made(name, {"Arn": made["Arn"], "RoleId": made["RoleId"]})


@makes("AWS::IAM::User", "UserName")
def user(api: Api, name: str, properties: Properties) -> Made:
    """Make a user with policies and groups."""
    given = picked(properties, "Path", "PermissionsBoundary", "Tags")
    made = api.call("iam", "CreateUser", UserName=name, **given)["User"]
    policies(api, "User", name, properties)
    for group_name in properties.get("Groups") or []:
        api.call("iam", "AddUserToGroup", GroupName=group_name, UserName=name)
    return Made(name, {"Arn": made["Arn"]})


@makes("AWS::IAM::Group", "GroupName")
def group(api: Api, name: str, properties: Properties) -> Made:
    """Make a group with its policies."""
    made = api.call("iam", "CreateGroup", GroupName=name, **picked(properties, "Path"))["Group"]
    policies(api, "Group", name, properties)
    return Made(name, {"Arn": made["Arn"]})


@makes("AWS::IAM::UserToGroupAddition")
def user_to_group_addition(api: Api, name: str, properties: Properties) -> Made:
    """Add users to a group."""
    for user_name in properties["Users"]:
        api.call("iam", "AddUserToGroup", GroupName=properties["GroupName"], UserName=user_name)
    return Made(name)


@makes("AWS::IAM::ManagedPolicy", "ManagedPolicyName")
def managed_policy(api: Api, name: str, properties: Properties) -> Made:
    """Make a managed policy and attach it."""
    given = picked(properties, "PolicyDocument", "Path", "Description")
    arn = api.call("iam", "CreatePolicy", PolicyName=name, **given)["Policy"]["Arn"]
    for kind in ("Role", "User", "Group"):
        for holder in properties.get(f"{kind}s") or []:
            attach(api, kind, holder, arn)
    return Made(arn, {"PolicyArn": arn})


@makes("AWS::IAM::Policy")
def policy(api: Api, name: str, properties: Properties) -> Made:
    """Put one inline policy on many."""
    for kind in ("Role", "User", "Group"):
        for holder in properties.get(f"{kind}s") or []:
            put(api, kind, holder, properties)
    return Made(name)


@makes("AWS::IAM::RolePolicy")
def role_policy(api: Api, name: str, properties: Properties) -> Made:
    """Put an inline policy on a role."""
    put(api, "Role", properties["RoleName"], properties)
    return Made(name)


@makes("AWS::IAM::UserPolicy")
def user_policy(api: Api, name: str, properties: Properties) -> Made:
    """Put an inline policy on a user."""
    put(api, "User", properties["UserName"], properties)
    return Made(name)


@makes("AWS::IAM::GroupPolicy")
def group_policy(api: Api, name: str, properties: Properties) -> Made:
    """Put an inline policy on a group."""
    put(api, "Group", properties["GroupName"], properties)
    return Made(name)


@makes("AWS::KMS::Key")
def key(api: Api, _: str, properties: Properties) -> Made:
    """Make a key with its policy, and disable it where its template says so."""
    given = picked(properties, "Description", "KeyUsage", "KeySpec", "MultiRegion")
    made = api.call("kms", "CreateKey", Policy=properties.get("KeyPolicy"), **given)["KeyMetadata"]
    if str(properties.get("Enabled")).lower() == "false":
        api.call("kms", "DisableKey", KeyId=made["KeyId"])
    return Made(made["KeyId"], {"Arn": made["Arn"], "KeyId": made["KeyId"]})


@makes("AWS::Lambda::Function", "FunctionName")
def function(api: Api, name: str, properties: Properties) -> Made:
    """Make a function, its code aside."""
    same = ("Role", "Handler", "Timeout", "MemorySize", "Description", "VpcConfig", "FileSystemConfigs", "Environment")
    given = {"Runtime": "python3.12", "Handler": "index.handler"} | picked(properties, *same, "Runtime")
    made = api.call("lambda", "CreateFunction", FunctionName=name, Code={"ZipFile": NO_CODE}, **given)
    return Made(name, {"Arn": made["FunctionArn"]})


@makes("AWS::Scheduler::Schedule", "Name")
def schedule(api: Api, name: str, properties: Properties) -> Made:
    """Make a schedule."""
    given = {key: value for key, value in properties.items() if key != "Name"}
    made = api.call("scheduler", "CreateSchedule", Name=name, **given)
    return Made(name, {"Arn": made["ScheduleArn"]})


def policies(api: Api, kind: str, name: str, properties: Properties) -> None:
    """Give a role, user or group the policies that its own properties name."""
    for arn in properties.get("ManagedPolicyArns") or []:
        attach(api, kind, name, arn)
    for one in properties.get("Policies") or []:
        put(api, kind, name, one)


def attach(api: Api, kind: str, name: str, arn: str) -> None:
    """Attach a managed policy."""
    api.call("iam", f"Attach{kind}Policy", PolicyArn=arn, **{f"{kind}Name": name})


def put(api: Api, kind: str, name: str, given: dict[str, Any]) -> None:
    """Put an inline policy."""
    document = {"PolicyName": given["PolicyName"], "PolicyDocument": given["PolicyDocument"]}
    api.call("iam", f"Put{kind}Policy", **document, **{f"{kind}Name": name})
