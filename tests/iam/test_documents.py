import json
import random
from typing import Any

import pytest

from restore_ready import PolicyDocument, PrincipalEntry, Ref, Statement, Text, Unresolved
from restore_ready.iam import covers_action, denies_everyone, lets_service_assume, parse_document

HOLE = Unresolved("not known")
ROLE = Ref("aws_iam_role.restore", "arn")


def document(tree: object) -> PolicyDocument:
    found = parse_document(tree)
    assert isinstance(found, PolicyDocument)
    return found


def statement(**elements: object) -> Statement:
    (found,) = document({"Statement": [{"Effect": "Allow", "Action": "*", **elements}]}).statements
    assert isinstance(found, Statement)
    return found


@pytest.mark.parametrize(
    "tree",
    [
        None,
        HOLE,
        ROLE,
        Text(("a", HOLE)),
        "",
        "{",
        "null",
        "[]",
        "7",
        '"x"',
        "[" * 100_000,
        '{"a":' * 100_000,
        "9" * 10_000,
        "${jsonencode(var.policy)}",
        7,
        [],
        {},
        {"Statement": None},
        {"Statement": "x"},
        {"Statement": 3},
        {"Statement": HOLE},
        {"statement": []},
        {"Version": "2012-10-17"},
        Text(('{"Statement": ', HOLE, "}")),
        Text((HOLE, "x")),
    ],
)
def test_what_holds_no_statements_is_unresolved_with_a_reason(tree: object) -> None:
    found = parse_document(tree)
    assert isinstance(found, Unresolved)
    assert found.why


@pytest.mark.parametrize("entry", [None, "x", 3, [], HOLE, ROLE, {"Effect": "Allow", "action": "*"}, {"condition": {}}])
def test_a_statement_that_can_not_be_read_stands_as_unresolved(entry: object) -> None:
    found = document({"Statement": [entry, {"Effect": "Deny", "Action": "a:b", "Resource": "*"}]})
    assert isinstance(found.statements[0], Unresolved)
    assert isinstance(found.statements[1], Statement)
    assert found.statements[1].index == 1


@pytest.mark.parametrize(
    "text",
    [
        '{"Statement": [], "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}',
        '{"Statement": [{"Effect": "Allow", "Effect": "Deny", "Action": "*", "Resource": "*"}]}',
    ],
)
def test_what_is_given_twice_is_not_known(text: str) -> None:
    document = parse_document(text)
    (entry,) = (document,) if isinstance(document, Unresolved) else document.statements
    found = entry.effect if isinstance(entry, Statement) else entry
    assert isinstance(found, Unresolved)
    assert "is given twice" in found.why


def test_a_single_statement_object_counts_as_a_list_of_one() -> None:
    assert len(document({"Statement": {"Effect": "Allow", "Action": "a:b", "Resource": "*"}}).statements) == 1


def test_version_is_kept_and_has_aws_default() -> None:
    assert document({"Version": "2012-10-17", "Statement": []}).version == "2012-10-17"
    assert document({"Statement": []}).version == "2008-10-17"
    for unknown in (3, None, HOLE, ROLE):
        assert isinstance(document({"Statement": [], "Version": unknown}).version, Unresolved)


@pytest.mark.parametrize("effect", ["allow", "DENY", None, 3, HOLE, ROLE, [], {}, Text(("De", HOLE))])
def test_an_effect_that_is_not_allow_or_deny_is_unresolved(effect: object) -> None:
    assert isinstance(statement(Effect=effect).effect, Unresolved)


def test_strings_and_lists_of_strings_are_the_same() -> None:
    assert statement(Action="a:b").actions == ("a:b",)
    assert statement(Action=["a:b", "a:c"]).actions == ("a:b", "a:c")
    assert statement(Resource=ROLE).resources == (ROLE,)
    assert statement(Resource=[]).resources == ()
    assert statement(Resource=HOLE).resources == HOLE


