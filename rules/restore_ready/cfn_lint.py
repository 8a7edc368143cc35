"""cfn-lint's way in: ``--append-rules=rules`` in a checkout, ``--append-rules=restore_ready.cfn_lint`` once installed.

cfn-lint executes the files of a folder one by one, as modules of no package, this one before those of the catalogue.
"""

import sys
from pathlib import Path

if "restore_ready" not in sys.modules and (_root := str(Path(__file__).resolve().parent.parent)) not in sys.path:
    sys.path.insert(0, _root)

from restore_ready.hosts._cfn_lint_broken import rule_classes_or_broken

globals().update(rule_classes_or_broken())
