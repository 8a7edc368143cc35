"""Which JSON Schema do editors check requirements files with?"""

from __future__ import annotations

import json
from typing import Any

from restore_ready.requirements._fields import object_schema
from restore_ready.requirements._load import FILE

URI = "https://raw.githubusercontent.com/restore-ready/restore-ready/main/docs/requirements.schema.json"


def schema() -> dict[str, Any]:
    """Return the schema. It takes every file that the loader takes; of what the loader refuses, it refuses most."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": URI,
        "title": "restore-ready.yaml",
        "description": "What EFS backups and restores are required to meet",
        **object_schema(FILE),
    }


def schema_text() -> str:
    """Return the schema as it is published."""
    return json.dumps(schema(), indent=2) + "\n"
