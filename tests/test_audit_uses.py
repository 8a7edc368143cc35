"""What else a snapshot of live accounts is good for: who can restore, and the runbook."""

import json

from tests._audits import HERE, Audit
from tests.aws_server import seed


def taken(audit: Audit) -> dict[str, str]:
    """Take a snapshot of the healthy account and return the ARNs in it."""
    made = seed.healthy(audit.server)
    audit(*HERE, "--snapshot", "facts.jsonl", account=seed.HEALTHY)
    audit.server.forget_calls()
    return made


def test_who_can_restore(audit: Audit) -> None:
    made = taken(audit)
    found = audit("--from-snapshot", "facts.jsonl", "-o", "json", command="who-can-restore")
    assert found.code == 0, found.err
    (one,) = json.loads(found.out)["file_systems"]
    assert (one["address"], one["file"]) == (made["home"], f"aws:{seed.HEALTHY}/us-east-1")
    assert [(who["name"], who["can_restore"]) for who in one["principals"]] == [("restore-operator", True)]
    text = audit("--from-snapshot", "facts.jsonl", command="who-can-restore").out
    assert f"aws:{seed.HEALTHY}/us-east-1 {made['home']}: somebody can restore it" in text
    assert not audit.server.calls()


def test_the_runbook_of_a_live_file_system(audit: Audit) -> None:
    made = taken(audit)
    found = audit("home", "--from-snapshot", "facts.jsonl", command="runbook")
    assert found.code == 0, found.err
    assert made["home"] in found.out
    assert "from the account by `restore-ready runbook`" in found.out
    assert "`restore-ready audit` finds nothing wrong" in found.out


def test_of_a_faulty_account_it_says_only_what_is_of_its_region(audit: Audit) -> None:
    seed.faulty(audit.server)
    audit("--snapshot", "facts.jsonl", *HERE, "--region", seed.SECOND_REGION)
    found = audit("tagged", "--from-snapshot", "facts.jsonl", command="runbook")
    assert "RR106" in found.out
    assert "us-east-1" not in found.out


def test_a_snapshot_and_paths_do_not_go_together(audit: Audit) -> None:
    taken(audit)
    for command in (("who-can-restore",), ("runbook", "home")):
        found = audit(*command[1:], ".", "--from-snapshot", "facts.jsonl", command=command[0])
        assert found.code == 2
        assert "take out the paths" in found.err


def test_what_is_no_snapshot_is_told(audit: Audit) -> None:
    (audit.folder / "main.tf").write_text("")
    found = audit("--from-snapshot", "main.tf", command="who-can-restore")
    assert found.code == 2
    assert "can't use the snapshot: main.tf:1" in found.err
