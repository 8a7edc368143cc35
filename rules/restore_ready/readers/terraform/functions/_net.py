"""IP networks: https://developer.hashicorp.com/terraform/language/functions#ip-network-functions."""

from __future__ import annotations

import ipaddress
from typing import Final, TypeAlias

from restore_ready.readers.terraform.functions._registry import function, whole
from restore_ready.readers.terraform.language import EvalError, LimitError, Seq, Value
from restore_ready.readers.terraform.syntax import Number

_Network: TypeAlias = "ipaddress.IPv4Network | ipaddress.IPv6Network"
_IPV4: Final = 4
_MOST_NEW_BITS: Final = 32


def _network(written: str) -> _Network:
    if "/" not in written:
        raise EvalError(why="it is not a network in CIDR notation")
    try:
        return ipaddress.ip_network(written, strict=False)
    except ValueError:
        raise EvalError(why="it is not a network in CIDR notation") from None


@function("cidrhost", "sn")
def _cidrhost(written: str, number: Number) -> Value:
    network, at = _network(written), int(number)
    if number.denominator != 1:
        raise EvalError(why="a whole number is required")
    at = at if at >= 0 else network.num_addresses + at
    if not 0 <= at < network.num_addresses:
        raise EvalError(why="the network has no such host")
    return str(network[at])


@function("cidrnetmask", "s")
def _cidrnetmask(written: str) -> Value:
    network = _network(written)
    if network.version != _IPV4:
        raise EvalError(why="only IPv4 networks have a mask")
    return str(network.netmask)


@function("cidrsubnet", "snn")
def _cidrsubnet(written: str, new_bits: Number, number: Number) -> Value:
    network, bits, at = _network(written), whole(new_bits), whole(number)
    length = network.prefixlen + bits
    if length < 0:
        raise LimitError(why="there is no such prefix")
    if length > network.max_prefixlen or (bits >= 0 and abs(at) >= 1 << bits):
        raise EvalError(why="the network has no such subnet")
    start = abs(int(network.network_address) | (at << (network.max_prefixlen - length)))
    if start >> network.max_prefixlen:
        raise LimitError(why="the number lies outside the network")
    return _written(network, start, length)


def _written(network: _Network, start: int, length: int) -> str:
    return f"{type(network.network_address)(start)}/{length}"


@function("cidrsubnets", "sn*")
def _cidrsubnets(written: str, *new_bits: Number) -> Value:
    network = _network(written)
    at = int(network.network_address)
    end = at + network.num_addresses
    if not at and new_bits:
        raise EvalError(why="there is no network before the first one")
    found: list[Value] = []
    for number in new_bits:
        bits = whole(number)
        length = network.prefixlen + bits
        if not 1 <= bits <= _MOST_NEW_BITS or length > network.max_prefixlen:
            raise EvalError(why="the network has no such subnet")
        size = 1 << (network.max_prefixlen - length)
        at = -(-at // size) * size
        if at + size > end:
            raise EvalError(why="the network is too small")
        found.append(_written(network, at, length))
        at += size
    return Seq(found, "list")


@function("cidrcontains", "ss")
def _cidrcontains(outer: str, inner: str) -> Value:
    network = _network(outer)
    try:
        other = _network(inner if "/" in inner else f"{ipaddress.ip_address(inner)}/{network.max_prefixlen}")
    except ValueError:
        raise EvalError(why="it is neither an address nor a network") from None
    if other.version != network.version:
        raise EvalError(why="IPv4 and IPv6 can't be compared")
    first, last = int(other.network_address), int(other.broadcast_address)
    return int(network.network_address) <= first and last <= int(network.broadcast_address)
