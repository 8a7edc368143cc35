"""Writes the cases of ``data/`` with the answers of Terraform: ``python tests/terraform/make_cases.py``.

``others.json`` gets the cases that our own evaluator answers otherwise, each with its reason from `_reasons`.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.terraform import _pools as pools
from tests.terraform._reasons import reason
from tests.terraform._terraform_cases import answer, cases, verdict

DATA = Path(__file__).parent / "data"
_ERROR = re.compile(r"Error: [^\n]*\n\n  on main\.tf line (\d+)")
_ROUNDS = 40
_CHUNK = 400
REFUSED = "refused"

Case = tuple[str, str]
"""What it is about, and the expression; for a typed variable the type, ``type <- default``."""


class Maker:
    """Makes cases, the same each time."""

    def __init__(self) -> None:
        """Begin anew."""
        self._random = random.Random(7)  # noqa: S311  # chooses cases
        self._seen: dict[str, str] = {}

    def cases(self) -> list[Case]:
        """Return all cases."""
        for case in (
            *self._said(),
            *self._calls(),
            *self._operations(),
            *self._loops(),
            *self._texts(),
            *self._typed(),
        ):
            self._seen.setdefault(case[1], case[0])
        return [(about, code) for code, about in self._seen.items()]

    def _pick(self, pool: tuple[str, ...]) -> str:
        return self._random.choice(pool)

    def _said(self) -> Iterator[Case]:
        yield from (("said", code) for code in pools.SAID)
        for pattern, args in pools.FORMATS:
            yield "format", f'format("{pattern}", {args})'

    def _calls(self) -> Iterator[Case]:
        for name, kinds in pools.FUNCTIONS.items():
            for value in pools.ARGUMENTS[kinds[0]] if len(kinds) == 1 else ():
                yield name, f"{name}({value})"
            for _ in range(46 if len(kinds) > 1 else 6):
                args = [self._argument(kind) for kind in kinds]
                if name in pools.MANY:
                    args = args[: self._random.randint(1, len(args))] + [self._argument(kinds[-1])] * (
                        self._random.random() < 0.3
                    )
                yield name, f"{name}({', '.join(args)})"

    def _argument(self, kind: str) -> str:
        return self._pick(pools.ANY if self._random.random() < 0.06 else pools.ARGUMENTS[kind])

    def _operations(self) -> Iterator[Case]:
        for depth, count in ((1, 260), (2, 260), (3, 200)):
            for _ in range(count):
                yield f"operators {depth}", self._operation(depth)
        for left in pools.NUMBERS:
            for right in self._random.sample(pools.NUMBERS, 5):
                yield "arithmetic", f"{left} {self._pick(pools.OPERATORS[:5])} {right}"
        for _ in range(200):
            yield "equality", f"{self._pick(pools.ANY)} == {self._pick(pools.ANY)}"
        for _ in range(240):
            yield "condition", f"{self._pick(pools.BOOLS)} ? {self._pick(pools.ANY)} : {self._pick(pools.ANY)}"
        for _ in range(200):
            whole = self._pick(pools.MIXED_LISTS + pools.MAPS + pools.LISTS + ("null", '"s"'))
            yield "steps", whole + self._pick(pools.STEPS)

    def _operation(self, depth: int) -> str:
        if depth == 0:
            plain = pools.NUMBERS + pools.BOOLS + pools.STRINGS[:9] + ("null",)
            return self._pick(plain if self._random.random() < 0.9 else pools.ANY)
        choice = self._random.random()
        first, second = self._operation(depth - 1), self._operation(depth - 1)
        if choice < 0.55:
            return f"{first} {self._pick(pools.OPERATORS)} {second}"
        if choice < 0.65:
            return f"({first})"
        if choice < 0.75:
            return self._pick(("!", "-")) + self._pick((f"({first})", self._pick(pools.NUMBERS + pools.BOOLS)))
        if choice < 0.9:
            test = self._pick((*pools.BOOLS, f"{self._pick(pools.NUMBERS)} < {self._pick(pools.NUMBERS)}"))
            return f"{test} ? {first} : {second}"
        return f"[{first}, {second}][{self._pick(('0', '1'))}]"

    def _loops(self) -> Iterator[Case]:
        collections = pools.LISTS + pools.MAPS
        for _ in range(150):
            over, body, test = self._pick(collections), self._pick(pools.BODIES), self._pick(pools.TESTS)
            yield "for", f"[for x in {over} : {body}{test}]"
        for _ in range(110):
            over, body = self._pick(collections), self._pick((*pools.BODIES, "k", '"${k}=${x}"'))
            yield "for", f"[for k, x in {over} : {body}]"
        for _ in range(200):
            over, key, body = self._pick(collections), self._pick(pools.KEYS), self._pick(pools.BODIES)
            yield (
                "for object",
                f"{{for k, x in {over} : {key} => {body}{self._pick(('', '', '...'))}{self._pick(pools.TESTS)}}}",
            )

    def _texts(self) -> Iterator[Case]:
        for _ in range(260):
            yield "template", self._pick(pools.TEMPLATES) % self._pick(pools.ANY)
        for _ in range(170):
            yield "heredoc", self._pick(pools.HEREDOCS) % self._pick(pools.ANY)

    def _typed(self) -> Iterator[Case]:
        for type_ in pools.TYPES:
            for _ in range(18):
                yield "type", f"{type_} <- {self._pick(pools.CONSTANTS)}"


def block(number: int, case: Case) -> str:
    """Return what has Terraform evaluate a case, as the output ``c<number>``."""
    about, code = case
    if about != "type":
        return f'output "c{number}" {{\n sensitive = true\n value = try(jsonencode([{code}]), "{REFUSED}")\n}}'
    type_, _, default = code.partition(" <- ")
    variable = f'variable "v{number}" {{\n type = {type_}\n default = {default}\n}}\n'
    return variable + f'output "c{number}" {{\n value = jsonencode([var.v{number}])\n}}'


def ask(cases: list[Case]) -> list[str]:
    """Return Terraform's answers: the JSON text of a list with the value, or that it refuses."""
    return [answer for at in range(0, len(cases), _CHUNK) for answer in _ask(cases[at : at + _CHUNK])]


