"""Record the screens of the real agents anew: `python -m tests.real_agents.record_screens [CLI [SCENE...]]`.

Each runs in a neutral folder with a home of its own; a screen that tells something of the machine is not kept.
"""

import sys

from tests.real_agents import claude_screens, codex_screens
from tests.recordings.demo_project import remove_project

SIZES = ((24, 80), (40, 120))
SCENES = {"claude": claude_screens.SCENES, "codex": codex_screens.SCENES}


def main(words: list[str]) -> int:
    """Record one agent or all, some scenes or all; return the exit status."""
    failed = 0
    for cli, scenes in SCENES.items():
        for scene in scenes:
            if words and (cli != words[0] or (words[1:] and scene.__name__ not in words[1:])):
                continue
            for rows, columns in SIZES:
                log: list[str] = []
                try:
                    scene(rows, columns, log)
                except (TimeoutError, ValueError) as error:
                    failed += 1
                    sys.stderr.write(f"{cli} {scene.__name__} at {rows}x{columns}: {error}\n")
                sys.stdout.write(f"{cli} {scene.__name__} {rows}x{columns}: {' '.join(log)}\n")
                sys.stdout.flush()
    remove_project()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
