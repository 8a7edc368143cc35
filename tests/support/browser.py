"""Opens pages in Chromium by its own command line: what scripts find in them, and how many sheets they print on."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html import escape, unescape
from pathlib import Path
from typing import Any, Final

import axe_core_python

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM: Final = next(filter(None, map(shutil.which, _NAMES)), "")
WHY_NOT: Final = "THERE IS NO CHROMIUM: pages are not looked at in a browser (apt-get install chromium)"
_AXE: Final = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
_TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_POLICY: Final = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
_SEEN: Final = re.compile(r'data-seen="([^"]*)"')
_SHEET: Final = re.compile(rb"/Type /Page\b")
_FRAME: Final = """<!doctype html><iframe width="{width}" height="900" srcdoc="{page}"></iframe><script>
const frame = document.querySelector("iframe");
frame.addEventListener("load", async () => {{
  const page = frame.contentDocument, window = frame.contentWindow;
  document.documentElement.dataset.seen = JSON.stringify(await (async () => {{ {script} }})());
}});
</script>"""
_CHECK: Final = """
  const wide = page.documentElement.scrollWidth, there = page.documentElement.clientWidth;
  page.querySelectorAll("details").forEach((part) => { part.open = true; });
  const found = await window.axe.run(page, { runOnly: %s });
  return { wide, there, dark: window.matchMedia("(prefers-color-scheme: dark)").matches,
    faults: found.violations.map((fault) => [fault.id, fault.nodes.length, fault.nodes[0].html.slice(0, 200)]) };
"""


def seen(page: str, folder: Path, script: str, *, width: int = 1180, dark: bool = False) -> Any:  # noqa: ANN401  # JSON
    """Return what *script* returns, which sees the document as ``page`` and its ``window``, ``window.axe`` among it."""
    tested = _POLICY.sub("", page).replace("</head>", f"<script>{_AXE}</script></head>", 1)
    file = folder / "frame.html"
    file.write_text(_FRAME.format(width=width, page=escape(tested), script=script), encoding="utf-8")
    scheme = f"--blink-settings=preferredColorScheme={0 if dark else 1}"
    shown = _run(folder, "--dump-dom", scheme, file.as_uri()).stdout
    found = _SEEN.search(shown.decode())
    assert found, shown[:500]
    return json.loads(unescape(found[1]))


def checked(page: str, folder: Path, *, width: int, dark: bool = False) -> dict[str, Any]:
    """Return how wide a page is of how much there is, whether it is dark, and what axe finds."""
    found: dict[str, Any] = seen(page, folder, _CHECK % json.dumps(_TAGS), width=width, dark=dark)
    return found


def opened(page: str, folder: Path) -> tuple[str, list[str]]:
    """Return the document as it is after its own script has run, and what the browser has to say of it."""
    file = folder / "page.html"
    file.write_text(page, encoding="utf-8")
    done = _run(folder, "--dump-dom", "--enable-logging=stderr", file.as_uri())
    return done.stdout.decode(), [line for line in done.stderr.decode().splitlines() if "CONSOLE" in line]


def sheets(page: str, folder: Path) -> int:
    """Return on how many sheets a page is printed."""
    file, printed = folder / "page.html", folder / "page.pdf"
    file.write_text(page, encoding="utf-8")
    _run(folder, "--no-pdf-header-footer", f"--print-to-pdf={printed}", file.as_uri())
    return len(_SHEET.findall(printed.read_bytes()))


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    profile = f"--user-data-dir={folder / 'profile'}"
    quiet = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--virtual-time-budget=20000")
    return subprocess.run([CHROMIUM, *quiet, profile, *arguments], capture_output=True, check=True, timeout=120)
