"""A run task for HCP Terraform: scans the plan of a run with restore-ready and answers passed or failed.

https://developer.hashicorp.com/terraform/enterprise/api-docs/run-tasks/run-tasks-integration
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import os
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

LARGEST = 1 << 20
TEST_TOKEN = "test-token"  # noqa: S105  # what HCP Terraform sends when the run task is made


class RunTask(BaseHTTPRequestHandler):
    """Takes the requests of HCP Terraform."""

    key: bytes
    host: str
    fail_on: str

    def do_POST(self) -> None:  # named by http.server
        """Answer at once, and scan afterwards."""
        body = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), LARGEST))
        signed = hmac.new(self.key, body, hashlib.sha512).hexdigest()
        if not hmac.compare_digest(signed, self.headers.get("X-TFC-Task-Signature", "")):
            self.send_error(401)
            return
        task = json.loads(body)
        is_ours = all(self._is_ours(task.get(name)) for name in ("plan_json_api_url", "task_result_callback_url"))
        self.send_response(200)
        self.end_headers()
        if task.get("access_token") != TEST_TOKEN and is_ours:
            threading.Thread(target=self._scan, args=(task,)).start()

    def _is_ours(self, url: object) -> bool:
        return isinstance(url, str) and urlsplit(url).hostname == self.host

    def _scan(self, task: dict[str, Any]) -> None:
        try:
            plan = self._ask(task, task["plan_json_api_url"])
            command = ["restore-ready", "scan", "-", "--fail-on", self.fail_on, "--no-color"]
            done = subprocess.run(command, input=plan, capture_output=True, check=False)  # noqa: S603  # our own
            status = "failed" if done.returncode else "passed"
            said = (done.stdout + done.stderr).decode().strip().splitlines()
            message = said[-1] if said else f"exit code {done.returncode}"
        except OSError as error:
            status, message = "failed", f"the plan could not be scanned: {error}"
        result = {"type": "task-results", "attributes": {"status": status, "message": message}}
        self._ask(task, task["task_result_callback_url"], json.dumps({"data": result}).encode())

    def _ask(self, task: dict[str, Any], url: str, answer: bytes | None = None) -> bytes:
        headers = {"Content-Type": "application/vnd.api+json"}
        request = Request(url, answer, headers, method="GET" if answer is None else "PATCH")  # noqa: S310  # our host
        request.add_unredirected_header("Authorization", f"Bearer {task['access_token']}")
        with urlopen(request, timeout=60) as response:  # noqa: S310  # likewise
            return bytes(response.read())


def main() -> None:
    """Listen on this machine; what is in front of it speaks HTTPS."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="app.terraform.io", help="where HCP Terraform, or Terraform Enterprise, is")
    parser.add_argument("--fail-on", default="warning", choices=["error", "warning", "info"])
    chosen = parser.parse_args()
    RunTask.key, RunTask.host, RunTask.fail_on = os.environ["RUN_TASK_KEY"].encode(), chosen.host, chosen.fail_on
    with ThreadingHTTPServer(("127.0.0.1", chosen.port), RunTask) as server:
        print(f"listening on port {server.server_port}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
