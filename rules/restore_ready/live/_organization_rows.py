"""Which calls does only an audit of a whole organization make, by whoever starts it, in no other account?"""

from __future__ import annotations

from typing import Final

from restore_ready.live._plan import ROWS
from restore_ready.live._row import Level, Pages, Row, under

_PER_SECOND: Final = 2.0
"""AWS publishes no limit, and throttles early: for the whole organization."""

_PAGES: Final = Pages("NextToken", "NextToken", "MaxResults", 20)
_FIELDS: Final = "Id Arn Name Status"

ACCOUNTS: Final = Row(
    "organization_accounts",
    "organizations:ListAccounts",
    Level.ACCOUNT,
    under("Accounts", _FIELDS),
    "which accounts the organization has",
    pages=_PAGES,
    per_second=_PER_SECOND,
)
UNIT_ACCOUNTS: Final = Row(
    "unit_accounts",
    "organizations:ListAccountsForParent",
    Level.NODE,
    under("Accounts", _FIELDS),
    "which accounts an organizational unit has",
    about={"ParentId": "Id"},
    pages=_PAGES,
    per_second=_PER_SECOND,
)
UNIT_UNITS: Final = Row(
    "unit_units",
    "organizations:ListOrganizationalUnitsForParent",
    Level.NODE,
    under("OrganizationalUnits", "Id Name"),
    "which units are in an organizational unit",
    about={"ParentId": "Id"},
    pages=_PAGES,
    per_second=_PER_SECOND,
)
CONTROLS: Final = Row(
    "controls",
    "organizations:ListPolicies",
    Level.ACCOUNT,
    under("Policies", "Id Arn Name AwsManaged"),
    "which service control policies the organization has",
    given={"Filter": "SERVICE_CONTROL_POLICY"},
    pages=_PAGES,
    per_second=_PER_SECOND,
)
CONTROL_TARGETS: Final = Row(
    "control_targets",
    "organizations:ListTargetsForPolicy",
    Level.CONTROL,
    under("Targets", "TargetId Type"),
    "what a service control policy is attached to",
    about={"PolicyId": "Id"},
    pages=_PAGES,
    per_second=_PER_SECOND,
)
INVALID: Final = Row(
    "invalid_backup_policies",
    "organizations:ListAccountsWithInvalidEffectivePolicy",
    Level.ACCOUNT,
    under("Accounts", "Id"),
    "which accounts have a backup policy that can't take effect",
    given={"PolicyType": "BACKUP_POLICY"},
    pages=_PAGES,
    per_second=_PER_SECOND,
)
CONTROL: Final = ROWS["service_control"]

ORGANIZATION_ROWS: Final = (ACCOUNTS, UNIT_ACCOUNTS, UNIT_UNITS, CONTROLS, CONTROL_TARGETS, CONTROL, INVALID)
