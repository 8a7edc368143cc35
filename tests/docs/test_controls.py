"""Rules and the controls that they speak to."""

from __future__ import annotations

from restore_ready.catalog._controls import CONTROLS, OPPOSITES, controls_of
from restore_ready.catalog._finder import all_rules


def test_every_rule_speaks_to_a_control_and_every_control_names_rules_there_are() -> None:
    codes = {rule.code for rule in all_rules()}
    assert [code for code in sorted(codes) if not controls_of(code)] == []
    assert {code for control in CONTROLS for code in control.rules} == codes
    assert len({control.name for control in CONTROLS}) == len(CONTROLS)
    assert all(control.framework.source.startswith("https://") for control in CONTROLS)


def test_the_page_of_a_rule_names_the_controls_that_want_the_opposite() -> None:
    docs = {rule.code: rule.doc for rule in all_rules()}
    for opposite in OPPOSITES:
        assert opposite.id in docs[opposite.rule]
        assert opposite.framework.source in docs[opposite.rule]


def test_a_least_privilege_rule_and_a_test_of_restores_are_told_apart() -> None:
    assert [control.id for control in controls_of("RR406")] == ["AC-6", "REL09-BP02"]
    assert {"CP-4", "CP-9(1)", "CP-9(2)", "REL09-BP04"} <= {control.id for control in controls_of("RR501")}
