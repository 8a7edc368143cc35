"""An AWS of our own on 127.0.0.1: moto, extended to what backup, restore and an audit of them need.

``python -m tests.aws_server --port 5099`` serves it. In tests, ask for the fixture ``aws`` (``fixtures.py``) and get an
`AwsServer`: clients for any account and Region, faults, enforced IAM, counts of calls, seeds. Nothing here asks the
network; whatever moto lacks is added through moto's own router, parsers and serializers, its state in moto's backends.
"""
