"""Where the agent wrappers lie: inside an installed package, or beside it in a checkout."""

from pathlib import Path

__all__ = ["wrapper_directory"]


def wrapper_directory() -> Path:
    """Return the folder of the agent wrappers."""
    package = Path(__file__).parent.parent
    shipped = package / "agent_wrappers"
    return shipped if shipped.is_dir() else package.parent / "agent-wrappers"
