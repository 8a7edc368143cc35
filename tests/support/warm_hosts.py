"""Runs Checkov and cfn-lint in forks of one process that has imported them: starting Checkov takes seconds.

A fork has loaded nothing of ours, and leaves nothing behind for the next. Run as a script, it reads one request a line
from standard input, a JSON object, and answers each with the exit code in a line of its own. It ends with its input.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import traceback
import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any


class WarmHosts:
    """The process that forks."""

    def __init__(self) -> None:
        reading, writing = os.pipe()
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("RESTORE_", "CHECKOV"))}
        self._process = subprocess.Popen(
            [sys.executable, __file__, str(writing)],
            env={**environment, "BC_SKIP_MAPPING": "TRUE"},
            stdin=subprocess.PIPE,
            pass_fds=[writing],
            text=True,
        )
        os.close(writing)
        self._answers = os.fdopen(reading)

    def run(self, command: Sequence[str], folder: Path, environment: Mapping[str, str], files: Sequence[Path]) -> int:
        """Run a host in *folder*, with the paths of its standard input, output and error; return its exit code."""
        request = {
            "command": [str(word) for word in command],
            "folder": str(folder),
            "environment": dict(environment),
            "files": [str(file) for file in files],
        }
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return int(self._answers.readline())


@cache
def warm_hosts() -> WarmHosts:
    """Return the one of this process, which ends with it."""
    return WarmHosts()


def main() -> None:
    """Serve requests until there are no more."""
    import cfnlint.api  # noqa: PLC0415  # not where this module is only imported
    from cfnlint.runner import main as lint  # noqa: PLC0415  # as above
    from checkov.main import Checkov  # noqa: PLC0415  # as above

    cfnlint.api.lint_all("Resources: {A: {Type: AWS::EFS::FileSystem}}")  # loads the rules and schemas
    hosts: dict[str, Callable[[], Any]] = {"checkov": lambda: Checkov(sys.argv[1:]).run(), "cfn-lint": lint}
    with os.fdopen(int(sys.argv[1]), "w") as answers:
        for line in sys.stdin:
            request = json.loads(line)
            child = os.fork()
            if not child:
                _become(hosts[Path(request["command"][0]).name], **request)
            answers.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
            answers.flush()


def _become(
    host: Callable[[], Any],
    command: Sequence[str],
    folder: str,
    environment: Mapping[str, str],
    files: Sequence[str],
) -> None:
    """Run *host* and end this process as it would."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv[:] = command
    for number, file in enumerate(files):
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC if number else os.O_RDONLY
        os.dup2(os.open(file, flags, 0o600), number)
    sys.stdin = os.fdopen(0)
    code = 1
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", category=SyntaxWarning)
            code = _number(host())
    except SystemExit as left:
        code = _number(left.code)
    except BaseException:  # noqa: BLE001  # what ends an interpreter
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _number(code: object) -> int:
    """Return the exit code that an interpreter gives for *code*, after saying it if it is a text."""
    if code is None or isinstance(code, int):
        return int(code or 0)
    sys.stderr.write(f"{code}\n")
    return 1


if __name__ == "__main__":
    main()
