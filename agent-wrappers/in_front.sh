#!/usr/bin/env bash
# Runs a program in front of the terminal: in_front.sh FOLDER terminal|/INPUT/FILE PROGRAM ARG...
#
# A shell of its own, because of two rules of bash: only a shell that is not in the background hands the terminal over, and a
# shell that waits for what is in front acts on a signal afterwards. So orchestra-agent waits for this one, and acts at once.
#
# FOLDER/pid     the program's process id, which is its group's too
# FOLDER/asked   an end was asked for: a program that has not begun does not begin
# Descriptors 6 and 7, where the second argument is a file: what takes the program's errors and its output.
# Descriptor 8: where `pid N` is said before the program begins, and `code N` when it has ended, 128 + N after signal N.
#
# Variables begin with orc_: an assignment to a name that a person exports would reach the program, by a local one too.
set -euo pipefail +o noclobber
orc_here=$(CDPATH='' cd -- "${BASH_SOURCE[0]%/*}" && pwd)
# shellcheck source-path=SCRIPTDIR source=report.sh
. "$orc_here/report.sh"

# A handler is forgotten by the program that is started, an ignored signal is not.
trap : HUP INT QUIT TERM
orc_folder=$1 orc_input=$2
shift 2
orc_code=0

begin() {
    trap - HUP INT QUIT TERM
    local orc_attempt=null orc_pid=${BASHPID:-$(exec sh -c 'echo "$PPID"')}
    printf 'pid %s\n' "$orc_pid" >&8
    exec 8>&-
    printf '%s\n' "$orc_pid" 2>/dev/null >"$orc_folder/pid" || true
    [[ ! -e $orc_folder/asked ]] || exit 143
    [[ ! ${ORCHESTRA_ATTEMPT:-} =~ ^[0-9]+$ ]] || orc_attempt=$ORCHESTRA_ATTEMPT
    write_report started "{\"pid\":$orc_pid,\"attempt\":$orc_attempt}" || true
    # Read and write: opening must neither wait for a reader nor fail without one.
    { printf '\n' 1<>"$orc_folder/poke"; } 2>/dev/null || true
    if [[ $orc_input != terminal ]]; then
        exec 0<"$orc_input" 1>&7 2>&6 6>&- 7>&-
    fi
    exec "$@"
}

# A person who suspends the program, or the program itself, would leave nobody to wake it. Not a loop: bash leaves a loop
# when a program in front dies of SIGINT.
wake() {
    [[ -n $(jobs -s) ]] || return 0
    fg >/dev/null
    orc_code=$?
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
orc_code=$?
wake
printf 'code %s\n' "$orc_code" >&8
exit "$orc_code"
