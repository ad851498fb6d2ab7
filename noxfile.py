"""Every way to start, test and build Orchestra. `nox -s serve` and `nox -s tests` are all that a newcomer needs.

serve         installs what is missing, builds the page, starts the daemon           nox -s serve -- --port 8080
tests         TypeScript, Python and, in Chromium, the page                          nox -s tests -- tests/screen -k law
agents        installs the real agents that tests run, their model played (1.5 GB)   nox -s agents -- -k permission
lint          ruff, biome, shellcheck
types         mypy and tsc, both strict
coverage      the pure layers, with a floor
conformance   recorded terminal input against its expected screens                   nox -s conformance -- DIRECTORY
soak          made-up programs in a real tmux, of any release, and in our screen     nox -s soak -- --programs 2000
bench         every figure beside its comparator, the targets, the plots             nox -s bench -- --quick
build         a wheel with the page inside, tried in an empty environment
lock          writes `requirements/*.txt` anew
"""

import os
import shutil
import sys
from pathlib import Path

import nox

if sys.version_info < (3, 11):  # noqa: UP036 - nox itself runs on older ones, and its own message would not help
    sys.exit(
        f"Orchestra needs Python 3.11 or newer; this environment has {sys.version.split()[0]}. "
        "Remove .venv and make it with a newer one, for example `python3.13 -m venv .venv`."
    )

nox.needs_version = ">=2025.2"
nox.options.default_venv_backend = "venv"
nox.options.reuse_venv = "yes"
nox.options.error_on_external_run = True
nox.options.sessions = ["lint", "types", "tests"]

REQUIREMENTS = Path("requirements")
REAL_AGENTS = "tests/real_agents"
PURE_LAYERS = ("errors", "ids", "screen", "tmux", "access", "agents", "delegation", "audit", "wire", "sync")
PURE_COVERAGE_PERCENT = 95


@nox.session
def serve(session: nox.Session) -> None:
    """Start the daemon and print a sign-in link; what is missing is installed first."""
    _install_system_programs(session, "tmux")
    _install(session, "daemon", with_orchestra=True)
    _build_page(session)
    python = str(Path(session.bin) / "python")
    environment = {name: value for name, value in {**os.environ, **session.env}.items() if value is not None}
    sys.stdout.flush()
    # The daemon takes the place of nox: a signal reaches it directly, and it has the time that it needs to stop.
    os.execve(python, [python, "-m", "orchestra", "serve", *session.posargs], environment)  # noqa: S606 - no shell wanted


@nox.session
def tests(session: nox.Session) -> None:
    """Pass all tests; with arguments, pass pytest those arguments and leave TypeScript out."""
    _install_system_programs(session, "tmux", "chromium")
    _install(session, "tests", with_orchestra=True)
    _build_page(session)
    if not session.posargs:
        _run_page_script(session, "test")
    if not session.posargs or any(REAL_AGENTS in word for word in session.posargs):
        _install_agents(session, success_codes=[0, 1])
    _run_patiently(session, "pytest", *session.posargs)


