"""What the cases are made of: values, arguments, patterns, templates, types, each as it is written in Terraform."""

from __future__ import annotations

STRINGS = (
    '""', '"a"', '"Hello World"', '"a,b,c"', '"  pad  "', '"x\\ny\\n"', '"10"', '"-3.5"', '"true"', '"null"', '"ünï"',
    '"a/b/c.txt"', '"aXbXc"', '"foo-bar_baz"', '"\\"q\\""', '"tab\\there"', '"é"', '"it\'s one.two"',
    '"{\\"a\\":[1,2.50,null,true]}"', '"[1,2]"', '"<&>"', '"$${x}"', '"1e3"', '"日本"', '"end."',
    '"arn:aws:iam::123:role/x"', '"cr\\r\\nlf"', '"e\\u0301x"', '"straße"',
)  # fmt: skip
NUMBERS = (
    "0", "1", "-1", "2", "3", "10", "255", "1.5", "-2.75", "0.1", "100", "1e3", "12345678901234567890", "1/3", "7",
    "-7", "0.000001", "64", "1e30", "2.5", "0.3", "1e-7",
)  # fmt: skip
BOOLS = (
    "true", "false",
)  # fmt: skip
TEXT_LISTS = (
    "[]", '["a"]', '["a","b","c"]', '["c","a","b","a"]', '["", "x", ""]', '["1","2"]', '["b", null, "a"]',
    'tolist(["x","y"])', '["a10","a2","B"]', "tolist([])", '["x", 1]',
)  # fmt: skip
NUMBER_LISTS = (
    "[1,2,3]", "[3,1,2,2]", "[0.5,1.5]", "[10]", "[-1,5]", '["4","5"]', "[0.1,0.2]", "[]", '["a",1]',
)  # fmt: skip
BOOL_LISTS = (
    "[true,false]", "[true]", '[true, "true"]', "[false,false]", "[]", '["false"]', "[null]", "[1]",
)  # fmt: skip
MIXED_LISTS = (
    '[1,"a",true]', "[[1,2],[3]]", '[[],[[]],[["a"]]]', "[{a=1},{a=2}]", '[{a="x",b=[1]},{a="y",b=[]}]', "[null]",
    '[1,null,"x"]', '[[1],["a"]]', "[{a=1},{b=2}]", "[1,[2]]", "tolist([[1],[2,3]])",
)  # fmt: skip
SETS = (
    'toset(["b","a","b"])', "toset([3,1,2])", "toset([])", 'toset(["x",1,true])', 'toset([10,9,"8"])',
    "toset([[2],[1]])", "toset([true,false])",
)  # fmt: skip
MAPS = (
    "{}", "{a=1}", '{a="x",b="y"}', "{b=2,a=1,c=3}", "{a=[1],b={c=2}}", '{"k k"="v","é"=1}', 'tomap({x="1",y="2"})',
    "{a=null}", '{a={n=1,m="z"},b={n=2,m="w"}}', '{"1"="one","10"="ten","9"="nine"}', "tomap({})",
    'tomap({a=1,b="2"})', "tomap({a=[1],b=[2,3]})",
)  # fmt: skip
NULLS = (
    "null", "tostring(null)", "tonumber(null)",
)  # fmt: skip
LISTS = TEXT_LISTS + NUMBER_LISTS + MIXED_LISTS + SETS
ANY = STRINGS + NUMBERS + BOOLS + TEXT_LISTS + NUMBER_LISTS + BOOL_LISTS + MIXED_LISTS + SETS + MAPS + NULLS
ARGUMENTS = {
    "i": (
        "0", "1", "2", "3", "-1", "1.5", '"2"',
    ),
    "r": (
        '"a"', '"[a-z]+"', '"(\\\\d+)"', '"(?P<x>[a-z])(?P<y>.)"', '"^a"', '"b$"', '"x|y"', '"."', '"[[:alpha:]]+"',
        '"(a)(b)?"', '"\\\\s+"', '"(?i)hello"', '"\\\\w+"', '"a{2,3}"', '"[^a-c]"', '"(?:a|b)+"', '"\\\\bw"', '"("',
        '"a**"', '"(?=a)"', '"[\\\\d.]+"', '"(?s).+"', '"(?m)^.$"', '"\\\\."', '"/"', '"é"', '"(?P<a>x)(y)"',
        '".*?b"', '"\\\\x41"', '"[]a]"', '""', '"(a)\\\\1"',
    ),
    "R": (
        '"/a/"', '"/[a-z]+/"', '"/(\\\\w)(\\\\w)/"', '"a"', '""', '"/x"', '"/\\\\s+/"', '"l"', '"/(?P<n>\\\\w+)/"',
        '"/"', '"//"', '"/$/"', '"."', '"/./"',
    ),
    "T": (
        '"X"', '"$1"', '"$2$1"', '"[$0]"', '""', '"${"$"}{1}z"', '"$n"', '"$$"', '"$1x"', '"\\\\1"',
    ),
    "c": (
        '"10.0.0.0/16"', '"192.168.1.0/24"', '"10.1.2.3/8"', '"fd00::/56"', '"172.16.0.0/12"', '"0.0.0.0/0"',
        '"10.0.0.1/32"', '"bad"', '"10.0.0.1"', '"::/0"', '"2001:db8:1:2::/64"', '"10.0.0.0/33"',
    ),
    "d": (
        '"2024-02-29T13:04:05Z"', '"2023-12-31T23:59:59+02:00"', '"2017-11-22T00:00:00-07:30"', '"2024-01-02"',
        '"2020-06-01T00:00:00Z"', '"2023-02-29T00:00:00Z"', '"1999-01-05T09:08:07+09:00"',
    ),
    "D": (
        '"1h"', '"-30m"', '"24h"', '"1h30m10s"', '"0s"', '"1.5h"', '"10"', '"100ms"', '"8760h"', '"0"', '"+2h"',
        '"1d"',
    ),
    "F": (
        '"YYYY-MM-DD"', '"DD MMM YYYY hh:mm ZZZ"', '"EEEE, D MMMM YY"', '"HH:mm:ss AA"', '"hh\'h\'mm"',
        '"EEE aa Z ZZZZ ZZZZZ"', '"h:m:s"', '"\'T\'\'x\'M"', '"YYYYMMDDhhmmss"', '"QQ"', '"\'open"', '"M/D"',
        '"H aa"', '""',
    ),
    "f": (
        '"%s"', '"%d"', '"%5.2f"', '"%q"', '"%v"', '"%%"', '"%-8s|"', '"%08d"', '"%x"', '"%#v"', '"%t"', '"%+d"',
        '"%e"', '"%g"', '"%3d"', '"%s and %s"', '"%[2]s-%[1]s"', '"%b"', '"%o"', '"%X"', '"%5s|"', '"%.2s"', '"%f"',
        '"no"', '"%05.1f"', '"% d"', '"%.0f"', '"%z"', '"%"', '"%[1]s%[1]s"', '"%10v|"', '"%-5d|"', '"%#x"', '"%.3g"',
        '"%5q|"', '"%5t|"',
    ),
    "p": (
        '"a/b/c.txt"', '"/x/y"', '"name"', '"a/"', '"./a"', '"../b"', '""', '"/"', '"a//b"', '"/a/../b"', '"a/./b/"',
    ),
    "y": (
        '"a: 1\\nb: [x, yes, 1.5]\\n"', '"- 1\\n- two\\n"', '"k: 2020-01-01"', '"~"', '"a: \\"q\\""',
        '"a: on\\nb: 0x10\\nc: 1_000\\nd: 010"', '"s: |\\n  l1\\n  l2\\n"', '"{a: {b: null}}"', '"x: 1e3"', '"true"',
        '"- Yes"', '": bad: ["', '"a: 1\\na: 2"', '"1: x\\ntrue: y"', '""', '"a:"',
        '"- .5\\n- 5.\\n- .inf\\n- 0b11\\n- 0o17"', '"a: \'it\'\'s\'"', '"t: !!str 12"', '"f: >\\n  one\\n  two\\n"',
        '"a: &x 1\\nb: *x"', '"---\\na: 1"', '"# c\\n- a # d"', '"a: y\\nb: n\\nc: off"', '"- -1\\n- +2\\n- 1e-3"',
        '"a: 1.0"', '"a: 12345678901234567890"',
    ),
    "C": (
        '"a,b\\n1,2\\n3,4"', '"n\\n\\"q,r\\"\\n"', '"a,b\\n1"', '"h1,h2\\n"', '""', '"a,a\\n1,2"',
        '"a\\n\\"x\\ny\\"\\n"', '"a\\r\\n1\\r\\n"', '"é,b\\n,"', '"a\\nx\\"y"',
    ),
    "e": (
        '"aGVsbG8="', '"!!"', '"w7w="', '""', '"aGVsbG8"', '"/w=="', '"aGVs\\nbG8="',
    ),
    "j": (
        '"{\\"b\\":1,\\"a\\":[true,null]}"', '"[1,2.50,1e3]"', '"nope"', '"\\"x\\""', '"1"', '"null"', '""',
        '"{\\"a\\":1,}"', '"[0.1, 1E-2, -0]"', '"{\\"\\\\u00e9\\":\\"\\\\n\\"}"', '" [ ] "', '"true false"',
        '"{\\"a\\":{\\"b\\":{}}}"', '"[01]"', '"12345678901234567890123"',
    ),
    "z": (
        '"10"', '"ff"', '"-7"', '"777"', '"zz"', '"1A"', '"101"', '""', '"+5"', '"Zz"', '"1.5"', "12", '"-"',
    ),
    "Z": (
        "10", "16", "8", "36", "2", "62", "1", "63",
    ),
    "E": (
        '"UTF-8"', '"UTF-16LE"', '"ISO-8859-1"', '"windows-1252"', '"Shift_JIS"', '"nope"', '"UTF-16BE"',
    ),
    "u": (
        '"dns"', '"url"', '"oid"', '"x500"', '"6ba7b810-9dad-11d1-80b4-00c04fd430c8"', '"no"',
    ),
    "x": (
        '"a"', '"b"', '"x"', '"1"', '"zz"', '"k k"', "1", "null",
    ),
    "s": STRINGS, "n": NUMBERS, "b": BOOLS, "l": LISTS, "L": TEXT_LISTS, "m": MAPS, "v": ANY, "N": NUMBER_LISTS,
    "B": BOOL_LISTS, "t": SETS,
}  # fmt: skip
FUNCTIONS = {
    "abs": "n", "ceil": "n", "floor": "n", "log": "nn", "pow": "nn", "signum": "n", "max": "nnn", "min": "nn",
    "parseint": "zZ", "sum": "N", "chomp": "s", "endswith": "ss", "startswith": "ss", "strcontains": "ss",
    "format": "fv", "formatlist": "fl", "indent": "is", "join": "sL", "lower": "s", "upper": "s", "title": "s",
    "regex": "rs", "regexall": "rs", "replace": "sRT", "split": "ss", "strrev": "s", "substr": "sii", "trim": "ss",
    "trimprefix": "ss", "trimsuffix": "ss", "trimspace": "s", "alltrue": "B", "anytrue": "B", "chunklist": "li",
    "coalesce": "vv", "coalescelist": "ll", "compact": "L", "concat": "ll", "contains": "lv", "distinct": "l",
    "element": "li", "flatten": "l", "index": "lv", "keys": "m", "values": "m", "length": "v", "lookup": "mxv",
    "matchkeys": "lll", "merge": "mm", "one": "l", "range": "nn", "reverse": "l", "setintersection": "tt",
    "setsubtract": "tt", "setunion": "tt", "setproduct": "ll", "slice": "lii", "sort": "L", "transpose": "m",
    "zipmap": "Ll", "base64decode": "e", "base64encode": "s", "csvdecode": "C", "jsondecode": "j", "jsonencode": "v",
    "urlencode": "s", "yamldecode": "y", "yamlencode": "v", "basename": "p", "dirname": "p", "formatdate": "Fd",
    "timeadd": "dD", "timecmp": "dd", "md5": "s", "sha1": "s", "sha256": "s", "sha512": "s", "base64sha256": "s",
    "base64sha512": "s", "cidrhost": "cn", "cidrnetmask": "c", "cidrsubnet": "cii", "cidrsubnets": "cii", "can": "v",
    "try": "vv", "tobool": "v", "tolist": "v", "tomap": "v", "tonumber": "v", "toset": "v", "tostring": "v",
    "sensitive": "s", "nonsensitive": "s", "issensitive": "s", "textencodebase64": "sE", "textdecodebase64": "eE",
    "uuidv5": "us",
}  # fmt: skip
MANY = (
    "max", "min", "concat", "merge", "coalesce", "coalescelist", "setunion", "setintersection", "setproduct",
    "formatlist", "cidrsubnets",
)  # fmt: skip
"""Functions that take any number of arguments."""
FORMATS = (
    ("%s is %d years (%t)", '"A", 5, true'), ("%v %v %v", '1, "a", true'), ("%[1]d %[1]s", "7"), ("%s", "[1]"),
    ("%d", "1.5"), ("%d", '"12"'), ("%.3f", "1/3"), ("%10.3e", "12345.678"), ("%v", "1/3"), ("%v", "1e30"),
    ("%v", "0.00001"), ("%v", "1e21"), ("%s", "1/3"), ("%g", "1e6"), ("%g", "123456789"), ("%q", '"a\\"b"'),
    ("%#v", '"x"'), ("%v", "null"), ("%v", '[1,"a"]'), ("%v", "{a=1}"), ("%08.3f", "-3.14159"), ("%+.2f", "2"),
    ("%x", "255"), ("%x", '"hi"'), ("%t", '"true"'), ("%t", "1"), ("%-10s|", '"é"'), ("%5s|", '"日本"'),
    ("%3v|", "true"), ("%s", "null"), ("%d", "true"), ("%.1f", "0.25"), ("%.1f", "0.35"), ("%.0f", "2.5"),
    ("%e", "0"), ("%G", "1e-10"), ("%.2e", "123456"), ("%5.1f|", "3.14159"), ("%%%s", '"x"'), ("%s%%", "50"),
    ("%#o", "8"), ("%#b", "5"), ("% d", "-5"), ("%+d", "5"), ("%v", "12345678901234567890"), ("%v", "tolist([1,2])"),
    ("%v", "true"), ("%v", '"x"'), ("%s", "1e100"), ("%d", "1e20"),
)  # fmt: skip
OPERATORS = (
    "+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "&&", "||",
)  # fmt: skip
STEPS = (
    "[*]", "[*].a", ".*.a", "[*].b", "[*].a.n", "[*][0]", ".a", ".b", '["a"]', "[0]", ".0", "[*].b[*].c", '["k k"]',
    "[1]", "[-1]", '["0"]', "[1.5]", '["1"]', "[null]", "[true]", ".b.c", "[0].a", "[0][0]", "[*].zz", ".a[0]",
)  # fmt: skip
TEMPLATES = (
    '"a${%s}b"', '"${%s}"', '"%%{ if %s }y%%{ else }n%%{ endif }"', '"%%{ for x in %s }[${x}]%%{ endfor }"',
    '"%%{ for k, x in %s ~} ${k}:${x} %%{ endfor ~} z"', '"  ${~ %s ~}  q"', '"${%s}${1}"', '"$${${%s}}"',
    '"%%%%{ ${%s}"', '"a %%{~ if can(%s) ~} b %%{~ endif ~} c"', '"\\t${%s}\\n\\\\"', '"${upper("x${%s}")}"',
)  # fmt: skip
HEREDOCS = (
    "<<EOT\n  a ${%s}\n\n  b\nEOT\n", "<<-EOT\n    a\n      b ${%s}\n    c\n  EOT\n",
    "<<-EOT\n  %%{ for x in %s ~}\n  - ${x}\n  %%{ endfor ~}\n  end\nEOT\n", "<<-EOT\n\n    x\n  ${%s}\n\tz\n  EOT\n",
    "<<EOT\n%%{ if %s }\nyes\n%%{ else ~}\n  no\n%%{ endif ~}\nEOT\n",
    '<<-EOT\n  a \\n "q" $${x} %%%%{y} ${%s ~}\n   b\n  EOT\n', "<<-EOT\n${%s}\n    b\n  EOT\n",
    "<<EOT\n${jsonencode({\n  a = %s\n})}\nEOT\n",
    "<<-EOT\n      %%{ if %s ~}\n      y\n      %%{~ endif }\n    z\n  EOT\n",
)  # fmt: skip
BODIES = (
    "x", "[x]", '"${x}!"', "upper(x)", 'x == "a"', "jsonencode(x)", "try(x + 1, x)", "{v = x}", "x == null ? 0 : 1",
    "length(x)",
)  # fmt: skip
KEYS = (
    "k", "x", '"p${k}"', "upper(x)", "try(tostring(x), k)", "null", "1",
)  # fmt: skip
TESTS = (
    "", " if x != null", ' if x != "a"', " if can(x + 1)", " if length(jsonencode(x)) > 1", " if true", " if null",
)  # fmt: skip
TYPES = (
    "string", "number", "bool", "any", "list(string)", "list(number)", "list(any)", "set(string)", "set(number)",
    "map(string)", "map(any)", "map(number)", "object({a=number})", "object({a=string,b=optional(string)})",
    'object({a=optional(number,5),b=optional(list(string),["d"])})', "tuple([string,number])",
    'list(object({a=optional(string,"dd"),n=optional(number)}))',
    "map(object({n=optional(number,1),m=optional(string)}))", "object({a=any})", "list(list(string))",
    "map(list(string))", "tuple([])", "object({})", "set(any)", "list(bool)", "map(bool)",
    'object({a=optional(object({n=optional(number,7),m=optional(string,"q")}),{})})', "list(tuple([number,string]))",
    "object({a=optional(map(string),{}),b=optional(any)})", "map(map(number))", "set(object({a=number}))",
)  # fmt: skip
SAID = (
    "[for k in [1,2] : k]...", "{a = 1, a = 2}", '{("x") = 1}', "{x : 1, y = 2}", "{true = 1}", "{1 = 2}", "[1, 2,]",
    "-(-1)", "!!true", "1 < 2 == true", "1 + 2 * 3 - 4 / 2 % 3", "2 - 1 - 1", "true || false && false",
    "!true == false", "true ? 1 : false ? 2 : 3", '"a" == "a" ? "x" : "y"', "0.1 + 0.2 == 0.3", "1 / 3 * 3 == 1",
    "1e3", "1E+2", "1.50", "07", "0x10", "1_000", "1.", ".5", "10 % 3.3", "-10 % 3", "10 % -3", "1e400",
    "(1e200 * 1e200) > 1", "9007199254740993", "0.1 * 3", "2 / 3", "1e-400 > 0", "100000000000000000000 + 1",
    "keys({b=1,a=2})[0]", "values({b=1,a=2})[0]", "{b=1,a=2}", "[1,2,3][length([1,2])]",
    '{for i, v in ["a","b"] : v => i}', "max([1,5,3]...)", "max([]...)", "min(toset([3,2])...)",
    "concat([[1],[2]]...)", '[for s in ["a","b"] : upper(s) if s != "a"]', "[[1,2],[3,4]][*][0]",
    "[{a=[{b=1}]}][*].a[*].b", "null == null", '"" == null', "[] == []", "[1] == [1]", "tolist([1]) == [1]",
    "{} == {}", "{a=1} == {a=1}", '"1" == 1', 'true == "true"', "toset([1,2]) == toset([2,1])", 'core::upper("a")',
    "nosuch(1)", "upper()", 'upper("a","b")', "try()", "can()", "try({}.a, {}.b, 3)", "can({}.a)", "can([][0])",
    'try(tolist(null)[*], "none")', 'try(null[*], "none")', 'try(tonumber("x"), 5)', "coalesce(tostring(null), 5)",
    "coalesce(null, 5)", 'coalesce("", null, "z")', "true ? tostring(null) : 5",
    'try(true ? {a=[1]} : {b="x"}, "none")', 'try([1,2] == tolist([1,2]), "none")', 'true ? [1,"a"] : [true]',
    "true ? {a=1} : {}", "true ? [] : [1]", "true ? tolist([]) : [1]", "true ? null : [1]", 'false ? 1 : "a"',
    'true ? 1 : "a"', "true ? 1 : [1]", "true ? true : 1", 'true ? {a=1,b="x"} : {a=2,b=3}',
    'true ? tomap({a=1}) : {b="x"}', "true ? toset([1]) : [1]", 'true ? [[1]] : [["a"]]', 'length("日本")',
    'length("e\\u0301")', 'length("\\r\\n")', 'strrev("a\\u0301b")', 'substr("日本語", 1, 1)', 'jsonencode("\\u2028")',
    'jsonencode({"<"=">"})', "jsonencode(1.0)", "jsonencode(1e20)", "jsonencode(0.1)", "jsonencode(1/3)",
    "pow(2,0.5)", "pow(2,0.5)*pow(2,0.5)", "pow(2,100)", "pow(10,30)", "pow(3,50)", "log(8,2)", "log(10,10)",
    "log(100,10)", "log(0,2)", "pow(0,-1)", "pow(-8,1/3)", "ceil(1.2) + floor(-1.2)", "abs(-1/3)", "signum(-0.5)",
    'parseint("ff",16)', 'format("%s", tolist(["a"]))', 'split("", "abc")', 'join("-", [1,true,"x"])',
    'sort(["b",1,true])', 'distinct([1,"1",true])', 'flatten([[1],tolist(["a"]),toset([2])])', "flatten([{a=[1]}])",
    'element(["a","b"], -1)', 'slice("abc", 0, 1)', "reverse(toset([1]))", 'index(["a"], "b")', "range(3)",
    "range(3, 0)", "range(0, 1, 0.25)", "range(1, 5, -1)", "range(0)", "range(1025)", 'zipmap(["a"],[1,2])',
    'zipmap(["a","b"],[1,"x"])', 'lookup({a=1}, "b", "c")', 'lookup(tomap({a=1}), "b", "c")', 'lookup({a=1}, "b")',
    'merge({a=1}, null, {b="x"})', "merge()", "merge(null)", 'merge(tomap({a=1}), {b="x"})', "keys(null)",
    "length(null)", "one([])", "one([1,2])", "one(toset([1]))", "sum([])", 'sum([1,"2"])', "sum([0.1,0.2])",
    "chunklist([1,2,3], 2)", "chunklist([1,2,3], 0)", 'setproduct([1,2],["a"])', "setproduct([1],[])",
    "setproduct([1])", 'transpose({a=["x","y"],b=["x"]})', 'matchkeys(["a","b"],[1,2],[2])', 'regex("(a)(b)?","a")',
    'regexall("(?P<x>a)","aa")', 'replace("abc","/(b)/","[$1]")', 'tobool("yes")', 'tobool("1")', "tobool(1)",
    "tostring(true)", "tostring(1.50)", "tostring([])", 'tonumber("1e3")', 'tonumber("0x1")', 'tonumber(" 1")',
    'tonumber("")', "tolist({a=1})", 'tolist("a")', 'tolist([1,"a"])', "tolist([[1],[]])", "tolist([1,[2]])",
    'toset([1,"1"])', 'tomap({a=1,b="x"})', "tomap({a=[1],b={}})", "tomap([])", 'jsonencode(toset(["b","a"]))',
    'yamlencode({a=[1,{b="x"}],c=null,d="l1\\nl2"})', "yamlencode([])", 'yamlencode("x")', "yamlencode({a={},b=[]})",
)  # fmt: skip
CONSTANTS = tuple(value for value in ANY if "(" not in value)
"""Values that may stand as a variable's default, where no function may be called."""
