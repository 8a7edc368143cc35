"""How is it written as CSV (RFC 4180) who can restore: a row for each file system and principal?"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from restore_ready.cli._who_can_restore_words import YES_NO_OPEN, answered, because, circumstances
from restore_ready.reports._format_csv import safe_cell
from restore_ready.reports._locations import shown
from restore_ready.reports._safe_text import clean
from restore_ready.reports._who_can_restore import FileSystemAnswer, WhoCanRestore, by_success, yes_no_or_open
from restore_ready.who_can_restore._chain import Chain
from restore_ready.who_can_restore._steps import Step

_COLUMNS = (
    *("file_system", "name", "file", "line", "assuming", "somebody_can", "circumstances"),
    *("principal", "principal_name", "kind", "can_restore", "vault", "role"),
    *(step.value for step in Step),
    *("reasons", "suggestion", "lacks"),
)


def write_csv(who: WhoCanRestore) -> str:
    """Return the header and the rows; a file system that nobody is asked about, and what was not read, have one too."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(_COLUMNS)
    for cells in _rows(who):
        rows.writerow([safe_cell(clean(cells.get(name, ""))) for name in _COLUMNS])
    return text.getvalue().removesuffix("\n")


def _rows(who: WhoCanRestore) -> Iterator[dict[str, str]]:
    for answer in who.file_systems:
        cells = _file_system(answer)
        listed = by_success(answer.found.chains)
        yield from ({**cells, **_principal(chain)} for chain in listed)
        if not listed:
            yield cells
    for gap in who.not_read:
        place = shown(gap.place)
        line = str(place.line or "")
        yield {"file_system": gap.address, "file": place.file, "line": line, "reasons": f"not read: {gap.why}"}


def _file_system(answer: FileSystemAnswer) -> dict[str, str]:
    file_system = answer.found.file_system
    place = shown(file_system.place)
    return {
        "file_system": file_system.address,
        "name": file_system.name,
        "file": place.file,
        "line": str(place.line or ""),
        "assuming": answer.assuming,
        "somebody_can": YES_NO_OPEN[answered(answer)],
        "circumstances": "; ".join(circumstances(answer)),
    }


def _principal(chain: Chain) -> dict[str, str]:
    return {
        "principal": chain.principal.address,
        "principal_name": chain.principal.label,
        "kind": chain.principal.kind.value,
        "can_restore": YES_NO_OPEN[yes_no_or_open(chain.can_restore)],
        "vault": chain.vault,
        "role": "" if chain.role is None else chain.role.address,
        **{result.step.value: YES_NO_OPEN[yes_no_or_open(result.holds)] for result in chain.steps},
        "reasons": "; ".join(f"{result.step.value}: {because(result)}" for result in chain.blocks),
        "suggestion": chain.suggestion,
        "lacks": "; ".join(chain.lacks),
    }
