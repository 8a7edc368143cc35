"""Scaffold a rule: ``python tools/new_rule.py RR205 completion-window-too-short``.

Writes the rule file and one story of each verdict, for a rule about backup plans. docs/adding-a-rule.md goes on from
there.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
STORIES = {"fail": "fail_what_is_wrong", "pass": "pass_what_is_right", "unknown": "unknown_after_apply"}
CODE = re.compile(r"RR[1-9][0-9]{2}")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

EXAMPLE = """resource "aws_backup_plan" "nightly" {{{mark}
  name = "nightly"

  rule {{
    rule_name         = "nightly"
    target_vault_name = "efs"
    schedule          = "cron(0 13 * * ? *)"
    start_window      = {window}
    completion_window = 180
  }}
}}
"""

TEMPLATE = """{parameters}Resources:
  Nightly:{mark}
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: nightly
        BackupPlanRule:
          - RuleName: nightly
            TargetBackupVault: efs
            ScheduleExpression: cron(0 13 * * ? *)
            StartWindowMinutes: {window}
            CompletionWindowMinutes: 180
"""

RULE = '''"""Say in one sentence what is required, positively.

## What it does
Say what is compared with what, and which default counts where something is left out.

## Why is this bad?
Say what happens on the day of the restore.

## Example
```terraform
{bad}```

Use instead:
```terraform
{good}```

## References
- https://docs.aws.amazon.com/aws-backup/latest/devguide/
"""

from restore_ready.catalog._plans import PLAN_CLOUDFORMATION, PLAN_TERRAFORM, judge_each, plans
from restore_ready.model import Estate, Plan, PlanRule, Requirements, Rule, Severity, Unknown, Verdict


def judge(plan: Plan, _estate: Estate, _requirements: Requirements) -> Verdict:
    """Judge every rule of a plan."""
    return judge_each(plan, _judge_rule)


def _judge_rule(_rule: PlanRule) -> Verdict:
    """Prove Pass, then say what is unknown, and only then Fail."""
    return Unknown("{code} is not written yet")


RULE = Rule(
    "{code}",
    "{slug}",
    Severity.WARNING,
    plans,
    judge,
    since="{since}",
    terraform=PLAN_TERRAFORM,
    cloudformation=PLAN_CLOUDFORMATION,
)
'''

UNKNOWN = 'resource "terraform_data" "window" {\n  input = 60\n}\n\n'
PARAMETER = "Parameters:\n  Window:\n    Type: Number\n\n"


def scaffold(root: Path, code: str, slug: str, since: str) -> list[Path]:
    """Write the files of a new rule under *root* and return their paths.

    Raises:
        ValueError: if code or slug are malformed, or the code is taken.
    """
    if CODE.fullmatch(code) is None:
        msg = f"{code} is no code of a rule: RR and three digits, as in RR205"
        raise ValueError(msg)
    if SLUG.fullmatch(slug) is None:
        msg = f"{slug} is no slug: lower-case words with hyphens between them, as in start-window-too-wide"
        raise ValueError(msg)
    catalog = root / "rules" / "restore_ready" / "catalog"
    taken = sorted(catalog.glob(f"{code.lower()}_*.py"))
    if taken:
        msg = f"{code} is taken by {taken[0].name}"
        raise ValueError(msg)
    files = {catalog / f"{code}_{slug}.py".lower().replace("-", "_"): _rule(code, slug, since)}
    for verdict, story in STORIES.items():
        files |= {root / "fixtures" / code / story / name: text for name, text in _story(verdict, code).items()}
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(files)


def _rule(code: str, slug: str, since: str) -> str:
    bad, good = (EXAMPLE.format(mark="", window=window) for window in (480, 60))
    return RULE.format(code=code, slug=slug, since=since, bad=bad, good=good)


def _story(verdict: str, code: str) -> dict[str, str]:
    """Return the files of a story; in that of the unknown, the start window is."""
    mark = f" # {verdict}: {code}"
    expected = {"expect.yaml": f"{verdict}:\n  {code}: [aws_backup_plan.nightly]\n"}
    if verdict == "unknown":
        return {
            "main.tf": UNKNOWN + EXAMPLE.format(mark=mark, window="terraform_data.window.output"),
            "template.yaml": TEMPLATE.format(mark=mark, parameters=PARAMETER, window="!Ref Window"),
            **expected,
        }
    return {
        "main.tf": EXAMPLE.format(mark=mark, window=60),
        "template.yaml": TEMPLATE.format(mark=mark, parameters="", window=60),
        **expected,
    }


def main(arguments: list[str]) -> int:
    """Write the rule that the arguments name; return the exit code."""
    if len(arguments) != 2:  # noqa: PLR2004  # code and slug
        sys.stderr.write(f"{__doc__}")
        return 2
    code, slug = arguments
    try:
        written = scaffold(ROOT, code, slug, coming_version(ROOT / "CHANGELOG.md"))
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.writelines(f"{path.relative_to(ROOT)}\n" for path in written)
    return 0


def coming_version(changelog: Path) -> str:
    """Return the version that the changelog gathers changes for, the one marked as unreleased.

    Raises:
        ValueError: if there is none, or more than one.
    """
    found = re.findall(r"^## (\d+\.\d+\.\d+) \(unreleased\)$", changelog.read_text(encoding="utf-8"), re.MULTILINE)
    if len(found) != 1:
        msg = f"{changelog.name} needs one heading such as '## 1.2.0 (unreleased)'"
        raise ValueError(msg)
    return str(found[0])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
