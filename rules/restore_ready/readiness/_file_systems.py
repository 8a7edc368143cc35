"""How does each file system of an estate stand?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.engine._effective_requirements import RuleRunner
from restore_ready.engine._judge import Judgement, judge_with, runners_of
from restore_ready.model import Reading, Rule, Truth
from restore_ready.readiness._answers import Answer, FileSystemReadiness, Level, Question
from restore_ready.readiness._backed_up import backed_up, in_window, is_backed_up, plans_of
from restore_ready.readiness._cited_statements import PolicyPlaces
from restore_ready.readiness._concerns import Concerns
from restore_ready.readiness._lost import answers_of_lost, is_still_backed_up
from restore_ready.readiness._names import names
from restore_ready.readiness._pictures import Pictures
from restore_ready.readiness._reason import level_of, reason_of
from restore_ready.readiness._restorable import able, last_restore, newest, newest_point, rehearsed, restorable
from restore_ready.readiness._restore_links import Way
from restore_ready.readiness._restore_paths import restore_path
from restore_ready.readiness._standing import Standing, severity
from restore_ready.readiness._time_line import TimeLine, joined
from restore_ready.readiness._time_rows import requirements_of, time_lines
from restore_ready.requirements._file import RequirementsFile
from restore_ready.who_can_restore._chain import FileSystemChains
from restore_ready.who_can_restore._paths import chains


class SourceReadiness(Struct, frozen=True):
    """The file systems of one source, and its judgements with names and with what they are about."""

    file_systems: tuple[FileSystemReadiness, ...]
    judgements: tuple[Judgement, ...]
    time_lines: tuple[TimeLine, ...] = ()


def judge_source(
    reading: Reading, rules: Sequence[Rule], requirements_file: RequirementsFile, *, pictures: Pictures
) -> SourceReadiness:
    """Return what *rules* say of a source under *requirements_file*, and how its file systems stand by that."""
    runners = runners_of(reading, requirements_file)
    judgements = judge_with(runners, rules, requirements_file)
    return source_readiness(runners, judgements, (rule.code for rule in rules), pictures=pictures)


def source_readiness(
    runners: Sequence[RuleRunner],
    judgements: Iterable[Judgement],
    asked: Iterable[str],
    *,
    pictures: Pictures = Pictures.NONE,
) -> SourceReadiness:
    """Return how the file systems of a source stand.

    Of a source that is read under several open conditions, a file system stands as it does where it stands worst.

    Args:
        runners: the estates that the source was read as, with the requirements that they stand under.
        judgements: what the rules said of it.
        asked: the codes of the rules that were put; a question of which others speak is left open.
        pictures: what to work out for pictures.
    """
    told, asked_for = tuple(judgements), _Asked(frozenset(asked), pictures)
    called: dict[str, str] = {}
    constructs: dict[str, str] = {}
    worst: dict[str, FileSystemReadiness] = {}
    for runner in runners:
        called.update(names(runner.estate))
        constructs.update(runner.estate.constructs)
        if not runner.estate.file_systems and not runner.estate.lost_file_systems:
            continue
        found = tuple(chains(runner.estate, runner.requirements_file.base))
        concerns = Concerns(runner.estate, found)
        told = tuple(_with_file_systems(judgement, concerns) for judgement in told)
        for readiness in _of_estate(runner, found, concerns, told, asked_for):
            before = worst.get(readiness.address)
            if before is None or _ORDER.index(readiness.level) < _ORDER.index(before.level):
                worst[readiness.address] = readiness
    lines = (line for runner in runners for line in time_lines(runner, told)) if pictures >= Pictures.HOURS else ()
    named = (_named(found, called.get(found.address, ""), constructs.get(found.address, "")) for found in told)
    return SourceReadiness(tuple(worst.values()), tuple(named), joined(lines))


_ORDER = tuple(Level)


def _named(judgement: Judgement, name: str, construct: str) -> Judgement:
    """Return *judgement* with its resource's name, and the path of the CDK construct that made it."""
    every = ", ".join(filter(None, (name, construct)))
    return replace(judgement, name=every) if every else judgement


def _with_file_systems(judgement: Judgement, concerns: Concerns) -> Judgement:
    about = concerns.of(judgement.rule.code, judgement.address)
    every = tuple(dict.fromkeys((*judgement.file_systems, *about)))
    return judgement if every == judgement.file_systems else replace(judgement, file_systems=every)


class _Asked(Struct, frozen=True):
    """The codes of the rules that were put, and what pictures are wanted."""

    codes: frozenset[str]
    pictures: Pictures


def _of_estate(
    runner: RuleRunner,
    found: Sequence[FileSystemChains],
    concerns: Concerns,
    judgements: Iterable[Judgement],
    asked: _Asked,
) -> Iterator[FileSystemReadiness]:
    about: dict[str, list[Judgement]] = {}
    of_people: dict[str, list[Judgement]] = {}
    for judgement in judgements:
        group = of_people if concerns.is_about_people(judgement.address) else about
        for address in concerns.of(judgement.rule.code, judgement.address):
            group.setdefault(address, []).append(judgement)
    estate = runner.estate
    policies = PolicyPlaces(estate) if asked.pictures is Pictures.ALL else None
    for its in found:
        address = its.file_system.address
        if address not in concerns.file_systems:
            continue
        yield _readiness(
            Standing(
                its.file_system,
                estate,
                requirements_of(runner, its.file_system),
                its,
                tuple(about.get(address, ())),
                tuple(of_people.get(address, ())),
                asked.codes,
                estate.histories_by_file_system.get(address),
            ),
            policies,
        )


def _readiness(standing: Standing, policies: PolicyPlaces | None) -> FileSystemReadiness:
    last, point, lost = last_restore(standing), newest_point(standing), standing.file_system.lost
    is_covered = is_backed_up(standing) if lost is None else is_still_backed_up(lost)
    plans = plans_of(standing) if lost is None else ()
    answers = _answers(standing, is_covered, plans) if lost is None else answers_of_lost(standing, lost, point)
    level = level_of(answers)
    file_system = standing.file_system
    about = (*standing.verdicts, *standing.people)
    path = None
    if policies is not None:
        path = restore_path(Way(standing, is_covered, plans, point, policies))
    return FileSystemReadiness(
        file_system.address,
        file_system.name if isinstance(file_system.name, str) else "",
        file_system.place,
        level,
        reason_of(level, answers, standing),
        dict(answers),
        plans,
        able(standing),
        point,
        last,
        tuple((found.address, found.rule.code) for found in about if severity(found) is not None),
        path,
        "" if lost is None else lost.why,
    )


def _answers(standing: Standing, is_covered: Truth, plans: tuple[str, ...]) -> Mapping[Question, Answer]:
    return {
        Question.BACKED_UP: backed_up(standing, is_covered, plans),
        Question.IN_WINDOW: in_window(standing, is_covered),
        Question.RESTORABLE: restorable(standing, is_covered),
        Question.REHEARSED: rehearsed(standing, is_covered, last_restore(standing)),
        Question.NEWEST: newest(standing, newest_point(standing), is_covered),
    }
