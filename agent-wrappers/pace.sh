# shellcheck shell=bash
# Sourced by the four demo agents: how fast they go, how they end, how they look.
#
# ORCHESTRA_DEMO_PACE  factor on every pause; 1 is calm, tests use a small fraction
#
# After sourcing: BEAT (between two lines), BREATH (between two steps) and REST (between two rounds) in seconds, and PYTHON,
# the interpreter itself: version managers put a slow script in front of it.
set -euo pipefail +o noclobber
export PYTHONUTF8=1 PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1

read -r BEAT BREATH REST PYTHON < <(python3 -c '
import os, sys
try:
    pace = min(max(float(os.environ.get("ORCHESTRA_DEMO_PACE", "1")), 0.001), 10.0)
except ValueError:
    pace = 1.0
print(*(round(seconds * pace, 4) for seconds in (0.3, 1.2, 8.0)), sys.executable)')

# They are used by the scripts that source this file.
# shellcheck disable=SC2034
readonly BEAT BREATH REST PYTHON \
    PLAIN=$'\e[0m' BOLD=$'\e[1m' DIM=$'\e[2m' RED=$'\e[31m' GREEN=$'\e[32m' YELLOW=$'\e[33m' BLUE=$'\e[34m' CYAN=$'\e[36m'

# Everything that takes time runs as a child that is waited for: bash acts on a signal at once while it waits, and only
# afterwards while a program is in the foreground. With -m each child leads a process group, so that leave reaches
# whatever it started in its turn.
set -m
run() {
    "$@" &
    wait "$!"
}

pause() {
    run sleep "$1"
}

# The terminal's title: what the agent is doing, in three words.
doing() {
    printf '\e]2;%s\a' "$*"
}

say() {
    printf '%s\n' "$*"
    pause "$BEAT"
}

heading() {
    printf '\n%s%s%s\n' "$BOLD$BLUE" "$*" "$PLAIN"
    pause "$BREATH"
}

# macOS: its date may not know %N, its checksum program may have another name.
if [[ $(date +%N) == *N* ]]; then
    now_ms() { python3 -c 'import time; print(time.time_ns() // 1_000_000)'; }
else
    now_ms() { printf '%s\n' "$(($(date +%s%N) / 1000000))"; }
fi
if ! command -v sha256sum >/dev/null; then
    sha256sum() { shasum -a 256 "$@"; }
fi

leave() {
    local child
    trap '' HUP INT TERM
    for child in $(jobs -p); do
        kill -TERM -- "-$child" 2>/dev/null || true
    done
    wait 2>/dev/null || true
    printf '%s\e[?25h' "$PLAIN" 2>/dev/null || true
    exit 0
}
trap leave HUP INT TERM

if [[ $# -ne 1 || ! -d $1 ]]; then
    printf 'usage: %s SCRATCH_DIRECTORY\n' "$0" >&2
    exit 2
fi
