"""Writes the cases of ``data/`` with the simulator's answers: ``python -m tests.iam.differential.make_cases``.

``others.json`` gets the cases that we answer otherwise, each with its reason from `_reasons`: where both decide, tried
on the case without what the reason blames.
"""

from __future__ import annotations

import gzip
import json
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

from tests.iam.differential import _pools as pools
from tests.iam.differential._grids import FULL, grids
from tests.iam.differential._iam_cases import CASES, OTHERS, Case, answer, cases, simulation
from tests.iam.differential._reasons import mended, suspects, why_open

HERE: Final = Path(__file__).parent
INSTALLED: Final = HERE / "node_modules"
COUNT: Final = 2000

Item = TypeVar("Item")
Elements = dict[str, Any]


class Maker:
    """Makes cases, the same each time."""

    def __init__(self) -> None:
        """Begin anew."""
        self._random = random.Random(11)  # noqa: S311  # chooses cases
        self._action = ""
        self._on = ""
        self._sent: dict[str, object] = {}

    def cases(self) -> list[Case]:
        """Return all cases."""
        return [*grids(), *(self._case() for _ in range(COUNT))]

    def _pick(self, pool: Sequence[Item]) -> Item:
        return pool[self._random.randrange(len(pool))]

    def _sometimes(self, share: float) -> bool:
        return self._random.random() < share

    def _case(self) -> Case:
        who = self._pick(pools.WHO)
        self._action, arn = self._pick(pools.REQUESTS)
        self._on = arn.format(pools.OTHER if self._sometimes(0.12) else pools.OWN)
        service = self._action.partition(":")[0]
        self._sent = self._keys_sent()
        case: Case = {"who": who, "action": self._action, "on": self._on, "sent": self._sent}
        person = who != pools.SERVICE
        case["identity"] = [self._policy() for _ in range(self._pick((0, 1, 1, 1, 2)))] if person else []
        if person and self._sometimes(0.22):
            case["boundary"] = self._policy()
        if person and self._sometimes(0.25):
            case["scp"] = [self._controls() for _ in range(self._pick((1, 1, 2)))]
        if service != "iam" and (service in ("kms", "sts") or not person or self._sometimes(0.45)):
            case["resource"] = [self._with_principal(statement) for statement in self._policy()]
        if service in ("kms", "sts") and self._sometimes(0.2):
            case["rcp"] = [self._resource_controls()]
        if person and self._sometimes(0.06):
            case["old"] = True
        return _with_asked_keys_only(case)

    def _keys(self) -> dict[str, pools.Key]:
        return {**pools.KEYS, **pools.SERVICE_KEYS.get(self._action, {})}

    def _keys_sent(self) -> dict[str, object]:
        found = {key: self._pick(given) for key, (_, given, _) in self._keys().items() if given}
        return {key: value for key, value in found.items() if value is not None}

    def _policy(self) -> list[Elements]:
        """Return one or two statements; half the policies allow everything but for what a Deny may take away."""
        if self._sometimes(0.5):
            return [dict(FULL), *([{**self._statement(), "Effect": "Deny"}] if self._sometimes(0.6) else [])]
        return [self._statement() for _ in range(self._pick((1, 1, 2)))]

    def _controls(self) -> list[Elements]:
        """Return a level's service control policy: all allowed but for a Deny, or a list of what is allowed."""
        if self._sometimes(0.3):
            return [{"Effect": "Allow", "Action": self._actions(), "Resource": "*"}]
        return [FULL, {**self._statement(), "Effect": "Deny"}]

    def _resource_controls(self) -> list[Elements]:
        made: Elements = {"Effect": "Deny", "Principal": "*", "Action": f"{self._action.partition(':')[0]}:*"}
        made["NotResource" if self._sometimes(0.1) else "Resource"] = self._resources()
        return [{**made, "Condition": self._conditions()}]

    def _statement(self) -> Elements:
        made: Elements = {"Effect": "Deny" if self._sometimes(0.18) else "Allow"}
        if self._sometimes(0.5):
            made |= {"Action": self._pick(("*", self._action)), "Resource": self._pick(("*", self._on))}
        else:
            made["NotAction" if self._sometimes(0.15) else "Action"] = self._actions()
            made["NotResource" if self._sometimes(0.15) else "Resource"] = self._resources()
        if self._sometimes(0.75):
            made["Condition"] = self._conditions()
        return made

    def _with_principal(self, statement: Elements) -> Elements:
        name = "NotPrincipal" if statement["Effect"] == "Deny" and self._sometimes(0.3) else "Principal"
        value: object = "*" if self._sometimes(0.2) else self._pick(pools.PRINCIPALS)
        return {"Effect": statement["Effect"], name: value, **statement}

    def _actions(self) -> object:
        service = self._action.partition(":")[0]
        pool = (self._action, *pools.ACTIONS[service], *pools.ACTIONS[service], *pools.OTHER_ACTIONS)
        return self._one_or_some(pool)

    def _resources(self) -> object:
        return self._one_or_some((*["*"] * 8, *[self._on] * 6, self._on[:-4] + self._on[-4:].upper(), *pools.RESOURCES))

    def _one_or_some(self, pool: Sequence[str]) -> object:
        return self._pick(pool) if self._sometimes(0.6) else sorted({self._pick(pool), self._pick(pool)})

    def _conditions(self) -> dict[str, dict[str, object]]:
        made: dict[str, dict[str, object]] = {}
        for _ in range(self._pick((1, 1, 2))):
            key = self._pick(tuple(self._keys()))
            operators, given, wanted = self._keys()[key]
            if self._sometimes(0.07):
                made["Null"] = {key: self._pick(("true", "false"))}
                continue
            operator = self._quantified(self._pick(operators), several=any(isinstance(each, list) for each in given))
            sent = self._sent.get(key, [])
            values = sent if isinstance(sent, list) else [sent]
            spelled = key if self._sometimes(0.85) else self._pick((key.lower(), key.upper()))
            made[operator] = {spelled: self._one_or_some((*values * 2, *wanted))}
        return made

    def _quantified(self, operator: str, *, several: bool) -> str:
        quantifier = self._pick(("ForAnyValue:", "ForAllValues:")) if self._sometimes(0.9 if several else 0.06) else ""
        return quantifier + operator + ("IfExists" if self._sometimes(0.2) else "")


