"""What do the rules say of each source, and how do its file systems stand?"""

from __future__ import annotations

from collections.abc import Sequence

from restore_ready.engine._judge import Judgement, judge_with, runners_of
from restore_ready.model import Rule
from restore_ready.readiness._file_systems import SourceReadiness, source_readiness
from restore_ready.readiness._pictures import Pictures
from restore_ready.scanning._guarded import Crash, guarded
from restore_ready.scanning._sources import SourceReading


def judged_sources(
    sources: Sequence[SourceReading], rules: Sequence[Rule], crashes: list[Crash], *, pictures: Pictures | None
) -> list[SourceReadiness]:
    """Return what *rules* say of each of *sources*, and how its file systems stand.

    Args:
        sources: what was read.
        rules: the rules to put.
        crashes: takes the sources on which the judging breaks; what was said of them before that is kept.
        pictures: what to work out for pictures; ``None`` to leave out, too, how file systems stand.
    """
    return [_judged(source, rules, crashes, pictures) for source in sources]


def _judged(
    source: SourceReading, rules: Sequence[Rule], crashes: list[Crash], pictures: Pictures | None
) -> SourceReadiness:
    judgements: list[Judgement] = []
    with guarded(source.path, crashes, "the judging"):
        runners = runners_of(source.reading, source.requirements_file)
        judgements = judge_with(runners, rules, source.requirements_file)
        if pictures is not None:
            return source_readiness(runners, judgements, (rule.code for rule in rules), pictures=pictures)
    return SourceReadiness((), tuple(judgements))