def _ask(cases: list[Case]) -> list[str]:
    blocks = {number: block(number, case) for number, case in enumerate(cases)}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(_ROUNDS):
            refused = _plan(Path(folder), blocks)
            if not refused:
                break
            for number in refused:
                blocks.pop(number, None)
        shown = _terraform(Path(folder), "show", "-json", "plan").stdout
    outputs = json.loads(shown)["planned_values"]["outputs"]
    return [outputs.get(f"c{number}", {}).get("value", REFUSED) for number in range(len(cases))]


def _plan(folder: Path, blocks: dict[int, str]) -> set[int]:
    """Return which cases keep Terraform from planning."""
    lines: list[str] = []
    owner: list[int] = []
    for number, code in blocks.items():
        lines += code.split("\n")
        owner += [number] * (code.count("\n") + 1)
    (folder / "main.tf").write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = _terraform(folder, "plan", "-input=false", "-no-color", "-out=plan")
    refused = {owner[int(found[1]) - 1] for found in _ERROR.finditer(done.stderr)}
    if done.returncode and not refused:
        raise RuntimeError(done.stderr[:2000])
    return refused


def _terraform(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    terraform = shutil.which("terraform")
    if terraform is None:
        message = "there is no terraform on the PATH"
        raise RuntimeError(message)
    env = {**os.environ, "TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1"}
    return subprocess.run(
        [terraform, *args], cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=100
    )


def main() -> None:
    """Write the cases, a file for each half, one case a line."""
    made = Maker().cases()
    answers = ask(made)
    lines = [json.dumps([*case, answer], ensure_ascii=False) for case, answer in zip(made, answers, strict=True)]
    for old in DATA.glob("cases-*.jsonl"):
        old.unlink()
    for number in range(0, len(lines), 2000):
        name = f"cases-{number // 2000 + 1}.jsonl"
        (DATA / name).write_text("\n".join(lines[number : number + 2000]) + "\n", encoding="utf-8")
    write_others()
    sys.stdout.write(f"{len(made)} cases, {answers.count(REFUSED)} refused\n")


def write_others() -> None:
    """Write which cases our evaluator answers otherwise, and why."""
    others: dict[str, list[str]] = {}
    for about, code, theirs in cases():
        found = verdict(theirs, answer(about, code))
        if found != "identical":
            others.setdefault(reason(about, code, found), []).append(code)
    (DATA / "others.json").write_text(json.dumps(others, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
