"""What is named and not listed: it does not exist, that is not known, or nobody looked there."""

from __future__ import annotations

import pytest

from restore_ready.index import EstateIndex, Missing, OutOfSight
from restore_ready.model import (
    THIS_ACCOUNT,
    AwsPlace,
    Estate,
    Known,
    ListedKind,
    Listing,
    Place,
    Principal,
    PrincipalKind,
    Ref,
    Source,
    Unresolved,
)

ACCOUNT = "111122223333"
HERE = AwsPlace("eu-west-1", ACCOUNT)
DR = AwsPlace("eu-central-1", ACCOUNT)
RESTORE = f"arn:aws:iam::{ACCOUNT}:role/team/restore"
REFUSED = Unresolved("grant it")


def role(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


def vault(region: str, name: str, account: str = ACCOUNT) -> str:
    return f"arn:aws:backup:{region}:{account}:backup-vault:{name}"


def account(
    roles: Known[frozenset[str]] = frozenset({"role/team/restore"}), vaults: Known[frozenset[str]] = frozenset({"efs"})
) -> EstateIndex:
    """Return an account that was read in one Region and in an empty one."""
    listings = (
        Listing(ListedKind.ROLE, AwsPlace("", ACCOUNT), roles),
        Listing(ListedKind.VAULT, HERE, vaults),
        Listing(ListedKind.VAULT, DR, frozenset()),
    )
    known = Principal(RESTORE, Place("aws"), PrincipalKind.ROLE, "restore", RESTORE)
    people = () if isinstance(roles, Unresolved) else (known,)
    return EstateIndex.of(Estate(Source.ACCOUNT, "aws", principals=people, home=HERE, listings=listings))


FILE = EstateIndex.of(Estate(Source.TERRAFORM, "main.tf"))


class TestRoles:
    @pytest.mark.parametrize("named_in", [ACCOUNT, THIS_ACCOUNT])
    def test_one_that_is_listed_is_found(self, named_in: str) -> None:
        found = account().sight.role(RESTORE, named_in)
        assert isinstance(found, Principal)
        assert found.arn == RESTORE

    def test_one_that_is_not_listed_does_not_exist(self) -> None:
        assert account().sight.role(role("other"), ACCOUNT) == Missing(role("other"), "this account")

    def test_the_path_is_part_of_the_name(self) -> None:
        found = account().sight.role(role("restore"), ACCOUNT)
        assert isinstance(found, Missing)
        assert found.alike == (RESTORE,)
        assert found.said.endswith(f"the role of that name is {RESTORE}, and the path is part of the ARN")

    def test_other_letter_case_leaves_it_open(self) -> None:
        assert isinstance(account().sight.role(role("team/Restore"), ACCOUNT), Unresolved)

    @pytest.mark.parametrize(
        "named",
        [
            "arn:aws:iam::444455556666:role/restore",
            role("aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup"),
            "restore",
            Ref("aws_iam_role.restore"),
        ],
    )
    def test_what_the_list_does_not_speak_of_is_out_of_sight(self, named: str | Ref) -> None:
        assert isinstance(account().sight.role(named, ACCOUNT), OutOfSight)

    def test_a_list_that_was_refused_leaves_it_open(self) -> None:
        found = account(roles=REFUSED).sight
        assert not found.has_all_roles
        assert found.hidden_roles == REFUSED
        answer = found.role(role("other"), ACCOUNT)
        assert isinstance(answer, Unresolved)
        assert answer.why.endswith(": grant it")

    def test_a_file_has_no_whole_list(self) -> None:
        found = FILE.sight.role(role("other"), THIS_ACCOUNT)
        assert found == OutOfSight(f"the role {role('other')} is not in this configuration")
        assert (FILE.sight.has_all_roles, FILE.sight.hidden_roles) == (False, None)


class TestVaults:
    @pytest.mark.parametrize("named", ["efs", vault("eu-west-1", "efs"), "aws/efs/automatic-backup-vault"])
    def test_one_that_is_listed_or_that_efs_makes_exists(self, named: str) -> None:
        assert isinstance(account().sight.vault(named, HERE), str)

    @pytest.mark.parametrize(
        ("named", "where"), [("dr", "eu-west-1"), ("Efs", "eu-west-1"), (vault("eu-central-1", "efs"), "eu-central-1")]
    )
    def test_one_that_is_not_listed_does_not_exist_in_its_region(self, named: str, where: str) -> None:
        name = named.rpartition(":")[2]
        assert account().sight.vault(named, HERE) == Missing(name, f"this account in {where}")

    @pytest.mark.parametrize(
        ("named", "why"),
        [
            ("Default", "AWS Backup's console makes the vault Default"),
            (vault("us-east-1", "efs"), "us-east-1 was not read"),
            (Unresolved("not yet"), "not yet"),
        ],
    )
    def test_what_is_not_known_says_why(self, named: str | Unresolved, why: str) -> None:
        found = account().sight.vault(named, HERE)
        assert isinstance(found, Unresolved)
        assert why in found.why

    def test_a_list_that_was_refused_leaves_it_open(self) -> None:
        found = account(vaults=REFUSED).sight
        assert isinstance(found.vault("efs", HERE), Unresolved)
        assert found.vaults_in(HERE) == REFUSED

    @pytest.mark.parametrize("estate", [account(), FILE])
    def test_those_of_other_accounts_are_out_of_sight(self, estate: EstateIndex) -> None:
        assert isinstance(estate.sight.vault(vault("eu-west-1", "efs", "444455556666"), HERE), OutOfSight)
