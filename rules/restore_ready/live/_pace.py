"""When may the next call be made? AWS's limits hold per account and Region; calls are counted here too."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from msgspec import Struct, field

from restore_ready.live._row import SERVICE_RATES, Row

THROTTLES = frozenset(
    {
        *("Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled", "RequestThrottledException"),
        *("TooManyRequestsException", "RequestLimitExceeded", "SlowDown", "ConcurrentModificationException"),
        *("PriorRequestNotComplete", "LimitExceededException", "TransactionInProgressException"),
    }
)
"""Error codes with which AWS says: slower."""


_ROUNDING: Final = 1e-6
"""What a sum of fractions of a token may lack of a whole one: a clock can't be slept forward by less."""


class Bucket:
    """A token bucket: one token a call, *rate* new ones a second, never more than a second's worth."""

    def __init__(self, rate: float, now: float) -> None:
        """Start full, at *now* (seconds)."""
        self._rate = rate
        self._most = max(1.0, rate)
        self._left = self._most
        self._at = now

    def lacks(self, now: float) -> float:
        """Return the seconds until there is a token, 0 if there is one."""
        self._left = min(self._most, self._left + max(0.0, now - self._at) * self._rate)
        self._at = now
        return 0.0 if self._left >= 1 - _ROUNDING else (1 - self._left) / self._rate

    def take(self) -> None:
        """Take a token."""
        self._left -= 1


class Pacer:
    """One bucket for each call and one for each limited service, per account and Region. Safe to share by threads."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Use *clock*, which must never run backwards, and *sleep*; both count seconds."""
        self._clock = clock
        self.sleep = sleep
        self._lock = threading.Lock()
        self._buckets: dict[tuple[str, str, str], Bucket] = {}

    def take(self, account: str, region: str, row: Row) -> float:
        """Take leave for a call of *row*: return 0, or the seconds after which to ask again."""
        with self._lock:
            now = self._clock()
            buckets = tuple(self._of(account, region, row, now))
            lacking = max(bucket.lacks(now) for bucket in buckets)
            if lacking == 0:
                for bucket in buckets:
                    bucket.take()
            return lacking

    def wait(self, account: str, region: str, row: Row) -> None:
        """Take leave for a call of *row*, however long it takes."""
        while (lacking := self.take(account, region, row)) > 0:
            self.sleep(lacking)

    def _of(self, account: str, region: str, row: Row, now: float) -> Iterator[Bucket]:
        yield self._bucket((account, region, row.action), row.per_second, now)
        if row.service in SERVICE_RATES:
            yield self._bucket((account, region, row.service), SERVICE_RATES[row.service], now)

    def _bucket(self, key: tuple[str, str, str], rate: float, now: float) -> Bucket:
        if key not in self._buckets:
            self._buckets[key] = Bucket(rate, now)
        return self._buckets[key]


class Counts(Struct):
    """What was sent to AWS, retries included. Safe to share by threads.

    Attributes:
        sent: requests by service and operation: ``("backup", "ListBackupVaults")``.
        throttled: answers that asked for less.
    """

    sent: Counter[tuple[str, str]] = field(default_factory=Counter)
    throttled: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def total(self) -> int:
        """How many requests were sent."""
        return sum(self.sent.values())

    def count_sent(self, service: str, operation: str) -> None:
        """Count a request."""
        with self._lock:
            self.sent[service, operation] += 1

    def count_answer(self, code: str | None) -> None:
        """Count an answer with the error *code*, ``None`` if it has none."""
        if code in THROTTLES:
            with self._lock:
                self.throttled += 1
