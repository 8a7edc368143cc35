"""Our own bound on nesting speaks first, whatever PyYAML's parser bounds by itself."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from restore_ready import _yaml_events
from restore_ready._errors import UnreadableError
from restore_ready._yaml_events import is_deeper, yaml_events
from restore_ready.fixes._node import ByHandError
from restore_ready.fixes._yaml import read_json, read_yaml
from restore_ready.readers.cloudformation._yaml import decode_yaml
from restore_ready.requirements._errors import RequirementsError
from restore_ready.requirements._nodes import read_nodes

DEEPEST = 300


class Bounded(yaml.SafeLoader):
    """A parser with a bound of its own, which like libyaml's stops at a level long before it gives the first one."""

    def fetch_flow_collection_start(self, token: type[yaml.Token]) -> None:
        if self.flow_level >= DEEPEST:
            context, problem = "while parsing", "went too far"
            raise yaml.scanner.ScannerError(context, None, problem, self.get_mark())
        super().fetch_flow_collection_start(token)


@pytest.fixture(params=["installed", "bounded", "pure"])
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    name = str(request.param)
    if name != "installed":
        monkeypatch.setattr(_yaml_events, "LOADER", Bounded if name == "bounded" else yaml.SafeLoader)
    return name


NESTED = {
    "open lists": "[" * 5000,
    "lists": "[" * 5000 + "]" * 5000,
    "mappings in one line": "{a: " * 5000 + "1" + "}" * 5000,
    "mappings over lines": "{a:\n" * 5000 + "1" + "}" * 5000,
    "lists under a key": "version: " + "[" * 5000 + "]" * 5000,
    "block lists": "- " * 5000 + "a",
}


@pytest.mark.thorough
@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize("text", NESTED.values(), ids=NESTED)
def test_text_nested_thousands_of_levels_meets_our_bound(tmp_path: Path, text: str) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(text)

    with pytest.raises(UnreadableError, match="is nested more than 100 levels deep"):
        decode_yaml(text, file)
    with pytest.raises(RequirementsError, match="is nested more than 20 levels deep"):
        read_nodes(file, "t.yaml")
    with pytest.raises(ByHandError, match="its file is nested too deep"):
        read_yaml(text)


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize("bound", [1, 20, 100, 299])
def test_the_bound_is_the_same_to_the_level(bound: int) -> None:
    text = "[" * bound + "]" * bound

    assert is_deeper(text, bound - 1)
    assert not is_deeper(text, bound)


def test_nesting_that_no_c_stack_holds_is_refused() -> None:
    for text in ("[" * 100_000 + "]" * 100_000, '{"a":' * 100_000 + "1" + "}" * 100_000):
        with pytest.raises(ByHandError, match="its file is nested too deep"):
            read_json(text)


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(
    ("text", "why", "line"),
    [
        ("a: [1, 2\nb: 3", "is not valid YAML", 2),
        ("a: 1\nb: 'x", "is not valid YAML", 2),
        ("a: 1\nb: c: d", "is not valid YAML", 2),
        ("a: [*b, 'c", "alias *b stands for nothing", 1),
        ("a: &b 1\nc: [*b, 'd", "is not valid YAML", 2),
    ],
)
def test_broken_text_is_told_by_its_first_fault(tmp_path: Path, text: str, why: str, line: int) -> None:
    with pytest.raises(UnreadableError) as told:
        decode_yaml(text, tmp_path / "t.yaml")

    assert why in told.value.why
    assert told.value.line == line


@pytest.mark.usefixtures("loader")
def test_sound_text_gives_the_parsers_events() -> None:
    text = "a: &x [1, {b: c}]\nd: *x\n---\n- |\n  text\n"

    assert [type(event) for event in yaml_events(text)] == [type(event) for event in yaml.parse(text)]
