"""How is a question about a file system answered?"""

from __future__ import annotations

from enum import Enum


class State(Enum):
    """How a question is answered. Advice never decides; ``NONE`` is a question that does not arise."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    ADVICE = "advice"
    NONE = "none"
