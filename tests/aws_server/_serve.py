"""Serving: moto with every extension, behind the front, on the loopback interface."""

import logging
import socket
from typing import Any

from flask import Flask
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from tests.aws_server import (  # each adds its operations to moto
    _accounts,
    _file_systems,
    _functions,
    _identities,
    _jobs,
    _managed_policies,
    _organizations,
    _plans,
    _restore_tests,
    _shortcuts,
    _simulator,
    _stack_backups,
    _stack_identities,
    _vaults,
)
from tests.aws_server._front import Front
from tests.aws_server._loopback import ENDPOINT
from tests.aws_server._models import add_models
from werkzeug.serving import make_server

EXTENSIONS = (
    *(_accounts, _file_systems, _functions, _identities, _jobs, _managed_policies),
    *(_organizations, _plans, _restore_tests, _shortcuts, _simulator, _stack_backups, _stack_identities, _vaults),
)
HOST = "127.0.0.1"


def serve(port: int) -> None:
    """Serve until the process ends."""
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    add_models()
    application = Front(DomainDispatcherApplication(create_application))
    ENDPOINT.append(f"http://{HOST}:{port}")
    server = make_server(HOST, port, application, threaded=True, request_handler=MotoRequestHandler)
    server.serve_forever()


def create_application(service: Any) -> Flask:  # noqa: ANN401  # moto's literal of 200 names
    """Return moto's application for *service*; its failures reach the front instead of becoming a bare page."""
    application = create_backend_app(service)
    application.config["PROPAGATE_EXCEPTIONS"] = True
    return application


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
