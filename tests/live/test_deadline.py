"""An answer that comes byte by byte, and never whole, is given up: the fact is not known, and the run goes on."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import boto3
import pytest
from tests.aws_server.server import SECRET
from tests.support.live import Unhurried

from restore_ready import Status
from restore_ready.live._ask import Asker
from restore_ready.live._clients import Clients, Holder
from restore_ready.live._deadline import DeadlineError, within
from restore_ready.live._guard import ALLOWED, Guard
from restore_ready.live._pace import Counts
from restore_ready.live._plan import ROWS

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 1000000\r\n\r\n"


@pytest.fixture
def dripping() -> Iterator[str]:
    """Serve answers that never end, and return where."""
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)

        def drip(connection: socket.socket) -> None:
            with connection, suppress(OSError):
                connection.sendall(HEAD)
                while not stop.wait(0.05):
                    connection.sendall(b" ")

        def serve() -> None:
            while not stop.is_set():
                with suppress(TimeoutError):
                    threading.Thread(target=drip, args=(server.accept()[0],), daemon=True).start()

        serving = threading.Thread(target=serve)
        serving.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        stop.set()
        serving.join()


def test_a_call_that_drips_is_not_known(dripping: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", dripping)
    session = boto3.Session(aws_access_key_id="AKIATEST", aws_secret_access_key=SECRET, region_name="us-east-1")
    clients = Clients(session, 1)
    began = time.monotonic()
    with clients.held_by(Holder(session, Guard(None, ALLOWED), Counts())):
        fact = Asker(clients, Unhurried(), deadline=0.5).ask(ROWS["identity"], "", {})
    assert time.monotonic() - began < 20
    assert (fact.status, fact.code) == (Status.UNKNOWN, "DeadlineExceeded")
    assert fact.message == "no whole answer came within 0.5 seconds"


def test_what_comes_in_time_comes_as_it_is() -> None:
    assert within(60, lambda: 5) == 5
    with pytest.raises(DeadlineError):
        within(0.01, lambda: time.sleep(1))
    with pytest.raises(ZeroDivisionError):
        within(60, lambda: 1 // 0)