def test_unknown_and_odd_leaves_stay_in_their_place() -> None:
    actions = statement(Action=["a:b", None, HOLE, {"x": 1}, ["a:c"]]).actions
    assert not isinstance(actions, Unresolved)
    assert actions[0] == "a:b"
    assert [type(one) for one in actions[1:]] == [Unresolved] * 4


def test_not_action_and_not_resource_are_marked() -> None:
    (found,) = document({"Statement": {"Effect": "Allow", "NotAction": "iam:*", "NotResource": "x"}}).statements
    assert isinstance(found, Statement)
    assert (found.not_actions, found.actions, found.not_resources, found.resources) == (True, ("iam:*",), True, ("x",))


def test_an_element_beside_its_negation_is_unresolved() -> None:
    assert isinstance(statement(NotAction="x").actions, Unresolved)


def test_a_missing_action_is_unresolved() -> None:
    (found,) = document({"Statement": {"Effect": "Allow", "Resource": "*"}}).statements
    assert isinstance(found, Statement)
    assert isinstance(found.actions, Unresolved)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("*", (PrincipalEntry("*", "*"),)),
        (["*"], (PrincipalEntry("*", "*"),)),
        ({"AWS": "*"}, (PrincipalEntry("AWS", "*"),)),
        ({"AWS": ["*", "123456789012"]}, (PrincipalEntry("AWS", "*"), PrincipalEntry("AWS", "123456789012"))),
        ({"Service": ["a", "b"]}, (PrincipalEntry("Service", "a"), PrincipalEntry("Service", "b"))),
        ({"AWS": ROLE}, (PrincipalEntry("AWS", ROLE),)),
        ({"AWS": HOLE}, (PrincipalEntry("AWS", HOLE),)),
        ({}, ()),
        ([], ()),
        (HOLE, HOLE),
    ],
)
def test_principals_in_every_form(value: object, expected: object) -> None:
    assert statement(Principal=value).principals == expected


def test_identity_statements_have_no_principals_but_a_null_principal_is_unknown() -> None:
    assert statement().principals is None
    assert isinstance(statement(Principal=None).principals, Unresolved)


def test_conditions_become_one_entry_per_operator_and_key() -> None:
    found = statement(
        Condition={"StringEquals": {"a": "x", "b": ["y", "z"]}, "Bool": {"c": True}, "NumericEquals": {"d": 3}}
    )
    assert isinstance(found.conditions, tuple)
    assert [(one.operator, one.key, one.values) for one in found.conditions] == [
        ("StringEquals", "a", ("x",)),
        ("StringEquals", "b", ("y", "z")),
        ("Bool", "c", ("true",)),
        ("NumericEquals", "d", ("3",)),
    ]


@pytest.mark.parametrize("value", [None, "x", 3, [], HOLE, ROLE])
def test_a_condition_that_is_not_an_object_is_unresolved(value: object) -> None:
    assert isinstance(statement(Condition=value).conditions, Unresolved)


@pytest.mark.parametrize("value", [None, "x", 3, [], HOLE])
def test_an_operator_without_an_object_is_one_open_condition(value: object) -> None:
    conditions = statement(Condition={"Bool": {"a": "true"}, "StringEquals": value}).conditions
    assert isinstance(conditions, tuple)
    assert conditions[0].values == ("true",)
    assert isinstance(conditions[1].values, Unresolved)


def heredoc(resource: str) -> Statement:
    text = '{"Statement": [{"Effect": "Allow", "Action": "iam:PassRole", "Sid": "Pass", "Resource": ' + resource + "}]}"
    (found,) = document(text).statements
    assert isinstance(found, Statement)
    assert (found.sid, found.actions) == ("Pass", ("iam:PassRole",))
    return found


