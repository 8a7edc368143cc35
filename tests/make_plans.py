"""Make every story's plan.json anew: real Terraform plans of fixtures/*/*/main.tf.

    RESTORE_READY_TF_MIRROR=MIRROR python -m tests.make_plans [STORY …]

STORY is a path such as ``RR201/fail_wide_window``; without any, all are made. Needs ``terraform`` and, in the folder
that RESTORE_READY_TF_MIRROR names, a filesystem mirror that holds the AWS provider. No AWS account is asked: the
provider gets made-up credentials and skips its own checks, and a server here tells it the account's id. Run it after
changing a main.tf.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.support.paths import FIXTURES

WITHOUT_PLAN = {
    "RR102/pass_tag_beside_open_ones": "has an input that nobody gives",
    "RR102/unknown_automatic_by_data_source": "has an input that nobody gives",
    "RR102/unknown_tag_may_be_replaced": "has an input that nobody gives",
    "RR102/fail_plan_with_other_region_attribute": "the provider in the mirror is older than the argument",
    "RR102/pass_by_stack_in_terraform": "a plan does not tell which parameter is given what",
    "RR102/pass_same_region_by_variable": "has an input that nobody gives",
    "RR102/unknown_handed_to_unread_module": "calls a module that is nowhere",
    "RR102/unknown_left_out_by_region": "has an input that nobody gives",
    "RR105/fail_air_gapped_target": "the provider in the mirror is older than the argument",
    "RR105/pass_vault_beside_air_gapped_one": "the provider in the mirror is older than the argument",
    "RR404/fail_copy_of_backup_policy": "looks up a policy of AWS, which is in no test account",
    "RR404/pass_copy_of_managed_policy": "looks up a policy of AWS, which is in no test account",
    "RR501/fail_vault_beside_air_gapped_one": "the provider in the mirror is older than the argument",
    "RR105/fail_lock_exists_with_the_vault": "has an input that nobody gives",
    "RR105/unknown_lock_may_not_exist": "has an input that nobody gives",
    "RR106/unknown_selection_may_not_exist": "has an input that nobody gives",
    "RR105/fail_air_gapped_range_refused": "the provider refuses the number",
    "RR107/fail_another_file_system": "has a policy that is known only after apply",
    "RR107/fail_name_for_arn": "the provider refuses what is no ARN",
    "RR111/fail_other_type_of_tag_test": "the provider refuses the type",
    "RR201/fail_awscc_service_default": "the mirror has no awscc provider",
    "RR201/fail_beside_open_rules": "has an input that nobody gives",
    "RR201/fail_either_of_two": "has an input that nobody gives",
    "RR202/pass_either_of_two": "has an input that nobody gives",
    "RR201/unknown_organizations_input": "has an input that nobody gives",
    "RR203/unknown_work_may_not_exist": "has an input that nobody gives",
    "RR301/fail_beside_open_statement": "has an input that nobody gives",
    "RR303/fail_target_automatic_vault": "the provider refuses a vault name with slashes",
    "RR304/fail_vault_by_interpolation": "has an input that nobody gives",
    "RR304/fail_vault_by_open_name": "has an input that nobody gives",
    "RR304/unknown_plan_may_not_exist": "has an input that nobody gives",
    "RR305/pass_event_rule_exists_with_the_vault": "has an input that nobody gives",
    "RR305/unknown_event_rule_may_be_off": "has an input that nobody gives",
    "RR305/unknown_notification_may_not_exist": "has an input that nobody gives",
    "RR306/fail_no_vault_policy": "has providers of two accounts",
    "RR306/fail_not_admitted": "has providers of two accounts",
    "RR306/pass_admitted": "has providers of two accounts",
    "RR401/fail_beside_open_statement": "has an input that nobody gives",
    "RR402/unknown_service": "has an input that nobody gives",
    "RR405/unknown_vault_policy_may_not_exist": "has an input that nobody gives",
    "RR502/pass_longer_than_the_guide": "the provider refuses the number",
    "RR409/unknown_where_copies_lie": "has an input that nobody gives",
    "RR504/fail_name_in_part_unknown": "has an input that nobody gives",
    "RR504/fail_name_too_long": "the provider refuses the name",
    "RR504/fail_name_with_hyphens": "the provider refuses the name",
    "RR504/fail_role_by_name": "the provider refuses what is no ARN",
    "RR504/fail_selection_name_with_hyphens": "the provider refuses the name",
    "RR504/fail_selection_window_too_wide": "the provider refuses the number",
    "RR504/fail_start_window_too_wide": "the provider refuses the number",
    "RR504/fail_vault_by_name": "the provider refuses what is no ARN",
    "RR504/fail_star_beside_tags": "the provider refuses both",
    "RR504/unknown_vault_policy_may_not_exist": "has an input that nobody gives",
}
"""Stories that Terraform can't plan here, and why. Those named ``unknown_variable`` have an input that nobody gives."""

