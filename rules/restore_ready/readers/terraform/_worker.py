"""Evaluates Terraform in a process of its own, because tfparse can hang, crash or use up the memory.

Run as a script. The first line of standard input is one JSON object: ``path`` (the caller's ``sys.path``), ``memory``
(bytes) and ``types`` (beginnings of the types wanted). Each further line asks for evaluations: a list of objects, each
with ``folder``, ``vars``, ``all_outputs``, and whether to leave it out where the one before left nothing open
(``if_open``) or was cut (``if_whole``). Standard output is one line of JSON for each evaluation made: ``blocks``,
``ids``, ``outputs``, ``log``, ``errors``, and ``cut``, whether not all modules were evaluated to the end; then null.
Imports nothing but the standard library until the first line is read.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterator
from typing import Any

_NO_VARS = "failed to load tfvars from "
_MOST_ERRORS = 1000
_LOOP_STARTS = 'msg="Starting submodules evaluation..."'
_LOOP_ENDS = 'msg="All submodules are evaluated"'
_OPEN = (": null", ":null", "[null", ", null", '"__attribute__"')
"""Signs of something open in an answer that a second run may close; ``:null`` is within a policy's text.

Text left with ``${…}`` in it is no such sign, unless it is handed to a module, which takes it for null.
"""


def main() -> None:
    """Serve requests until there are no more."""
    setting = json.loads(sys.stdin.readline())
    sys.path[:] = setting["path"]
    _limit_memory(setting["memory"])
    types = tuple(setting["types"])
    # Go's libraries and the interpreter's own warnings must not get between the lines of the answer.
    with os.fdopen(os.dup(1), "w", encoding="ascii") as answers:
        os.dup2(2, 1)
        for line in sys.stdin:
            for answer in _answers(json.loads(line), types):
                answers.write(answer + "\n")
                answers.flush()
            answers.write("null\n")
            answers.flush()


def _answers(runs: list[dict[str, Any]], types: tuple[str, ...]) -> Iterator[str]:
    left_open, cut = True, False
    for run in runs:
        if (run["if_open"] and not left_open) or (run["if_whole"] and cut):
            continue
        found = _evaluate(run, types)
        answer = json.dumps(found)
        cut = found["cut"]
        calls = any(kind == "module" for kind, _ in found["blocks"])
        left_open = any(sign in answer for sign in _OPEN) or (calls and "${" in answer)
        yield answer


def _limit_memory(most: int) -> None:
    try:
        import resource  # noqa: PLC0415  # exists on POSIX systems only
    except ImportError:
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    if hard == resource.RLIM_INFINITY or hard > most:
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def _evaluate(run: dict[str, Any], types: tuple[str, ...]) -> dict[str, Any]:
    """Evaluate one folder; a variable file that can't be read is left out and reported."""
    import tfparse  # noqa: PLC0415  # found only with the caller's sys.path

    variables: list[str] = list(run["vars"])
    errors: list[str] = []
    raw: dict[str, Any] = {}
    log = _Log()
    with log:
        for _ in range(len(variables) + 1):
            try:
                raw = tfparse.load_from_path(run["folder"], debug=True, vars_paths=variables)
                break
            except (tfparse.ParseError, ValueError, RecursionError) as error:
                errors.append(str(error).removeprefix("unable to create TerraformConverter: "))
                bad = [one for one in variables if errors[-1].startswith(f"{_NO_VARS}{one}:")]
                if not bad:
                    break
                variables.remove(bad[0])
    found = _select(raw, types, all_outputs=run["all_outputs"])
    return {**found, "log": log.lines, "errors": errors, "cut": log.open_loops > 0}


class _Log:
    """Listens to what tfparse's Go code writes to standard error meanwhile, complete after the block.

    Only its log at debug level says which file or module it passed over.

    Attributes:
        lines: the errors.
        open_loops: how many modules' loops over the modules that they call ended before nothing changed any more.
    """

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.open_loops = 0
        self._kept = os.dup(2)
        self._read, write = os.pipe()
        os.dup2(write, 2)
        os.close(write)
        self._reader = threading.Thread(target=self._collect, daemon=True)

    def _collect(self) -> None:
        with os.fdopen(self._read, encoding="utf-8", errors="replace") as stream:
            for line in stream:
                if "level=ERROR" in line and len(self.lines) < _MOST_ERRORS:
                    self.lines.append(line)
                elif _LOOP_STARTS in line:
                    self.open_loops += 1
                elif _LOOP_ENDS in line:
                    self.open_loops -= 1

    def __enter__(self) -> None:
        self._reader.start()

    def __exit__(self, *_: object) -> None:
        os.dup2(self._kept, 2)
        os.close(self._kept)
        self._reader.join()


def _select(raw: dict[str, Any], types: tuple[str, ...], *, all_outputs: bool) -> dict[str, Any]:
    """Keep the blocks of the types wanted, and of the others only what their ids stand for.

    Outputs named ``id`` come with their values, by module: tfparse takes ``module.a.id`` for the call's own id.
    With *all_outputs* so do the others.
    """
    blocks: list[Any] = []
    ids: dict[str, str] = {}
    outputs: dict[str, dict[str, Any]] = {}
    for kind, found in raw.items():
        if kind.startswith(types):
            blocks += ([kind, one] for one in found)
        else:
            ids.update((str(one.get("id")), str(one["__tfmeta"].get("path"))) for one in found)
    for one in raw.get("output", ()):
        module, _, name = str(one["__tfmeta"].get("path")).rpartition(".output.")
        if module and (all_outputs or name == "id"):
            outputs.setdefault(module, {})[name] = one.get("value")
    return {"blocks": blocks, "ids": ids, "outputs": outputs}


if __name__ == "__main__":
    main()