def test_interpolations_left_in_json_text_become_unknown_parts() -> None:
    (resource,) = heredoc('"arn:aws:iam::${var.account}:role/${var.name}"').resources  # type: ignore[misc]
    assert isinstance(resource, Text)
    assert [part for part in resource.parts if isinstance(part, str)] == ["arn:aws:iam::", ":role/"]


@pytest.mark.parametrize(
    "interpolation",
    ["${jsonencode(var.x)}", '${lookup(var.x, "key")}', '${jsonencode({a = "b"})}', '"${lookup(var.x, "a-${var.y}")}"'],
)
def test_interpolations_with_quotes_or_outside_of_strings_are_understood(interpolation: str) -> None:
    resources = heredoc(interpolation).resources
    assert isinstance(resources, Unresolved) or isinstance(resources[0], Unresolved)


@pytest.mark.parametrize(
    "variable",
    ["${aws:username}", "${aws:PrincipalTag/team name}", "${s3:prefix}", "${aws:username, 'x'}", "${*}", "${$}"],
)
def test_policy_variables_of_iam_stay_text(variable: str) -> None:
    assert heredoc(f'"arn:x/{variable}"').resources == (f"arn:x/{variable}",)
    assert statement(Resource=f"arn:x/{variable}").resources == (f"arn:x/{variable}",)


def test_interpolations_left_in_a_leaf_become_unknown_parts() -> None:
    (resource,) = statement(Resource="arn:${AWS::Partition}:x").resources  # type: ignore[misc]
    assert isinstance(resource, Text)


def test_an_interpolation_that_never_closes_is_unknown_to_the_end() -> None:
    (resource,) = statement(Resource="a${" * 50_000).resources  # type: ignore[misc]
    assert isinstance(resource, Text)
    assert resource.parts[0] == "a"


def test_text_with_references_keeps_them_in_their_strings() -> None:
    text = Text(('{"Statement": {"Effect": "Allow", "Action": "a:b", "Resource": ["', ROLE, '", "', ROLE, '/*"]}}'))
    (found,) = document(text).statements
    assert isinstance(found, Statement)
    assert found.resources == (ROLE, Text((ROLE, "/*")))


def test_unknown_keys_and_private_use_characters_do_no_harm() -> None:
    (found,) = document(Text(('{"Statement": [{"', HOLE, '": 1}]}'))).statements
    assert isinstance(found, Unresolved)
    assert isinstance(parse_document('{"Statement": "\ue0000\ue001"}'), Unresolved)


@pytest.mark.thorough
def test_no_tree_makes_the_parser_or_the_evaluation_raise() -> None:
    chance = random.Random(3)  # noqa: S311  # cases, not secrets
    names = [
        "Statement",
        "Effect",
        "Action",
        "NotAction",
        "Resource",
        "Principal",
        "Condition",
        "Sid",
        "AWS",
        "Bool",
        "Version",
    ]

    def tree(depth: int) -> Any:  # noqa: ANN401  # any JSON there is
        kind = chance.randint(0, 8 if depth else 5)
        leaves: list[Any] = [None, HOLE, ROLE, "*", 3.5, "${x", "Allow"]
        if kind < 6:
            return chance.choice(leaves)
        if kind == 6:
            return [tree(depth - 1) for _ in range(3)]
        return {chance.choice(names): tree(depth - 1) for _ in range(4)}

    for _ in range(3000):
        grown = {
            "Statement": [{"Effect": tree(0), "Action": tree(2), "Principal": tree(3), "Condition": tree(3)}, tree(4)]
        }
        assert isinstance(parse_document(grown), PolicyDocument)
        parse_document(tree(5))
        for document in (parse_document(grown), parse_document(json.dumps(grown, default=str))):
            if isinstance(document, Unresolved):
                continue
            denies_everyone(document, "backup:StartRestoreJob")
            lets_service_assume(document, "backup.amazonaws.com")
            for entry in document.statements:
                assert isinstance(entry, Unresolved) or covers_action(entry, "iam:PassRole") is not None
