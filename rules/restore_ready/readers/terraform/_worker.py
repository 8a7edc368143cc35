"""Evaluates Terraform in a process of its own, because tfparse can hang, crash or use up the memory.

Run as a script. Standard input is one JSON object: ``path`` (the caller's ``sys.path``), ``memory`` (bytes), ``types``
(beginnings of the types wanted) and ``runs``, each with ``folder``, ``vars`` and, for a second run that is only needed
where the first leaves something open, ``if_open``. Standard output is one line of JSON for each run made:
``blocks``, ``ids``, ``log`` and ``errors``. Imports nothing but the standard library until the request is read.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from typing import Any

_NO_VARS = "failed to load tfvars from "
_MOST_ERRORS = 1000
_OPEN = (": null", ":null", "[null", ", null", '"__attribute__"')
"""Signs of something open in an answer that a second run may close; ``:null`` is within a policy's text.

Text left with ``${…}`` in it is no such sign, unless it is handed to a module, which takes it for null.
"""


def main() -> None:
    """Serve one request."""
    request = json.load(sys.stdin)
    sys.path[:] = request["path"]
    _limit_memory(request["memory"])
    # Go's libraries and the interpreter's own warnings must not get between the lines of the answer.
    with os.fdopen(os.dup(1), "w", encoding="ascii") as answers:
        os.dup2(2, 1)
        left_open = True
        for run in request["runs"]:
            if run["if_open"] and not left_open:
                continue
            found = _evaluate(run, tuple(request["types"]))
            answer = json.dumps(found)
            calls = any(kind == "module" for kind, _ in found["blocks"])
            left_open = any(sign in answer for sign in _OPEN) or (calls and "${" in answer)
            answers.write(answer + "\n")
            answers.flush()


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
    with _ErrorLog() as log:
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
    return {**_select(raw, types), "log": log, "errors": errors}


class _ErrorLog:
    """Keeps the error lines of what tfparse's Go code writes to standard error meanwhile.

    Only its log at debug level says which file or module it passed over.
    """

    def __init__(self) -> None:
        self.lines: list[str] = []
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

    def __enter__(self) -> list[str]:
        """Give the list of lines, which is complete after the block."""
        self._reader.start()
        return self.lines

    def __exit__(self, *_: object) -> None:
        os.dup2(self._kept, 2)
        os.close(self._kept)
        self._reader.join()


def _select(raw: dict[str, Any], types: tuple[str, ...]) -> dict[str, Any]:
    """Keep the blocks of the types wanted, and of the others only what their ids stand for."""
    blocks: list[Any] = []
    ids: dict[str, str] = {}
    for kind, found in raw.items():
        if kind.startswith(types):
            blocks += ([kind, one] for one in found)
        else:
            ids.update((str(one.get("id")), str(one["__tfmeta"].get("path"))) for one in found)
    return {"blocks": blocks, "ids": ids}


if __name__ == "__main__":
    main()
