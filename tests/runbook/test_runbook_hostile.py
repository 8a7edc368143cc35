"""Names in a source can't run anything, break out of a block, or format the page."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.support.runbook_estates import HOME, PLACE, deny, estate, runbook_of
from tests.support.runbooks import blocks

from restore_ready import FileSystem, Mount, Mover, MoverKind, Ref
from restore_ready.runbook import as_html
from restore_ready.runbook._markdown import code, prose
from restore_ready.runbook._shell import comment, expression, quote

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
"""


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
    for number, block in enumerate(blocks(text)):
        if "while :" in block:
            continue
        folder = tmp_path / str(number)
        folder.mkdir()
        script = f"WORK_DIR={folder} MOUNT_DIR={folder} RESTORED_DIR={folder} HOME={folder}\n{FAKES}{block}"
        subprocess.run(["bash", "-c", script], capture_output=True, check=False, cwd=folder, timeout=20)  # noqa: S607
        assert not list(folder.rglob("pwned")), block


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
