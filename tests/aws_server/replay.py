"""Playing back what a server answered, quickly and with a steady delay: what benchmarks of an audit measure against.

Record with ``settings(recording=True)``, make the calls, then `save`. Play back with `replaying`, or with
``python -m tests.aws_server.replay RECORDING``; ``--help`` tells how to slow it down and let it fail.
A recording of one administrator's calls plays back for an administrator of any account, with that account's id.
moto answers some 300 calls a second; this some thousand, whatever was asked.
"""

import argparse
import asyncio
import base64
import json
import re
import subprocess
import sys
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.aws_server._recordings import given_back, request_key
from tests.aws_server.server import ROOT, AwsServer

HOST = "127.0.0.1"
END = b"\r\n\r\n"
CREDENTIAL = re.compile(rb"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/")
LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
TARGET = re.compile(rb"(?i)\r\nx-amz-target: *([^\r]+)")
KEPT_HEADERS = ("content-type", "x-amzn-errortype")
SLOW_DOWN = b'{"__type": "ThrottlingException", "message": "Rate exceeded"}'
SLOW_DOWN_XML = b"<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>"
DENIED = b'{"__type": "AccessDeniedException", "message": "not authorized, on purpose"}'
DENIED_XML = b"<ErrorResponse><Error><Code>AccessDenied</Code><Message>on purpose</Message></Error></ErrorResponse>"
UNKNOWN = b'{"__type": "NotRecorded", "message": "nothing was recorded for this request"}'


def save(server: AwsServer, file: Path) -> int:
    """Write what *server* recorded to *file* and return how many answers that is."""
    recorded = server.recording()
    file.write_text(json.dumps(recorded))
    return len(recorded)


def whole(status: str, headers: list[tuple[str, str]], body: bytes) -> bytes:
    """Return an HTTP answer as it goes over the wire."""
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers), f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + END + body


def loaded(file: Path) -> dict[str, bytes]:
    """Return the recorded answers, ready to send, by what tells requests apart."""
    answers = {}
    for key, one in json.loads(file.read_text()).items():
        headers = [(name, value) for name, value in one["headers"] if name.lower() in KEPT_HEADERS]
        answers[key] = whole(one["status"], headers, base64.b64decode(one["body"]))
    return answers


@dataclass
class Player:
    """Answers requests from a recording."""

    answers: dict[str, bytes]
    latency: float = 0
    rate: float | None = None
    """Calls a second that an account may make of one service's operation in a Region; above it, it's throttled."""
    failing: float = 0
    """Which part of the requests is denied; the same request always is, or never."""
    counts: Counter[str] = field(default_factory=Counter)
    allowed: dict[str, tuple[float, float]] = field(default_factory=dict)

    def answer(self, head: bytes, body: bytes, now: float) -> bytes:
        """Return the answer to one request that arrived at the time *now*."""
        line = head.partition(b"\r\n")[0].decode()
        path = line.split(" ")[1]
        if path == "/_replay/counts":
            return whole("200 OK", [], json.dumps(self.counts).encode())
        credential = CREDENTIAL.search(head)
        if credential is None:
            return whole("400 Bad Request", [], UNKNOWN)
        key, region, service = (part.decode() for part in credential.groups())
        self.counts["calls"] += 1
        form = b"application/x-www-form-urlencoded" in head
        if self.rate is not None and not self.may(f"{key} {region} {operation(head, path, body, service)}", now):
            self.counts["throttled"] += 1
            return whole("400 Bad Request", [], SLOW_DOWN_XML if form else SLOW_DOWN)
        if zlib.crc32(f"{key} {region} {path} {body.decode('latin-1')}".encode()) < self.failing * 2**32:
            self.counts["failed"] += 1
            return whole("403 Forbidden", [], DENIED_XML if form else DENIED)
        found = self.answers.get(request_key(key, service, region, path, body))
        if found is None:
            self.counts["not recorded"] += 1
            return whole("404 Not Found", [], UNKNOWN)
        return given_back(key, found)

    def may(self, whose: str, now: float) -> bool:
        """Take one call from the bucket of *whose*, if one is left."""
        rate = self.rate or 0
        left, at = self.allowed.get(whose, (rate, now))
        left = min(rate, left + (now - at) * rate)
        self.allowed[whose] = (left - 1 if left >= 1 else left, now)
        return left >= 1


def operation(head: bytes, path: str, body: bytes, service: str) -> str:
    """Return what tells operations apart well enough to throttle each: the target, the action, or the path's words."""
    target = TARGET.search(head)
    if target:
        return f"{service} {target[1].decode()}"
    action = re.search(rb"(?:^|&)Action=(\w+)", body)
    if action:
        return f"{service} {action[1].decode()}"
    words = [word for word in path.partition("?")[0].split("/") if word.replace("-", "").isalpha()]
    return f"{service} {head[:4].decode()} {'/'.join(words)}"


class Connection(asyncio.Protocol):
    """One client's connection; it may send requests one after the other."""

    def __init__(self, player: Player) -> None:
        """Answer with *player*."""
        self.player = player
        self.received = b""
        self.transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep where answers go."""
        assert isinstance(transport, asyncio.WriteTransport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every request that is there in full, after the latency."""
        self.received += data
        loop = asyncio.get_running_loop()
        while END in self.received:
            head, _, rest = self.received.partition(END)
            length = LENGTH.search(head)
            size = int(length[1]) if length else 0
            if len(rest) < size:
                return
            self.received = rest[size:]
            answer = self.player.answer(head, rest[:size], loop.time())
            loop.call_later(self.player.latency, self.send, answer)

    def send(self, answer: bytes) -> None:
        """Send an answer, if the client still waits."""
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(answer)


async def play(player: Player, port: int) -> None:
    """Play back until the process ends."""
    server = await asyncio.get_running_loop().create_server(lambda: Connection(player), HOST, port)
    port = server.sockets[0].getsockname()[1]
    print(f"http://{HOST}:{port}", flush=True)  # noqa: T201  # who starts it needs to know
    await server.serve_forever()


@contextmanager
def replaying(
    recording: Path, *, latency: float = 0.05, rate: float | None = None, failing: float = 0
) -> Iterator[str]:
    """Play *recording* back in a process of its own and give its endpoint."""
    command = [
        sys.executable,
        "-m",
        "tests.aws_server.replay",
        str(recording),
        f"--latency={latency}",
        f"--failing={failing}",
    ]
    command += [] if rate is None else [f"--rate={rate}"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def main() -> None:
    """Read the command line and play."""
    parser = argparse.ArgumentParser(description="Play back what the AWS server recorded, on 127.0.0.1.")
    parser.add_argument("recording", type=Path)
    parser.add_argument("--port", type=int, default=0, help="the port; a free one if left out")
    parser.add_argument("--latency", type=float, default=0, help="seconds until each answer")
    parser.add_argument("--failing", type=float, default=0, help="part of the requests that is denied, such as 0.05")
    parser.add_argument("--rate", type=float, help="calls a second per account, Region and operation before throttling")
    given = parser.parse_args()
    asyncio.run(play(Player(loaded(given.recording), given.latency, given.rate, given.failing), given.port))


if __name__ == "__main__":
    main()
