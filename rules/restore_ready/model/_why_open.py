"""Why is something left open, and what would settle it?

A reason travels as text, inside the sentences of whatever it leaves open. Each stands here once: readers and rules make
its text, and `settled_by` finds it again in a sentence by the very words that made it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from functools import cached_property
from typing import Final

from msgspec import Struct, field

_WORD: Final = r"[^\s(]\S*"
_NAMES: Final = re.compile(r"(\{\w+\})")
_ANY: Final = {"what": ".+?"}
_LISTED: Final = {"what": r"\w\S*(?:, \w\S*)*"}


class Cause(Enum):
    """What kind of thing leaves something open."""

    VALUE = "value"
    MODULE = "module"
    DATA_SOURCE = "data_source"
    DEPLOYMENT = "deployment"
    REFUSED_CALL = "refused_call"
    NOT_ASKED = "not_asked"
    OUT_OF_SIGHT = "out_of_sight"
    OTHER_PLACE = "other_place"
    REQUIREMENTS = "requirements"
    REQUEST = "request"
    UNDOCUMENTED = "undocumented"
    OTHER = "other"


class Settling(Struct, frozen=True):
    """What would settle a question: a kind of cause, and the input that is missing, in one sentence."""

    cause: Cause
    text: str


class WhyOpen(Struct, frozen=True, dict=True):
    """A reason for which something is left open.

    Attributes:
        words: what it says, names in braces.
        settle: what would settle it, with the same names.
        shapes: what names look like, as regular expressions; else they are words.
    """

    cause: Cause
    words: str
    settle: str
    shapes: Mapping[str, str] = field(default_factory=dict)

    def said(self, **names: object) -> str:
        """Return the reason with its names."""
        return self.words.format(**names)

    def settling(self, match: re.Match[str]) -> Settling:
        """Return what would settle it where its pattern was found."""
        return Settling(self.cause, self.settle.format(**match.groupdict()))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What finds it in a sentence, with a group for each name.

        It begins where a word does: a search that may begin anywhere takes long in a text without a space.
        """
        seen: set[str] = set()
        return re.compile(r"(?<![^\s(])" + "".join(self._part(part, seen) for part in _NAMES.split(self.words)))

    @cached_property
    def core(self) -> str:
        """The longest of its words that stand in every sentence of it."""
        return max(_NAMES.split(self.words)[::2], key=len)

    def _part(self, part: str, seen: set[str]) -> str:
        if not part.startswith("{"):
            return re.escape(part)
        name = part[1:-1]
        if name in seen:
            return f"(?P={name})"
        seen.add(name)
        return f"(?P<{name}>{self.shapes.get(name, _WORD)})"


_DEPLOYED: Final = "Scan a plan of it as it is deployed (terraform show -json), or audit the account."
_AUDITED: Final = "Audit the account once it is deployed."
_TOGETHER: Final = "Scan it together with the source that declares {what}, or audit the account."
_INIT: Final = "Run terraform init where it is scanned, so that .terraform/modules has {what}."
_TRY: Final = "It depends on who asks and how: try a restore as they would."

