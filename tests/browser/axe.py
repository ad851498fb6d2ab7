"""axe-core in the page under test: what it finds to complain about."""

from pathlib import Path
from typing import Final

import axe_playwright_python

from tests.browser.tab import Tab

AXE: Final = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")

SETTLED: Final = """() => Promise.allSettled(
    document.getAnimations().filter(a => isFinite(a.effect.getComputedTiming().endTime)).map(a => a.finished)
)"""
"""What fades in has not its own colours yet."""


def violations(tab: Tab) -> list[str]:
    """Run axe-core in the page, at rest, and return what it found, one line for each rule."""
    tab.page.evaluate(AXE)
    tab.page.evaluate(SETTLED)
    found = tab.page.evaluate("async () => (await axe.run()).violations")
    return [f"{rule['id']}: {rule['help']}: {[node['target'] for node in rule['nodes']][:4]}" for rule in found]
