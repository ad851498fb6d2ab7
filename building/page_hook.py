"""A hook of the build backend: a wheel without the page would install a daemon that shows nothing, so it is refused."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

__all__ = ["PageHook"]


class PageHook(BuildHookInterface[Any]):
    """Looks at the tree before a wheel is made; an editable installation may still be without the page."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the backend's signature
        """Raise when a real wheel (`version` is "standard") is asked for and the page was not built."""
        if version == "standard" and not (Path(self.root) / "orchestra" / "web" / "page" / "index.html").exists():
            msg = "the web page is not built: use `nox -s build`, which builds the page and then the wheel"
            raise FileNotFoundError(msg)
