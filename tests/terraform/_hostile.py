"""Configurations that are made to hang a reader or to fill the memory."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

_VAULT: Final = 'resource "aws_backup_vault" "ok" { name = "ok" }\n'


def _token(expression: str) -> str:
    return f'resource "aws_efs_file_system" "x" {{\n  creation_token = {expression}\n}}\n{_VAULT}'


def _chain(first: str, step: str, count: int = 60) -> str:
    lines = (f" l{number} = {step.replace('PREVIOUS', f'local.l{number - 1}')}\n" for number in range(1, count))
    return f"locals {{\n l0 = {first}\n{''.join(lines)}}}\n{_token(f'local.l{count - 1}')}"


def _yaml_of_aliases() -> str:
    lines = ["a: &a [x,x,x,x,x,x,x,x,x]"]
    for number in range(9):
        name, before = chr(ord("b") + number), chr(ord("a") + number)
        lines.append(f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]")
    text = "\n".join(lines)
    return f"yamldecode(<<EOT\n{text}\nEOT\n)"


def _repeated(text: str, meta: str) -> str:
    return f'resource "aws_efs_file_system" "x" {{\n {meta}\n creation_token = {text}\n}}\n{_VAULT}'


_LONG: Final = 'join("", range(1000))'
_PAIRS: Final = 'toset([for p in setproduct(range(1000), range(1000)) : "${p[0]}-${p[1]}"])'
_CUBE: Final = 'length([for i in range(1000) : [for j in range(1000) : [for k in range(1000) : "${i}${j}${k}"]]])'
_DEEP_DYNAMIC: Final = (
    'resource "aws_backup_plan" "x" {\n dynamic "rule" {\n for_each = range(1000)\n content {\n'
    ' dynamic "copy_action" {\n for_each = range(1000)\n content {\n dynamic "lifecycle" {\n for_each = range(1000)\n'
    " content { a = 1 }\n }\n }\n }\n }\n }\n}\n"
)

FILES: Final[dict[str, dict[str, str]]] = {
    "range": {"main.tf": _token('join(",", [for i in range(1000000000) : i])')},
    "cube": {"main.tf": _token(_CUBE)},
    "parentheses": {"main.tf": _token("(" * 20000 + "1" + ")" * 20000)},
    "lists": {"main.tf": _token("[" * 5000 + "1" + "]" * 5000)},
    "not": {"main.tf": _token("!" * 20000 + "true")},
    "plus": {"main.tf": _token("1" + " + 1" * 20000)},
    "conditions": {"main.tf": _token("true ? 1 : " * 3000 + "2")},
    "interpolations": {"main.tf": _token('"${' * 2000 + "1" + '}"' * 2000)},
    "doubled list": {"main.tf": _chain('["aaaaaaaa"]', "[PREVIOUS, PREVIOUS]")},
    "doubled text": {"main.tf": _chain('"aaaaaaaa"', '"${PREVIOUS}${PREVIOUS}"')},
    "doubled map": {"main.tf": _chain("{ a = 1 }", "{ a = PREVIOUS, b = PREVIOUS }")},
    "doubled format": {"main.tf": _chain('"aaaaaaaa"', 'format("%s%s", PREVIOUS, PREVIOUS)')},
    "doubled concat": {"main.tf": _chain('["a"]', "concat(PREVIOUS, PREVIOUS)")},
    "doubled number": {"main.tf": _chain("2", "PREVIOUS * PREVIOUS")},
    "open doubled list": {"main.tf": 'variable "v" {}\n' + _chain("[var.v]", "[PREVIOUS, PREVIOUS]")},
    "open doubled condition": {"main.tf": 'variable "v" {}\n' + _chain("var.v", "PREVIOUS ? PREVIOUS : !PREVIOUS")},
    "open condition as count": {
        "main.tf": 'variable "v" {}\n'
        + _chain("var.v", "PREVIOUS ? PREVIOUS : !PREVIOUS")
        + 'resource "aws_backup_plan" "p" {\n  count = local.l59 ? 1 : 0\n}\n'
    },
    "open choice as count": {
        "main.tf": 'variable "v" {}\n'
        + _chain("var.v ? 1 : 0", "var.v ? PREVIOUS : (var.v ? PREVIOUS : 0)", 40)
        + 'resource "aws_backup_plan" "p" {\n  count = local.l39\n}\n'
    },
    "long chain": {"main.tf": _chain('"v"', "PREVIOUS", 5000)},
    "many keys": {"main.tf": _repeated("each.key", f"for_each = {_PAIRS}")},
    "high count": {"main.tf": _repeated("count.index", "count = 1000000000")},
    "many modules": {
        "main.tf": f'module "a" {{\n source = "./m"\n count = 1000\n}}\n{_VAULT}',
        "m/main.tf": 'module "b" {\n source = "./n"\n count = 1000\n}\n',
        "m/n/main.tf": 'resource "aws_efs_file_system" "x" { count = 1000 }\n',
    },
    "fan of modules": {
        "main.tf": "".join(f'module "m{n}" {{ source = "./d1" }}\n' for n in range(8)) + _VAULT,
        **{
            f"d{depth}/main.tf": "".join(f'module "m{n}" {{ source = "../d{depth + 1}" }}\n' for n in range(8))
            for depth in range(1, 11)
        },
        "d11/main.tf": 'resource "aws_efs_file_system" "x" {}\n',
    },
    "module of itself": {"main.tf": f'module "a" {{ source = "./" }}\n{_VAULT}'},
    "modules in a circle": {
        "main.tf": f'module "a" {{ source = "./m" }}\n{_VAULT}',
        "m/main.tf": 'module "b" { source = "../" }\n',
    },
    "names in a circle": {"main.tf": "locals {\n a = local.b\n b = local.c\n c = local.a\n}\n" + _token("local.a")},
    "resources in a circle": {
        "main.tf": 'resource "aws_efs_file_system" "x" { creation_token = aws_efs_file_system.y.creation_token }\n'
        'resource "aws_efs_file_system" "y" { creation_token = aws_efs_file_system.x.creation_token }\n'
        f'resource "aws_efs_file_system" "z" {{ count = length(aws_efs_file_system.z) }}\n{_VAULT}'
    },
    "slow expression": {"main.tf": _token(f'regex("(a+)+$", "{"a" * 40}b")')},
    "slow replacement": {"main.tf": _token(f'replace("{"a" * 40}b", "/(a|aa)+$/", "x")')},
    "slow search": {
        "main.tf": 'locals {\n s = join("", [for i in range(1000) : "aaaaaaaaaaaaaaaaaaaa"])\n}\n'
        + _token('regexall("a*a*a*a*a*a*b", local.s)')
    },
    "aliases": {"main.tf": _token(_yaml_of_aliases())},
    "powers": {"main.tf": _token("pow(10, pow(10, 9)) + pow(9999999, 300)")},
    "replacements": {"main.tf": _token(f'replace(replace({_LONG}, "", {_LONG}), "", {_LONG})')},
    "indentation": {"main.tf": _token('indent(100000000, "a\\nb")')},
    "width": {"main.tf": _token('format("%1000000000d", 1)')},
    "deep JSON text": {"main.tf": _token('jsondecode("' + "[" * 100000 + "]" * 100000 + '")')},
    "networks": {"main.tf": _token('cidrsubnets("::/0", [for i in range(1000) : 64]...)')},
    "template of itself": {
        "main.tf": _token('templatefile("t.tpl", {})'),
        "t.tpl": '${templatefile("t.tpl", {})}',
    },
    "zeros": {"x.tf": "\0\1\2", "main.tf": _token('"a"')},
    "deep dynamic": {"main.tf": _DEEP_DYNAMIC + _VAULT},
    "deep blocks": {"main.tf": 'resource "aws_backup_plan" "x" ' + "{ a " * 3000 + "}" * 3000 + "\n" + _token('"a"')},
    "deep JSON": {
        "a.tf.json": '{"resource":{"aws_efs_file_system":{"x":{"a":' + "[" * 50000 + "]" * 50000 + "}}}}",
        "main.tf": _VAULT,
    },
    "line ends": {"main.tf": _VAULT + "\n" * 3_000_000},
    "long text": {"main.tf": _token('"' + "a" * 5_000_000 + '"')},
    "many blocks": {
        "main.tf": "\n".join(f'locals {{ a{n} = "{"x" * 50}" }}' for n in range(60000)) + "\n" + _token('"a"')
    },
    "many arguments": {
        "main.tf": "locals {\n" + "".join(f" a{n} = [1, {n}]\n" for n in range(100000)) + "}\n" + _token('"a"')
    },
    "open brackets": {"main.tf": "resource {" * 20000 + _VAULT},
    "open texts": {"main.tf": 'a = "${"\n' * 20000 + _VAULT},
    "notes": {"main.tf": "/*" * 200000 + "\n" + _VAULT},
    "heredocs": {"main.tf": "a = <<E\n" * 20000 + _VAULT},
    "many variable files": {
        **{f"v{n}.auto.tfvars": "a = 1\n" for n in range(2000)},
        "main.tf": 'variable "a" {}\n' + _token("var.a"),
    },
    "many files": {**{f"f{n}.tf": f"locals {{ a{n} = 1 }}\n" for n in range(3000)}, "main.tf": _token("local.a2999")},
}
"""By name: what the files of a configuration hold. In each, the vault ``ok`` can be read, but where it stands in what
is broken."""


def laid_out(folder: Path, name: str) -> Path:
    """Write the configuration *name* into *folder*."""
    for file, text in FILES[name].items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def with_links(folder: Path) -> Path:
    """Write a configuration that asks for files which are none, or lie elsewhere."""
    asked = (
        '"/etc/passwd"',
        '"../../../../../etc/hostname"',
        '"link"',
        '"${path.module}/pipe"',
        '"/dev/zero"',
        '"zero"',
    )
    folder.joinpath("main.tf").write_text(
        "".join(f'resource "aws_backup_vault" "v{n}" {{ name = file({name}) }}\n' for n, name in enumerate(asked))
        + 'resource "aws_backup_vault" "set" { name = join(",", fileset("/", "**")) }\n'
        + 'resource "aws_backup_vault" "template" { name = templatefile("folder/hostname", {}) }\n'
        + _VAULT
    )
    folder.joinpath("link").symlink_to("/etc/passwd")
    folder.joinpath("folder").symlink_to("/etc")
    folder.joinpath("zero").symlink_to("/dev/zero")
    folder.joinpath("zero.tf").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe")
    return folder
