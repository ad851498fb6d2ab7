"""Where the agent wrappers lie."""

from orchestra.runtime.wrapper_directory import wrapper_directory


def test_the_folder_is_there() -> None:
    """In a checkout and in an installed package alike there is one folder with the wrappers."""
    assert wrapper_directory().is_dir()
    assert {"demo-build", "demo-editor", "demo-progress", "demo-tests"} <= {
        path.name for path in wrapper_directory().iterdir()
    }
