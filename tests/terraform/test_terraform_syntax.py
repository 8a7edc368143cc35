"""Where things are written, what is read of broken files, and JSON configuration."""

from __future__ import annotations

from tests.terraform._terraform_cases import Nothing

from restore_ready.readers.terraform.language import Scope, Unknown, Value, settled
from restore_ready.readers.terraform.syntax import (
    Body,
    Span,
    Written,
    names,
    nodes,
    parse,
    parse_expression,
    parse_json,
)

CODE = """# note é
resource "aws_backup_plan" "nightly" {
  name = "nightly"
  rule {
    rule_name    = "é-${var.name}"
    start_window = 60 # minutes
  }
}
"""


def body_of(code: str | bytes, file: str = "main.tf") -> Body:
    body, problems = parse(code if isinstance(code, bytes) else code.encode(), file)
    assert not problems
    return body


def block_of(code: str | bytes) -> Written:
    return body_of(code).blocks[0]


def at(code: str, span: Span) -> str:
    return code.encode()[span.start : span.end].decode()


def value(body: Body, name: str) -> Value:
    return settled(body.attributes[name].expr, Scope(Nothing()))


def test_every_part_knows_its_lines_columns_and_bytes() -> None:
    block = block_of(CODE)
    rule = block.body.blocks[0]
    window = rule.body.attributes["start_window"]
    assert (block.span.line, block.span.end_line, block.span.column, block.span.end_column) == (2, 8, 1, 2)
    assert (rule.span.line, rule.span.end_line) == (4, 7)
    assert (window.span.line, window.span.column, window.span.end_column) == (6, 5, 22)
    assert at(CODE, window.span) == "start_window = 60"
    assert at(CODE, window.expr.span) == "60"
    assert at(CODE, rule.body.attributes["rule_name"].expr.span) == '"é-${var.name}"'
    assert at(CODE, rule.span).endswith("}")


def test_parts_of_an_expression_know_their_bytes() -> None:
    code = 'é ? [for k, v in a.b : "${v}-x" if k != 1] : f(1, -c[0].d)'
    expr = parse_expression(code, "main.tf")
    assert isinstance(expr, nodes.Cond)
    assert at(code, expr.yes.span) == '[for k, v in a.b : "${v}-x" if k != 1]'
    assert isinstance(expr.no, nodes.Call)
    assert at(code, expr.no.args[1].span) == "-c[0].d"
    assert sorted(".".join(name) for name in names(expr)) == ["a.b", "c", "k", "v", "é"]


def test_a_byte_order_mark_and_line_ends_of_windows_count_as_bytes() -> None:
    code = b'\xef\xbb\xbfa = 1\r\nb = "x"\r\n'
    body = body_of(code)
    span = body.attributes["b"].span
    assert code[span.start : span.end] == b'b = "x"'
    assert (span.line, span.column) == (2, 1)


def test_heredocs_and_templates_end_where_they_are_written() -> None:
    code = "a = <<-EOT\n    x ${1}\n  y\n  EOT\nb = 2\n"
    body = body_of(code)
    assert at(code, body.attributes["a"].span) == code[: code.index("\nb")]
    assert value(body, "a") == "  x 1\ny\n"
    assert value(body, "b") == 2


def test_an_expression_ends_before_the_line_ends_behind_it() -> None:
    code = "a = [\n  x ? 1 : y\n  ,\n  f(\n    1 + z\n\n  )\n]\nb = <<E\nE \r\n"
    body = body_of(code)
    items = body.attributes["a"].expr
    assert isinstance(items, nodes.TupleOf)
    choice, call = items.items
    assert isinstance(call, nodes.Call)
    assert [at(code, part.span) for part in (choice, call.args[0])] == ["x ? 1 : y", "1 + z"]
    assert at(code, body.attributes["b"].span) == "b = <<E\nE"


