"""In which order is an account asked? A few lists tell what there is, and that tells what else to ask."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any, Final, TypeAlias

import boto3
from msgspec import Struct, field
from msgspec.structs import replace

from restore_ready.live._answers import FOREIGN, MALFORMED
from restore_ready.live._ask import MOST_PAGES, Asker
from restore_ready.live._clients import Holder, Lender
from restore_ready.live._guard import ALLOWED, ALLOWED_TO_VERIFY, Guard, WrongAccountError
from restore_ready.live._pace import Counts, Pacer
from restore_ready.live._plan import GATES, ROWS, is_global, rows_of
from restore_ready.live._regions import BY_DEFAULT, discovered_regions
from restore_ready.live._row import Level, Row
from restore_ready.live._sessions import home_region
from restore_ready.live._verification_rows import SIMULATION
from restore_ready.model import Fact, Status

WORKERS: Final = 16

Watch: TypeAlias = Callable[[int, int], None]
"""Is told, after each fact, how many facts there are and how many are known to come."""

Verify: TypeAlias = Callable[[Sequence[Fact]], Iterable[Mapping[str, Any]]]
"""Returns, by all facts of an account, what AWS's policy simulator is to be asked: the parameters of each call."""

_Queue: TypeAlias = tuple[str, str]
"""A Region and a row's id: calls that AWS counts together wait together."""


class Scope(Struct, frozen=True):
    """What to read.

    Attributes:
        account: the account that the credentials must be of; ``None`` takes whichever it is.
        regions: the Regions; empty for all that the account can use.
        own_controls: whether to ask which service control policies bind the account: the organization was not asked.
        verify: what to ask AWS's policy simulator, once all else is known; ``None`` for nothing.
    """

    account: str | None = None
    regions: tuple[str, ...] = ()
    own_controls: bool = True
    verify: Verify | None = None


def collect(  # noqa: PLR0913  # all but the first two are for progress, benchmarks and tests
    session: boto3.Session,
    scope: Scope,
    *,
    workers: int = WORKERS,
    pacer: Pacer | None = None,
    counts: Counts | None = None,
    watch: Watch | None = None,
    most_pages: int = MOST_PAGES,
    lender: Lender | None = None,
) -> Iterator[Fact]:
    """Yield every fact of the account that *session* is of, each as soon as it is there.

    The first is always ``identity``. Where that is unknown, or of another account than expected, it is the only one.
    No error of AWS or of the network is raised: what can't be had is an unknown fact with its reason.
    """
    guard = Guard(scope.account, ALLOWED if scope.verify is None else ALLOWED_TO_VERIFY)
    holder = Holder(session, guard, Counts() if counts is None else counts)
    with (lender or Lender()).lent(holder, workers) as clients:
        asker = Asker(clients, pacer or Pacer(), most_pages=most_pages)
        identity = _identity(asker, holder.guard, scope)
        yield identity
        if identity.status is Status.OK:
            yield from _Collection(asker, scope, workers, watch).facts(identity)


def _identity(asker: Asker, guard: Guard, scope: Scope) -> Fact:
    """Ask whose credentials these are, and hold the guard and all further facts to it."""
    asker.pacer.wait("", "", ROWS["identity"])
    fact = replace(asker.ask(ROWS["identity"], "", {}), account=scope.account or "")
    if fact.status is not Status.OK:
        return fact
    account = str(fact.data.get("Account", ""))
    try:
        guard.confirm(account)
    except WrongAccountError as error:
        return replace(fact, status=Status.UNKNOWN, data={}, code=FOREIGN, message=str(error))
    asker.account = account
    return replace(fact, account=account)


class _Task(Struct, frozen=True):
    row: Row
    region: str
    about: Mapping[str, Any]


