"""Reasons for which something is left open, and what would settle them, found again in sentences."""

from __future__ import annotations

import string

import pytest
from tests.support.accounts import read_story
from tests.support.paths import FIXTURES

from restore_ready import Unknown, all_rules, judge, scan
from restore_ready.model import _why_open
from restore_ready.model._why_open import Cause, WhyOpen, settled_by
from restore_ready.requirements._find import RequirementsFinder

REASONS = {name: found for name, found in vars(_why_open).items() if isinstance(found, WhyOpen)}
NAMES = {"what": "module.x", "here": "this account", "part": "account", "account": "111122223333"}
NAMES_OF = {
    "INHERITED": {"what": "it"},
    "DATA_SOURCE": {"what": "data.aws_kms_key.k.arn"},
    "NO_RULE_GIVEN": {"what": "var.rules, local.more"},
    "NOT_CONFIGURED": {"what": "provider.aws.dr"},
}
LONGEST = 200_000


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("name", REASONS)
def test_a_reason_is_found_in_a_sentence_with_its_names(name: str) -> None:
    why = REASONS[name]
    names = names_in(why.words)
    assert names_in(why.settle) <= names
    given = {key: NAMES_OF.get(name, NAMES).get(key, f"a.{key}") for key in names}
    (found,) = settled_by(f'rule "nightly": the vault is not known ({why.said(**given)}): perhaps')
    assert (found.cause, found.text) == (why.cause, why.settle.format(**given))


def test_several_reasons_are_told_in_their_order_and_each_once() -> None:
    said = "var.b has no value (main.tf:1); var.a has no value (main.tf:2), var.b has no value (main.tf:1)"
    assert [settling.text.split(" a value")[0] for settling in settled_by(said)] == ["Give var.b", "Give var.a"]


@pytest.mark.parametrize("text", ["x", "var.", "data.", "module.", "the module ", "AWS refused x "])
def test_long_texts_are_looked_through_quickly(text: str) -> None:
    assert settled_by(text * (LONGEST // len(text))) == ()


@pytest.mark.parametrize(
    ("story", "cause"),
    [
        ("RR105/unknown_variable/main.tf", Cause.VALUE),
        ("RR105/unknown_variable/template.yaml", Cause.VALUE),
        ("RR102/unknown_handed_to_unread_module/main.tf", Cause.MODULE),
        ("RR102/unknown_handed_to_macro/template.yaml", Cause.OUT_OF_SIGHT),
        ("RR105/unknown_after_apply/plan.json", Cause.DEPLOYMENT),
    ],
)
def test_sources_say_why_in_words_that_are_found_again(story: str, cause: Cause) -> None:
    found = scan([FIXTURES / story])
    said = [judgement.verdict.why for judgement in found.judgements if isinstance(judgement.verdict, Unknown)]
    assert cause in {settling.cause for why in said for settling in settled_by(why)}


@pytest.mark.parametrize(
    ("story", "cause"),
    [
        ("unknown_not_allowed", Cause.REFUSED_CALL),
        ("unknown_other_account", Cause.OTHER_PLACE),
        ("unknown_region_not_read", Cause.NOT_ASKED),
    ],
)
def test_so_do_accounts(story: str, cause: Cause) -> None:
    folder = FIXTURES / "RR611" / story
    reading = read_story((folder / "account.yaml").read_text())
    found = judge(reading, all_rules(), RequirementsFinder().requirements_file(folder))
    said = [judgement.verdict.why for judgement in found if isinstance(judgement.verdict, Unknown)]
    assert cause in {settling.cause for why in said for settling in settled_by(why)}
