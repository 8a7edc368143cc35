"""Names in a source can't run anything, break out of a block, or format the page."""

from __future__ import annotations

import subprocess
from datetime import datetime, timezone
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.support.runbook_estates import HOME, PLACE, deny, estate, runbook_of
from tests.support.runbooks import blocks, scripts

from restore_ready import FileSystem, Mount, Mover, MoverKind, Ref, Unresolved
from restore_ready.model import AwsPlace, History, Loss, Lost
from restore_ready.runbook import as_html
from restore_ready.runbook._markdown import code, prose
from restore_ready.runbook._shell import comment, expression, quote

NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)
HOSTILE = [
    "$(touch pwned)",
    "`touch pwned`",
    "'; touch pwned; '",
    '"; touch pwned; "',
    "x\ntouch pwned\n",
    "x\n```\n\n# Heading\n\n```bash\ntouch pwned\n",
    "${HOME}",
    "\\",
    "a\\'; touch pwned #",
    "x\r\x1b[2Jy\x00",
    "it's",
    "\u202eright to left",
    "this-account$(touch pwned)this-region",
    "POLICY",
    "{{ 7 * 7 }}{% raw %}",
    "<script>alert(1)</script>|*_",
    "日本",
]
FAKES = """\
aws() { printf 'x\\n'; }
jq() { cat > /dev/null; }
mount() { :; }
umount() { :; }
rsync() { :; }
sleep() { :; }
.() { :; }
stop() { :; }
try() { "$@"; }
"""
SHARED = (
    "check_place check_good_at need need_point find_point point lift_deny metadata start_restore wait_for_restore "
    "look_around make_around cover_new point_mover explain say choose_copy copy_point take_copy close_vaults "
    "close_by_known now"
)
"""What the steps share, none of which is to be run here."""
NEVER_STOPS = "".join(f"{name}() {{ :; }}\n" for name in SHARED.split())


@pytest.mark.parametrize("text", [one for one in HOSTILE if "\x00" not in one])
@pytest.mark.parametrize("write", [quote, expression])
def test_a_word_comes_back_as_it_was(text: str, write: object, tmp_path: Path) -> None:
    assert callable(write)
    word = write(text)
    assert "\n" not in word
    script = f"ACCOUNT_ID=this-account AWS_REGION=this-region PARTITION=aws\nprintf %s {word}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, check=True, cwd=tmp_path)  # noqa: S607  # bash
    assert done.stdout.decode() == text
    assert not list(tmp_path.iterdir())


def test_arns_take_the_partition_and_account_from_the_variables() -> None:
    assert expression("arn:aws:iam::this-account:role/r") == '"arn:${PARTITION}:iam::${ACCOUNT_ID}:role/r"'
    assert expression("arn:aws:iam::111122223333:role/r") == "'arn:aws:iam::111122223333:role/r'"
    assert expression("arn:aws:iam::this-account:role/$r") == ("'arn:'\"$PARTITION\"':iam::'\"$ACCOUNT_ID\"':role/$r'")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_runbook_runs_nothing_that_a_name_says(name: str, tmp_path: Path) -> None:
    file_system = FileSystem(HOME.address, PLACE, Ref(HOME.address, "arn"), {"Name": name})
    mover = Mover(
        f"aws_lambda_function.{name}", PLACE, MoverKind.FUNCTION, f"restore-mover{name}", (Mount(Ref(HOME.address)),)
    )
    policy = deny("backup:StartRestoreJob", "backup:DeleteRecoveryPoint", Sid=name)
    text = runbook_of(replace(estate(name, policy), file_systems=(file_system,), movers=(mover,)))
    assert "<script>" not in as_html(text, name)
    plain = runbook_of(replace(estate("efs", policy), movers=(mover,)))
    assert len(blocks(text)) == len(blocks(plain))
    assert headings(text) == headings(plain.replace("`home`", code(name)).replace("`efs`", code(name)))
    run_everything(text, tmp_path)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_lost_file_system_runs_nothing_either(name: str, tmp_path: Path) -> None:
    arn = f"arn:aws:elasticfilesystem:{name}:{name}x:file-system/{name}"
    lost = FileSystem(arn, PLACE, arn, Unresolved("it is gone"), lost=Lost(Loss.FOREIGN, name), known_as=name)
    home = AwsPlace("eu-west-1", "111122223333")
    unread = Unresolved("it was not asked for")
    history = History(Ref(arn, "arn"), unread, unread, unread)
    found = replace(estate(), file_systems=(), lost_file_systems=(lost,), home=home, histories=(history,), now=NOW)
    text = runbook_of(found)
    run_everything(text, tmp_path)


def run_everything(text: str, tmp_path: Path) -> None:
    """Run all that the blocks run, none of which stops, and see that no name was taken for a command."""
    own_stop = "stop() { printf 'STOP: %s\\n' \"$*\"; exit 1; }"
    assert own_stop in text
    for number, script in enumerate(scripts(text)[:-1]):
        folder = tmp_path / str(number)
        folder.mkdir()
        given = f"WORK_DIR={folder} MOUNT_DIR={folder} RESTORED_DIR={folder}\nexport HOME={folder}\n"
        whole = f"{given}{FAKES}{NEVER_STOPS}{script.replace(own_stop, '').replace('set -euo pipefail', '')}\ntouch ran"
        subprocess.run(["bash", "-c", whole], capture_output=True, check=False, cwd=folder, timeout=20)  # noqa: S607
        assert not list(folder.rglob("pwned")), script
        assert (folder / "ran").exists() or "efs-restore/" not in script, script


def headings(text: str) -> list[str]:
    inside = False
    found = []
    for line in text.splitlines():
        if line.startswith("```"):
            inside = not inside
        elif line.startswith("#") and not inside:
            found.append(line)
    return found


@pytest.mark.parametrize("text", HOSTILE)
def test_inline_text_stays_on_its_line_and_in_its_cell(text: str) -> None:
    for written in (code(text), prose(text), comment(text)):
        assert "\n" not in written
        assert "\x1b" not in written
    assert "|" not in code(text).replace("\\|", "")
    assert "<" not in prose(text).replace("\\<", "")
    fence = code("a`b``c")
    assert fence == "```a`b``c```"