PROVIDER = """
provider "aws" {{
  region                      = "{region}"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}}
"""

REGIONS = {
    "RR404/pass_access_to_vault_key": "ap-northeast-1",
    "RR407/pass_via_service": "ap-northeast-1",
}
"""Stories that are of the Region that they write out; all others are planned in us-east-1."""

SKIPPING = """
provider "aws" {{
  {alias}
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
}}
"""
"""Completes a provider configuration that a story has itself."""

OWN_PROVIDER = re.compile(r'^provider "aws" \{\n  (alias *= "\w+"|)', re.MULTILINE)

IDENTITY = """<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::111122223333:user/terraform</Arn><UserId>AIDACKCEVSQ6C2EXAMPLE</UserId><Account>111122223333</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>"""


class Sts(BaseHTTPRequestHandler):
    """Answers every request as sts:GetCallerIdentity."""

    def do_POST(self) -> None:
        """Send the made-up identity."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(IDENTITY.encode())

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@contextmanager
def sts() -> Iterator[str]:
    """Run the server and give its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Sts) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def stories() -> Iterator[Path]:
    """Give the folders whose main.tf can be planned."""
    for main in sorted(FIXTURES.glob("*/*/main.tf")):
        if can_be_planned(main.parent):
            yield main.parent


def can_be_planned(story: Path) -> bool:
    """Tell whether *story* should have a plan.json."""
    return story.name != "unknown_variable" and story.relative_to(FIXTURES).as_posix() not in WITHOUT_PLAN


def main(wanted: list[str]) -> None:
    """Plan the *wanted* stories, or all."""
    mirror = os.environ["RESTORE_READY_TF_MIRROR"]
    with tempfile.TemporaryDirectory() as scratch, sts() as endpoint:
        config = Path(scratch, "terraformrc")
        config.write_text(f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n}}\n')
        work = Path(scratch, "work")
        cache = Path(scratch, "cache")
        cache.mkdir()
        environment = os.environ | {
            "TF_CLI_CONFIG_FILE": str(config),
            "TF_PLUGIN_CACHE_DIR": str(cache),
            "TF_DATA_DIR": str(Path(scratch, "data")),
            "AWS_ACCESS_KEY_ID": "made-up",
            "AWS_SECRET_ACCESS_KEY": "made-up",
            "AWS_ENDPOINT_URL_STS": endpoint,
        }
        chosen = [FIXTURES / one for one in wanted] or list(stories())
        for number, story in enumerate(chosen):
            lay_out(story, work)
            terraform(["init" if number == 0 else "get"], work, environment)
            terraform(["plan", "-refresh=false", "-input=false", "-out=story.tfplan"], work, environment)
            shown = json.loads(terraform(["show", "-json", "story.tfplan"], work, environment))
            (story / "plan.json").write_text(json.dumps(without_noise(shown), indent=1) + "\n")
            sys.stdout.write(f"{story.relative_to(FIXTURES)}\n")


def lay_out(story: Path, work: Path) -> None:
    """Copy the Terraform files of *story* to *work* and add the provider; the lock file there stays."""
    lock = work / ".terraform.lock.hcl"
    kept = lock.read_bytes() if lock.exists() else b""
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(story, work, ignore=shutil.ignore_patterns("*.json", "*.yaml"))
    region = REGIONS.get(story.relative_to(FIXTURES).as_posix(), "us-east-1")
    own = OWN_PROVIDER.findall((work / "main.tf").read_text())
    (work / "provider.tf").write_text("" if "" in own else PROVIDER.format(region=region))
    (work / "provider_override.tf").write_text("".join(SKIPPING.format(alias=alias) for alias in own))
    if kept:
        lock.write_bytes(kept)


def terraform(arguments: list[str], work: Path, environment: dict[str, str]) -> str:
    """Run terraform in *work* and return what it prints.

    Raises:
        SystemExit: with Terraform's own message, if it fails.
    """
    command = ["terraform", *arguments]
    done = subprocess.run(command, cwd=work, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: {done.stderr}")
    return done.stdout


def without_noise(plan: dict[str, object]) -> dict[str, object]:
    """Leave out what differs from run to run."""
    return {key: value for key, value in plan.items() if key != "timestamp"}


if __name__ == "__main__":
    main(sys.argv[1:])
