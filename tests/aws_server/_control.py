"""What a test can ask of the running server: faults, enforcement, page size, latency, counts, a recording."""

import threading
import time
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from tests.aws_server._answers import Answer
from tests.aws_server._calls import Call


@dataclass
class Fault:
    """One thing that goes wrong.

    ``kind`` is one of `KINDS`; the four patterns (``*`` and ``?``) say which calls it hits.
    """

    kind: str
    account: str = "*"
    region: str = "*"
    service: str = "*"
    operation: str = "*"
    times: int | None = None
    """How often it strikes; None for always."""
    rate: float | None = None
    """For ``throttle``: requests per second that an account may make of an operation in a Region."""
    share: float = 1
    """Which part of the calls it hits; the same call is always hit, or never."""
    seconds: float = 0
    """For ``slow``."""
    code: str = ""
    """For ``error``."""
    message: str = ""
    status: int = 400

    def hits(self, call: Call) -> bool:
        """Tell whether *call* is one of those it hits."""
        pairs = (
            (call.account, self.account),
            (call.region, self.region),
            (call.service, self.service),
            (call.operation, self.operation),
        )
        return all(fnmatchcase(value, pattern) for value, pattern in pairs) and unlucky(call, self.share)


def unlucky(call: Call, share: float) -> bool:
    """Tell whether *call* is among the *share* of calls that a fault hits."""
    told = f"{call.account} {call.region} {call.path} {call.operation}"
    return share >= 1 or zlib.crc32(told.encode()) < share * 2**32


BEFORE = ("deny", "scp", "throttle", "region_disabled", "error", "slow", "reset", "html")
"""Faults that strike before the service sees the call."""
AFTER = ("truncated", "cut_off", "wrong_account", "endless", "cyclic")
"""Faults that spoil the service's answer."""
KINDS = (*BEFORE, *AFTER)


@dataclass
class Bucket:
    """Requests that may still be made this moment."""

    rate: float
    left: float
    at: float

    def take(self, now: float) -> bool:
        """Take one, if there is one."""
        self.left = min(self.rate, self.left + (now - self.at) * self.rate)
        self.at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True


@dataclass
class Controls:
    """The server's switches; safe to use from several threads."""

    faults: list[Fault] = field(default_factory=list)
    enforced: set[str] = field(default_factory=set)
    """Account ids and role or user ARNs whose IAM policies count; other callers may do everything."""
    page_size: int | None = None
    """The most entries that a page holds; None for AWS's own."""
    latency: float = 0
    recording: dict[str, Answer] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)
    calls: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    struck: Counter[str] = field(default_factory=Counter)
    buckets: dict[tuple[int, str, str, str], Bucket] = field(default_factory=dict)

    def clear(self) -> None:
        """Put all switches back and forget the counts."""
        with self.lock:
            self.faults, self.enforced, self.page_size, self.latency, self.recording = [], set(), None, 0, None
            self.calls.clear()
            self.struck.clear()
            self.buckets.clear()

    def page(self, asked: int) -> int:
        """Return how many entries a page holds for which *asked* were asked."""
        return asked if self.page_size is None else min(asked, self.page_size)

    def count(self, call: Call) -> None:
        """Count *call*."""
        with self.lock:
            self.calls[call.account, call.region, call.service, call.operation] += 1

    def striking(self, call: Call, kinds: Iterable[str]) -> list[Fault]:
        """Return the faults of these *kinds* that strike *call*, and count them."""
        with self.lock:
            hit = [fault for fault in self.faults if fault.kind in kinds and fault.hits(call)]
            return [fault for fault in hit if self.strikes(fault, call)]

    def strikes(self, fault: Fault, call: Call) -> bool:
        """Tell whether *fault* strikes now; the lock is held."""
        if fault.rate is not None:
            key = (id(fault), call.account, call.region, call.operation)
            now = time.monotonic()
            bucket = self.buckets.setdefault(key, Bucket(fault.rate, fault.rate, now))
            if bucket.take(now):
                return False
        if fault.times is not None:
            if fault.times <= 0:
                return False
            fault.times -= 1
        self.struck[fault.kind] += 1
        return True


CONTROLS = Controls()
"""The one server of this process."""
