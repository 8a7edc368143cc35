"""IAM: GetAccountAuthorizationDetails as AWS answers it, pages included, and boundaries of users."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from moto.iam.models import Group, IAMBackend, ManagedPolicy, Role, User, iam_backends
from moto.iam.responses import IamResponse
from tests.aws_server._control import CONTROLS
from tests.aws_server._operations import Answer, Place, operation, without_nothing

LISTS = {"User": "UserDetailList", "Group": "GroupDetailList", "Role": "RoleDetailList"}
POLICIES = ("LocalManagedPolicy", "AWSManagedPolicy")
USUAL_PAGE = 100


def backend_of(account: str) -> IAMBackend:
    """Return moto's IAM backend of *account*."""
    backend: IAMBackend = iam_backends[account]["aws"]
    return backend


@operation(IamResponse)
def get_account_authorization_details(place: Place, parameters: dict[str, Any]) -> Answer:
    """Answer with one page of the account's identities and their policies.

    AWS managed policies are listed where somebody uses them. A page ends anywhere, also within a list.
    """
    entries = list(authorization_details(backend_of(place.account), set(parameters.get("Filter") or [])))
    start = int(parameters.get("Marker") or 0)
    size = CONTROLS.page(int(parameters.get("MaxItems") or USUAL_PAGE))
    answer: dict[str, Any] = {name: [] for name in (*LISTS.values(), "Policies")}
    for name, entry in entries[start : start + size]:
        answer[name].append(entry)
    answer["IsTruncated"] = start + size < len(entries)
    if answer["IsTruncated"]:
        answer["Marker"] = str(start + size)
    return answer


def authorization_details(backend: IAMBackend, wanted: set[str]) -> Iterable[tuple[str, dict[str, Any]]]:
    """Give every entry of the *wanted* kinds, all if none are named, with the list it belongs to."""
    wanted = wanted or {*LISTS, *POLICIES}
    if "User" in wanted:
        yield from ((LISTS["User"], user_detail(backend, user)) for user in backend.users.values())
    if "Group" in wanted:
        yield from ((LISTS["Group"], group_detail(group)) for group in backend.groups.values())
    if "Role" in wanted:
        yield from ((LISTS["Role"], role_detail(backend, role)) for role in backend.roles.values())
    for policy in backend.managed_policies.values():
        kind = "AWSManagedPolicy" if policy.arn.startswith("arn:aws:iam::aws:") else "LocalManagedPolicy"
        if kind in wanted and (policy.attachment_count or kind == "LocalManagedPolicy"):
            yield "Policies", policy_detail(policy)


def group_detail(group: Group) -> dict[str, Any]:
    """Return *group* as GroupDetailList gives it."""
    return identity(group, "Group") | {"GroupPolicyList": inline(group)}


def user_detail(backend: IAMBackend, user: User) -> dict[str, Any]:
    """Return *user* as UserDetailList gives it."""
    groups = [group.name for group in backend.groups.values() if user in group.users]
    more = {"UserPolicyList": inline(user), "GroupList": groups, "Tags": tags_of(user.tags)}
    return identity(user, "User") | more | boundary(user.__dict__.get("permissions_boundary_arn"))


def role_detail(backend: IAMBackend, role: Role) -> dict[str, Any]:
    """Return *role* as RoleDetailList gives it."""
    profiles = [profile for profile in backend.instance_profiles.values() if role in profile.roles]
    more = {
        "AssumeRolePolicyDocument": quote(role.assume_role_policy_document),
        "InstanceProfileList": [
            {
                "InstanceProfileName": profile.name,
                "InstanceProfileId": profile.id,
                "Arn": profile.arn,
                "Path": profile.path,
                "CreateDate": profile.create_date,
                "Roles": [],
            }
            for profile in profiles
        ],
        "RolePolicyList": inline(role),
        "RoleLastUsed": without_nothing({"LastUsedDate": role.last_used, "Region": role.last_used_region}),
        "Tags": tags_of(role.tags),
    }
    return identity(role, "Role") | more | boundary(role.permissions_boundary_arn)


def policy_detail(policy: ManagedPolicy) -> dict[str, Any]:
    """Return *policy* as Policies gives it."""
    return {
        "PolicyName": policy.name,
        "PolicyId": policy.id,
        "Arn": policy.arn,
        "Path": policy.path,
        "DefaultVersionId": policy.default_version_id,
        "AttachmentCount": policy.attachment_count,
        "PermissionsBoundaryUsageCount": 0,
        "IsAttachable": True,
        "CreateDate": policy.create_date,
        "UpdateDate": policy.update_date,
        "PolicyVersionList": [
            {
                "Document": quote(version.document),
                "VersionId": version.version_id,
                "IsDefaultVersion": version.version_id == policy.default_version_id,
                "CreateDate": version.create_date,
            }
            for version in policy.versions
        ],
    }


def identity(owner: User | Group | Role, kind: str) -> dict[str, Any]:
    """Return what users, groups and roles share."""
    attached = [{"PolicyName": policy.name, "PolicyArn": policy.arn} for policy in owner.managed_policies.values()]
    return {
        f"{kind}Name": owner.name,
        f"{kind}Id": owner.id,
        "Arn": owner.arn,
        "Path": owner.path,
        "CreateDate": owner.create_date,
        "AttachedManagedPolicies": attached,
    }


def inline(owner: User | Group | Role) -> list[dict[str, str]]:
    """Return the inline policies of *owner*."""
    return [{"PolicyName": name, "PolicyDocument": quote(text)} for name, text in owner.policies.items()]


def boundary(arn: str | None) -> dict[str, Any]:
    """Return the member for a permissions boundary, if there is one."""
    if not arn:
        return {}
    return {"PermissionsBoundary": {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn}}


def tags_of(tags: object) -> list[dict[str, str]]:
    """Return tags as a list; moto keeps them as either."""
    if isinstance(tags, Mapping):
        return [tag if isinstance(tag, dict) else {"Key": key, "Value": tag} for key, tag in tags.items()]
    return list(tags) if isinstance(tags, list) else []


create_user_in_moto = IamResponse.create_user


def create_user(self: IamResponse) -> Any:  # noqa: ANN401  # moto's own answer
    """Create a user and keep its boundary, which moto drops."""
    answer = create_user_in_moto(self)
    set_user_boundary(self.current_account, self._get_param("UserName"), self._get_param("PermissionsBoundary"))
    return answer


IamResponse.create_user = create_user  # type: ignore[method-assign]  # as above


@operation(IamResponse)
def put_user_permissions_boundary(place: Place, parameters: dict[str, Any]) -> Answer:
    """Keep a user's permissions boundary."""
    set_user_boundary(place.account, parameters["UserName"], parameters["PermissionsBoundary"])
    return None


@operation(IamResponse)
def delete_user_permissions_boundary(place: Place, parameters: dict[str, Any]) -> Answer:
    """Forget a user's permissions boundary."""
    set_user_boundary(place.account, parameters["UserName"], None)
    return None


def set_user_boundary(account: str, name: str, arn: str | None) -> None:
    """Keep *arn* as the boundary of the user *name*."""
    backend_of(account).get_user(name).__dict__["permissions_boundary_arn"] = arn