@nox.session
def agents(session: nox.Session) -> None:
    """Install the real agents, and pass the tests that run them."""
    _install_system_programs(session, "tmux")
    _install(session, "tests", with_orchestra=True)
    _install_agents(session, success_codes=[0])
    _run_patiently(session, "pytest", REAL_AGENTS, *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Find nothing to complain about in Python, TypeScript and bash."""
    _install_system_programs(session, "shellcheck")
    _install(session, "lint")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run(
        "shellcheck",
        "-x",
        ".ci/run",
        *sorted(
            str(path) for pattern in ("demo-*", "orchestra-*", "*.sh") for path in Path("agent-wrappers").glob(pattern)
        ),
        external=True,
    )
    _run_page_script(session, "lint")


@nox.session
def types(session: nox.Session) -> None:
    """Find nothing to complain about in the types of Python and TypeScript."""
    _install(session, "types")
    session.run("mypy")
    _run_page_script(session, "types")


@nox.session
def coverage(session: nox.Session) -> None:
    """Keep the floor under the branch coverage of the layers that know no clock, file or network."""
    _install_system_programs(session, "tmux")
    _install(session, "tests", with_orchestra=True)
    tested = [str(path) for layer in PURE_LAYERS for path in Path("tests").glob(f"**/{layer}") if path.is_dir()]
    session.run("coverage", "erase")
    _run_patiently(session, "coverage", "run", "-m", "pytest", "-q", *tested)
    session.run("coverage", "combine", "-q")
    included = ",".join(f"orchestra/{layer}*" for layer in PURE_LAYERS)
    session.run("coverage", "report", f"--include={included}", f"--fail-under={PURE_COVERAGE_PERCENT}")


@nox.session
def conformance(session: nox.Session) -> None:
    """Replay recorded terminal input; the totals may never fall."""
    _install(session, "tests", with_orchestra=True)
    if not session.posargs:
        session.error("name the directory of the recorded suites: nox -s conformance -- DIRECTORY")
    minimum = ("--minimum", "tests/conformance/minimum.json")
    _run_patiently(session, "tests.conformance", *session.posargs, *minimum)


@nox.session
def soak(session: nox.Session) -> None:
    """Find no row that differs from tmux's; a failing program's number and how to repeat it are printed."""
    _install_system_programs(session, "tmux")
    _install(session, "tests", with_orchestra=True)
    _run_patiently(session, "tests.soak", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure every figure beside its comparator in the same run, then the specification's targets; draw the plots."""
    _install_system_programs(session, "tmux", "chromium")
    _install(session, "bench", with_orchestra=True)
    _install_node(session, for_tests=True)
    _run_patiently(session, "bench", *session.posargs)


@nox.session
def build(session: nox.Session) -> None:
    """Make a wheel with the page inside and try it in an empty environment, from outside the source tree."""
    _install_system_programs(session, "tmux")
    _install(session, "daemon")
    _build_page(session)
    shutil.rmtree("dist", ignore_errors=True)
    session.run("python", "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "--wheel-dir", "dist", ".")
    (wheel,) = Path("dist").glob("orchestra-*.whl")
    empty = Path(session.create_tmp()).resolve() / "empty"
    shutil.rmtree(empty, ignore_errors=True)
    session.run("python", "-m", "venv", str(empty))
    python = str(empty / "bin" / "python")
    session.run(python, "-m", "pip", "install", "-q", *_locked("daemon"), external=True)
    session.run(python, "-m", "pip", "install", "-q", "--no-deps", str(wheel), external=True)
    session.run(python, "-m", "pip", "check", external=True)
    _run_patiently(session, "building.installed_wheel", python)
    session.log(f"{wheel}: {wheel.stat().st_size / 1e6:.1f} MB")


@nox.session
def lock(session: nox.Session) -> None:
    """Write the lock files anew: newest versions that `pyproject.toml` allows, hashes, no download address."""
    session.install("uv")
    shared = (
        "--universal",
        "--python-version=3.11",
        "--generate-hashes",
        "--no-emit-index-url",
        "--no-emit-find-links",
        "--custom-compile-command=nox -s lock",
        *session.posargs,
    )
    compiled: list[str] = []
    groups = {
        "tests": ["build", "test", "bench"],
        "daemon": ["build"],
        "bench": ["build", "bench"],
        "types": ["test", "types", "bench"],
        "lint": None,
        "node": None,
    }
    for name, with_groups in groups.items():
        project = [] if with_groups is None else ["pyproject.toml"]
        chosen = [f"--group={group}" for group in with_groups or [name]]
        output = f"requirements/{name}.txt"
        before = [f"--constraint={path}" for path in compiled]
        session.run("uv", "pip", "compile", "-q", *shared, *project, *chosen, *before, "-o", output)
        compiled.append(output)
    # Aider has an environment of its own: its versions need not fit ours.
    session.run("uv", "pip", "compile", "-q", *shared, "--group=aider", "-o", "requirements/aider.txt")


def _run_patiently(session: nox.Session, module: str, *arguments: str) -> None:
    """Run one of our modules; when interrupted it has time to end terminals and browsers (nox allows 0.5 s)."""
    session.run("python", "-m", module, *arguments, interrupt_timeout=10.0, terminate_timeout=5.0)


def _locked(name: str) -> tuple[str, ...]:
    """Return pip's arguments for a lock file."""
    return "--require-hashes", "-r", str((REQUIREMENTS / f"{name}.txt").resolve())


def _install(session: nox.Session, name: str, *, with_orchestra: bool = False) -> None:
    """Install what a lock file names, and Orchestra itself from this tree so that its processes find it from anywhere.

    pip looks at every hash on every run; a stamp beside the environment saves those seconds.
    """
    lock_file, project = REQUIREMENTS / f"{name}.txt", Path("pyproject.toml")
    wanted = lock_file.read_text() + (project.read_text() if with_orchestra else "")
    stamp = Path(session.virtualenv.location) / f"installed-{name}"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    session.install("--progress-bar=off", *_locked(name))
    if with_orchestra:
        session.install("--no-deps", "--no-build-isolation", "-e", ".")
    stamp.write_text(wanted)


def _install_system_programs(session: nox.Session, *names: str) -> None:
    """See to programs of the operating system; stop with one line that says what to install when one is missing."""
    command = (sys.executable, "-m", "building.system_program", *names)
    session.run(*command, external=True, log=False, stdout=sys.stderr)


def _install_node(session: nox.Session, *, for_tests: bool) -> None:
    """Take Node.js from PyPI into this environment where PATH has none that is new enough."""
    question = ("python", "-m", "building.node", *(("--for-tests",) if for_tests else ()))
    answer = session.run(*question, silent=True, log=False, success_codes=[0, 3])
    if not answer:
        session.log("Node.js is missing or too old here; taking it from PyPI (60 MB, once)")
        session.install("--progress-bar=off", *_locked("node"))


def _install_agents(session: nox.Session, *, success_codes: list[int]) -> None:
    """Install the real agents where that can be done; the tests of one that is missing skip, or fail in CI."""
    _install_node(session, for_tests=False)
    session.run("python", "-m", "tests.real_agents.install", success_codes=success_codes)


def _build_page(session: nox.Session) -> None:
    """Build the web page unless nothing changed since the last time; stdout is the daemon's alone."""
    answer = session.run("python", "-m", "building.page", "--is-current", silent=True, log=False)
    if str(answer).strip() == "yes":
        return
    _install_node(session, for_tests=False)
    session.run("python", "-m", "building.page", log=False, stdout=sys.stderr)


def _run_page_script(session: nox.Session, script: str) -> None:
    """Run a script of `frontend/package.json`."""
    _install_node(session, for_tests=True)
    session.run("python", "-m", "building.page", "--run", script)
