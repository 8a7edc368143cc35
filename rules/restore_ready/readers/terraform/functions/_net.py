"""IP networks."""

from __future__ import annotations

import ipaddress

from restore_ready.readers.terraform.functions._registry import Number, function
from restore_ready.readers.terraform.language._values import EvalError, Seq, Value


def _network(written):
    try:
        return ipaddress.ip_network(written, strict=False)
    except ValueError:
        raise EvalError("it is not a network in CIDR notation") from None


@function("cidrhost", "sn")
def _cidrhost(written: str, number: Number) -> Value:
    network = _network(written)
    size = network.num_addresses
    at = int(number) if number >= 0 else size + int(number)
    if not 0 <= at < size:
        raise EvalError("the network has no such host")
    return str(network[at])


@function("cidrnetmask", "s")
def _cidrnetmask(written: str) -> Value:
    network = _network(written)
    if network.version != 4:  # noqa: PLR2004
        raise EvalError("only IPv4 networks have a mask")
    return str(network.netmask)


def _subnet(network, bits, number):
    length = network.prefixlen + int(bits)
    if bits < 0 or length > network.max_prefixlen or not 0 <= number < 1 << int(bits):
        raise EvalError("the network has no such subnet")
    start = int(network.network_address) + (int(number) << (network.max_prefixlen - length))
    return ipaddress.ip_network((start, length))


@function("cidrsubnet", "snn")
def _cidrsubnet(written: str, bits: Number, number: Number) -> Value:
    return str(_subnet(_network(written), bits, number))


@function("cidrsubnets", "sn*")
def _cidrsubnets(written: str, *bits: Number) -> Value:
    network = _network(written)
    found, at = [], int(network.network_address)
    end = at + network.num_addresses
    for one in bits:
        length = network.prefixlen + int(one)
        if one < 1 or length > network.max_prefixlen:
            raise EvalError("the network has no such subnet")
        size = 1 << (network.max_prefixlen - length)
        at = -(-at // size) * size
        if at + size > end:
            raise EvalError("the network is too small")
        found.append(str(type(network)((at, length))))
        at += size
    return Seq(found, "list")
