"""Values that are not known: their reasons, what tells them apart, and what stays known around them."""

from __future__ import annotations

from tests.terraform._terraform_cases import kept, value_of

from restore_ready.readers.terraform.language import (
    Either,
    Encoded,
    Lazy,
    Maybe,
    Null,
    Obj,
    Ref,
    Rest,
    Seq,
    Text,
    Unknown,
    Value,
    either,
    equal,
    given,
    leaves,
    negated,
    opened,
    possible,
)
from restore_ready.readers.terraform.syntax import Span

ON = Unknown("var.on has no value", Span.whole("variables.tf"), "var.on")
OFF = Unknown("var.off has no value", None, "var.off")
ENV = Unknown("var.env has no value", None, "var.env")
VAR = Obj({"on": ON, "off": OFF, "env": ENV, "size": 3, "list": Unknown("var.list has no value", None, "var.list")})


class Instance(Lazy):
    """A resource of which everything is known after it is deployed."""

    def __init__(self, address: str) -> None:
        self.address = address

    def attribute(self, name: str, span: Span | None) -> Value:
        return Ref(self.address, (name,), span)

    def whole(self) -> Value:
        return Unknown(f"{self.address} is known only once it is deployed")


def show(value: Value) -> object:
    """Return a value in plain words for comparison."""
    if isinstance(value, Either):
        return (value.test.origin, show(value.yes), show(value.no))
    if isinstance(value, (Seq, Obj)):
        return [show(item) for item in value] if isinstance(value, Seq) else {key: show(value[key]) for key in value}
    if isinstance(value, Maybe):
        return ("maybe", value.unknown.origin, show(value.value))
    if isinstance(value, Text):
        return "".join(part if isinstance(part, str) else f"<{show(part)}>" for part in value.parts)
    if isinstance(value, (Unknown, Rest)):
        return f"?{opened(value).why}"
    return str(value) if isinstance(value, Ref) else value


def shown(code: str, **known: Value) -> object:
    return show(kept(code, var=VAR, **known))


def unknown(code: str, **known: Value) -> Unknown:
    found = kept(code, var=VAR, **known)
    assert isinstance(found, Unknown), found
    return found


def test_an_unknown_value_keeps_its_first_reason_and_place() -> None:
    found = unknown("upper(lower(var.on))")
    assert found.why == "var.on has no value"
    assert str(found.span) == "variables.tf"


def test_what_is_known_around_an_unknown_part_stays() -> None:
    assert shown('["a", var.env, 1]') == ["a", "?var.env has no value", 1]
    assert shown("{a = 1, b = var.env}") == {"a": 1, "b": "?var.env has no value"}
    assert shown('"x-${var.env}-y"') == "x-<?var.env has no value>-y"
    assert shown('concat(["a"], var.list, ["b"])') == ["a", "?var.list has no value", "b"]
    assert shown("merge({a = 1}, {b = var.env})") == {"a": 1, "b": "?var.env has no value"}
    encoded = kept("jsonencode({a = 1, b = var.env})", var=VAR)
    assert isinstance(encoded, Encoded)
    assert show(encoded.value) == {"a": 1, "b": "?var.env has no value"}
    assert shown("jsondecode(jsonencode({a = 1, b = var.env})).a") == 1


def test_text_around_an_unknown_part_can_settle_a_question() -> None:
    assert shown('"x-${var.env}" == "y-z"') is False
    assert shown('startswith("x-${var.env}", "x")') is True
    assert shown('strcontains("a-mid-${var.env}", "mid")') is True
    assert shown('trimprefix("x-${var.env}", "x-") == var.env') is True


def test_the_same_unknown_value_is_equal_to_itself() -> None:
    alike = ("var.env", "lower(var.env)", '"${var.env}-x"', "[var.env, 1]", "var.env.a[0]", 'var.env == "x"')
    for code in (*alike, "var.list[var.env]"):
        assert shown(f"({code}) == ({code})") is True, code


def test_other_unknown_values_are_not_known_to_be_equal() -> None:
    others = (("var.env", "var.on"), ("var.env.a", "var.env.b"), ("lower(var.env)", "upper(var.env)"))
    for left, right in (*others, ("var.env", "var.env.a")):
        assert shown(f"({left}) == ({right})") not in (True, False), (left, right)