def _with_asked_keys_only(case: Case) -> Case:
    """Leave out of what is sent the condition keys that no policy mentions."""
    policies = json.dumps({**case, "sent": None}).lower()
    return {**case, "sent": {key: value for key, value in case["sent"].items() if key.lower() in policies}}


def ask(made: Sequence[Case]) -> list[str]:
    """Return the simulator's answers.

    Raises:
        RuntimeError: if it can't judge a case: the case is at fault.
    """
    node = shutil.which("node")
    if node is None or not INSTALLED.is_dir():
        message = "there is no node on the PATH, or `make simulator` has not been run"
        raise RuntimeError(message)
    lines = "".join(json.dumps(simulation(case)) + "\n" for case in made)
    done = subprocess.run(
        [node, "simulate.mjs"], cwd=HERE, input=lines, capture_output=True, text=True, check=True, timeout=300
    )
    answers = done.stdout.splitlines()
    refused = [pair for pair in zip(made, answers, strict=True) if pair[1].startswith("error")]
    if refused:
        raise RuntimeError(refused[0])
    return answers


def main() -> None:
    """Write the cases, one a line."""
    made = Maker().cases()
    answers = ask(made)
    lines = [json.dumps([*pair], separators=(",", ":")) + "\n" for pair in zip(made, answers, strict=True)]
    CASES.write_bytes(gzip.compress("".join(lines).encode(), mtime=0))
    cases.cache_clear()
    write_others()
    sys.stdout.write(f"{len(made)} cases: {dict(Counter(answers))}\n")


def write_others() -> None:
    """Write which cases we answer otherwise than the simulator, and why."""
    others: dict[str, list[str]] = {}
    for name, text in sorted(_decided().items(), key=lambda found: int(found[0])):
        others.setdefault(text, []).append(name)
    OTHERS.write_text(json.dumps(others, indent=1) + "\n", encoding="utf-8")


def _decided() -> dict[str, str]:
    """Return the reason by the name of each case that is answered otherwise.

    Where both decide, that is the one without whose cause both decide alike.

    Raises:
        RuntimeError: if no reason on the list explains a case.
    """
    found: dict[str, str] = {}
    tried: list[tuple[str, str, Case]] = []
    differing = {name: (case, ours) for name, case, theirs in cases() if (ours := answer(case, theirs)) != theirs}
    for name, (case, ours) in differing.items():
        if ours.startswith("unknown"):
            found[name] = why_open(ours)
        else:
            tried += [(name, text, mended(case, text)) for text in suspects(case)]
    for (name, text, case), theirs in zip(tried, ask([case for _, _, case in tried]), strict=True):
        if answer(case, theirs) == theirs:
            found.setdefault(name, text)
    unexplained = [differing[name] for name in differing.keys() - found.keys()]
    if unexplained:
        raise RuntimeError(unexplained)
    return found


if __name__ == "__main__":
    main()
