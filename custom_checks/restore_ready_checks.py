"""Checkov's way in: ``checkov --external-checks-dir custom_checks``.

If the pack can't be loaded, Checkov would log that and exit with 0; a check that always fails can't be missed.
"""

import sys
from pathlib import Path
from types import FrameType

from checkov.common.bridgecrew.check_type import CheckType
from checkov.common.runners.base_runner import BaseRunner

_RUNNERS = {
    CheckType.CLOUDFORMATION,
    CheckType.SERVERLESS,
    CheckType.TERRAFORM,
    CheckType.TERRAFORM_JSON,
    CheckType.TERRAFORM_PLAN,
}
_CHECKOUT = Path(__file__).resolve().parent.parent / "rules"


def _fail_always(why: str) -> None:
    """Register RR000, and the rules named by the files of the catalogue, as checks that always fail."""
    from checkov.cloudformation.checks.resource.base_resource_check import (  # noqa: PLC0415  # only needed here
        BaseResourceCheck as CloudFormationCheck,
    )
    from checkov.common.models.enums import CheckCategories, CheckResult  # noqa: PLC0415  # only needed here
    from checkov.terraform.checks.resource.base_resource_check import (  # noqa: PLC0415  # only needed here
        BaseResourceCheck as TerraformCheck,
    )

    class Always:
        def scan_resource_conf(self, _conf: object) -> CheckResult:
            return CheckResult.FAILED

    class AlwaysTerraform(Always, TerraformCheck):  # type: ignore[misc]  # Checkov publishes no types
        pass

    class AlwaysCloudFormation(Always, CloudFormationCheck):  # type: ignore[misc]  # Checkov publishes no types
        pass

    title = f"RR000: restore-ready could not load, and judged nothing: {why}"
    category = [CheckCategories.BACKUP_AND_RECOVERY]
    AlwaysTerraform(title, "RR000", category, ["aws_*", "awscc_*"])
    AlwaysCloudFormation(title, "RR000", category, ["AWS::*"])
    for code in _codes():
        AlwaysTerraform(title, code, category, ["aws_backup_*", "aws_efs_*", "aws_iam_*"])
        AlwaysCloudFormation(title, code, category, ["AWS::Backup::*", "AWS::EFS::*", "AWS::IAM::*"])


def _codes() -> list[str]:
    """Return the rules' codes, so that a run of `--check RR201` fails too."""
    folders = [Path(folder, "restore_ready", "catalog") for folder in sys.path]
    files = next((found for folder in folders if (found := sorted(folder.glob("rr[0-9]*.py")))), [])
    return [file.name.partition("_")[0].upper() for file in files]


def _is_of_use() -> bool:
    """Return whether the runner that is loading this file can run the checks.

    Checkov loads it for each of its 20 runners, in a process of its own. Where the runner can't be told, it is of use.
    """
    frame: FrameType | None = sys._getframe()  # noqa: SLF001  # Checkov does not say which runner it is
    while frame is not None:
        runner = frame.f_locals.get("self")
        if isinstance(runner, BaseRunner):
            return runner.check_type in _RUNNERS
        frame = frame.f_back
    return True


def _load() -> None:
    if _CHECKOUT.is_dir() and "restore_ready" not in sys.modules:
        sys.path.insert(0, str(_CHECKOUT))
    try:
        from restore_ready.hosts._checkov import register  # noqa: PLC0415  # what goes wrong here must be seen

        register()
    except (Exception, SystemExit) as error:  # noqa: BLE001  # whatever it is, it must be seen
        _fail_always(f"{type(error).__name__}: {error}")


if _is_of_use():
    _load()
