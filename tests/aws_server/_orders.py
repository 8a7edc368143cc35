"""The control endpoint: what tests order of a server in another process, as JSON over HTTP."""

import base64
import json
from collections.abc import Callable
from typing import Any

from moto.moto_api._internal.models import moto_api_backend
from tests.aws_server._answers import Answer
from tests.aws_server._control import CONTROLS, KINDS, Fault
from tests.aws_server._file_systems import automatic_backups, set_size
from tests.aws_server._jobs import SEEDS
from tests.aws_server._kept import keep, put_back
from tests.aws_server._network import add_network
from tests.aws_server._operations import Place
from tests.aws_server._plans import add_plan
from tests.aws_server._simulator import set_simulation
from tests.aws_server._vaults import share_vault

PREFIX = "/_control/"
ALL_SEEDS = {
    **SEEDS,
    "shared_vault": share_vault,
    "automatic_backups": automatic_backups,
    "backup_plan": add_plan,
    "file_system_size": set_size,
    "network": add_network,
    "simulation": set_simulation,
}


def ordered(path: str, body: bytes) -> Answer:
    """Carry out the order that *path* names and answer with what it returns."""
    order = ORDERS.get(path[len(PREFIX) :])
    if order is None:
        return as_json("404 Not Found", {"error": f"no order {path}; there are {', '.join(ORDERS)}"})
    try:
        return as_json("200 OK", order(json.loads(body or b"{}")))
    except Exception as problem:  # noqa: BLE001  # whatever it is, the test that ordered it should read it
        return as_json("400 Bad Request", {"error": repr(problem)})


def as_json(status: str, content: object) -> Answer:
    """Return *content* as an answer."""
    return Answer(status, [("Content-Type", "application/json")]).with_body(json.dumps(content, default=str).encode())


def reset(_: dict[str, Any]) -> object:
    """Forget everything: all accounts' resources, all switches, all counts."""
    moto_api_backend.reset()
    CONTROLS.clear()
    return None


def faults(given: dict[str, Any]) -> object:
    """Replace the faults."""
    made = [Fault(**one) for one in given["faults"]]
    unknown = {fault.kind for fault in made} - set(KINDS)
    if unknown:
        message = f"no such kind of fault: {', '.join(sorted(unknown))}"
        raise ValueError(message)
    CONTROLS.faults = made
    return None


def settings(given: dict[str, Any]) -> object:
    """Change the switches that *given* names: page_size, latency (seconds), enforced, recording (whether)."""
    if "page_size" in given:
        CONTROLS.page_size = given["page_size"]
    if "latency" in given:
        CONTROLS.latency = given["latency"]
    if "enforced" in given:
        CONTROLS.enforced = set(given["enforced"])
    if "recording" in given:
        CONTROLS.recording = {} if given["recording"] else None
    return None


def calls(_: dict[str, Any]) -> object:
    """Return how often each operation was called, and how often each kind of fault struck."""
    with CONTROLS.lock:
        counted = [[*key, number] for key, number in CONTROLS.calls.items()]
        return {"calls": counted, "struck": dict(CONTROLS.struck)}


def forget_calls(_: dict[str, Any]) -> object:
    """Start counting anew."""
    with CONTROLS.lock:
        CONTROLS.calls.clear()
        CONTROLS.struck.clear()
    return None


def recording(_: dict[str, Any]) -> object:
    """Return what was recorded: answers by request."""
    return {
        key: {"status": one.status, "headers": one.headers, "body": base64.b64encode(one.body).decode()}
        for key, one in (CONTROLS.recording or {}).items()
    }


def keep_accounts(given: dict[str, Any]) -> object:
    """Keep what all accounts hold, by name."""
    keep(given["name"])
    return None


def put_accounts_back(given: dict[str, Any]) -> object:
    """Forget everything, then put back what was kept by name."""
    reset({})
    put_back(given["name"])
    return None


def seed(given: dict[str, Any]) -> object:
    """Put what no API creates: a kind of `ALL_SEEDS` at an account and Region."""
    return ALL_SEEDS[given["kind"]](Place(given["account"], given["region"]), given["given"])


ORDERS: dict[str, Callable[[dict[str, Any]], object]] = {
    "reset": reset,
    "faults": faults,
    "settings": settings,
    "calls": calls,
    "forget-calls": forget_calls,
    "recording": recording,
    "keep-accounts": keep_accounts,
    "put-accounts-back": put_accounts_back,
    "seed": seed,
}
