"""No expression can hang or crash the evaluation, or take all memory."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from tests.terraform._terraform_cases import Nothing

from restore_ready.readers.terraform.language import (
    Budget,
    Encoded,
    EvalError,
    Obj,
    Scope,
    TooMuchError,
    Unknown,
    Value,
    settled,
)
from restore_ready.readers.terraform.syntax import parse, parse_expression

SECONDS = 20
YAML_BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\\n" + "".join(
    f"{chr(98 + level)}: &{chr(98 + level)} [{','.join(['*' + chr(97 + level)] * 9)}]\\n" for level in range(9)
)
HOSTILE = {
    "range": 'join(",", [for i in range(1000000000) : i])',
    "nested ranges": 'length([for i in range(1000): [for j in range(1000): [for k in range(1000): "${i}${j}${k}"]]])',
    "parentheses": "(" * 20_000 + "1" + ")" * 20_000,
    "lists": "[" * 5000 + "1" + "]" * 5000,
    "not": "!" * 20_000 + "true",
    "minus": "-" * 20_000 + "1",
    "plus": "1" + " + 1" * 20_000,
    "conditions": "true ? 1 : " * 3000 + "2",
    "interpolations": '"${' * 2000 + "1" + '}"' * 2000,
    "braces": "{a = " * 5000 + "1" + "}" * 5000,
    "attributes": "a" + ".b" * 50_000,
    "expression that takes for ever": 'regex("(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab")',
    "alternatives": 'replace("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "/(a|aa)+$/", "x")',
    "many stars": 'regexall("a*a*a*a*a*a*b", join("", [for i in range(1000): "aaaaaaaaaaaaaaaaaaaa"]))',
    "YAML": f'yamldecode("{YAML_BOMB}")',
    "YAML of itself": 'yamldecode("a: &a [*a]")',
    "deep YAML": f'yamldecode("{"[" * 3000}")',
    "deep JSON": f'jsondecode("{"[" * 100_000}{"]" * 100_000}")',
    "powers": "pow(10, pow(10, 9)) + pow(9999999, 300)",
    "large numbers": "1e1000000000",
    "large text of a number": 'tonumber("1e1000000000")',
    "long text of a number": f'tonumber("{"9" * 100_000}")',
    "replacement": 'replace(replace(replace(local.a, "", local.a), "", local.a), "", "x")',
    "indentation": 'indent(100000000, "a\\nb")',
    "format": 'format("%1000000000d", 1)',
    "digits": 'format("%.1000000000f", 1)',
    "subnets": 'cidrsubnets("::/0", [for i in range(1000): 64]...)',
    "products": "length(setproduct(range(1000), range(1000), range(1000)))",
    "lists of formats": 'formatlist("%s%s", [for i in range(1000) : join("", range(1000))], range(1000))',
    "time": 'timeadd("9999-12-31T23:59:59Z", "100000h")',
    "surrogates": '"\\uD800\\uDFFF"',
    "zeros": '"\\u0000"',
}
DOUBLED = {
    "list": "[local.x, local.x]",
    "text": '"${local.x}${local.x}"',
    "map": "{a = local.x, b = local.x}",
    "format": 'format("%s%s", local.x, local.x)',
    "concat": "concat(local.x, local.x)",
    "number": "local.x * local.x",
    "flatten": "flatten([local.x, local.x])",
    "merge": 'merge(local.x, {for k, v in local.x : "${k}x" => v})',
}


def evaluated(code: str, scope: Scope) -> Value:
    try:
        return settled(parse_expression(code, "main.tf"), scope)
    except TooMuchError:
        return Unknown("it takes too much")


@pytest.mark.thorough
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_expressions_end_and_are_never_wrong(name: str) -> None:
    began = time.process_time()
    long = Obj({"a": "a" * 2890})
    found = evaluated(HOSTILE[name], Scope(Nothing({"local": long})))
    assert time.process_time() - began < SECONDS
    assert isinstance(found, Unknown) or name in ("plus", "surrogates", "zeros", "subnets"), str(found)[:200]


@pytest.mark.thorough
@pytest.mark.parametrize("name", DOUBLED)
def test_values_that_double_each_time_end(name: str) -> None:
    value: Value = {"text": "aaaaaaaa", "format": "aaaaaaaa", "number": 2}.get(name)
    names = Nothing()
    if value is None:
        value = evaluated("{a = 1}" if name in ("map", "merge") else '["aaaaaaaa"]', Scope(names))
    began = time.process_time()
    for _ in range(60):
        names.known["local"] = Obj({"x": value})
        value = evaluated(DOUBLED[name], Scope(names))
    assert isinstance(evaluated("jsonencode(local.x)", Scope(names)), (Unknown, Encoded, str))
    assert time.process_time() - began < SECONDS


def test_the_budget_ends_an_evaluation() -> None:
    names = Nothing()
    names.budget = Budget(steps=100)
    with pytest.raises(TooMuchError):
        settled(parse_expression("[for i in range(1000) : i]", "main.tf"), Scope(names))


def test_hostile_files_are_read_in_time() -> None:
    began = time.process_time()
    for code in (
        "{ a " * 3000 + "}" * 3000,
        "a " * 100_000,
        '"' * 10_001,
        "/*" * 100_000,
        "<<A\n" * 10_000,
        "${" * 10_000,
        "\n" * 3_000_000,
    ):
        body, _ = parse(f"resource a b {code}\n".encode(), "main.tf")
        for _ in range(200):
            if not body.blocks:
                break
            body = body.blocks[0].body
    assert time.process_time() - began < SECONDS


def test_files_are_read_only_where_the_module_may(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "secret").write_text("no", encoding="utf-8")
    (root / "in.txt").write_text("yes ${1}", encoding="utf-8")
    (root / "t.tpl").write_text("%{ for x in list ~}\n${x}\n%{ endfor ~}\n", encoding="utf-8")
    (root / "self.tpl").write_text('${templatefile("self.tpl", {})}', encoding="utf-8")
    (root / "link").symlink_to(tmp_path / "secret")
    scope = Scope(Nothing(folder=root))
    assert evaluated('file("in.txt")', scope) == "yes ${1}"
    assert evaluated('templatefile("t.tpl", {list = ["a", "b"]})', scope) == "a\nb\n"
    assert evaluated('fileexists("none")', scope) is False
    assert evaluated('fileset(".", "*.t{pl,xt}")', scope) == ["in.txt", "self.tpl", "t.tpl"]
    assert evaluated('filesha256("in.txt")', scope) == evaluated('sha256(file("in.txt"))', scope)
    for code in (
        'file("../secret")',
        'file("link")',
        'file("/etc/passwd")',
        'file("~/x")',
        'fileset("/", "**")',
        'templatefile("self.tpl", {})',
    ):
        assert isinstance(evaluated(code, scope), Unknown), code
    with pytest.raises(EvalError):
        settled(parse_expression('file("none")', "main.tf"), scope.attempt())


def test_functions_of_opentofu_are_known() -> None:
    scope = Scope(Nothing())
    assert evaluated('cidrcontains("10.0.0.0/8", "10.1.2.3")', scope) is True
    assert evaluated('cidrcontains("10.0.0.0/8", "11.0.0.0/24")', scope) is False
    assert evaluated('urldecode("a%20b+c")', scope) == "a b c"
    assert evaluated('base64gunzip("H4sIAAAAAAAC/8tIzcnJBwCGphA2BQAAAA==")', scope) == "hello"
    assert evaluated('templatestring("x$${a}", {a = 1})', scope) == "x1"
    assert evaluated('element(["a", "b"], -1)', scope) == "b"
