"""What the server that stands in for AWS answers to, in few words."""

from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError

NOTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "iam:*", "Resource": "*"}]}


def code_of(call: Callable[..., object], **parameters: object) -> tuple[str, int]:
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    return refused.value.response["Error"]["Code"], refused.value.response["ResponseMetadata"]["HTTPStatusCode"]
