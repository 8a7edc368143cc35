"""``python -m tests.aws_server --port N``: serve AWS on 127.0.0.1."""

import argparse

from tests.aws_server._serve import free_port, serve

parser = argparse.ArgumentParser(description="An AWS of our own on 127.0.0.1, for tests and benchmarks.")
parser.add_argument("--port", type=int, default=0, help="the port; a free one if left out")
port = parser.parse_args().port or free_port()
print(f"http://127.0.0.1:{port}", flush=True)  # noqa: T201  # who starts it needs to know
serve(port)
