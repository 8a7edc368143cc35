"""What does IAM answer to a request: yes, no, or open with a reason?"""

from restore_ready.iam._arns import arn_fields, arn_matches
from restore_ready.iam._decision import Allowed, Cause, Denied, Outcome, Undecided
from restore_ready.iam._evaluate import authority_for, decide, evaluate
from restore_ready.iam._everyone import EVERY_RECOVERY_POINT, EVERY_VAULT, DeniedToAll, denies_everyone
from restore_ready.iam._glob import matches
from restore_ready.iam._identity import Authority, Decision, Identity, Level, PolicyType, TracedStatement
from restore_ready.iam._managed import managed_arn, managed_document, managed_policies_date, managed_policy_names
from restore_ready.iam._parse import parse_document
from restore_ready.iam._principals import covers_everyone
from restore_ready.iam._request import NOT_SENT_DIRECTLY, Request
from restore_ready.iam._statement import covers_action, names_action, statement_applies
from restore_ready.iam._text import GIVEN_TWICE, read_json, read_json_object
from restore_ready.iam._trust import lets_service_assume

__all__ = [
    "EVERY_RECOVERY_POINT",
    "EVERY_VAULT",
    "GIVEN_TWICE",
    "NOT_SENT_DIRECTLY",
    "Allowed",
    "Authority",
    "Cause",
    "Decision",
    "Denied",
    "DeniedToAll",
    "Identity",
    "Level",
    "Outcome",
    "PolicyType",
    "Request",
    "TracedStatement",
    "Undecided",
    "arn_fields",
    "arn_matches",
    "authority_for",
    "covers_action",
    "covers_everyone",
    "decide",
    "denies_everyone",
    "evaluate",
    "lets_service_assume",
    "managed_arn",
    "managed_document",
    "managed_policies_date",
    "managed_policy_names",
    "matches",
    "names_action",
    "parse_document",
    "read_json",
    "read_json_object",
    "statement_applies",
]
