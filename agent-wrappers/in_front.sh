#!/usr/bin/env bash
# Runs a program in front of the terminal: in_front.sh FOLDER terminal|/INPUT/FILE PROGRAM ARG...
#
# A shell of its own, because of two rules of bash: only a shell that is not in the background hands the terminal over, and a
# shell that waits for what is in front acts on a signal afterwards. So orchestra-agent waits for this one, and acts at once.
#
# FOLDER/pid     the program's process id, which is its group's too
# FOLDER/asked   an end was asked for: a program that has not begun does not begin
# FOLDER/status  what the program exited with, 128 + N after signal N
# Descriptors 6 and 7, where the second argument is a file: what takes the program's errors and its output.
set -euo pipefail
here=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
# shellcheck source-path=SCRIPTDIR source=report.sh
. "$here/report.sh"

# A handler is forgotten by the program that is started, an ignored signal is not.
trap : HUP INT QUIT TERM
folder=$1 input=$2
shift 2
code=0

begin() {
    trap - HUP INT QUIT TERM
    local attempt=null pid=${BASHPID:-$(exec sh -c 'echo "$PPID"')}
    printf '%s\n' "$pid" >"$folder/pid"
    [[ ! -e $folder/asked ]] || exit 143
    [[ ! ${ORCHESTRA_ATTEMPT:-} =~ ^[0-9]+$ ]] || attempt=$ORCHESTRA_ATTEMPT
    write_report started "{\"pid\":$pid,\"attempt\":$attempt}" || true
    # Read and write: opening must neither wait for a reader nor fail without one.
    { printf '\n' 1<>"$folder/poke"; } 2>/dev/null || true
    if [[ $input != terminal ]]; then
        exec 0<"$input" 1>&7 2>&6 6>&- 7>&-
    fi
    exec "$@"
}

# A person who suspends the program, or the program itself, would leave nobody to wake it. Not a loop: bash leaves a loop
# when a program in front dies of SIGINT.
wake() {
    [[ -n $(jobs -s) ]] || return 0
    fg >/dev/null
    code=$?
    wake
}

# With job control the next command gets a group of its own, and that group the terminal if there is one. Bash keeps hold of
# the terminal only when it begins with job control, which orchestra-agent sees to: errors may go elsewhere then, so that what
# bash has to say about jobs is said by orchestra-agent alone.
[[ $- == *m* ]] || set -m
exec 5>&2 2>/dev/null
# Not a list with ||, for the same reason as above.
set +e
(begin "$@") 2>&5 5>&-
code=$?
wake
printf '%s\n' "$code" >"$folder/.status" && mv -f "$folder/.status" "$folder/status"
exit "$code"
