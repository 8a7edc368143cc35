"""Evaluates one root module: as it is, its overlay, and in waves where it calls more modules than are read at once."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from restore_ready.readers.terraform._addresses import bare, steps
from restore_ready.readers.terraform._files import text_of
from restore_ready.readers.terraform._mirror import mirror
from restore_ready.readers.terraform._outline import OutlineError
from restore_ready.readers.terraform._overlay import is_needed, is_worth_it, overlaid
from restore_ready.readers.terraform._process import Run, Worker
from restore_ready.readers.terraform._slices import known_outputs, pinned, pins, steadied, uses_of, waves, without_calls
from restore_ready.readers.terraform._trim import is_worth_trimming, trimmed

_MOST_WAVES = 64
_PINS = "restore_ready_modules.tf.json"

Answer: TypeAlias = dict[str, Any]


class Wave(Struct, frozen=True):
    """The root's module calls to evaluate, and the known outputs of those evaluated before.

    The outputs are those of the original's evaluation and those of the overlay's.
    """

    calls: Collection[str]
    outputs: tuple[Mapping[str, object], Mapping[str, object]]


class Preparation(Struct):
    """What there is to evaluate of one root.

    Attributes:
        root: the root module's folder.
        folders: this and those of all modules below it.
        texts: the files that can be evaluated, with their texts.
        left_out: those that can't.
        variables: the variable files.
        stack: removes the copies when it is closed.
        unprobed: files of which no overlay could be made.
    """

    root: Path
    folders: Sequence[Path]
    texts: Mapping[Path, str]
    left_out: set[Path]
    variables: Sequence[Path]
    stack: ExitStack
    unprobed: list[Path] = field(default_factory=list)
    _overlay: dict[Path, str] | None = None
    _space: Path | None = None
    _copies: int = 0
    _of_waves: dict[int, Path] = field(default_factory=dict)

    def runs(self, wave: Wave | None = None) -> list[Run]:
        """Prepare the evaluation of the whole root or of a wave, and that of its overlay if this may help.

        Raises:
            OSError: if the copies can't be made.
            ValueError: if the folders are on different drives.
        """
        runs = [self._run(self._original(wave), wave)]
        if not any(is_worth_it(text) for text in self.texts.values()):
            return runs
        try:
            copy = self._copy(self._overlaid()) if wave is None else self._wave(wave, 1)
        except (OSError, ValueError):
            self.unprobed = list(self.texts)
            return runs
        if_open = not any(is_needed(text) for text in self.texts.values())
        return [*runs, replace(self._run(copy, wave), if_open=if_open, if_whole=wave is None)]

    def _original(self, wave: Wave | None) -> Path:
        if wave is not None:
            return self._wave(wave, 0)
        return self._copy(self.texts) if self.left_out else self.root

    def trim(self) -> None:
        """Leave out what nobody looks at."""
        texts = trimmed(self.texts, self.root)
        self.left_out |= {file for file, text in texts.items() if not text or text.isspace()}
        self._replace({file: text for file, text in texts.items() if file not in self.left_out})

    def steady(self) -> None:
        """Replace what is something else each time it is looked at."""
        self._replace({file: text if _is_json(file) else steadied(text) for file, text in self.texts.items()})

    def _replace(self, texts: Mapping[Path, str]) -> None:
        self.texts = texts
        self.unprobed = []
        self._overlay = None

    def waves(self, answer: Answer) -> list[set[str]]:
        """Return which of the root's module calls to evaluate one after the other, by the *answer* for all at once."""
        texts = [text for file, text in self.texts.items() if file.parent == self.root and not _is_json(file)]
        weights = Counter(_call_of(raw) for kind, raw in answer["blocks"] if kind == "module")
        return waves(uses_of(texts), weights)[:_MOST_WAVES]

    def _wave(self, wave: Wave, which: int) -> Path:
        """Return a copy with no module calls in the root but the wave's: of the original (0) or of the overlay (1).

        Only the root's own files differ from wave to wave.
        """
        texts = {**self.texts, **self._overlaid()} if which else self.texts
        if which not in self._of_waves:
            self._of_waves[which] = self._copy({file: text for file, text in texts.items() if not _is_json(file)})
        folder = self._of_waves[which]
        _write(folder / _PINS, pins(wave.outputs[which]))
        for file, text in texts.items():
            if file.parent == self.root and not _is_json(file):
                _write(folder / file.name, pinned(without_calls(text, wave.calls), wave.outputs[which]))
        return folder

    def _overlaid(self) -> dict[Path, str]:
        if self._overlay is None:
            self._overlay = {}
            for file, text in self.texts.items():
                if not _is_json(file):
                    try:
                        self._overlay[file] = overlaid(text, in_module=file.parent != self.root)
                    except OutlineError:
                        self.unprobed.append(file)
        return self._overlay

    def _copy(self, changed: Mapping[Path, str]) -> Path:
        if self._space is None:
            from tempfile import TemporaryDirectory  # noqa: PLC0415  # not needed for simple folders, and not light

            self._space = Path(self.stack.enter_context(TemporaryDirectory(prefix="restore-ready-")))
        self._copies += 1
        return mirror(self.folders, self._space / str(self._copies), changed=changed, left_out=self.left_out)

    def _run(self, folder: Path, wave: Wave | None) -> Run:
        variables = [os.path.relpath(one, folder) for one in self.variables]
        return Run(folder, variables, all_outputs=wave is not None)


def texts_of(files: Sequence[Path]) -> dict[Path, str]:
    """Return the texts of those files that have one."""
    return {file: text for file in files if (text := text_of(file)) is not None}


def evaluated(prepared: Preparation, worker: Worker, limit_seconds: float) -> tuple[list[list[Answer]], str]:
    """Evaluate as often as it takes to reach all modules that the root calls.

    Returns:
        the answers of each round, that of the original and then perhaps that of the overlay; what a later round tells
        of a block is better than what an earlier one does. And why something is missing, empty if nothing is.

    Raises:
        OSError: if copies can't be made.
        ValueError: if the folders are on different drives.
    """
    start = time.monotonic()
    if is_worth_trimming(prepared.texts):
        prepared.trim()
    runs = prepared.runs()
    first, failure = worker.evaluate(runs, limit_seconds, time.monotonic() - start)
    if failure or not first[0]["cut"]:
        return [first] if first else [], failure
    waves_to_go = prepared.waves(first[0])
    if waves_to_go:
        prepared.trim()
        prepared.steady()
    else:
        again = [replace(one, if_whole=False) for one in runs]
        first, failure = worker.evaluate(again, limit_seconds, time.monotonic() - start)
    rounds = [first]
    outputs: tuple[dict[str, object], dict[str, object]] = ({}, {})
    for calls in waves_to_go:
        runs = prepared.runs(Wave(calls, outputs))
        answers, failure = worker.evaluate(runs, limit_seconds, time.monotonic() - start)
        if not answers:
            break
        rounds.append(answers)
        for which, known in enumerate(outputs):
            known.update(known_outputs(answers[min(which, len(answers) - 1)]["outputs"]))
        if failure:
            break
    return rounds, failure


def _write(file: Path, text: str) -> None:
    """Write a file of a copy anew; what stood there may have been a link to the original."""
    file.unlink(missing_ok=True)
    file.write_text(text, encoding="utf-8", newline="")


def _is_json(file: Path) -> bool:
    return file.name.endswith(".json")


def _call_of(raw: Mapping[str, Any]) -> str:
    """Return the call that a module block is an instance of, if it is one of the root's."""
    return ".".join(bare(one) for one in steps(str(raw["__tfmeta"].get("path"))))
