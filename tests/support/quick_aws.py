"""The real AWS CLI without the time that it takes to start: a process that has it loaded forks for each call.

`python -m tests.support.quick_aws FOLDER` puts a command ``aws`` into FOLDER, which hands its arguments, environment
and files over, and says so on a line when it is ready.
"""

from __future__ import annotations

import contextlib
import functools
import marshal
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

CLIENT = """\
#!{python} -IS
import marshal, os, socket, sys
with socket.socket(socket.AF_UNIX) as server:
    server.connect({address!r})
    given = marshal.dumps((sys.argv[1:], dict(os.environ), os.getcwd()))
    socket.send_fds(server, [len(given).to_bytes(8, "big")], [0, 1, 2])
    server.sendall(given)
    answer = server.recv(1)
sys.exit(answer[0] if answer else 255)
"""
FIRST = (("sts", "get-caller-identity"), ("backup", "list-backup-vaults"), ("efs", "describe-file-systems"))
DEAD_END = {
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_ACCESS_KEY_ID": "x",
    "AWS_SECRET_ACCESS_KEY": "x",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_MAX_ATTEMPTS": "1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


def serve(folder: Path) -> None:
    """Answer calls until killed."""
    from awscli.botocore import loaders  # noqa: PLC0415  # what takes the time
    from awscli.clidriver import create_clidriver  # noqa: PLC0415  # as above

    loaders.create_loader = functools.cache(loaders.create_loader)  # all sessions read the services' models once
    address = str(folder / "socket")
    warm(create_clidriver())
    driver = create_clidriver()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen()
        command = folder / "aws"
        command.write_text(CLIENT.format(python=sys.executable, address=address))
        command.chmod(0o755)
        print("ready", flush=True)  # noqa: T201  # to who started it
        listening.settimeout(1)
        parent = os.getppid()
        while os.getppid() == parent:  # not beyond the tests
            try:
                caller, _ = listening.accept()
            except TimeoutError:
                continue
            if os.fork() == 0:
                os._exit(answer(caller, driver))
            caller.close()


def warm(driver: Any) -> None:  # noqa: ANN401  # the CLI has no types
    """Have all loaded that the first call loads."""
    before = dict(os.environ)
    os.environ.update(DEAD_END)
    with (
        Path(os.devnull).open("w", encoding="utf-8") as nowhere,
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
    ):
        for service, operation in FIRST:
            driver.main([service, operation])
    os.environ.clear()
    os.environ.update(before)


def answer(caller: socket.socket, driver: Any) -> int:  # noqa: ANN401  # as above
    """Carry out one call with the caller's own files, environment and folder; return its exit code, and send it."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    size, files, _, _ = socket.recv_fds(caller, 8, 3)
    given = b""
    while len(given) < int.from_bytes(size, "big"):
        given += caller.recv(65536)
    arguments, environment, folder = marshal.loads(given)  # noqa: S302  # from the script above
    for number, file in enumerate(files):
        os.dup2(file, number)
    models = {"AWS_DATA_PATH": os.environ["AWS_DATA_PATH"]}  # the CLI's own, which it sets as it is loaded
    os.environ.clear()
    os.environ.update({**environment, **models})
    os.chdir(folder)
    try:
        code = int(driver.main(arguments))
    except SystemExit as left:
        code = int(left.code or 0)
    sys.stdout.flush()
    sys.stderr.flush()
    caller.sendall(bytes([code]))
    return code


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
