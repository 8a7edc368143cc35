"""The keys that AWS makes for an account: what vaults and file systems use if nobody names a key."""

import json

from moto.kms import utils
from moto.kms.models import kms_backends
from tests.aws_server._operations import Place

utils.RESERVED_ALIASE_TARGET_KEY_IDS["alias/aws/backup"] = "0c1a8bfa-9f1f-4a8c-9b0c-6f2b7f1f9b1d"
utils.RESERVED_ALIASES.append("alias/aws/backup")


def default_key(place: Place, service: str) -> str:
    """Return the ARN of the AWS managed key of *service*, made when it's first asked for."""
    backend = kms_backends[place.account][place.region]
    made = backend.get_key_id_from_alias(f"alias/aws/{service}")
    if made is None:
        message = f"no AWS managed key for {service}"
        raise LookupError(message)
    key = backend.keys[made]
    if key.key_manager != "AWS":
        key.key_manager = "AWS"
        key.policy = managed_key_policy(place, service)
    return str(key.arn)


def managed_key_policy(place: Place, service: str) -> str:
    """Return the policy of an AWS managed key: everyone in the account, by way of the service."""
    via = {"kms:CallerAccount": place.account, "kms:ViaService": f"{service}.{place.region}.amazonaws.com"}
    used = {
        "Sid": "Allow access for all principals in the account that are authorized to use the service",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
        "Resource": "*",
        "Condition": {"StringEquals": via},
    }
    seen = {
        "Sid": "Allow direct access to key metadata to the account",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{place.account}:root"},
        "Action": ["kms:Describe*", "kms:Get*", "kms:List*", "kms:RevokeGrant"],
        "Resource": "*",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [used, seen]})


def key_arn(place: Place, key: str) -> str:
    """Return the ARN of *key*, given by id, alias or ARN; an unknown one as it is."""
    backend = kms_backends[place.account][place.region]
    found = backend.get_key_id_from_alias(key) if key.startswith("alias/") else backend.get_key_id(key)
    return str(backend.keys[found].arn) if found in backend.keys else key
