from __future__ import annotations

import json

from tests.support.terraform_blocks import block

from restore_ready import Known, PolicyDocument, Ref, Statement, Text, Unresolved
from restore_ready.readers.terraform._block import Block
from restore_ready.readers.terraform._documents import Documents

DOC = "data.aws_iam_policy_document"


def statement(sid: str = "", action: str = "backup:List*", **more: object) -> dict[str, object]:
    return {"sid": sid, "actions": [action], "resources": ["*"], **more}


def document(*statements: object, name: str = "this", **values: object) -> Block:
    return block(f"{DOC}.{name}", statement=list(statements), **values)


def read(*blocks: Block, name: str = "this") -> Known[PolicyDocument]:
    return Documents(blocks).read(Ref(f"{DOC}.{name}", "json"))


def actions(found: Known[PolicyDocument]) -> list[object]:
    assert isinstance(found, PolicyDocument)
    return [one.actions[0] if isinstance(one, Statement) else one for one in found.statements]


def test_a_document_is_built_from_its_statements() -> None:
    found = read(
        document(
            statement(
                "Deny",
                "backup:StartRestoreJob",
                effect="Deny",
                principals=[{"type": "AWS", "identifiers": ["*"]}],
                condition=[{"test": "StringLike", "variable": "aws:username", "values": ["&{aws:username}"]}],
            )
        )
    )
    (one,) = found.statements
    assert (one.sid, one.effect, one.actions) == ("Deny", "Deny", ("backup:StartRestoreJob",))
    assert [(entry.kind, entry.value) for entry in one.principals] == [("AWS", "*")]
    assert (one.conditions[0].key, one.conditions[0].values) == ("aws:username", ("${aws:username}",))


def test_the_effect_is_allow_where_it_is_left_out() -> None:
    assert read(document(statement())).statements[0].effect == "Allow"


def test_an_unknown_effect_is_not_allow() -> None:
    assert isinstance(read(document(statement(effect=Unresolved("var.e")))).statements[0].effect, Unresolved)


def test_lists_that_a_plan_gives_empty_are_not_given() -> None:
    (one,) = read(document(statement(not_actions=[], not_resources=[], not_principals=[], sid=""))).statements
    assert (one.not_actions, one.not_resources, one.principals) == (False, False, None)


def test_not_actions_not_resources_and_not_principals_are_read() -> None:
    (one,) = read(
        document(
            {
                "not_actions": ["iam:*"],
                "not_resources": ["arn:x"],
                "not_principals": [{"type": "AWS", "identifiers": ["arn:aws:iam::1:root"]}],
            }
        )
    ).statements
    assert (one.not_actions, one.not_resources, one.not_principals) == (True, True, True)


def test_principals_of_one_type_are_gathered_and_a_star_is_everyone() -> None:
    two = [{"type": "AWS", "identifiers": ["a"]}, {"type": "AWS", "identifiers": ["b"]}]
    (one,) = read(document(statement(principals=two))).statements
    assert [entry.value for entry in one.principals] == ["a", "b"]
    (one,) = read(document(statement(principals=[{"type": "*", "identifiers": ["*"]}]))).statements
    assert [(entry.kind, entry.value) for entry in one.principals] == [("*", "*")]


def test_values_of_a_condition_written_twice_are_gathered() -> None:
    tests = [{"test": "StringEquals", "variable": "aws:a", "values": [value]} for value in "xy"]
    (one,) = read(document(statement(condition=tests))).statements
    assert one.conditions[0].values == ("x", "y")


def test_parts_that_cant_be_read_are_open_and_the_rest_is_not() -> None:
    why = Unresolved("var.x has no value")
    (one,) = read(
        document(statement(resources=[Text(("arn:", why))], principals=[{"type": why}], condition=why))
    ).statements
    assert one.actions == ("backup:List*",)
    assert one.resources == (Text(("arn:", why)),)
    assert isinstance(one.principals, Unresolved)
    assert isinstance(one.conditions, Unresolved)


