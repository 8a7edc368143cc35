"""Make the table of AWS managed policies out of moto's copy of them.

Run ``python tools/make_managed_policies.py`` where moto and restore-ready are installed. Policies keep the statements
that may concern the actions below, and of those the actions that do; every other policy is listed without statements.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data

from restore_ready.iam import matches
from restore_ready.model import Text, Unresolved

TARGET = Path(__file__).parent.parent / "rules" / "restore_ready" / "iam" / "managed_policies.json"
ANY = Unresolved("any action")
KEYS = ("kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext")
CONCERNS = (
    "iam:PassRole",
    "sts:AssumeRole",
    "tag:GetResources",
    *KEYS,
    Text(("backup:", ANY)),
    Text(("elasticfilesystem:", ANY)),
)


def concerns(action: str) -> bool:
    """Return whether the action pattern can match one of the actions the table is for."""
    return any(matches(action, concern, fold_case=True) is not False for concern in CONCERNS)


def reduced(statement: dict[str, Any]) -> dict[str, Any] | None:
    """Return the part of a statement that concerns us; ``None`` if there is none."""
    if "Action" not in statement:
        return statement
    actions = statement["Action"]
    kept = [action for action in ([actions] if isinstance(actions, str) else actions) if concerns(action)]
    return {**statement, "Action": kept} if kept else None


def statements(policy: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the statements of one of moto's policies that concern us."""
    found = policy["Document"]["Statement"]
    return [kept for statement in ([found] if isinstance(found, dict) else found) if (kept := reduced(statement))]


def main() -> None:
    """Write the table."""
    data = json.loads(aws_managed_policies_data)
    table = {
        "source": f"moto {version('moto')}, moto/iam/aws_managed_policies.py",
        "date": max(policy["UpdateDate"] for policy in data.values())[:10],
        "policies": {policy["Path"][1:] + name: statements(policy) for name, policy in sorted(data.items())},
    }
    head = json.dumps({"source": table["source"], "date": table["date"]}, indent=1)[:-2]
    rows = ",\n".join(f"  {json.dumps(k)}: {json.dumps(v, sort_keys=True)}" for k, v in table["policies"].items())
    TARGET.write_text(f'{head},\n "policies": {{\n{rows}\n }}\n}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