def test_a_block_knows_its_braces_and_arguments_that_are_given_again() -> None:
    code = 'a "{" /* { */ {\n  x = 1\n  x = 2\n}\n'
    block = block_of(code)
    assert at(code, block.braces) == "{\n  x = 1\n  x = 2\n}"
    assert [at(code, attribute.span) for attribute in block.body.repeated] == ["x = 1"]
    last = block.body.attributes["x"]
    assert isinstance(last.expr, nodes.Bad)
    assert (at(code, last.span), last.expr.why) == ("x = 2", "x is given twice")


def test_a_broken_block_is_left_out_and_said() -> None:
    code = 'resource "a" "one" {\n  x = 1\n}\nresource "a" "two" {\n  x = [1\n}\nresource "a" "three" {\n  x = 3\n}\n'
    body, problems = parse(code.encode(), "main.tf")
    assert [block.labels[1] for block in body.blocks] == ["one", "three"]
    assert [(problem.span.line, problem.why) for problem in problems] == [(6, "} closes nothing")]


def test_a_broken_value_leaves_its_neighbours() -> None:
    body = block_of("a {\n  x = 1 +\n  y = 2\n}\n").body
    found = value(body, "x")
    assert isinstance(found, Unknown)
    assert (found.why, found.span and found.span.line) == ("a value is expected here", 2)
    assert value(body, "y") == 2


def test_a_nested_body_that_cannot_be_read_says_so() -> None:
    body = block_of("a {\n  b {\n    = 1\n  }\n  c = 2\n}\n").body
    assert [problem.why for problem in body.blocks[0].body.problems] == ["an attribute or block is expected here"]
    assert value(body, "c") == 2


def test_directives_without_an_end_are_unknown() -> None:
    body = body_of('a = "%{ if true }x"\nb = "x%{ endif }"\nc = "%{ for x in [1] }${x}"\nd = "%{ what }"\n')
    assert all(isinstance(value(body, name), Unknown) for name in "abcd")


JSON = """{
  "//": "note",
  "resource": {"aws_backup_plan": {"nightly": [{
    "name": "p-${1 + 1}",
    "rule": {"rule_name": "é", "lifecycle": {"delete_after": 35}}
  }]}},
  "variable": {"x": {"type": "list(string)", "default": ["${a}"]}}
}"""


def test_json_configuration_gives_the_same_bodies() -> None:
    body, problems = parse_json(JSON.encode(), "main.tf.json")
    assert problems == []
    plan, variable = body.blocks
    assert (plan.kind, plan.labels) == ("resource", ["aws_backup_plan", "nightly"])
    assert value(plan.body, "name") == "p-2"
    rule = plan.body.blocks[0]
    assert value(rule.body, "rule_name") == "é"
    assert value(rule.body.blocks[0].body, "delete_after") == 35
    span = plan.body.attributes["name"].span
    assert (at(JSON, span), span.line) == ('"name": "p-${1 + 1}"', 4)
    assert isinstance(variable.body.attributes["type"].expr, nodes.Call)
    unread = settled(plan.body.attributes["name"].expr, Scope(Nothing()))
    assert unread == "p-2"


def test_a_reason_in_json_leads_to_the_string() -> None:
    body, _ = parse_json(b'{\n "a": "${nothing.b}"\n}', "x.tf.json")
    found = value(body, "a")
    assert isinstance(found, Unknown)
    assert str(found.span) == "x.tf.json:2"


def test_what_is_no_json_object_is_a_problem() -> None:
    for code in (b"", b"[1]", b'{"a": 1', b'{"a": 01}', b'{"a"', b"{} {}", b"\xff", b"[" * 5000):
        body, problems = parse_json(code, "x.tf.json")
        assert not body.blocks
        assert len(problems) == 1


def test_names_of_the_same_place_are_equal() -> None:
    first, second = (parse_expression("a.b", "main.tf").span for _ in range(2))
    assert first == second
    assert hash(first) == hash(second)
    assert repr(first) == "<main.tf:1:1-1:4>"
    assert str(Span.whole("main.tf")) == "main.tf"
