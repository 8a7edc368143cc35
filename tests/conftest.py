"""Fixtures for every test."""

pytest_plugins = ["tests.aws_server.fixtures"]