NO_VALUE: Final = WhyOpen(
    Cause.VALUE,
    "var.{name} has no value",
    "Give var.{name} a value: --var {name}=VALUE, --var-file, or terraform.tfvars.",
)
NO_RULE_GIVEN: Final = WhyOpen(
    Cause.VALUE,
    "{what} gives none, and AWS refuses a plan without one",
    "Give {what} the rules that the plan is deployed with.",
    _LISTED,
)
NOTHING_GIVEN: Final = WhyOpen(
    Cause.VALUE,
    "what it chooses is made from {what}, and that gives nothing",
    "Give {what} what the selection is deployed with.",
    _LISTED,
)
NO_NUMBER: Final = WhyOpen(
    Cause.VALUE,
    '{what} is "{value}", not a whole number',
    "Give {what} a whole number.",
    {"value": '[^"]*'},
)
ODD_EFFECT: Final = WhyOpen(
    Cause.VALUE, "Effect is {what}, not Allow or Deny, and IAM minds their case", "Write Allow or Deny."
)
NOT_CONFIGURED: Final = WhyOpen(
    Cause.VALUE,
    "{what} is not configured",
    "Configure {what}, or scan the configuration that passes it to this one.",
    {"what": r"(?:module\.\S+?\.)?provider\.\S+"},
)
NO_AWS_POLICY: Final = WhyOpen(
    Cause.OTHER,
    "the AWS managed policy {arn} is not in this version's table",
    "Check whether AWS has {arn}; if it is new, audit the account, which reads it.",
)
NO_DEFAULT: Final = WhyOpen(
    Cause.VALUE, "parameter {name} has no default", "Give parameter {name} a value: --parameters {name}=VALUE."
)
STORED: Final = WhyOpen(
    Cause.DEPLOYMENT,
    "parameter {name} is read from Parameter Store at deployment",
    "Audit the account once it is deployed.",
)
PARAMETERS: Final = WhyOpen(
    Cause.VALUE,
    "depends on the parameters; when {what}",
    "Give the parameters the values that they are deployed with: --parameters NAME=VALUE.",
)
MODULE_NOT_HERE: Final = WhyOpen(
    Cause.MODULE, "the module {what} is not here: run terraform init so that .terraform/modules has it", _INIT, _ANY
)
MODULES_NOT_HERE: Final = WhyOpen(
    Cause.MODULE, "modules are not here ({what}): run terraform init so that .terraform/modules has them", _INIT, _ANY
)
NO_FOLDER: Final = WhyOpen(
    Cause.MODULE,
    "the module {what} is not here: there is no such folder",
    "Scan where the folder {what} is there beside it.",
)
UNREAD_MODULE: Final = WhyOpen(
    Cause.MODULE,
    "{what} is not known: the module could not be read",
    "Run terraform init where it is scanned, so that its module can be read.",
)
UNREAD_OUTPUTS: Final = WhyOpen(Cause.MODULE, "{what} is not here", _INIT, {"what": r"module\.\S+"})
DATA_SOURCE: Final = WhyOpen(
    Cause.DATA_SOURCE,
    "{what} is known only once it is deployed",
    "Scan the plan (terraform show -json): it has what {what} reads.",
    {"what": r"(?:module\.\S+?\.)?data\.\S+"},
)
DEPLOYED: Final = WhyOpen(Cause.DEPLOYMENT, "{what} is known only once it is deployed", _DEPLOYED)
WHOLE_RESOURCE: Final = WhyOpen(
    Cause.DEPLOYMENT, "the attributes of {what} are known only once it is deployed", _DEPLOYED, _ANY
)
STACK_DEPLOYED: Final = WhyOpen(Cause.DEPLOYMENT, "{what} is known only once deployed", _AUDITED)
MADE: Final = WhyOpen(Cause.DEPLOYMENT, "{attribute} of {what} is known only once it exists", _DEPLOYED)
AFTER_APPLY: Final = WhyOpen(Cause.DEPLOYMENT, "it is known only after apply", _DEPLOYED)
BLOCKS_AFTER_APPLY: Final = WhyOpen(Cause.DEPLOYMENT, "not every {what} block is known before apply", _DEPLOYED)
MIXED_IN_PLAN: Final = WhyOpen(Cause.DEPLOYMENT, "a plan does not tell", _DEPLOYED)
READ_AT_DEPLOYMENT: Final = WhyOpen(Cause.DEPLOYMENT, "{what} is read at deployment", _AUDITED)
SENSITIVE: Final = WhyOpen(Cause.DEPLOYMENT, "{what} is sensitive", "A plan hides it: audit the account.")
IMPORTED: Final = WhyOpen(
    Cause.OUT_OF_SIGHT,
    "{what} is imported from another stack",
    "Scan the template that exports {what} together with this one, or audit the account.",
)
OPAQUE: Final = WhyOpen(
    Cause.OUT_OF_SIGHT,
    "what {what} makes is not in sight",
    "Scan the template that it is made from together with this, or audit the account.",
)
TRANSFORM: Final = WhyOpen(
    Cause.OUT_OF_SIGHT,
    "transform {what} may add or change resources",
    "Scan what it makes (aws cloudformation get-template --template-stage Processed), or audit the account.",
)
INHERITED: Final = WhyOpen(
    Cause.OUT_OF_SIGHT,
    "and the policy that {what} may be inherited from is not in sight",
    "Scan it together with the backup policies above it, or audit the account.",
    {"what": "it|they"},
)
REFUSED: Final = WhyOpen(
    Cause.REFUSED_CALL,
    "AWS refused {call} ({code}): grant {call} to whoever audits",
    "Grant {call} to whoever audits: restore-ready iam-policy prints all that an audit asks.",
)
FAILED: Final = WhyOpen(Cause.REFUSED_CALL, "{call} failed with {code}", "Audit again, with {call} answered.")
NEW_FACT: Final = WhyOpen(
    Cause.NOT_ASKED,
    "{what} was not asked for by the version that took this snapshot",
    "Audit the account anew: restore-ready audit.",
)
UNREAD_REGION: Final = WhyOpen(Cause.NOT_ASKED, "{region} was not read", "Audit {region} too: --region {region}.")
OTHER_ACCOUNT: Final = WhyOpen(
    Cause.OTHER_PLACE, "it is of account {account}", "Audit account {account} too.", {"account": r"\d+"}
)
OF_ANOTHER_ACCOUNT: Final = WhyOpen(
    Cause.OTHER_PLACE, "{what} is of another account", "Audit the account of {what} too."
)
NO_ENTRY: Final = WhyOpen(
    Cause.REFUSED_CALL,
    "the account could not be read",
    "Let the audit into it: restore-ready iam-policy prints the role that it assumes.",
)
NOT_HERE: Final = WhyOpen(
    Cause.OUT_OF_SIGHT,
    "{what} is not in {here}",
    "Scan or audit {what} together with it.",
    {"what": r"[^\s(]*[.:/]\S*|fs-\w+", "here": "this configuration|this account"},
)
TAGGED: Final = WhyOpen(
    Cause.OUT_OF_SIGHT,
    "the tag {what} reads as if a plan elsewhere chose by it",
    "Scan it together with the plan that chooses by {what}, or name the plan in backup.external_selections.",
)
NOT_IN_SIGHT: Final = WhyOpen(
    Cause.OUT_OF_SIGHT,
    "{what} is not in sight",
    "Scan it together with the source that declares what is out of sight, or audit the account.",
)
ELSEWHERE: Final = WhyOpen(Cause.OUT_OF_SIGHT, "{what} is defined elsewhere", _TOGETHER)
OTHER_CONFIGURATION: Final = WhyOpen(
    Cause.OUT_OF_SIGHT,
    "{chooser} in {file} may choose {what}, if both are deployed together",
    "Scan by itself what is deployed together, or audit the account.",
)
ATTACHED: Final = WhyOpen(
    Cause.OTHER_PLACE,
    "if the policy is attached to the account deployed to",
    "Audit the account: it says which backup policies are in effect there.",
)
BINDS_THE_ACCOUNT: Final = WhyOpen(
    Cause.OTHER_PLACE,
    "and none binds the management account",
    "Audit the account: its organization says which service control policies bind it.",
)
DEPLOYED_TO: Final = WhyOpen(
    Cause.OTHER_PLACE,
    "which {part} this is deployed to is not known",
    "Name it in the provider (region, allowed_account_ids), or audit the account.",
    {"part": "Region|account"},
)
SAID_ELSEWHERE: Final = WhyOpen(
    Cause.REQUIREMENTS,
    "backup.external_selections says that it lives elsewhere",
    "Scan or audit where backup.external_selections says that it lives.",
)
NO_SIZE: Final = WhyOpen(
    Cause.REQUIREMENTS,
    "how large what it mounts is, is not known",
    "Declare how large it is, as backup.sizes in the requirements.",
)
OF_THE_REQUEST: Final = WhyOpen(Cause.REQUEST, "{key} of the request is not known", _TRY)
PERHAPS_IN_REQUEST: Final = WhyOpen(Cause.REQUEST, "whether the request carries {key} is open", _TRY)
UNDOCUMENTED: Final = WhyOpen(
    Cause.UNDOCUMENTED, "is not documented", "AWS does not say: restore a recovery point as a test."
)

_EVERY: Final = tuple(found for found in globals().values() if isinstance(found, WhyOpen))


def settled_by(sentence: str) -> tuple[Settling, ...]:
    """Return what would settle the reasons in *sentence*, in their order; none where none of ours is in it."""
    found: list[tuple[int, Settling]] = []
    rest = sentence
    for why in (why for why in _EVERY if why.core in sentence):
        found += ((match.start(), why.settling(match)) for match in why.pattern.finditer(rest))
        rest = why.pattern.sub(lambda match: " " * len(match[0]), rest)
    return tuple(dict.fromkeys(settling for _, settling in sorted(found, key=lambda pair: pair[0])))
