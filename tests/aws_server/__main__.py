"""``python -m tests.aws_server --port N``: serve AWS on 127.0.0.1."""

import argparse
import os
import threading
import time

from tests.aws_server._serve import free_port, serve


def end_with(parent: int) -> None:
    """End this process when *parent*, which started it, is gone, however it went."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description="An AWS of our own on 127.0.0.1, for tests and benchmarks.")
    parser.add_argument("--port", type=int, default=0, help="the port; a free one if left out")
    parser.add_argument("--with-parent", action="store_true", help="end when the process that started it ends")
    given = parser.parse_args()
    if given.with_parent:
        threading.Thread(target=end_with, args=[os.getppid()], daemon=True).start()
    port = given.port or free_port()
    print(f"http://127.0.0.1:{port}", flush=True)  # noqa: T201  # who starts it needs to know
    serve(port)


if __name__ == "__main__":
    main()
