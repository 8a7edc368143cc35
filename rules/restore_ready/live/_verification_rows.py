"""Which call has AWS itself check our answers? Asked only where that is wanted: ``audit --verify``."""

from __future__ import annotations

from typing import Final

from restore_ready.live._row import Level, Pages, Row, under

_STATEMENTS: Final = "SourcePolicyId SourcePolicyType"
_RESULTS: Final = "EvaluationResults"
_SPECIFIC: Final = f"{_RESULTS}.ResourceSpecificResults"

SIMULATION: Final = Row(
    "simulation",
    "iam:SimulatePrincipalPolicy",
    Level.OPERATOR,
    (
        *under(_RESULTS, "EvalActionName EvalResourceName EvalDecision MissingContextValues"),
        *under(_RESULTS, "OrganizationsDecisionDetail PermissionsBoundaryDecisionDetail"),
        *under(f"{_RESULTS}.MatchedStatements", _STATEMENTS),
        *under(_SPECIFIC, "EvalResourceName EvalResourceDecision MissingContextValues"),
        *under(_SPECIFIC, "PermissionsBoundaryDecisionDetail"),
        *under(f"{_SPECIFIC}.MatchedStatements", _STATEMENTS),
    ),
    "whether AWS's own policy simulator says of restores and roles what we say",
    about={name: name for name in ("PolicySourceArn", "ActionNames", "ResourceArns", "ContextEntries")},
    pages=Pages("Marker", "Marker", "MaxItems", 1000),
    per_second=4,
    optional=True,
)

VERIFICATION_ROWS: Final = (SIMULATION,)