class _Collection(Struct):
    """The calls of one account: those that wait, and what they depend on."""

    asker: Asker
    scope: Scope
    workers: int
    watch: Watch | None
    waiting: dict[_Queue, deque[_Task]] = field(default_factory=dict)
    running: dict[Future[Fact], _Task] = field(default_factory=dict)
    seen: set[tuple[str, str, tuple[tuple[str, str], ...]]] = field(default_factory=set)
    gates: dict[str, dict[str, Fact]] = field(default_factory=dict)
    done: int = 0

    def facts(self, identity: Fact) -> Iterator[Fact]:
        """Make the calls and give their facts; *identity* is the first that was there."""
        self._begin()
        if self.scope.verify is None:
            yield from self._drained()
            return
        found = [identity]
        for fact in self._drained():
            found.append(fact)
            yield fact
        yield from self._verified(self.scope.verify, found)

    def _verified(self, verify: Verify, found: Sequence[Fact]) -> Iterator[Fact]:
        """Ask AWS's simulator; that it can't be told what to ask is a fact that is not known, too."""
        try:
            for about in verify(found):
                self._add_all(Level.OPERATOR, "", about)
        except Exception as error:  # noqa: BLE001  # the account was read: what is known of it must not be lost
            why = f"what to ask could not be worked out: {error}"
            yield Fact(SIMULATION.id, self.asker.account, "", Status.UNKNOWN, code=type(error).__name__, message=why)
        yield from self._drained()

    def _drained(self) -> Iterator[Fact]:
        """Make the calls that wait, and those that they lead to."""
        executor = ThreadPoolExecutor(self.workers, thread_name_prefix="restore-ready")
        try:
            while self.waiting or self.running:
                pause = self._start(executor)
                if not self.running:
                    self.asker.pacer.sleep(pause)
                    continue
                finished, _ = wait(self.running, timeout=pause or None, return_when=FIRST_COMPLETED)
                for future in finished:
                    yield self._finish(self.running.pop(future), future.result())
        finally:
            executor.shutdown(wait=True, cancel_futures=True)

    def _begin(self) -> None:
        for row in rows_of(Level.ACCOUNT):
            if row.id != "identity" and not (row.id == "regions" and self.scope.regions):
                self._add(row, "", {})
        for level in (Level.NODE, Level.CHILD) if self.scope.own_controls else ():
            self._add_all(level, "", {"Id": self.asker.account})
        self._add_regions(self.scope.regions)

    def _start(self, executor: ThreadPoolExecutor) -> float:
        """Start what may start; return the seconds after which something else may, 0 if nothing waits for time."""
        pause = 0.0
        for queue, tasks in list(self.waiting.items()):
            while tasks and len(self.running) < self.workers:
                lacking = self.asker.pacer.take(self.asker.account, tasks[0].region, tasks[0].row)
                if lacking:
                    pause = min(pause or lacking, lacking)
                    break
                task = tasks.popleft()
                self.running[executor.submit(self.asker.ask, task.row, task.region, task.about)] = task
            if not tasks:
                del self.waiting[queue]
            if len(self.running) >= self.workers:
                return 0.0
        return pause

    def _finish(self, task: _Task, fact: Fact) -> Fact:
        """Add the calls that *fact* leads to."""
        if task.row.id == "regions":
            fact = self._with_regions(fact)
        if fact.status is Status.OK:
            for expansion in task.row.expands:
                for entry in expansion.objects(fact.data):
                    self._add_all(expansion.level, task.region, {**task.about, **entry})
        if task.row.id in GATES:
            self._pass_gate(fact)
        if task.row.id == "restore_jobs":
            self._ask_whose_restores(fact)
        self.done += 1
        if self.watch is not None:
            self.watch(self.done, self.done + len(self.running) + sum(map(len, self.waiting.values())))
        return fact

    def _with_regions(self, fact: Fact) -> Fact:
        """Read the Regions that the account can use; where AWS does not tell, those that every account can use."""
        names = discovered_regions(fact)
        if not names:
            if fact.status is Status.OK:
                fact = replace(fact, status=Status.UNKNOWN, code=MALFORMED, message="AWS named no Region")
            session = self.asker.clients.holder.session
            partition = session.get_partition_for_region(home_region(session))
            names = BY_DEFAULT if partition == "aws" else tuple(session.get_available_regions("efs", partition))
        self._add_regions(names)
        return fact

    def _add_regions(self, names: tuple[str, ...]) -> None:
        for region in names:
            self._add_all(Level.REGION, region, {})

    def _pass_gate(self, fact: Fact) -> None:
        """Go deeper in a Region once it is known whether there may be something in it, and it can be read at all."""
        found = self.gates.setdefault(fact.region, {})
        found[fact.id] = fact
        if len(found) < len(GATES) or all(fact.status is Status.UNKNOWN for fact in found.values()):
            return
        if any(fact.status is Status.UNKNOWN or any(fact.data.values()) for fact in found.values()):
            self._add_all(Level.ACTIVE_REGION, fact.region, {})

    def _ask_whose_restores(self, fact: Fact) -> None:
        """Ask for the restores of each file system where a job does not name its own: boto3 may be too old for that."""
        if any(not job.get("SourceResourceArn") for job in fact.data.get("RestoreJobs", ())):
            for entry in ROWS["file_systems"].expands[0].objects(self.gates[fact.region]["file_systems"].data):
                self._add_all(Level.RESTORED, fact.region, entry)

    def _add_all(self, level: Level, region: str, about: Mapping[str, Any]) -> None:
        for row in rows_of(level):
            self._add(row, region, about)

    def _add(self, row: Row, region: str, about: Mapping[str, Any]) -> None:
        """Add a call, unless the same was made before."""
        key = (row.id, region, tuple((name, str(about.get(old))) for name, old in row.about.items()))
        if key in self.seen:
            return
        self.seen.add(key)
        where = "" if is_global(row) else region
        self.waiting.setdefault((where, row.id), deque()).append(_Task(row, where, about))