def test_a_value_without_an_origin_is_like_no_other() -> None:
    one = Unknown("it is another one each time")
    assert shown("x == x", x=one) == "?it is another one each time"
    assert shown("uuid() == uuid()") not in (True, False)


def test_both_sides_of_an_open_condition_stay() -> None:
    assert shown('var.on ? "a" : "b"') == ("var.on", "a", "b")
    assert shown('"${var.on ? "a" : "b"}-x"') == ("var.on", "a-x", "b-x")
    assert shown("(var.on ? {n = 1} : {n = 2}).n + 1") == ("var.on", 2, 3)
    assert shown('upper(var.on ? "a" : "b")') == ("var.on", "A", "B")
    assert shown("[for x in var.on ? [1] : [2, 3] : x * 2]") == ("var.on", [2], [4, 6])
    assert shown("(var.on ? [{a = 1}] : [])[*].a") == ("var.on", [1], [])
    assert shown("jsonencode(var.on ? 1 : 2)") == ("var.on", "1", "2")


def test_equal_sides_collapse() -> None:
    assert shown("var.on ? 5 : 5") == 5
    assert shown("(var.on ? 60 : 120) >= 60") is True
    assert shown("length(var.on ? [1] : [2])") == 1
    assert shown("var.on ? var.env : var.env") == "?var.env has no value"
    assert shown("var.on ? {a = var.env} : {a = var.env}") == {"a": "?var.env has no value"}


def test_a_condition_of_true_and_false_is_the_condition_itself() -> None:
    assert unknown("var.on ? true : false").origin == "var.on"
    assert unknown("var.on ? false : true").origin == "!var.on"
    assert unknown("!(!var.on)").origin == "var.on"
    assert unknown('(var.on ? "a" : "b") == "a"').origin == "var.on"
    assert unknown('(var.on ? "a" : "b") != "a"').origin == "!var.on"


def test_equal_conditions_go_together() -> None:
    assert shown("[var.on ? 1 : 0, var.on ? 1 : 0]")[0] == ("var.on", 1, 0)
    assert shown("(var.on ? 1 : 0) == (var.on ? 1 : 0)") is True
    assert shown("(var.on ? 1 : 0) == (!var.on ? 0 : 1)") is True
    assert shown("(var.on ? 1 : 0) + (var.on ? 1 : 0)") == ("var.on", 2, 0)
    assert shown("var.on ? (var.on ? 1 : 2) : (var.on ? 3 : 4)") == ("var.on", 1, 4)
    assert shown('(var.env == "p" ? 1 : 0) == ("p" == var.env ? 1 : 0)') is True
    assert shown("var.on && var.on ? 1 : 2") != 1


def test_open_conditions_in_each_other_stay_small() -> None:
    nested = "0"
    for number in range(12):
        nested = f"(x{number} ? {number} : {nested})"
    tests = {f"x{number}": Unknown("open", None, f"x{number}") for number in range(12)}
    found = kept(f"{nested} + {nested}", **tests)
    assert isinstance(found, (Unknown, Either))
    assert sum(1 for _ in leaves(found)) <= 16


def test_a_side_that_terraform_refuses_leaves_the_other() -> None:
    bucket = either(ON, Seq([Instance("aws_s3_bucket.b[0]")]), Seq())
    assert shown("b[0].arn", b=bucket) == "aws_s3_bucket.b[0].arn"
    assert shown("b[*].arn", b=bucket) == ("var.on", ["aws_s3_bucket.b[0].arn"], [])
    assert shown("one(b[*].arn)", b=bucket) == ("var.on", "aws_s3_bucket.b[0].arn", None)
    assert shown('try(b[0].arn, "none")', b=bucket) == ("var.on", "aws_s3_bucket.b[0].arn", "none")
    assert unknown("can(b[0].arn)", b=bucket).origin == "var.on"
    assert shown("length(b)", b=bucket) == ("var.on", 1, 0)
    assert shown("var.on ? b[0].arn : null", b=bucket) == ("var.on", "aws_s3_bucket.b[0].arn", None)