def test_a_document_whose_statements_cant_be_read_is_unresolved() -> None:
    assert isinstance(read(block(f"{DOC}.this", statement=Unresolved("var.s has no value"))), Unresolved)


def test_sources_come_first_and_own_statements_replace_theirs_by_sid() -> None:
    base = document(statement("A", "s3:a"), statement("", "s3:none"), name="base")
    own = document(
        statement("A", "s3:own"), statement("B", "s3:b"), source_policy_documents=[Ref(f"{DOC}.base", "json")]
    )
    found = read(base, own)
    assert actions(found) == ["s3:own", "s3:none", "s3:b"]
    assert [one.index for one in found.statements] == [0, 1, 2]


def test_overrides_come_last_and_replace_by_sid() -> None:
    override = json.dumps({"Statement": [{"Sid": "A", "Effect": "Deny", "Action": "s3:over", "Resource": "*"}]})
    found = read(document(statement("A", "s3:a"), statement("", "s3:b"), override_policy_documents=[override]))
    assert actions(found) == ["s3:over", "s3:b"]


def test_statements_without_a_sid_are_added() -> None:
    base = document(statement("", "s3:a"), name="base")
    assert actions(read(base, document(statement("", "s3:b"), source_policy_documents=[Ref(f"{DOC}.base")]))) == [
        "s3:a",
        "s3:b",
    ]


def test_the_old_source_json_and_override_json_are_merged_too() -> None:
    source = json.dumps({"Statement": [{"Sid": "A", "Effect": "Allow", "Action": "s3:a", "Resource": "*"}]})
    override = json.dumps({"Statement": [{"Sid": "B", "Effect": "Allow", "Action": "s3:over", "Resource": "*"}]})
    found = read(document(statement("B", "s3:b"), source_json=source, override_json=override))
    assert actions(found) == ["s3:a", "s3:over"]


def test_a_source_that_cant_be_read_leaves_its_statements_open() -> None:
    found = read(document(statement("A", "s3:a"), source_policy_documents=[Unresolved("var.p has no value")]))
    assert isinstance(found.statements[0], Unresolved)
    assert actions(found)[1] == "s3:a"


def test_an_override_that_cant_be_read_leaves_every_statement_with_a_sid_open() -> None:
    found = read(
        document(statement("A", "s3:a"), statement("", "s3:b"), override_policy_documents=[Unresolved("var.p")])
    )
    assert [isinstance(one, Unresolved) for one in found.statements] == [True, False, True]


def test_documents_that_refer_to_each_other_end() -> None:
    one = document(statement("A"), name="one", source_policy_documents=[Ref(f"{DOC}.two")])
    two = document(statement("B"), name="two", source_policy_documents=[Ref(f"{DOC}.one")])
    assert any(isinstance(entry, Unresolved) for entry in read(one, two, name="one").statements)


def test_a_long_chain_of_documents_ends() -> None:
    chain = [
        document(statement(f"S{at}"), name=f"d{at}", source_policy_documents=[Ref(f"{DOC}.d{at + 1}")])
        for at in range(3000)
    ]
    assert isinstance(read(*chain, name="d0"), PolicyDocument)


def test_a_policy_attribute_may_be_text_or_a_tree_or_the_policy_of_another_resource() -> None:
    tree = {"Statement": [{"Effect": "Allow", "Action": "s3:a", "Resource": "*"}]}
    documents = Documents([block("aws_iam_policy.p", policy=tree)])
    for value in (tree, json.dumps(tree), Ref("aws_iam_policy.p", "policy")):
        assert actions(documents.read(value)) == ["s3:a"]


def test_what_is_no_policy_is_unresolved() -> None:
    for value in (None, 5, "x", [], Ref("aws_s3_bucket.b"), Unresolved("known after apply")):
        assert isinstance(Documents([]).read(value), Unresolved)
