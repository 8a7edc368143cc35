"""How are many accounts read at a time? Each is one piece of work for threads, processes, other machines."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timezone
from itertools import islice
from typing import Final, TypeAlias

import boto3
from msgspec import Struct, field
from msgspec.structs import replace

from restore_ready._errors import StartError, UsageError
from restore_ready.live._answers import iso
from restore_ready.live._ask import DENIED
from restore_ready.live._clients import Lender
from restore_ready.live._collect import WORKERS, Scope, Verify, collect
from restore_ready.live._redaction import without_secrets
from restore_ready.live._sessions import Roles, SignIn, sign_in
from restore_ready.live._snapshot import SnapshotAccount
from restore_ready.live._targets import Target
from restore_ready.model import Fact, Status

ACCOUNTS_AT_ONCE: Final = 8

_CONNECT_SECONDS: Final = 30


class Work(Struct, frozen=True):
    """One account to read. Small, and can be pickled; so can the facts that come of it.

    Attributes:
        regions: the Regions; empty for all that the account can use.
        workers: calls at a time.
        run: names the audit: its accounts share clients, and the sign-in with which roles are assumed.
        own_controls: whether the account is asked which service control policies bind it.
        verify: what AWS's policy simulator is asked, as `Scope` has it.
    """

    target: Target
    regions: tuple[str, ...] = ()
    workers: int = WORKERS
    run: str = ""
    own_controls: bool = True
    verify: Verify | None = None


class Crew(Struct, frozen=True):
    """Who does the work: an executor, and how many pieces it can have before it."""

    executor: Executor
    ahead: int


MakeCrew: TypeAlias = Callable[[], AbstractContextManager[Crew]]


def read_account_of(work: Work) -> SnapshotAccount:
    """Read the account that *work* names. Never raises: one that can't be entered has an unknown ``identity``."""
    account = work.target.account or ""
    try:
        run = _run_of(work.run)
        session = run.session(work.target.sign_in)
        scope = Scope(work.target.account, work.regions, work.own_controls, work.verify)
        facts = tuple(collect(session, scope, workers=work.workers, lender=run.lender))
    except Exception as error:  # noqa: BLE001  # an account that can't be read for any reason is told, with the reason
        return not_read(account, error)
    entered, *others = facts
    return SnapshotAccount(account or entered.account, (_named(entered, work.target.sign_in), *others))


def not_read(account: str, error: BaseException) -> SnapshotAccount:
    """Return the facts of an account of which nothing could be read."""
    now = iso(datetime.now(timezone.utc))
    message = without_secrets(str(error))[:500]
    fact = Fact("identity", account, "", Status.UNKNOWN, code=type(error).__name__, message=message, at=now)
    return SnapshotAccount(account, (fact,))


def _named(identity: Fact, how: SignIn) -> Fact:
    """Name what to grant where the role can't be assumed: asking for the identity itself needs no permission."""
    if identity.status is Status.OK or identity.code not in DENIED:
        return identity
    return replace(identity, action="sts:AssumeRole" if how.role_arn else "")


class _Run(Struct):
    """What the accounts of one audit share in one process.

    Attributes:
        lender: lends them their clients.
        roles: by the sign-in with which roles are assumed.
    """

    lender: Lender = field(default_factory=Lender)
    roles: dict[SignIn, Roles] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def session(self, how: SignIn) -> boto3.Session:
        if how.role_arn is None:
            return sign_in(how)
        base = replace(how, role_arn=None, external_id=None)
        with self._lock:  # boto3's sessions must not make clients in several threads at a time
            if base not in self.roles:
                self.roles[base] = Roles(sign_in(base))
        return self.roles[base].session(how)


_RUNS: Final[dict[str, _Run]] = {}
"""The audit of which this process reads accounts, by its name; one at a time."""

_RUNS_LOCK: Final = threading.Lock()


def _run_of(name: str) -> _Run:
    with _RUNS_LOCK:
        if name not in _RUNS:
            _end_runs()
            _RUNS[name] = _Run()
        return _RUNS[name]


def end_run(name: str) -> None:
    """Close what the accounts of an audit shared in this process."""
    with _RUNS_LOCK:
        if name in _RUNS:
            _end_runs()


def _end_runs() -> None:
    for run in _RUNS.values():
        run.lender.clear()
    _RUNS.clear()


def collected(works: Iterable[Work], crew: Crew) -> Iterator[SnapshotAccount]:
    """Yield the facts of each account as soon as it has been read.

    Only as many accounts as the crew can have before it are held at a time, however many there are. Work that the
    executor loses comes back as an account that could not be read.
    """
    remaining = iter(works)
    waiting: dict[Future[SnapshotAccount], Work] = {}
    try:
        while True:
            for work in islice(remaining, crew.ahead - len(waiting)):
                waiting[_submitted(work, crew.executor)] = work
            if not waiting:
                return
            finished, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in finished:
                yield _outcome(future, waiting.pop(future))
    finally:
        for future in waiting:
            future.cancel()


def _submitted(work: Work, executor: Executor) -> Future[SnapshotAccount]:
    try:
        return executor.submit(read_account_of, work)
    except Exception as error:  # noqa: BLE001  # an executor that broke: the account is told, with the reason
        lost: Future[SnapshotAccount] = Future()
        lost.set_exception(error)
        return lost


def _outcome(future: Future[SnapshotAccount], work: Work) -> SnapshotAccount:
    account = work.target.account or ""
    error = future.exception()
    if error is not None:
        return not_read(account, error)
    found = future.result()
    return found if found.account == account or not account else not_read(account, ValueError("another account came"))


@contextmanager
def threads(accounts_at_once: int = ACCOUNTS_AT_ONCE) -> Iterator[Crew]:
    """Read so many accounts at a time, in threads of this process."""
    executor = ThreadPoolExecutor(accounts_at_once, thread_name_prefix="restore-ready-account")
    try:
        yield Crew(executor, accounts_at_once)
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


@contextmanager
def scheduler(address: str) -> Iterator[Crew]:
    """Read accounts on the workers of the Dask scheduler at *address*, which have restore-ready and credentials.

    Raises:
        UsageError: if Dask is not installed.
        StartError: if the scheduler can't be reached, or has no workers.
    """
    try:
        from distributed import Client  # noqa: PLC0415  # an extra that few need
    except ImportError as error:
        msg = "--scheduler needs Dask: pip install 'restore-ready[distributed]'"
        raise UsageError(msg) from error
    try:
        client = Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        msg = f"can't reach the Dask scheduler at {address} ({error}): give it as tcp://host:port"
        raise StartError(msg) from error
    with client:
        hands = sum(client.nthreads().values())
        if not hands:
            msg = f"the Dask scheduler at {address} has no workers: start some with `dask worker {address}`"
            raise StartError(msg)
        yield Crew(client.get_executor(), 2 * hands)
