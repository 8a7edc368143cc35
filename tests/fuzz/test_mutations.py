"""Whatever stands in a source or a snapshot, the pack reads it or says why not, and ends as it promises."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.fuzz.account import facts
from tests.fuzz.judged import account_verdicts, examples
from tests.fuzz.languages import LANGUAGES
from tests.fuzz.stacks import stacks
from tests.support.command import Done, run

EXITS: Final = frozenset({0, 1, 3})
"""No findings, findings, or nothing that could be read."""

_TOKEN: Final = re.compile(r"\w+|\s+|[^\w\s]")
_ODD: Final = (
    "{",
    "}",
    "[",
    "]",
    '"',
    "${",
    "&a",
    "*a",
    "!Ref",
    "<<EOT\n",
    "null",
    "-1",
    "1e999",
    "\x00",
    "\u2028",
    "é",
)


@st.composite
def mutated(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> str:
    """Return a text of which some tokens are gone, doubled, exchanged or something else."""
    tokens = _TOKEN.findall(draw(texts))
    for _ in range(draw(st.integers(1, 4))):
        at, other = (draw(st.integers(0, len(tokens) - 1)) for _ in range(2))
        change = draw(st.sampled_from(("drop", "double", "exchange", "odd")))
        if change == "exchange":
            tokens[at], tokens[other] = tokens[other], tokens[at]
        else:
            odd = draw(st.sampled_from(_ODD)) if change == "odd" else ""
            tokens[at] = {"drop": "", "double": tokens[at] * 2, "odd": odd}[change]
    return "".join(tokens)


VALUES: Final[st.SearchStrategy[Any]] = st.sampled_from(
    [
        None,
        True,
        0,
        -1,
        10**30,
        1.5,
        "",
        "*",
        "${x}",
        "é\u2028",
        [],
        {},
        [[]],
        [None],
        {"Ref": "x"},
        {"a": {}},
        ["a", {}],
    ]
)


@st.composite
def retyped(draw: st.DrawFn, trees: st.SearchStrategy[Any]) -> Any:  # noqa: ANN401  # any JSON
    """Return a tree of JSON in which some parts are something else, gone, or deeper than they were."""
    tree = json.loads(json.dumps(draw(trees)))
    for _ in range(draw(st.integers(1, 3))):
        places = [place for place in _places(tree) if place]
        if places:
            _change(tree, draw(st.sampled_from(places)), draw(st.sampled_from(("put", "drop", "nest"))), draw(VALUES))
    return tree


def _places(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:  # noqa: ANN401  # any JSON
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [path, *(place for key, value in inner for place in _places(value, (*path, key)))]


def _change(tree: Any, path: Sequence[Any], change: str, value: Any) -> None:  # noqa: ANN401  # any JSON
    *way, last = path
    for key in way:
        tree = tree[key]
    if change == "drop":
        del tree[last]
    else:
        tree[last] = value if change == "put" else [tree[last]]


def command(name: str, text: str, *arguments: str) -> Done:
    """Run the command on a file."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, name).write_text(text, encoding="utf-8")
        done = run(Path(folder), *arguments, name)
    assert done.code in EXITS, done
    assert "RR000" not in done.out, done.out
    assert "Traceback" not in done.out + done.err, done
    return done


def _texts(write: Callable[[Any], str]) -> st.SearchStrategy[str]:
    return stacks.map(write)


@examples(12)
@given(
    st.sampled_from(sorted(LANGUAGES)).flatmap(lambda name: st.tuples(st.just(name), mutated(_texts(LANGUAGES[name]))))
)
def test_a_source_with_other_tokens_is_read_or_said_to_be_unreadable(source: tuple[str, str]) -> None:
    name, text = source

    command(name, text, "scan", "-q")


JSON_LANGUAGES: Final = ("main.tf.json", "plan.json", "template.json")


@examples(12)
@given(
    st.sampled_from(JSON_LANGUAGES).flatmap(
        lambda name: st.tuples(st.just(name), retyped(_texts(LANGUAGES[name]).map(json.loads)))
    )
)
def test_a_source_with_other_types_is_read_or_said_to_be_unreadable(source: tuple[str, Any]) -> None:
    name, tree = source

    command(name, json.dumps(tree), "scan", "-q")


@examples(12)
@given(stacks, st.data())
def test_answers_of_other_types_are_facts_that_are_not_known(stack: Any, data: st.DataObject) -> None:  # noqa: ANN401
    told = facts(stack)
    number = data.draw(st.integers(0, len(told) - 1))
    answer = data.draw(retyped(st.just(dict(told[number].data))))

    account_verdicts([*told[:number], replace(told[number], data=answer), *told[number + 1 :]])