def test_an_unknown_key_keeps_what_it_may_lead_to() -> None:
    roles = Obj({"a": Instance('r["a"]'), "b": Instance('r["b"]')})
    found = kept("r[var.env].arn", r=roles, var=VAR)
    assert [str(leaf) for _, leaf in leaves(found)] == ['r["a"].arn', 'r["b"].arn']
    assert shown("r[var.env].arn == r[var.env].arn", r=roles) is True
    some = Obj(rest=ENV, other=Instance('r["?"]'))
    assert shown("r[var.env].arn", r=some) == 'r["?"].arn'
    assert [leaf for _, leaf in leaves(kept("[10, 20][var.env]", var=VAR))][:2] == [10, 20]
    assert str(kept("d.ids[var.env]", d=Instance("data.x.y"), var=VAR)) == "data.x.y.ids.?var.env"


def test_elements_under_a_condition_are_seen() -> None:
    assert shown('[for x in ["a", "b"] : x if x == "a" || var.on]') == ["a", ("maybe", "var.on", "b")]
    found = kept('{for x in ["a", "b"] : x => upper(x) if x == "a" || var.on}', var=VAR)
    elements = possible(found, None)
    assert [(element.key, element.value, len(element.maybe)) for element in elements] == [("a", "A", 0), ("b", "B", 1)]
    assert shown('one([for x in ["a"] : x if var.on])') == ("var.on", "a", None)


def test_for_each_over_an_open_condition_gives_what_each_element_depends_on() -> None:
    over = kept("var.on ? {a = 1, b = 2} : {a = 1}", var=VAR)
    found = {element.key: [test.origin for test in element.maybe] for element in possible(over, None)}
    assert found == {"a": [], "b": ["var.on"]}
    none = kept("var.on ? {} : {a = 1}", var=VAR)
    assert [[test.origin for test in element.maybe] for element in possible(none, None)] == [["!var.on"]]
    every = possible(kept("var.list", var=VAR), None)
    assert isinstance(every[0].key, Unknown)


def test_given_answers_a_condition() -> None:
    value = either(ON, either(OFF, 1, 2), 3)
    assert given(value, ON, holds=False) == 3
    assert show(given(value, OFF, holds=True)) == ("var.on", 1, 3)
    assert given(negated(ON), ON, holds=True) is False


def test_values_after_unknown_ones_are_not_taken_for_known() -> None:
    assert shown("concat(var.list, [1])[0]") == "?var.list has no value"
    assert shown("length(concat(var.list, [1]))") == "?var.list has no value"
    assert shown("slice(concat([1], var.list), 0, 1)") == ["?var.list has no value"]
    assert shown("merge({a = 1}, var.env).a") == "?var.env has no value"
    assert shown('lookup({a = 1, (var.env) = 2}, "b", 3)') == "?var.env has no value"
    assert shown('contains([var.env, "a"], "a")') is True
    assert shown('contains([var.env], "a")') == "?var.env has no value"
    assert shown("alltrue([false, var.on])") is False
    assert shown("var.on && false") is False
    assert shown("d.ids[*]", d=Instance("data.x.y")) == ["?data.x.y.ids is known only once it is deployed"]


def test_provider_functions_and_those_of_the_moment_are_unknown_by_name() -> None:
    assert unknown("provider::aws::arn_parse(var.env)").why.startswith("provider::aws::arn_parse() is a provider's")
    assert unknown("timestamp()").why == "timestamp() depends on when Terraform runs"
    assert "rsadecrypt()" in unknown('rsadecrypt("a", "b")').why


def test_refusals_are_unknown_at_the_nearest_element() -> None:
    assert shown('[1, tonumber("x"), 3]') == [1, "?tonumber(): a number is required", 3]
    assert shown("{a = 1, b = {}.c}")["a"] == 1  # type: ignore[index]
    assert shown("try([1, {}.c], [2])") == [2]


def test_nulls_keep_their_type_only_where_it_matters() -> None:
    assert isinstance(value_of("tostring(null)"), Null)
    assert kept("tostring(null)") is None
    assert kept("[tostring(null)]") == [None]
    assert equal(value_of("tostring(null)"), None) is True
